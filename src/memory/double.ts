/**
 * Doubles and their text: scores, coordinates, seconds with a fraction.
 */

import { readHex } from "./binary_float.ts";
import { latin1Text } from "./bytes.ts";
import { floatForm, HEX_FLOAT, INFINITE_FLOAT, isNonzero, NOT_FLOAT } from "./float_text.ts";

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/** So many decimal digits make an integer below 2^53, and a division of two such is exact. */
const EXACT_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power);

const DOUBLE = { precision: 53, minExponent: -1074, maxExponent: 971 };

/** The digits that tell every double from its neighbours. */
const SEVENTEEN = 17;

/** Up to here Redis prints a whole number digit by digit. */
const INTEGER_LIMIT = 2 ** 62;

/** From here on toFixed gives an exponent. */
const FIXED_LIMIT = 1e21;

/**
 * The double that a text stands for, rounded to nearest, or NaN when Redis refuses it as a float:
 * text of no form that `floatForm` knows, that overflows, or that is not zero but vanishes to it.
 */
export function parseDouble(buf: Uint8Array, start: number, end: number): number {
  const negative = start < end && buf[start] === MINUS;
  let mantissa = 0;
  let digits = 0;
  let pointAt = -1;
  let at = negative ? start + 1 : start;
  for (; at < end; at++) {
    const digit = buf[at] - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (++digits > EXACT_DIGITS) break;
      mantissa = mantissa * 10 + digit;
    } else if (buf[at] === POINT && pointAt < 0) {
      pointAt = at;
    } else {
      break;
    }
  }
  if (at < end || digits === 0) return parseAnyDouble(buf, start, end);
  const magnitude = pointAt < 0 ? mantissa : mantissa / POWERS_OF_TEN[end - 1 - pointAt];
  return negative ? -magnitude : magnitude;
}

function parseAnyDouble(buf: Uint8Array, start: number, end: number): number {
  const form = floatForm(buf, start, end);
  if (form === NOT_FLOAT) return NaN;
  if (form === INFINITE_FLOAT) return buf[start] === MINUS ? -Infinity : Infinity;
  const text = latin1Text(buf, start, end);
  const value = form === HEX_FLOAT ? hexValue(text) : Number(text);
  const vanished = value === 0 && isNonzero(text, form);
  return vanished || !Number.isFinite(value) ? NaN : value;
}

function hexValue(text: string): number {
  const { mantissa, exponent } = readHex(text, DOUBLE);
  if (mantissa === 0n) return text[0] === "-" ? -0 : 0;
  // Both factors are doubles, and so is their product, having been rounded to the format.
  return Number(mantissa) * 2 ** exponent;
}

/** The text that C's printf("%.17g") has for a double: what Redis replied before version 7.2. */
export function formatDouble17(d: number): string {
  const plain = plainText(d);
  if (plain !== null) return plain;
  const rounded = seventeenDigits(d);
  const digits = mantissaDigits(rounded).replace(/0+$/, "");
  const power = exponentOf(rounded);
  const text = power < -4 || power >= SEVENTEEN
    ? scientific(digits, power, 2)
    : withPoint(digits, power + 1);
  return d < 0 ? "-" + text : text;
}

/**
 * The shortest text that reads back as the same double, in the notation of Redis from 7.2 on: whole
 * numbers up to 2^62 with all their digits, an exponent only where many zeros would stand instead.
 *
 * Redis finds its digits with Grisu2, which for about one double in a thousand gives more digits than
 * are needed, or not the nearest ones (97719.8678 as 97719.86780000001). Here they are always the
 * shortest, and of those the nearest.
 */
export function formatDoubleShortest(d: number): string {
  const plain = plainText(d);
  if (plain !== null) return plain;
  if (Math.abs(d) <= INTEGER_LIMIT && Number.isInteger(d)) return String(BigInt(d));
  const shortest = d.toExponential();
  const digits = mantissaDigits(shortest);
  const power = exponentOf(shortest);
  const lastPower = power - digits.length + 1; // the decimal place of the last digit
  const isPlain = lastPower >= 0 ? lastPower < 8 : lastPower > -7 || Math.abs(power) < 4;
  const text = isPlain ? withPoint(digits, power + 1) : scientific(digits, power, 1);
  return d < 0 ? "-" + text : text;
}

/**
 * The text that C's printf("%.*f") has for a finite double: with that many decimals, which are at most
 * 20, and all digits of the whole part. toFixed rounds ties away from zero, C to the even digit; a tie
 * is an odd multiple of 2^-(decimals + 1).
 */
export function formatFixed(d: number, decimals: number): string {
  if (Math.abs(d) >= FIXED_LIMIT) return BigInt(d) + "." + "0".repeat(decimals);
  const text = Object.is(d, -0) ? "-" + d.toFixed(decimals) : d.toFixed(decimals);
  const halves = d * 2 ** (decimals + 1);
  if (!Number.isInteger(halves) || Number.isInteger(halves / 2)) return text;
  const last = Number(text[text.length - 1]);
  return last % 2 === 0 ? text : text.slice(0, -1) + (last - 1);
}

/** What all formats print alike: safe integers, both zeros, infinities and NaN. Else null. */
function plainText(d: number): string | null {
  if (Number.isSafeInteger(d)) return Object.is(d, -0) ? "-0" : String(d);
  if (Number.isFinite(d)) return null;
  if (Number.isNaN(d)) return "nan";
  return d < 0 ? "-inf" : "inf";
}

/**
 * The double in scientific notation with 17 digits. toExponential rounds a tie away from zero, C to
 * the even digit. A tie has 18 digits, the last of them a 5 behind the point. As an odd multiple of
 * 2^-n it becomes a multiple of 10^-n by a factor of 5^n; with that below 10^18, n is at most 25.
 */
function seventeenDigits(d: number): string {
  const rounded = d.toExponential(SEVENTEEN - 1);
  const lastAt = rounded.indexOf("e") - 1;
  const last = Number(rounded[lastAt]);
  if (last % 2 === 0 || Math.abs(d) >= 1e17 || !Number.isInteger(d * 2 ** 25)) return rounded;
  const beyond = mantissaDigits(d.toExponential(50)).slice(SEVENTEEN); // exact: 42 digits at most
  if (!/^50*$/.test(beyond)) return rounded;
  return rounded.slice(0, lastAt) + (last - 1) + rounded.slice(lastAt + 1);
}

/** The digits of what toExponential gave. */
function mantissaDigits(text: string): string {
  return text.slice(0, text.indexOf("e")).replace(/[-.]/g, "");
}

/** The power of ten of what toExponential gave. */
function exponentOf(text: string): number {
  return Number(text.slice(text.indexOf("e") + 1));
}

/** The digits with the point behind the first `whole` of them, which may be none or too many. */
function withPoint(digits: string, whole: number): string {
  if (whole <= 0) return "0." + "0".repeat(-whole) + digits;
  if (whole >= digits.length) return digits.padEnd(whole, "0");
  return digits.slice(0, whole) + "." + digits.slice(whole);
}

/** d.ddde+pp with at least so many digits in the exponent. */
function scientific(digits: string, power: number, exponentDigits: number): string {
  const fraction = digits.length > 1 ? "." + digits.slice(1) : "";
  const magnitude = String(Math.abs(power)).padStart(exponentDigits, "0");
  return `${digits[0]}${fraction}e${power < 0 ? "-" : "+"}${magnitude}`;
}
