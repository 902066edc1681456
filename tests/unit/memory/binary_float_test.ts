import { assertEquals } from "@std/assert";
import {
  addBinary,
  type BinaryFloat,
  readDecimal,
  readHex,
} from "../../../src/memory/binary_float.ts";

/** A tiny format, so that all its numbers can be looked at: 1/16 to 15 * 2^3, 4 bits. */
const TINY = { precision: 4, minExponent: -4, maxExponent: 3 };

function valueOf({ mantissa, exponent }: BinaryFloat): number {
  return exponent === Infinity ? Number(mantissa) * Infinity : Number(mantissa) * 2 ** exponent;
}

const NUMBERS: number[] = [];
for (let mantissa = 0; mantissa < 16; mantissa++) NUMBERS.push(mantissa / 16);
for (let exponent = -3; exponent <= 3; exponent++) {
  for (let mantissa = 8; mantissa < 16; mantissa++) NUMBERS.push(mantissa * 2 ** exponent);
}

/** The nearest of NUMBERS (which end at 120), by trying all; of two, the one with even mantissa. */
function nearest(value: number): number {
  if (value >= 124) return Infinity;
  let best = 0;
  NUMBERS.forEach((number, index) => {
    const nearer = Math.abs(number - value) - Math.abs(NUMBERS[best] - value);
    if (nearer < 0 || (nearer === 0 && index % 2 === 0)) best = index;
  });
  return NUMBERS[best];
}

Deno.test("Every number of a tiny format reads as itself, and what lies between as the nearest", () => {
  for (let n = 0; n <= 130 * 64; n++) {
    const value = n / 64;
    assertEquals(valueOf(readDecimal(String(value), TINY)), nearest(value), `${value}`);
    assertEquals(valueOf(readHex(`0x${n.toString(16)}p-6`, TINY)), nearest(value), `${n} / 64`);
    assertEquals(valueOf(readDecimal(`-${n}e0`, TINY)), nearest(n) === 0 ? 0 : -nearest(n));
  }
});

Deno.test("Sums in a tiny format are rounded to the nearest", () => {
  const read = (value: number) => readDecimal(String(value), TINY);
  for (const a of NUMBERS) {
    for (const b of NUMBERS) {
      const sum = valueOf(addBinary(read(a), read(b), TINY)!);
      assertEquals(sum, nearest(a + b), `${a} + ${b}`);
      const difference = valueOf(addBinary(read(a), read(-b), TINY)!);
      const expected = a < b ? -nearest(b - a) : nearest(a - b);
      assertEquals(difference, expected, `${a} - ${b}`);
    }
  }
});

Deno.test("Texts far beyond the format are not worked out", () => {
  const far = "9".repeat(15);
  assertEquals(valueOf(readDecimal(`1e${far}`, TINY)), Infinity);
  assertEquals(valueOf(readDecimal(`-1e${far}`, TINY)), -Infinity);
  assertEquals(valueOf(readDecimal(`1e-${far}`, TINY)), 0);
  assertEquals(valueOf(readHex(`-0x1p${far}`, TINY)), -Infinity);
  assertEquals(valueOf(readHex(`0x1p-${far}`, TINY)), 0);
});

Deno.test("Infinities add up to themselves, and opposite ones to nothing", () => {
  const plus = readDecimal("1e9", TINY);
  const minus = readDecimal("-1e9", TINY);
  const one = readDecimal("1", TINY);
  assertEquals(addBinary(plus, one, TINY), plus);
  assertEquals(addBinary(one, minus, TINY), minus);
  assertEquals(addBinary(plus, plus, TINY), plus);
  assertEquals(addBinary(plus, minus, TINY), null);
});
