import { assertEquals } from "@std/assert";
import { BitOp, combineBits, invertBits } from "../../../src/memory/bitop.ts";
import { freshSeed, Random } from "../../support/random.ts";

const MARGIN = 5;

/** A slice of random bytes somewhere in a buffer of its own. */
function randomSlice(random: Random, length: number): [Uint8Array, number, number] {
  const buf = new Uint8Array(length + 8);
  for (let at = 0; at < buf.length; at++) buf[at] = random.next();
  const start = random.oneIn(2) ? 0 : random.below(8);
  return [buf, start, start + length];
}

/** The expected bytes, a byte at a time. */
function combined(op: BitOp, values: Uint8Array[], length: number): Uint8Array {
  return Uint8Array.from(
    { length },
    (_, at) =>
      values.map((value) => value[at] ?? 0).reduce((left, right) =>
        op === BitOp.AND ? left & right : op === BitOp.OR ? left | right : left ^ right
      ),
  );
}

Deno.test("Sources of any length and alignment are combined as if padded with zeros", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let round = 0; round < 600; round++) {
    const op = random.pick(Object.values(BitOp));
    const limit = random.pick([1, 40, 1000, 40_000]);
    const count = random.between(1, 5);
    const slices = Array.from({ length: count }, () => randomSlice(random, random.below(limit)));
    // One more than are to be taken.
    const sources = {
      bufs: [...slices.map(([buf]) => buf), new Uint8Array(9)],
      starts: [...slices.map(([_, start]) => start), 0],
      ends: [...slices.map(([_, __, end]) => end), 9],
    };
    const values = slices.map(([buf, start, end]) => buf.slice(start, end));
    const length = Math.max(...values.map((value) => value.length));
    const at = random.below(MARGIN);
    const dst = new Uint8Array(at + length + MARGIN).fill(0xaa);
    combineBits(op, dst, at, length, sources, count);
    assertEquals(dst.slice(at, at + length), combined(op, values, length));
    assertEquals(dst.slice(0, at), new Uint8Array(at).fill(0xaa));
    assertEquals(dst.slice(at + length), new Uint8Array(MARGIN).fill(0xaa));
  }
});

Deno.test("The complement is written for any length and alignment", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let round = 0; round < 300; round++) {
    const length = random.below(random.pick([10, 1000]));
    const [buf, start, end] = randomSlice(random, length);
    const at = random.below(MARGIN);
    const dst = new Uint8Array(at + length + MARGIN).fill(0xaa);
    invertBits(dst, at, buf, start, end);
    assertEquals(dst.slice(at, at + length), buf.slice(start, end).map((byte) => ~byte));
    assertEquals(dst.slice(0, at), new Uint8Array(at).fill(0xaa));
    assertEquals(dst.slice(at + length), new Uint8Array(MARGIN).fill(0xaa));
  }
});
