/**
 * Byte strings: comparing, copying, searching, and their way to and from JavaScript's strings.
 *
 * A byte string is a slice, the triple (buffer, start, end) with `end` exclusive, so that nothing
 * is allocated to name a part of a buffer. The slice must lie within its buffer: no function here
 * checks that.
 */

/** Up to this many bytes a loop beats `set(subarray())`, which costs some 27 ns at any length. */
const LOOP_COPY_BYTES = 32;

/** From this many bytes a TextDecoder beats `String.fromCharCode`. */
const DECODER_BYTES = 24;

/** `String.fromCharCode` gets its arguments on the stack, so they are handed over in portions. */
const CHAR_CODE_PORTION = 4096;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Whether two slices hold the same bytes. Looks from the end, as numbered names differ there. */
export function equalBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): boolean {
  if (aEnd - aStart !== bEnd - bStart) return false;
  for (let i = aEnd - 1, j = bEnd - 1; i >= aStart; i--, j--) {
    if (a[i] !== b[j]) return false;
  }
  return true;
}

/**
 * The order of two slices: negative, 0 or positive. Bytes count as unsigned; when one slice is a
 * prefix of the other, the shorter comes first.
 */
export function compareBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const aLength = aEnd - aStart;
  const bLength = bEnd - bStart;
  const common = aLength < bLength ? aLength : bLength;
  for (let i = 0; i < common; i++) {
    const difference = a[aStart + i] - b[bStart + i];
    if (difference !== 0) return difference;
  }
  return aLength - bLength;
}

/**
 * Copies `src[srcStart, srcEnd)` to `dst` from `dstAt` on. The two ranges may overlap when `dst` and
 * `src` are the same array; two arrays over the same memory must not overlap.
 */
export function copyBytes(
  dst: Uint8Array,
  dstAt: number,
  src: Uint8Array,
  srcStart: number,
  srcEnd: number,
): void {
  const length = srcEnd - srcStart;
  if (length > LOOP_COPY_BYTES) {
    dst.set(src.subarray(srcStart, srcEnd), dstAt);
  } else if (dst === src && dstAt > srcStart) {
    for (let i = length - 1; i >= 0; i--) dst[dstAt + i] = src[srcStart + i];
  } else {
    for (let i = 0; i < length; i++) dst[dstAt + i] = src[srcStart + i];
  }
}

/**
 * Where the slice of `needle` first occurs within the slice of `hay`: an index into `hay`, or -1.
 * An empty needle is found at `start`. Meant for needles of a few bytes: the time is that of the
 * plain search.
 */
export function findBytes(
  hay: Uint8Array,
  start: number,
  end: number,
  needle: Uint8Array,
  needleStart: number,
  needleEnd: number,
): number {
  const length = needleEnd - needleStart;
  if (length === 0) return start;
  const first = needle[needleStart];
  const last = end - length;
  for (let at = start; at <= last; at++) {
    if (hay[at] !== first) continue;
    let matched = 1;
    while (matched < length && hay[at + matched] === needle[needleStart + matched]) matched++;
    if (matched === length) return at;
  }
  return -1;
}

/**
 * Whether the slice spells a keyword, the case of ASCII letters ignored. `upperKeyword` must hold no
 * small letters, as `latin1("KEEPTTL")` does.
 */
export function equalsIgnoreCase(
  buf: Uint8Array,
  start: number,
  end: number,
  upperKeyword: Uint8Array,
): boolean {
  if (end - start !== upperKeyword.length) return false;
  for (let i = start, j = 0; i < end; i++, j++) {
    let byte = buf[i];
    if (byte >= 0x61 && byte <= 0x7a) byte -= 0x20;
    if (byte !== upperKeyword[j]) return false;
  }
  return true;
}

/** The bytes of a text, one per UTF-16 code unit; of units beyond 255 the low byte is taken. */
export function latin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/**
 * The text that has one character, U+0000 to U+00FF, for each byte of the slice, so that `latin1`
 * gives the bytes back. (The "latin1" of TextDecoder is windows-1252, which does not.)
 */
export function latin1Text(buf: Uint8Array, start: number, end: number): string {
  if (end - start >= DECODER_BYTES && isAscii(buf, start, end)) return utf8Text(buf, start, end);
  let text = "";
  for (let at = start; at < end; at += CHAR_CODE_PORTION) {
    const portion = buf.subarray(at, Math.min(at + CHAR_CODE_PORTION, end));
    text += String.fromCharCode.apply(null, portion as unknown as number[]);
  }
  return text;
}

/** The UTF-8 form of a text; a lone surrogate becomes U+FFFD. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text of a slice of UTF-8. Each malformed sequence becomes U+FFFD, and a BOM is kept. */
export function utf8Text(buf: Uint8Array, start: number, end: number): string {
  return decoder.decode(buf.subarray(start, end));
}

function isAscii(buf: Uint8Array, start: number, end: number): boolean {
  let bits = 0;
  for (let i = start; i < end; i++) bits |= buf[i];
  return bits < 0x80;
}
