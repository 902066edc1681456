/**
 * Integers and their decimal text. The canonical form is Redis's: an optional minus, then digits
 * without leading zeros; no plus, no spaces, no "-0". Only text in that form is stored as a number,
 * because only it reads back as it was written.
 *
 * JavaScript's numbers hold integers exactly up to 2^53-1, so most functions come in two kinds: one
 * on numbers, fast and without allocation, which says when it cannot serve, and an exact one on
 * BigInt for the rest of the 64-bit range.
 */

import { latin1Text } from "./bytes.ts";

export const INT64_MAX = 2n ** 63n - 1n;
export const INT64_MIN = -(2n ** 63n);
const UINT64_MODULUS = 2n ** 64n;

/** The longest text of a 64-bit integer: 20 bytes, signed ("-9223372036854775808") or unsigned. */
export const INT64_TEXT_BYTES = 20;

const ZERO = 0x30;
const MINUS = 0x2d;
const PLUS = 0x2b;
const SAFE_DIGITS = 16; // of Number.MAX_SAFE_INTEGER
const BILLION = 1_000_000_000;
const INT64_MAX_DIGITS = digitsOf("9223372036854775807");

function digitsOf(text: string): Uint8Array {
  return Uint8Array.from(text, Number);
}

/**
 * Whether the slice is the canonical text of an integer from -2^63 to 2^63-1, and may thus be kept
 * with the encoding "int".
 */
