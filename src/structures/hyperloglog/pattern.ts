/**
 * Which register an element belongs to, and with what rank.
 *
 * The hash is MurmurHash64A (Austin Appleby, public domain), the bytes read little endian, with the
 * seed that Redis uses: registers only compare and merge when everybody hashes alike. Its 64 bits
 * are kept as two int32 halves, because a BigInt would be allocated for every step.
 */

const SEED = 0xadc83b19 | 0;

// The multiplier 0xc6a4a7935bd1e995, its low half also in 16-bit pieces.
const FACTOR_HIGH = 0xc6a4a793 | 0;
const FACTOR_LOW = 0x5bd1e995;
const FACTOR_LOW_UPPER = 0x5bd1;
const FACTOR_LOW_LOWER = 0xe995;

const INDEX_BITS = 14;
const INDEX_MASK = (1 << INDEX_BITS) - 1;

/**
 * The pattern of an element: `index | rank << 14`, `index` the number of its register and `rank`
 * (1 to 51) the position of the first 1 among the hash's other 50 bits.
 */
export function hllPattern(buf: Uint8Array, start: number, end: number): number {
  const length = end - start;
  let low = SEED ^ Math.imul(length, FACTOR_LOW);
  let high = highOfProduct(0, length);

  const tail = end - (length & 7);
  for (let at = start; at < tail; at += 8) {
    let blockLow = buf[at] | buf[at + 1] << 8 | buf[at + 2] << 16 | buf[at + 3] << 24;
    let blockHigh = buf[at + 4] | buf[at + 5] << 8 | buf[at + 6] << 16 | buf[at + 7] << 24;
    blockHigh = highOfProduct(blockHigh, blockLow);
    blockLow = Math.imul(blockLow, FACTOR_LOW) ^ (blockHigh >>> 15); // block ^= block >> 47
    blockHigh = highOfProduct(blockHigh, blockLow);
    blockLow = Math.imul(blockLow, FACTOR_LOW);
    high = highOfProduct(high ^ blockHigh, low ^ blockLow);
    low = Math.imul(low ^ blockLow, FACTOR_LOW);
  }

  if (tail < end) {
    for (let at = tail, shift = 0; at < end; at++, shift += 8) {
      if (shift < 32) low ^= buf[at] << shift;
      else high ^= buf[at] << (shift - 32);
    }
    high = highOfProduct(high, low);
    low = Math.imul(low, FACTOR_LOW);
  }

  low ^= high >>> 15;
  high = highOfProduct(high, low);
  low = Math.imul(low, FACTOR_LOW);
  low ^= high >>> 15;
  return (low & INDEX_MASK) | (rankOf(high, low) << INDEX_BITS);
}

/** The register of a pattern, 0 to 16383. */
export function patternIndex(pattern: number): number {
  return pattern & INDEX_MASK;
}

/** The rank of a pattern, 1 to 51. */
export function patternRank(pattern: number): number {
  return pattern >>> INDEX_BITS;
}

/** Where the first 1 stands, from 1 on, when the hash loses its index and gets a 1 at its end. */
function rankOf(high: number, low: number): number {
  const first = (low >>> INDEX_BITS) | (high << (32 - INDEX_BITS));
  if (first !== 0) return trailingZeros(first) + 1;
  return trailingZeros((high >>> INDEX_BITS) | (1 << (32 - INDEX_BITS))) + 33;
}

/** Of an int32 that is not 0. */
function trailingZeros(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

/** The high half of the 64-bit product of (high, low) and the multiplier. */
function highOfProduct(high: number, low: number): number {
  // Schoolbook multiplication of the low halves; no partial sum exceeds 32 bits.
  const upper = low >>> 16;
  const lower = low & 0xffff;
  const carry = Math.imul(lower, FACTOR_LOW_LOWER) >>> 16;
  const middle = (Math.imul(upper, FACTOR_LOW_LOWER) + carry) | 0;
  const other = (Math.imul(lower, FACTOR_LOW_UPPER) + (middle & 0xffff)) | 0;
  const lowTimesLow = Math.imul(upper, FACTOR_LOW_UPPER) + (middle >>> 16) + (other >>> 16);
  return (lowTimesLow + Math.imul(low, FACTOR_HIGH) + Math.imul(high, FACTOR_LOW)) | 0;
}
