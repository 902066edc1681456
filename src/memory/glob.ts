/**
 * Redis's glob patterns, for KEYS, SCAN MATCH, PSUBSCRIBE, CONFIG GET and ACL rules:
 *
 *   *        any bytes, or none          ?        any one byte
 *   [abc]    one of these bytes          [^abc]   one byte that is not among these
 *   [a-z]    a range, ends included      \x       the byte x itself, also within a class
 *
 * Where the notation is odd, the meaning is Redis's to the letter, since clients' patterns and ACLs
 * rely on it. Notable: a class that is not closed ends with the pattern; the "]" of "[a-]" is the end
 * of a range; the ends of a range may stand in either order and compare as signed bytes (as on
 * x86); an empty text is matched by the empty pattern alone, not by "*".
 *
 * Every piece but the star takes exactly one byte. So when what follows a star has been found in the
 * text as early as possible, looking for it later cannot help the rest of the pattern, and only the
 * last star needs to be tried again: the time is at most the product of both lengths.
 */

const STAR = 0x2a;
const QUESTION = 0x3f;
const OPEN_CLASS = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_CLASS = 0x5d;
const CARET = 0x5e;
const DASH = 0x2d;

/** Whether the pattern matches all of the text. `ignoreCase` folds ASCII letters. */
export function globMatch(
  pattern: Uint8Array,
  pStart: number,
  pEnd: number,
  text: Uint8Array,
  tStart: number,
  tEnd: number,
  ignoreCase: boolean,
): boolean {
  if (tStart === tEnd) return pStart === pEnd;
  let p = pStart;
  let t = tStart;
  let afterStar = -1; // the pattern's place behind the last star, and
  let starEnd = 0; // where in the text that star's bytes end at present
  while (t < tEnd) {
    if (p < pEnd && pattern[p] === STAR) {
      while (p < pEnd && pattern[p] === STAR) p++;
      if (p === pEnd) return true;
      afterStar = p;
      starEnd = t;
      continue;
    }
    const next = p < pEnd ? pieceEnd(pattern, p, pEnd, text[t], ignoreCase) : -1;
    if (next >= 0) {
      p = next;
      t++;
    } else {
      if (afterStar < 0) return false;
      p = afterStar;
      t = ++starEnd;
    }
  }
  while (p < pEnd && pattern[p] === STAR) p++;
  return p === pEnd;
}

/** Where the piece at `p`, which is no star, ends in the pattern; -1 if it does not take the byte. */
function pieceEnd(
  pattern: Uint8Array,
  p: number,
  pEnd: number,
  byte: number,
  ignoreCase: boolean,
): number {
  let literal = pattern[p];
  if (literal === QUESTION) return p + 1;
  if (literal === OPEN_CLASS) return classEnd(pattern, p + 1, pEnd, byte, ignoreCase);
  if (literal === BACKSLASH && p + 1 < pEnd) literal = pattern[++p];
  const same = literal === byte || (ignoreCase && toLower(literal) === toLower(byte));
  return same ? p + 1 : -1;
}

/** As `pieceEnd`, for a class whose inside begins at `p`. */
function classEnd(
  pattern: Uint8Array,
  p: number,
  pEnd: number,
  byte: number,
  ignoreCase: boolean,
): number {
  const negated = p < pEnd && pattern[p] === CARET;
  if (negated) p++;
  let found = false;
  while (p < pEnd && pattern[p] !== CLOSE_CLASS) {
    const first = pattern[p];
    if (first === BACKSLASH && p + 1 < pEnd) {
      if (pattern[p + 1] === byte) found = true; // in its own case, even when case is ignored
      p += 2;
    } else if (p + 2 < pEnd && pattern[p + 1] === DASH) {
      if (isInRange(byte, first, pattern[p + 2], ignoreCase)) found = true;
      p += 3;
    } else {
      if (first === byte || (ignoreCase && toLower(first) === toLower(byte))) found = true;
      p++;
    }
  }
  if (found === negated) return -1;
  return p < pEnd ? p + 1 : pEnd;
}

function isInRange(byte: number, from: number, to: number, ignoreCase: boolean): boolean {
  let low = signed(from);
  let high = signed(to);
  if (low > high) [low, high] = [high, low];
  if (!ignoreCase) return signed(byte) >= low && signed(byte) <= high;
  const lower = toLower(signed(byte));
  return lower >= toLower(low) && lower <= toLower(high);
}

function signed(byte: number): number {
  return (byte << 24) >> 24;
}

function toLower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}
