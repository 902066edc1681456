/** One case of the listpacks' fuzzer: a damaged one is either refused, or as good as any other. */
import { latin1, latin1Text } from "../../src/memory/bytes.ts";
import {
  appendElement,
  createListpack,
  Element,
  elementInteger,
  findElement,
  firstElement,
  isValidListpack,
  lastElement,
  listpackBytes,
  listpackLength,
  nextElement,
  previousElement,
  readElement,
  removeElements,
  replaceElement,
} from "../../src/structures/listpack.ts";
import { Random } from "../support/random.ts";
import { corrupted, verdictOn } from "./corruption.ts";
import { accountFor, blockOf, bytesOf, slabs } from "./slab_block.ts";

/** One of each encoding, and of lengths next to where one ends. */
const NUMBERS = [0, 127, 128, -1, -4096, 4095, 4096, 32767, -32769, 8388607, 2 ** 31, 2 ** 53];
const LENGTHS = [0, 1, 5, 30, 63, 64, 100, 4095, 4096];

const element = new Element();

/** A random element's text. */
export function randomText(random: Random): string {
  if (random.oneIn(2)) return String(random.pick(NUMBERS));
  return String.fromCharCode(random.below(256)).repeat(random.pick(LENGTHS.slice(0, 5)));
}

/** The bytes of a random listpack. */
function randomListpack(random: Random): Uint8Array {
  let lp = createListpack(slabs);
  for (let left = random.below(20); left > 0; left--) {
    const long = random.oneIn(30) ? "z".repeat(random.pick(LENGTHS)) : randomText(random);
    const text = latin1(long);
    lp = appendElement(slabs, lp, text, 0, text.length);
  }
  const bytes = bytesOf(lp, listpackBytes(slabs, lp));
  slabs.free(lp);
  return bytes;
}

/** Runs the case of this seed; returns whether the damaged listpack was accepted. */
export function runListpackCase(seed: number): boolean {
  const random = new Random(seed);
  const bytes = corrupted(randomListpack(random), random);
  if (!verdictOn(bytes, isValidListpack)) return false;
  accountFor(bytes.length, () => {
    let lp = blockOf(bytes);
    walkListpack(lp);
    for (let left = random.below(4); left > 0; left--) {
      lp = changed(lp, random);
      walkListpack(lp);
    }
    slabs.free(lp);
  });
  return true;
}

/** Goes from element to element in both directions, which must be the same ones, and as many as are told. */
export function walkListpack(lp: number): void {
  const size = listpackBytes(slabs, lp);
  const texts: string[] = [];
  for (let pos = firstElement(slabs, lp); pos !== 0; pos = nextElement(slabs, lp, pos)) {
    if (pos >= size || texts.length > size) throw new Error("a walk left the listpack");
    texts.push(textAt(lp, pos));
  }
  for (let pos = lastElement(slabs, lp); pos !== 0; pos = previousElement(slabs, lp, pos)) {
    if (textAt(lp, pos) !== texts.pop()) throw new Error("the way back is another");
  }
  if (texts.length > 0) throw new Error("the way back is shorter");
  if (!isValidListpack(bytesOf(lp, size), 0, size)) throw new Error("the listpack is not sound");
}

function textAt(lp: number, pos: number): string {
  readElement(slabs, lp, pos, element);
  const text = latin1Text(element.buf, element.start, element.end);
  const number = elementInteger(slabs, lp, pos);
  if (element.isInteger && Number(text) !== number) throw new Error(`${text} is read as ${number}`);
  return text;
}

/** The listpack with one element more, less, or another one. */
function changed(lp: number, random: Random): number {
  const text = latin1(randomText(random));
  const length = listpackLength(slabs, lp);
  let pos = firstElement(slabs, lp);
  for (let left = random.below(length + 1); left > 0 && pos !== 0; left--) {
    pos = nextElement(slabs, lp, pos);
  }
  if (pos === 0) return appendElement(slabs, lp, text, 0, text.length);
  findElement(slabs, lp, pos, text, 0, text.length, random.below(2));
  if (random.oneIn(2)) return removeElements(slabs, lp, pos, random.between(1, 3));
  return replaceElement(slabs, lp, pos, text, 0, text.length);
}
