import { assertEquals } from "@std/assert";
import { countOnes, countOnesOfBits, findBit, getBit, setBit } from "../../../src/memory/bits.ts";
import { freshSeed, Random } from "../../support/random.ts";

/** The slice as a text of "0" and "1". */
function bitsOf(buf: Uint8Array, start: number, end: number): string {
  let bits = "";
  for (let at = start; at < end; at++) bits += buf[at].toString(2).padStart(8, "0");
  return bits;
}

/** Random bytes; often long runs of one byte, as bitmaps have them. */
function randomBytes(random: Random, length: number): Uint8Array {
  const kind = random.below(4);
  const bytes = new Uint8Array(length).fill(random.pick([0, 0xff]));
  if (kind === 0) return bytes;
  const changes = kind === 1 ? 1 : length;
  for (let i = 0; i < changes; i++) bytes[random.below(length)] = random.below(256);
  return bytes;
}

Deno.test("Bits are numbered from the highest of the first byte", () => {
  const buf = new Uint8Array([0xff, 0b1000_0001, 0b0100_0000, 0xff]);
  const bits = Array.from({ length: 16 }, (_, position) => getBit(buf, 1, 3, position));
  assertEquals(bits.join(""), "1000000101000000");
  assertEquals(getBit(buf, 1, 3, 16), 0, "behind the end");
  assertEquals(getBit(buf, 1, 3, 2 ** 32), 0);
});

Deno.test("A bit is set to 0 or 1 and tells what it was", () => {
  const buf = new Uint8Array(4);
  assertEquals(setBit(buf, 1, 1, 1), 0);
  assertEquals(setBit(buf, 1, 15, 1), 0);
  assertEquals([...buf], [0, 0b0100_0000, 1, 0]);
  assertEquals(setBit(buf, 1, 15, 1), 1);
  assertEquals(setBit(buf, 1, 15, 0), 1);
  assertEquals(setBit(buf, 1, 15, 0), 0);
  assertEquals([...buf], [0, 0b0100_0000, 0, 0]);
});

Deno.test("Ones are counted in ranges of bits of any length and alignment", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let round = 0; round < 2000; round++) {
    const whole = randomBytes(random, 1 + random.below(random.pick([20, 200, 700])));
    const buf = whole.subarray(random.below(Math.min(4, whole.length)));
    const start = random.below(buf.length + 1);
    const end = random.between(start, buf.length);
    const bits = bitsOf(buf, start, end);
    assertEquals(countOnes(buf, start, end), bits.replaceAll("0", "").length);
    const from = random.below(bits.length + 1);
    const to = random.between(from, bits.length);
    const ones = bits.slice(from, to).replaceAll("0", "").length;
    assertEquals(countOnesOfBits(buf, start, from, to), ones);
  }
});

Deno.test("A long range counts right whatever its words hold", () => {
  const buf = new Uint8Array(100_003).fill(0xff);
  assertEquals(countOnes(buf, 0, buf.length), 8 * buf.length);
  for (let at = 0; at < buf.length; at++) buf[at] = at;
  let ones = 0;
  for (const byte of buf) ones += byte.toString(2).replaceAll("0", "").length;
  assertEquals(countOnes(buf, 0, buf.length), ones);
});

Deno.test("The first bit of a kind is found in ranges of any length and alignment", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let round = 0; round < 4000; round++) {
    const whole = randomBytes(random, 1 + random.below(random.pick([20, 200, 700])));
    const buf = whole.subarray(random.below(Math.min(4, whole.length)));
    const start = random.below(buf.length + 1);
    const bits = bitsOf(buf, start, buf.length);
    const from = random.below(bits.length + 1);
    const to = random.between(from, bits.length);
    for (const bit of [0, 1]) {
      const found = bits.slice(0, to).indexOf(String(bit), from);
      assertEquals(findBit(buf, start, from, to, bit), from < to ? found : -1);
    }
  }
});
