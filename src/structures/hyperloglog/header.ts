/**
 * The header of a HyperLogLog value, byte for byte that of Redis: what a PF command stores is a
 * string like any other, which clients read, dump and copy.
 *
 *     bytes 0..3    "HYLL"
 *     byte  4       encoding: 0 dense, 1 sparse
 *     bytes 5..7    zero
 *     bytes 8..15   cached cardinality, little endian; the highest bit says that it is out of date
 *     bytes 16..    16384 registers, dense or sparse
 *
 * A register holds a _rank_, from 0 to 51: the longest run of zeros, plus one, that ended the hash of
 * an element of this register.
 *
 * A cardinality is a number. Honest values never reach 2^53, but anybody may write any bytes into a
 * string: the 63 bits of the cache are also served as a BigInt.
 */

/** The number of registers. */
export const HLL_REGISTERS = 16384;
/** The highest rank of a register: 64 bits of hash, 14 of which choose the register. */
export const HLL_RANK_MAX = 51;
/** Bytes in front of the registers. */
export const HLL_HEADER_BYTES = 16;
/** The size of every dense value: header and 6 bits for each register. */
export const HLL_DENSE_BYTES = HLL_HEADER_BYTES + HLL_REGISTERS * 6 / 8;
/** The size of the value without elements: header and one XZERO opcode. */
export const HLL_EMPTY_BYTES = HLL_HEADER_BYTES + 2;

const ENCODING = 4;
const CARDINALITY = 8;
const STALE = 15; // The byte that holds the cache's highest bit.

const DENSE = 0;
const SPARSE = 1;

/** Writes the value without elements, sparse and with a valid cache of 0, and returns its length. */
export function writeEmptyHll(buf: Uint8Array, start: number): number {
  buf.fill(0, start, start + HLL_HEADER_BYTES);
  buf[start] = 0x48;
  buf[start + 1] = 0x59;
  buf[start + 2] = 0x4c;
  buf[start + 3] = 0x4c;
  buf[start + ENCODING] = SPARSE;
  // XZERO of 16384.
  buf[start + HLL_HEADER_BYTES] = 0x7f;
  buf[start + HLL_HEADER_BYTES + 1] = 0xff;
  return HLL_EMPTY_BYTES;
}

/**
 * Whether the slice looks like a HyperLogLog: magic, a known encoding, and the one right length
 * when it is dense. The opcodes of a sparse value are judged by whoever reads them.
 */
export function isHll(buf: Uint8Array, start: number, end: number): boolean {
  if (end - start < HLL_HEADER_BYTES) return false;
  if (
    buf[start] !== 0x48 || buf[start + 1] !== 0x59 || buf[start + 2] !== 0x4c ||
    buf[start + 3] !== 0x4c
  ) return false;
  const encoding = buf[start + ENCODING];
  return encoding === SPARSE || (encoding === DENSE && end - start === HLL_DENSE_BYTES);
}

/** Whether a value that {@link isHll} has accepted is dense, not sparse. */
export function isDenseHll(buf: Uint8Array, start: number): boolean {
  return buf[start + ENCODING] === DENSE;
}

/** Says in the header that the registers are dense; the cached cardinality stays. */
export function markDense(buf: Uint8Array, start: number): void {
  buf[start + ENCODING] = DENSE;
}

/** Whether the cached cardinality holds. */
export function hasCachedCardinality(buf: Uint8Array, start: number): boolean {
  return buf[start + STALE] < 0x80;
}

/** The cached cardinality, which must hold; NaN when it is no safe integer. */
export function cachedCardinality(buf: Uint8Array, start: number): number {
  const value = word(buf, start + CARDINALITY + 4) * 2 ** 32 + word(buf, start + CARDINALITY);
  return value <= Number.MAX_SAFE_INTEGER ? value : NaN;
}

/** The cached cardinality, which must hold, whatever its size: 0 to 2^63-1. */
export function cachedCardinalityBig(buf: Uint8Array, start: number): bigint {
  const high = BigInt(word(buf, start + CARDINALITY + 4));
  return high << 32n | BigInt(word(buf, start + CARDINALITY));
}

/** Caches a cardinality, an integer from 0 to 2^63. (2^63 itself has the bit set that says stale.) */
export function cacheCardinality(buf: Uint8Array, start: number, cardinality: number): void {
  // The double is exact, and so are its halves.
  const high = Math.floor(cardinality / 2 ** 32);
  setWord(buf, start + CARDINALITY, cardinality - high * 2 ** 32);
  setWord(buf, start + CARDINALITY + 4, high);
}

/** Says that the cached cardinality does not hold any more. */
export function dropCachedCardinality(buf: Uint8Array, start: number): void {
  buf[start + STALE] |= 0x80;
}

/** The unsigned 32-bit integer at `at`. */
function word(buf: Uint8Array, at: number): number {
  return (buf[at] | buf[at + 1] << 8 | buf[at + 2] << 16 | buf[at + 3] << 24) >>> 0;
}

function setWord(buf: Uint8Array, at: number, value: number): void {
  buf[at] = value;
  buf[at + 1] = value >>> 8;
  buf[at + 2] = value >>> 16;
  buf[at + 3] = value >>> 24;
}
