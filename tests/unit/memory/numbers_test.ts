import { assert, assertEquals } from "@std/assert";
import { latin1, latin1Text } from "../../../src/memory/bytes.ts";
import {
  addInt64,
  addSafeIntegers,
  INT64_MAX,
  INT64_MIN,
  INT64_TEXT_BYTES,
  integerLength,
  isCanonicalInt64,
  parseInt64,
  parseSafeInteger,
  parseUint64,
  writeInt64,
  writeInteger,
} from "../../../src/memory/numbers.ts";
import { freshSeed, Random } from "../../support/random.ts";

const MAX_SAFE = Number.MAX_SAFE_INTEGER;

/** The text's bytes between digits, so that a function that leaves its slice is caught. */
function sliceOf(text: string): [buf: Uint8Array, start: number, end: number] {
  return [latin1("12" + text + "34"), 2, 2 + text.length];
}

/** Integers at both sides of every power of two and of ten, and of both signs. */
function edges(): bigint[] {
  const all: bigint[] = [];
  for (const base of [2n, 10n]) {
    for (let power = 1n; power <= 2n ** 65n; power *= base) {
      for (let off = -2n; off <= 2n; off++) all.push(power + off, -(power + off));
    }
  }
  return all;
}

const NOT_CANONICAL = [
  "",
  "-",
  "+1",
  "-0",
  "00",
  "01",
  "-01",
  " 1",
  "1 ",
  "1.0",
  "1e3",
  "0x10",
  "a",
  "1a",
  "12345678a",
  "123456789a",
  "123456789012345a",
  "1234567890123456789a",
  "--1",
  "1-",
  "1/",
  "1:",
  "/",
  ":",
  "\x001",
  "1\x00",
  "\xb1",
  "12345678901234567890123",
];

Deno.test("No parser takes text that is not canonical", () => {
  for (const text of NOT_CANONICAL) {
    assertEquals(parseSafeInteger(...sliceOf(text)), NaN, text);
    assertEquals(parseInt64(...sliceOf(text)), null, text);
    assertEquals(isCanonicalInt64(...sliceOf(text)), false, text);
  }
});

Deno.test("parseSafeInteger reads safe integers and refuses others", () => {
  for (const n of edges()) {
    const safe = Number.isSafeInteger(Number(n)) && BigInt(Number(n)) === n;
    assertEquals(parseSafeInteger(...sliceOf(`${n}`)), safe ? Number(n) : NaN, `${n}`);
  }
  assertEquals(parseSafeInteger(...sliceOf(`${2n ** 53n - 1n}`)), MAX_SAFE);
  assertEquals(parseSafeInteger(...sliceOf(`${2n ** 53n}`)), NaN);
  assertEquals(parseSafeInteger(...sliceOf(`${2n ** 53n + 1n}`)), NaN);
});

Deno.test("parseInt64 reads all of 64 bits, and isCanonicalInt64 agrees with it", () => {
  for (const n of edges()) {
    const expected = n >= INT64_MIN && n <= INT64_MAX ? n : null;
    assertEquals(parseInt64(...sliceOf(`${n}`)), expected, `${n}`);
    assertEquals(isCanonicalInt64(...sliceOf(`${n}`)), expected !== null, `${n}`);
  }
  for (const text of ["9999999999999999999", "9223372036854775810", "9300000000000000000"]) {
    assert(!isCanonicalInt64(...sliceOf(text)));
    assert(!isCanonicalInt64(...sliceOf("-" + text)));
  }
});

Deno.test("parseUint64 reads all of 64 bits", () => {
  for (const n of edges()) {
    if (n < 0n) continue;
    assertEquals(parseUint64(...sliceOf(`${n}`)), n < 2n ** 64n ? n : null, `${n}`);
  }
});

