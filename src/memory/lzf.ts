/**
 * LZF: the fast compression of the LibLZF library, which Redis uses for long strings in its files and
 * for the inner nodes of lists.
 *
 * A compressed stream is a row of two kinds of things, told apart by the first byte's upper three bits:
 *
 *   000nnnnn bytes…                  the n + 1 bytes that follow, as they are: 1 to 32
 *   lllooooo oooooooo                l + 2 bytes, 3 to 8, from o + 1 bytes before the end of what has
 *                                    been decompressed: 1 to 8192 back
 *   111ooooo mmmmmmmm oooooooo       the same with m + 9 bytes, 9 to 264
 *
 * What is copied may reach into what the copy itself makes: from 1 byte back, it repeats that byte.
 * The stream says neither where it ends nor how long its text is; both must be kept beside it.
 *
 * Compressing looks for the latest place with the same three bytes and takes all that is equal there.
 * Of the places within a repetition only the last two are remembered, as in LibLZF: remembering them
 * all made the streams of words and numbers 7 % longer, for the latest place is then oftener one in
 * the middle of a word, where less is equal.
 */

/** A repetition of fewer bytes is not worth its two bytes. */
const SHORTEST_MATCH = 3;
/** From this length on, the length has a byte of its own. */
const LONG_MATCH = 9;
const LONGEST_MATCH = LONG_MATCH + 255;
const FARTHEST = 1 << 13;
/** So many bytes stand at most behind one length, as they are. */
const LONGEST_RUN = 32;
/** In the upper three bits: the length has a byte of its own. */
const LONG_MARK = 7 << 5;

const TABLE_BITS = 16;
const LAST_BASE = 2 ** 30;

/**
 * Where three bytes with that hash were last seen, counted on from call to call: what an earlier call
 * has left is farther away than any repetition reaches, so that the table need not be cleared.
 */
const table = new Int32Array(1 << TABLE_BITS);
let base = FARTHEST + 1;

/**
 * Compresses `src[start, end)` into `dst[at, limit)`, which must not overlap it.
 *
 * @returns How many bytes that takes; 0 when there is no room for them (or nothing to compress), and
 *          what `dst` holds there is then undefined.
 */
export function compressLzf(
  src: Uint8Array,
  start: number,
  end: number,
  dst: Uint8Array,
  at: number,
  limit: number,
): number {
  if (base > LAST_BASE) {
    table.fill(0);
    base = FARTHEST + 1;
  }
  const shift = base - start;
  base += end - start + FARTHEST;

  const lastMatch = end - SHORTEST_MATCH;
  let out = at;
  let pending = start;
  let pos = start;
  while (pos <= lastMatch) {
    const slot = slotOf(src, pos);
    const distance = pos + shift - table[slot];
    table[slot] = pos + shift;
    const seen = pos - distance;
    if (
      distance > FARTHEST || src[seen] !== src[pos] || src[seen + 1] !== src[pos + 1] ||
      src[seen + 2] !== src[pos + 2]
    ) {
      pos++;
      continue;
    }
    const matchLimit = end - pos < LONGEST_MATCH ? end - pos : LONGEST_MATCH;
    let length = SHORTEST_MATCH;
    while (length < matchLimit && src[seen + length] === src[pos + length]) length++;

    out = writeRuns(src, pending, pos, dst, out, limit);
    if (out < 0 || out + (length < LONG_MATCH ? 2 : 3) > limit) return 0;
    const offset = distance - 1;
    if (length < LONG_MATCH) {
      dst[out++] = (length - 2) << 5 | offset >>> 8;
    } else {
      dst[out++] = LONG_MARK | offset >>> 8;
      dst[out++] = length - LONG_MATCH;
    }
    dst[out++] = offset;

    pending = pos + length;
    for (pos = pending - 2; pos < pending && pos <= lastMatch; pos++) {
      table[slotOf(src, pos)] = pos + shift;
    }
    pos = pending;
  }
  out = writeRuns(src, pending, end, dst, out, limit);
  return out < 0 ? 0 : out - at;
}

/**
 * Decompresses the stream `src[start, end)` into `dst[at, at + length)`, which must not overlap it.
 *
 * @returns Whether the stream is sound and its text has exactly that length. Nothing outside of these
 *          two ranges is read or written in any case.
 */
export function decompressLzf(
  src: Uint8Array,
  start: number,
  end: number,
  dst: Uint8Array,
  at: number,
  length: number,
): boolean {
  const limit = at + length;
  let out = at;
  let pos = start;
  while (pos < end) {
    const control = src[pos++];
    if (control < LONGEST_RUN) {
      const runEnd = pos + control + 1;
      if (runEnd > end || out + control + 1 > limit) return false;
      while (pos < runEnd) dst[out++] = src[pos++];
      continue;
    }
    let count = (control >>> 5) + 2;
    if (count === LONG_MATCH) {
      if (pos === end) return false;
      count += src[pos++];
    }
    if (pos === end) return false;
    let seen = out - ((control & 0x1f) << 8 | src[pos++]) - 1;
    const matchEnd = out + count;
    if (seen < at || matchEnd > limit) return false;
    while (out < matchEnd) dst[out++] = dst[seen++];
  }
  return out === limit;
}

/** The place in the table for the three bytes at `pos`. */
function slotOf(src: Uint8Array, pos: number): number {
  const bytes = src[pos] | src[pos + 1] << 8 | src[pos + 2] << 16;
  return Math.imul(bytes, 0x9e3779b1) >>> (32 - TABLE_BITS);
}

/** Writes bytes as they are, in runs. @returns The end of what is written; -1 when there is no room. */
function writeRuns(
  src: Uint8Array,
  start: number,
  end: number,
  dst: Uint8Array,
  at: number,
  limit: number,
): number {
  let out = at;
  for (let pos = start; pos < end;) {
    const count = end - pos < LONGEST_RUN ? end - pos : LONGEST_RUN;
    if (out + 1 + count > limit) return -1;
    dst[out++] = count - 1;
    for (const runEnd = pos + count; pos < runEnd;) dst[out++] = src[pos++];
  }
  return out;
}
