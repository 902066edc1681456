/**
 * C's long double as x86 has it, 80 bits with a mantissa of 64, as far as INCRBYFLOAT and
 * HINCRBYFLOAT need it: read, add, print. With doubles 0.1 + 0.2 would print as 0.30000000000000004;
 * in Redis it is 0.3, and clients count on it.
 */

import { addBinary, type BinaryFloat, readDecimal, readHex } from "./binary_float.ts";
import { latin1Text } from "./bytes.ts";
import { floatForm, HEX_FLOAT, INFINITE_FLOAT, isNonzero, NOT_FLOAT } from "./float_text.ts";

/** A finite or infinite number; never NaN. Both zeros are one. */
export type LongDouble = BinaryFloat;

const LONG_DOUBLE = { precision: 64, minExponent: -16445, maxExponent: 16320 };

/** Redis reads no longer text, and prints none. */
export const LONG_DOUBLE_TEXT_BYTES = 5 * 1024 - 1;

const FRACTION_DIGITS = 17;
const FRACTION_SCALE = 10n ** BigInt(FRACTION_DIGITS);

/**
 * The long double that a text stands for, rounded to nearest, or null when Redis refuses it as a
 * float: text longer than LONG_DOUBLE_TEXT_BYTES, or of no form that `floatForm` knows, or a number
 * that overflows, or one that is not zero but vanishes to it. "inf" is taken.
 */
export function parseLongDouble(buf: Uint8Array, start: number, end: number): LongDouble | null {
  if (end - start > LONG_DOUBLE_TEXT_BYTES) return null;
  const form = floatForm(buf, start, end);
  if (form === NOT_FLOAT) return null;
  const text = latin1Text(buf, start, end);
  if (form === INFINITE_FLOAT) return { mantissa: text[0] === "-" ? -1n : 1n, exponent: Infinity };
  const value = form === HEX_FLOAT ? readHex(text, LONG_DOUBLE) : readDecimal(text, LONG_DOUBLE);
  const vanished = value.mantissa === 0n && isNonzero(text, form);
  return vanished || !isFiniteLongDouble(value) ? null : value;
}

/** Whether a number is neither infinity. */
export function isFiniteLongDouble(value: LongDouble): boolean {
  return value.exponent !== Infinity;
}

/** The sum, rounded to nearest, or null when it is infinite or NaN. */
export function addLongDoubles(a: LongDouble, b: LongDouble): LongDouble | null {
  const sum = addBinary(a, b, LONG_DOUBLE);
  return sum !== null && isFiniteLongDouble(sum) ? sum : null;
}

/**
 * The text of a finite number without exponent, rounded to 17 digits behind the point, without
 * zeros at its end: printf("%.17Lf") and what Redis cuts off it. At most 4934 bytes long.
 */
export function formatLongDouble(value: LongDouble): string {
  const { mantissa, exponent } = value;
  if (exponent >= 0) return String(mantissa << BigInt(exponent));
  const negative = mantissa < 0n;
  const dividend = (negative ? -mantissa : mantissa) * FRACTION_SCALE;
  const shift = BigInt(-exponent);
  let scaled = dividend >> shift;
  const rest = dividend - (scaled << shift);
  const half = 1n << (shift - 1n);
  if (rest > half || (rest === half && (scaled & 1n) === 1n)) scaled++;
  if (scaled === 0n) return "0";

  const digits = String(scaled).padStart(FRACTION_DIGITS + 1, "0");
  const whole = digits.slice(0, -FRACTION_DIGITS);
  const fraction = digits.slice(-FRACTION_DIGITS).replace(/0+$/, "");
  return (negative ? "-" : "") + whole + (fraction === "" ? "" : "." + fraction);
}
