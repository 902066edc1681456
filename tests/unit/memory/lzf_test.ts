import { assert, assertEquals } from "@std/assert";
import { latin1 } from "../../../src/memory/bytes.ts";
import { compressLzf, decompressLzf } from "../../../src/memory/lzf.ts";
import { freshSeed, Random } from "../../support/random.ts";

/** What is put around a range that is written, to see that nothing else is. */
const GUARD = 0xa5;
const MARGIN = 7;

/** The stream for a text; empty when it takes more than `room` bytes. */
function compressed(text: Uint8Array, room = text.length + (text.length >>> 4) + 8): Uint8Array {
  const src = new Uint8Array(text.length + 3);
  src.set(text, 3);
  const dst = new Uint8Array(MARGIN + room + MARGIN).fill(GUARD);
  const length = compressLzf(src, 3, src.length, dst, MARGIN, MARGIN + room);
  assert(length <= room);
  assertUntouched(dst, MARGIN, MARGIN + room);
  return dst.slice(MARGIN, MARGIN + length);
}

/** The text of a stream; null when the stream is refused. */
function decompressed(stream: Uint8Array, length: number): Uint8Array | null {
  const src = new Uint8Array(stream.length + 2 * MARGIN).fill(GUARD);
  src.set(stream, MARGIN);
  const dst = new Uint8Array(MARGIN + length + MARGIN).fill(GUARD);
  const sound = decompressLzf(src, MARGIN, MARGIN + stream.length, dst, MARGIN, length);
  assertUntouched(dst, MARGIN, MARGIN + length);
  return sound ? dst.slice(MARGIN, MARGIN + length) : null;
}

function assertUntouched(bytes: Uint8Array, start: number, end: number): void {
  for (let at = 0; at < bytes.length; at++) {
    if (at < start || at >= end) assertEquals(bytes[at], GUARD, `byte ${at} was written`);
  }
}

/** Texts of all kinds: noise, few different bytes, repetitions of parts from near and far. */
function randomText(random: Random): Uint8Array {
  const length = random.oneIn(8) ? random.between(0, 40_000) : random.between(0, 600);
  const letters = random.pick([1, 2, 4, 26, 256]);
  const text = Uint8Array.from({ length }, () => random.below(letters));
  for (let times = random.below(20); times > 0 && length > 0; times--) {
    const from = random.below(length);
    const to = random.below(length);
    text.copyWithin(to, from, from + random.between(1, 700));
  }
  return text;
}

Deno.test("LZF gives back every text that it has compressed", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let round = 0; round < 2000; round++) {
    const text = randomText(random);
    assertEquals(decompressed(compressed(text), text.length), text);
  }
});

Deno.test("LZF shortens what repeats itself", () => {
  const stream = compressed(new Uint8Array(1000).fill(0x61));
  assertEquals(Array.from(stream), [
    ...[0x00, 0x61], // one byte as it is
    ...[0xe0, 0xff, 0x00, 0xe0, 0xff, 0x00, 0xe0, 0xff, 0x00], // three times 264 from 1 back
    ...[0xe0, 198, 0x00], // and the other 207
  ]);
  const words = latin1("the first words, and the first words again");
  assertEquals(compressed(words).length < words.length, true);
});

Deno.test("LZF reaches back 8192 bytes and no farther", () => {
  const random = new Random(1);
  const phrase = latin1("0123456789abcdef");
  for (const [gap, isFound] of [[8192, true], [8193, false]] as const) {
    const text = Uint8Array.from({ length: gap + phrase.length }, () => random.between(128, 255));
    text.set(phrase, 0);
    text.set(phrase, gap);
    const stream = compressed(text);
    assertEquals(decompressed(stream, text.length), text);
    const last = Array.from(stream.slice(-3));
    assertEquals(last, isFound ? [0xff, phrase.length - 9, 0xff] : Array.from(phrase.slice(-3)));
  }
});

Deno.test("LZF says 0 where a text does not fit, wherever the room ends", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  assertEquals(compressed(new Uint8Array(0)).length, 0);
  for (let round = 0; round < 300; round++) {
    const text = Uint8Array.from({ length: random.between(1, 90) }, () => random.below(3));
    const { length } = compressed(text);
    for (let room = 0; room < length; room++) assertEquals(compressed(text, room).length, 0);
    assertEquals(compressed(text, length).length, length);
  }
});

Deno.test("LZF refuses a stream whose text is shorter or longer than it is said to be", () => {
  const text = latin1("abcabcabcabcabcabcabc, and more of it: abcabcabcabc");
  const stream = compressed(text);
  for (let length = 0; length < 2 * text.length; length++) {
    assertEquals(decompressed(stream, length) !== null, length === text.length);
  }
  for (let end = 0; end < stream.length; end++) {
    assertEquals(decompressed(stream.slice(0, end), text.length), null);
  }
});

Deno.test("LZF refuses to copy from before the beginning", () => {
  assertEquals(decompressed(Uint8Array.of(0x00, 0x61, 0x20, 0x00), 4), latin1("aaaa"));
  assertEquals(decompressed(Uint8Array.of(0x00, 0x61, 0x20, 0x01), 4), null);
  assertEquals(decompressed(Uint8Array.of(0xff, 0xff, 0xff), 264), null);
});

Deno.test("LZF survives damaged streams without touching what is around them", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let round = 0; round < 3000; round++) {
    const text = randomText(random).subarray(0, 900);
    const stream = compressed(text);
    for (let times = random.between(1, 4); times > 0 && stream.length > 0; times--) {
      stream[random.below(stream.length)] = random.below(256);
    }
    decompressed(stream, random.oneIn(2) ? text.length : random.below(1200));
  }
});
