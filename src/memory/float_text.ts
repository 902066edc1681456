/**
 * The text of floating-point numbers, as C's strtod takes it in the "C" locale:
 *
 *   [+-] digits [. digits] [e [+-] digits]             at least one digit before the e
 *   [+-] 0x hexdigits [. hexdigits] [p [+-] digits]    at least one before the p, a power of two
 *   [+-] inf | infinity
 *
 * with every letter in either case. What strtod takes besides, Redis then refuses everywhere, and so
 * it is left out: white space in front, text behind, "nan".
 */

import { equalsIgnoreCase, latin1 } from "./bytes.ts";

/** What `floatForm` tells. */
export const NOT_FLOAT = 0;
export const DECIMAL_FLOAT = 1;
export const HEX_FLOAT = 2;
export const INFINITE_FLOAT = 3;

const INF = latin1("INF");
const INFINITY = latin1("INFINITY");

const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const SMALL_E = 0x65;
const SMALL_P = 0x70;
const SMALL_X = 0x78;
const TO_SMALL = 0x20; // the bit that makes a letter small

/** Which of the forms the whole slice has. */
export function floatForm(buf: Uint8Array, start: number, end: number): number {
  const at = skipSign(buf, start, end);
  if (at >= end) return NOT_FLOAT;
  if (buf[at] !== POINT && !isDigit(buf[at], 10)) {
    const isName = equalsIgnoreCase(buf, at, end, INF) || equalsIgnoreCase(buf, at, end, INFINITY);
    return isName ? INFINITE_FLOAT : NOT_FLOAT;
  }
  if (buf[at] === ZERO && at + 1 < end && (buf[at + 1] | TO_SMALL) === SMALL_X) {
    return isNumber(buf, at + 2, end, 16) ? HEX_FLOAT : NOT_FLOAT;
  }
  return isNumber(buf, at, end, 10) ? DECIMAL_FLOAT : NOT_FLOAT;
}

/** Whether a number of a finite form has a digit other than 0, its exponent not counted. */
export function isNonzero(text: string, form: number): boolean {
  return (form === HEX_FLOAT ? /x[0.]*[1-9a-f]/i : /^[+-]?[0.]*[1-9]/).test(text);
}

/** Whether all of the slice is digits with at most one point, and an exponent or none. */
function isNumber(buf: Uint8Array, start: number, end: number, radix: 10 | 16): boolean {
  let digits = 0;
  let points = 0;
  let at = start;
  for (; at < end; at++) {
    if (isDigit(buf[at], radix)) digits++;
    else if (buf[at] === POINT && points === 0) points++;
    else break;
  }
  if (digits === 0) return false;
  if (at === end) return true;

  if ((buf[at] | TO_SMALL) !== (radix === 10 ? SMALL_E : SMALL_P)) return false;
  at = skipSign(buf, at + 1, end);
  if (at === end) return false;
  for (; at < end; at++) {
    if (!isDigit(buf[at], 10)) return false;
  }
  return true;
}

function skipSign(buf: Uint8Array, at: number, end: number): number {
  return at < end && (buf[at] === PLUS || buf[at] === MINUS) ? at + 1 : at;
}

function isDigit(byte: number, radix: 10 | 16): boolean {
  if (byte >= 0x30 && byte <= 0x39) return true;
  const letter = byte | TO_SMALL;
  return radix === 16 && letter >= 0x61 && letter <= 0x66;
}