export function isCanonicalInt64(buf: Uint8Array, start: number, end: number): boolean {
  if (start >= end) return false;
  let first = buf[start];
  let at = start;
  const negative = first === MINUS;
  if (negative) {
    if (++at >= end) return false;
    first = buf[at];
  }
  if (first < 0x31 || first > 0x39) return first === ZERO && !negative && at + 1 === end;

  const digits = end - at;
  if (digits > INT64_MAX_DIGITS.length) return false;
  for (let i = at + 1; i < end; i++) {
    const byte = buf[i];
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return digits < INT64_MAX_DIGITS.length || isWithinInt64(buf, at, negative);
}

/** Whether the 19 digits at `at` are no more than 2^63-1, or 2^63 when negative. */
function isWithinInt64(buf: Uint8Array, at: number, negative: boolean): boolean {
  for (let i = 0; i < INT64_MAX_DIGITS.length; i++) {
    const difference = buf[at + i] - ZERO - INT64_MAX_DIGITS[i];
    if (difference === 0) continue;
    const isLast = i === INT64_MAX_DIGITS.length - 1;
    return difference < 0 || (negative && isLast && difference === 1);
  }
  return true;
}

/**
 * The integer whose canonical text the slice is; NaN when it is not canonical, or beyond
 * ±(2^53-1), where `parseInt64` still serves.
 */
export function parseSafeInteger(buf: Uint8Array, start: number, end: number): number {
  if (start >= end) return NaN;
  let at = start;
  const negative = buf[at] === MINUS;
  if (negative && ++at >= end) return NaN;
  const first = buf[at] - ZERO;
  if (first < 1 || first > 9) return first === 0 && !negative && at + 1 === end ? 0 : NaN;
  if (end - at > SAFE_DIGITS) return NaN;

  // Up to nine digits are gathered in an int32. A double rounds above 2^53, but never to below it.
  let value = first;
  const int32End = end - at > 9 ? at + 9 : end;
  while (++at < int32End) {
    const digit = buf[at] - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    value = (value * 10 + digit) | 0;
  }
  if (at >= end) return negative ? -value : value;
  return parseRest(buf, at, end, value, negative);
}

/** Goes on behind the first nine digits, whose value is `high`. */
function parseRest(
  buf: Uint8Array,
  at: number,
  end: number,
  high: number,
  negative: boolean,
): number {
  let value = high;
  for (let i = at; i < end; i++) {
    const digit = buf[i] - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  if (value > Number.MAX_SAFE_INTEGER) return NaN;
  return negative ? -value : value;
}

/** The integer from -2^63 to 2^63-1 whose canonical text the slice is, or null. */
export function parseInt64(buf: Uint8Array, start: number, end: number): bigint | null {
  if (!isCanonicalInt64(buf, start, end)) return null;
  return BigInt(latin1Text(buf, start, end));
}

/**
 * An unsigned 64-bit integer read as leniently as Redis reads one in stream IDs, which is as
 * strtoull does: white space, a plus and leading zeros may come first. Null when the slice is
 * anything else, beyond 2^64-1, or a canonical negative. (Other negatives, such as "-01", count
 * modulo 2^64, as they do there.)
 */
export function parseUint64(buf: Uint8Array, start: number, end: number): bigint | null {
  let at = start;
  while (at < end && (buf[at] === 0x20 || (buf[at] >= 0x09 && buf[at] <= 0x0d))) at++;
  const negative = at < end && buf[at] === MINUS;
  if (negative || (at < end && buf[at] === PLUS)) at++;
  if (at >= end) return null;
  for (let i = at; i < end; i++) {
    if (buf[i] < 0x30 || buf[i] > 0x39) return null;
  }
  const value = BigInt(latin1Text(buf, at, end));
  if (value >= UINT64_MODULUS) return null;
  if (!negative) return value;
  if (isCanonicalInt64(buf, start, end)) return null;
  return value === 0n ? 0n : UINT64_MODULUS - value;
}

/** How many bytes `writeInteger` writes for a safe integer. */
export function integerLength(n: number): number {
  return n < 0 ? 1 + digitCount(-n) : digitCount(n);
}

/** The number of decimal digits of a safe integer that is not negative. */
function digitCount(n: number): number {
  if (n < 100_000) {
    if (n < 100) return n < 10 ? 1 : 2;
    if (n < 10_000) return n < 1000 ? 3 : 4;
    return 5;
  }
  if (n < BILLION) {
    if (n < 10_000_000) return n < 1_000_000 ? 6 : 7;
    return n < 100_000_000 ? 8 : 9;
  }
  return 9 + digitCount(Math.floor(n / BILLION));
}

/**
 * Writes the text of a safe integer to `dst` from `at` on and returns the position behind it. At
 * most 17 bytes are written. Both zeros are "0".
 */
export function writeInteger(dst: Uint8Array, at: number, n: number): number {
  // The lengths of short strings, and of arrays of a few, are most of what is written.
  if (n >= 0 && n < 100) {
    if (n < 10) {
      dst[at] = ZERO + n;
      return at + 1;
    }
    const tens = (n / 10) | 0;
    dst[at] = ZERO + tens;
    dst[at + 1] = ZERO + n - 10 * tens;
    return at + 2;
  }
  let magnitude = n;
  let start = at;
  if (n < 0) {
    dst[start++] = MINUS;
    magnitude = -n;
  }
  const end = start + digitCount(magnitude);
  if (magnitude < BILLION) {
    writeDigits(dst, start, end, magnitude);
    return end;
  }
  const high = Math.floor(magnitude / BILLION);
  writeDigits(dst, end - 9, end, magnitude - high * BILLION);
  writeHighDigits(dst, start, end - 9, high);
  return end;
}

/** Fills [start, end) with the last digits of `n`, an integer from 0 to 2^31-1, zeros in front. */
function writeDigits(dst: Uint8Array, start: number, end: number, n: number): void {
  let rest = n | 0;
  for (let i = end - 1; i >= start; i--) {
    const quotient = (rest / 10) | 0;
    dst[i] = ZERO + rest - quotient * 10;
    rest = quotient;
  }
}

/** As `writeDigits`, for an `n` of up to eleven digits: what is above the last nine of 64 bits. */
function writeHighDigits(dst: Uint8Array, start: number, end: number, n: number): void {
  if (n < BILLION) return writeDigits(dst, start, end, n);
  const high = Math.floor(n / BILLION);
  writeDigits(dst, end - 9, end, n - high * BILLION);
  writeDigits(dst, start, end - 9, high);
}

/**
 * Writes the text of an integer from -2^63 to 2^64-1 to `dst` from `at` on and returns the position
 * behind it. At most INT64_TEXT_BYTES bytes are written.
 */
export function writeInt64(dst: Uint8Array, at: number, n: bigint): number {
  const safe = Number(n);
  if (Number.isSafeInteger(safe)) return writeInteger(dst, at, safe);
  let start = at;
  let magnitude = n;
  if (n < 0n) {
    dst[start++] = MINUS;
    magnitude = -n;
  }
  const high = Number(magnitude / 1_000_000_000n);
  const end = start + digitCount(high) + 9;
  writeDigits(dst, end - 9, end, Number(magnitude % 1_000_000_000n));
  writeHighDigits(dst, start, end - 9, high);
  return end;
}

/**
 * The sum of two safe integers, or NaN when it or one of them (as from `parseSafeInteger`) is not
 * safe: then `addInt64` must decide.
 */
export function addSafeIntegers(a: number, b: number): number {
  const sum = a + b;
  return sum >= -Number.MAX_SAFE_INTEGER && sum <= Number.MAX_SAFE_INTEGER ? sum : NaN;
}

/** The sum of two signed 64-bit integers, or null when it overflows them. */
export function addInt64(a: bigint, b: bigint): bigint | null {
  const sum = a + b;
  return sum >= INT64_MIN && sum <= INT64_MAX ? sum : null;
}
