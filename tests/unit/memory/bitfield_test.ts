import { assertEquals } from "@std/assert";
import {
  FIELD_NUMBER_BITS,
  FIELD_NUMBER_MAX,
  fitsField,
  fitSum,
  fitSumBig,
  fitValue,
  fitValueBig,
  Overflow,
  readField,
  readFieldBig,
  writeField,
  writeFieldBig,
} from "../../../src/memory/bitfield.ts";
import { INT64_MAX, INT64_MIN } from "../../../src/memory/numbers.ts";
import { freshSeed, Random } from "../../support/random.ts";

const BYTES = 20;
const MAX = BigInt(FIELD_NUMBER_MAX);

function newRandom(): Random {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  return random;
}

function randomInt64(random: Random): bigint {
  const bits = BigInt(random.next()) << 32n | BigInt(random.next());
  return BigInt.asIntN(1 + random.below(64), bits);
}

/** The slice as one unsigned integer, the first byte highest. */
function integerOf(buf: Uint8Array): bigint {
  return buf.reduce((value, byte) => value << 8n | BigInt(byte), 0n);
}

Deno.test("A field is read at any bit, and reads zeros behind the end", () => {
  const random = newRandom();
  for (let round = 0; round < 20_000; round++) {
    const sparse = random.oneIn(2);
    const buf = Uint8Array.from({ length: BYTES }, () => sparse ? 0 : random.next());
    buf[random.below(BYTES)] = random.next();
    const start = random.below(4);
    const end = random.between(start, BYTES);
    const width = random.between(1, 64);
    const position = random.below((end - start) * 8 + 20);
    const signed = random.oneIn(2);
    const padded = integerOf(buf.slice(start, end)) << 100n;
    const shift = (end - start) * 8 + 100 - position - width;
    const bits = BigInt.asUintN(width, padded >> BigInt(shift));
    const expected = signed ? BigInt.asIntN(width, bits) : bits;
    assertEquals(readFieldBig(buf, start, end, position, width, signed), expected);
    const isBig = width > FIELD_NUMBER_BITS && (expected > MAX || expected < -MAX);
    const value = readField(buf, start, end, position, width, signed);
    assertEquals(value, isBig ? NaN : Number(expected));
  }
});

Deno.test("A written field reads back, and its neighbours are left alone", () => {
  const random = newRandom();
  for (let round = 0; round < 20_000; round++) {
    const buf = Uint8Array.from({ length: BYTES }, () => random.next());
    const before = integerOf(buf);
    const start = random.below(4);
    const width = random.between(1, 64);
    const position = random.below((BYTES - start) * 8 - width);
    const value = randomInt64(random);
    if (Number.isSafeInteger(Number(value))) {
      writeField(buf, start, position, width, Number(value));
    } else {
      writeFieldBig(buf, start, position, width, value);
    }
    assertEquals(
      readFieldBig(buf, start, BYTES, position, width, false),
      BigInt.asUintN(width, value),
    );
    const shift = BigInt((BYTES - start) * 8 - position - width);
    const mask = BigInt.asUintN(width, -1n) << shift;
    assertEquals(integerOf(buf) & ~mask, before & ~mask);
  }
});

Deno.test("A field holds what its bits can write", () => {
  const random = newRandom();
  for (let round = 0; round < 20_000; round++) {
    const width = random.between(1, 64);
    const value = BigInt.asIntN(random.between(1, 53), randomInt64(random));
    const unsigned = fitSumBig(value, width, false, Overflow.FAIL) !== null;
    assertEquals(fitsField(Number(value), width, false), unsigned);
    const signed = fitSumBig(value, width, true, Overflow.FAIL) !== null;
    assertEquals(fitsField(Number(value), width, true), signed);
  }
});

Deno.test("A sum that does not fit wraps, saturates or fails", () => {
  assertEquals(fitSum(255, 8, false, Overflow.FAIL), 255);
  assertEquals(fitSum(256, 8, false, Overflow.FAIL), NaN);
  assertEquals(fitSum(256, 8, false, Overflow.WRAP), 0);
  assertEquals(fitSum(-1, 8, false, Overflow.WRAP), 255);
  assertEquals(fitSum(256, 8, false, Overflow.SATURATE), 255);
  assertEquals(fitSum(-1, 8, false, Overflow.SATURATE), 0);
  assertEquals(fitSum(128, 8, true, Overflow.WRAP), -128);
  assertEquals(fitSum(-129, 8, true, Overflow.WRAP), 127);
  assertEquals(fitSum(128, 8, true, Overflow.SATURATE), 127);
  assertEquals(fitSum(-129, 8, true, Overflow.SATURATE), -128);
  assertEquals(fitSum(1, 1, true, Overflow.WRAP), -1);
  assertEquals(fitSumBig(INT64_MAX + 1n, 64, true, Overflow.WRAP), INT64_MIN);
  assertEquals(fitSumBig(INT64_MAX + 1n, 64, true, Overflow.SATURATE), INT64_MAX);
  assertEquals(fitSumBig(INT64_MIN - 1n, 64, true, Overflow.SATURATE), INT64_MIN);
  assertEquals(fitSumBig(INT64_MIN - 1n, 64, true, Overflow.FAIL), null);
});

Deno.test("A value that a field is set to saturates as Redis's does", () => {
  assertEquals(fitValue(-1, 8, false, Overflow.SATURATE), 255);
  assertEquals(fitValueBig(-1n, 8, false, Overflow.SATURATE), 255n);
  assertEquals(fitValue(-1, 8, false, Overflow.WRAP), 255);
  assertEquals(fitValue(-1, 8, false, Overflow.FAIL), NaN);
  assertEquals(fitValueBig(-1n, 63, false, Overflow.FAIL), null);
  assertEquals(fitValue(-200, 8, true, Overflow.SATURATE), -128);
  assertEquals(fitValueBig(INT64_MIN + 128n, 8, true, Overflow.SATURATE), -128n);
  assertEquals(fitValueBig(INT64_MIN + 127n, 8, true, Overflow.SATURATE), 127n);
  assertEquals(fitValueBig(INT64_MIN, 64, true, Overflow.SATURATE), INT64_MIN);
});

Deno.test("Numbers and BigInts fit alike", () => {
  const random = newRandom();
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  for (let round = 0; round < 20_000; round++) {
    const width = random.between(1, FIELD_NUMBER_BITS);
    const value = BigInt.asIntN(random.between(1, 54), randomInt64(random));
    if (value > limit || value < -limit) continue;
    const signed = random.oneIn(2);
    const overflow = random.pick(Object.values(Overflow));
    const sum = fitSumBig(value, width, signed, overflow);
    assertEquals(fitSum(Number(value), width, signed, overflow), sum === null ? NaN : Number(sum));
    const set = fitValueBig(value, width, signed, overflow);
    assertEquals(
      fitValue(Number(value), width, signed, overflow),
      set === null ? NaN : Number(set),
    );
  }
});