Deno.test("parseUint64 is as lenient as strtoull, except for canonical negatives", () => {
  const taken: [text: string, value: bigint][] = [
    ["007", 7n],
    ["+7", 7n],
    [" \t\n\v\f\r+07", 7n],
    ["000000000000000000000000018446744073709551615", 2n ** 64n - 1n],
    ["-0", 0n],
    ["-01", 2n ** 64n - 1n],
    [" -1", 2n ** 64n - 1n],
    ["-9223372036854775809", 2n ** 63n - 1n],
  ];
  for (const [text, value] of taken) assertEquals(parseUint64(...sliceOf(text)), value, text);
  const refused = ["", " ", "+", "-", "+-1", "1 ", "0x1", "a", "1a", "-1", "-9223372036854775808"];
  for (const text of refused) assertEquals(parseUint64(...sliceOf(text)), null, text);
  assertEquals(parseUint64(...sliceOf("18446744073709551616")), null);
});

/** What a writer wrote between two fences, which must stand. */
function written(write: (dst: Uint8Array, at: number) => number): string {
  const dst = new Uint8Array(32).fill(0x2a);
  const end = write(dst, 3);
  const text = latin1Text(dst, 3, end);
  assertEquals(latin1Text(dst, 0, 32), "***" + text + "*".repeat(29 - text.length));
  return text;
}

Deno.test("writeInteger writes safe integers, and integerLength foretells how long", () => {
  for (const n of [0n, ...edges()]) {
    const number = Number(n);
    if (!Number.isSafeInteger(number)) continue;
    assertEquals(written((dst, at) => writeInteger(dst, at, number)), `${number}`);
    assertEquals(integerLength(number), `${number}`.length);
  }
  assertEquals(written((dst, at) => writeInteger(dst, at, -0)), "0");
  assertEquals(integerLength(-0), 1);
});

Deno.test("writeInteger and parseSafeInteger are each other's inverse", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  const dst = new Uint8Array(32);
  for (let i = 0; i < 20_000; i++) {
    const scaled = Math.floor(random.next() / 2 ** 32 * MAX_SAFE / 2 ** (i % 54));
    const n = i & 1 ? -scaled : scaled;
    const end = writeInteger(dst, 4, n);
    assertEquals(latin1Text(dst, 4, end), `${n}`);
    assertEquals(parseSafeInteger(dst, 4, end), n === 0 ? 0 : n);
  }
});

Deno.test("writeInt64 writes signed and unsigned 64-bit integers", () => {
  let longest = 0;
  for (const n of edges()) {
    if (n < INT64_MIN || n >= 2n ** 64n) continue;
    const text = written((dst, at) => writeInt64(dst, at, n));
    assertEquals(text, `${n}`);
    longest = Math.max(longest, text.length);
  }
  assertEquals(longest, INT64_TEXT_BYTES);
});

Deno.test("addSafeIntegers gives NaN when an operand or the sum is not safe", () => {
  assertEquals(addSafeIntegers(1, 2), 3);
  assertEquals(addSafeIntegers(MAX_SAFE - 1, 1), MAX_SAFE);
  assertEquals(addSafeIntegers(MAX_SAFE, 1), NaN);
  assertEquals(addSafeIntegers(MAX_SAFE, MAX_SAFE), NaN);
  assertEquals(addSafeIntegers(-MAX_SAFE, -1), NaN);
  assertEquals(addSafeIntegers(-MAX_SAFE, MAX_SAFE), 0);
  assertEquals(addSafeIntegers(NaN, 1), NaN);
  assertEquals(addSafeIntegers(1, NaN), NaN);
});

Deno.test("addInt64 gives null when the sum overflows 64 bits", () => {
  assertEquals(addInt64(INT64_MAX - 1n, 1n), INT64_MAX);
  assertEquals(addInt64(INT64_MAX, 1n), null);
  assertEquals(addInt64(INT64_MIN + 1n, -1n), INT64_MIN);
  assertEquals(addInt64(INT64_MIN, -1n), null);
  assertEquals(addInt64(INT64_MIN, INT64_MAX), -1n);
});
