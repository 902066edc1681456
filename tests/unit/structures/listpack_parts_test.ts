import { assert, assertEquals } from "@std/assert";
import { byteOffset, pageOf } from "../../../src/memory/handle.ts";
import { Slabs } from "../../../src/memory/slab.ts";
import {
  appendElement,
  createListpack,
  Element,
  elementAt,
  firstElement,
  isValidListpack,
  listpackBytes,
  nextElement,
  readElement,
} from "../../../src/structures/listpack.ts";
import { moveElements } from "../../../src/structures/listpack_parts.ts";
import { latin1Bytes, latin1Text } from "../../support/latin1.ts";
import { freshSeed, Random } from "../../support/random.ts";

function listpackOf(slabs: Slabs, texts: readonly string[]): number {
  return texts.reduce((lp, text) => {
    const bytes = latin1Bytes(text);
    return appendElement(slabs, lp, bytes, 0, bytes.length);
  }, createListpack(slabs));
}

function textsOf(slabs: Slabs, lp: number): string[] {
  const texts: string[] = [];
  const view = new Element();
  for (let at = firstElement(slabs, lp); at !== 0; at = nextElement(slabs, lp, at)) {
    readElement(slabs, lp, at, view);
    texts.push(latin1Text(view.buf.subarray(view.start, view.end)));
  }
  return texts;
}

Deno.test("Elements move to any other place of a listpack, as in an array", () => {
  const seed = freshSeed();
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  const slabs = new Slabs();
  for (let i = 0; i < 500; i++) {
    const length = 2 + random.below(12);
    const texts = Array.from(
      { length },
      (_, n) => random.oneIn(3) ? `${random.below(1e6)}` : `${n}`.repeat(random.below(80)),
    );
    const lp = listpackOf(slabs, texts);
    const from = random.below(length);
    const count = 1 + random.below(length - from);
    const left = texts.toSpliced(from, count);
    const to = random.below(left.length + 1);
    // In the array what follows `to` is counted without the elements that move.
    const target = to < from ? to : to + count;
    const targetAt = target >= length ? 0 : elementAt(slabs, lp, target);
    moveElements(slabs, lp, elementAt(slabs, lp, from), count, targetAt);
    const moved = texts.slice(from, from + count);
    assertEquals(textsOf(slabs, lp), left.toSpliced(to, 0, ...moved), `seed ${seed}`);
    const start = byteOffset(lp);
    assert(isValidListpack(slabs.bytes[pageOf(lp)], start, start + listpackBytes(slabs, lp)));
    slabs.free(lp);
  }
});
