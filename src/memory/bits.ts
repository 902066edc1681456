/**
 * Bits of a byte string, as GETBIT, SETBIT, BITCOUNT and BITPOS count them: bit 0 is the highest bit
 * of the first byte.
 *
 * A bit position may need 33 bits (a string of 512 MiB has 2^32), so the arithmetic on positions
 * is on doubles. Long ranges are read a 32-bit word at a time, where the order of the bytes within
 * the word does not matter or is put right.
 */

/** From this many bytes on, an Int32Array over the range pays for its allocation. */
const WORDS_MIN_BYTES = 128;

/** The number of ones in each byte. */
const ONES = Uint8Array.from({ length: 256 }, (_, byte) => onesOfWord(byte));

/** Bit `bit` (0 or 1) of the string at `start`; a position at or behind `end` reads 0. */
export function getBit(buf: Uint8Array, start: number, end: number, position: number): number {
  const at = start + Math.floor(position / 8);
  return at < end ? (buf[at] >> (7 - (position & 7))) & 1 : 0;
}

/** Sets bit `position` of the string at `start` to `bit`, 0 or 1, and returns what it was. */
export function setBit(buf: Uint8Array, start: number, position: number, bit: number): number {
  const at = start + Math.floor(position / 8);
  const shift = 7 - (position & 7);
  const byte = buf[at];
  buf[at] = (byte & ~(1 << shift)) | bit << shift;
  return (byte >> shift) & 1;
}

/** How many ones the slice holds. */
export function countOnes(buf: Uint8Array, start: number, end: number): number {
  if (end - start < WORDS_MIN_BYTES) return countOnesByBytes(buf, start, end);
  const wordsStart = aligned(buf, start);
  const words = wordsOver(buf, wordsStart, end);
  const wordsEnd = wordsStart + words.byteLength;
  return countOnesByBytes(buf, start, wordsStart) + countOnesByWords(words) +
    countOnesByBytes(buf, wordsEnd, end);
}

/** How many ones there are among the bits [`from`, `to`) of the string at `start`. */
export function countOnesOfBits(buf: Uint8Array, start: number, from: number, to: number): number {
  if (from >= to) return 0;
  const first = start + Math.floor(from / 8);
  const last = start + Math.floor((to - 1) / 8);
  // Whole bytes, less what their ends hold before `from` and from `to` on.
  const before = buf[first] & ~(0xff >> (from & 7));
  const after = buf[last] & (0x7f >> ((to - 1) & 7));
  return countOnes(buf, first, last + 1) - ONES[before] - ONES[after];
}

/** The first bit that equals `bit` (0 or 1) among [`from`, `to`) of the string at `start`, or -1. */
export function findBit(
  buf: Uint8Array,
  start: number,
  from: number,
  to: number,
  bit: number,
): number {
  if (from >= to) return -1;
  // Zeros are looked for as ones of the complement.
  const flip = bit === 1 ? 0 : 0xff;
  const first = start + Math.floor(from / 8);
  const last = start + Math.floor((to - 1) / 8);
  let at = first;
  let ones = (buf[at] ^ flip) & (0xff >> (from & 7));
  if (ones === 0 && at < last) {
    at = findOtherByte(buf, at + 1, last, flip);
    ones = buf[at] ^ flip;
  }
  if (ones === 0) return -1;
  const position = (at - start) * 8 + Math.clz32(ones) - 24;
  return position < to ? position : -1;
}

/** Where in the slice the first byte other than `byte` (0 or 255) stands; `end` if nowhere. */
function findOtherByte(buf: Uint8Array, start: number, end: number, byte: number): number {
  let at = start;
  if (end - start >= WORDS_MIN_BYTES) {
    const wordsStart = aligned(buf, start);
    for (; at < wordsStart; at++) if (buf[at] !== byte) return at;
    const words = wordsOver(buf, wordsStart, end);
    const same = byte === 0 ? 0 : -1;
    let index = 0;
    while (index < words.length && words[index] === same) index++;
    at = wordsStart + index * 4;
  }
  while (at < end && buf[at] === byte) at++;
  return at;
}

/** The first position from `start` on where a 32-bit word may begin. */
function aligned(buf: Uint8Array, start: number): number {
  return start + (-(buf.byteOffset + start) & 3);
}

/** The words from `start`, which is aligned, to the last that ends at or before `end`. */
function wordsOver(buf: Uint8Array, start: number, end: number): Int32Array {
  return new Int32Array(buf.buffer, buf.byteOffset + start, (end - start) >> 2);
}

function countOnesByBytes(buf: Uint8Array, start: number, end: number): number {
  let ones = 0;
  for (let at = start; at < end; at++) ones += ONES[buf[at]];
  return ones;
}

/** The ones of a word: pairs, nibbles and bytes are summed side by side. */
function onesOfWord(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  const bytes = (nibbles + (nibbles >>> 4)) & 0x0f0f0f0f;
  return Math.imul(bytes, 0x01010101) >>> 24;
}

/**
 * The Harley-Seal method: 32 counters side by side. `ones`, `twos` and `fours` hold in bit i the
 * binary digits of how often bit i was set; eight words make one carry into the eights, and only
 * that is counted. Twice as fast as counting each word.
 */
function countOnesByWords(words: Int32Array): number {
  const { length } = words;
  let ones = 0;
  let twos = 0;
  let fours = 0;
  let eights = 0;
  let index = 0;
  for (; index + 8 <= length; index += 8) {
    let sum = ones ^ words[index];
    let twosA = (ones & words[index]) | (sum & words[index + 1]);
    ones = sum ^ words[index + 1];
    sum = ones ^ words[index + 2];
    let twosB = (ones & words[index + 2]) | (sum & words[index + 3]);
    ones = sum ^ words[index + 3];
    sum = twos ^ twosA;
    const foursA = (twos & twosA) | (sum & twosB);
    twos = sum ^ twosB;

    sum = ones ^ words[index + 4];
    twosA = (ones & words[index + 4]) | (sum & words[index + 5]);
    ones = sum ^ words[index + 5];
    sum = ones ^ words[index + 6];
    twosB = (ones & words[index + 6]) | (sum & words[index + 7]);
    ones = sum ^ words[index + 7];
    sum = twos ^ twosA;
    const foursB = (twos & twosA) | (sum & twosB);
    twos = sum ^ twosB;

    sum = fours ^ foursA;
    eights += onesOfWord((fours & foursA) | (sum & foursB));
    fours = sum ^ foursB;
  }
  let count = 8 * eights + 4 * onesOfWord(fours) + 2 * onesOfWord(twos) + onesOfWord(ones);
  for (; index < length; index++) count += onesOfWord(words[index]);
  return count;
}
