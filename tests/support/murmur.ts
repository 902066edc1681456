/**
 * MurmurHash64A as its author wrote it (public domain), on BigInt and with the seed of HyperLogLog; and
 * its inverse, for elements of any hash that a test wants.
 */

const MASK = 2n ** 64n - 1n;
const SEED = 0xadc83b19n;
const FACTOR = 0xc6a4a7935bd1e995n;
/** FACTOR * INVERSE is 1 modulo 2^64. */
const INVERSE = 0x5f7a0ea7e59b19bdn;

function times(a: bigint, b: bigint): bigint {
  return (a * b) & MASK;
}

/** Its own inverse, because the shift is by more than half of the bits. */
function fold(bits: bigint): bigint {
  return bits ^ (bits >> 47n);
}

/** The hash of `bytes`, from 0 to 2^64 - 1. */
export function murmurHash64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let hash = SEED ^ times(BigInt(bytes.length), FACTOR);
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    const block = times(fold(times(view.getBigUint64(at, true), FACTOR)), FACTOR);
    hash = times(hash ^ block, FACTOR);
  }
  if (at < bytes.length) {
    for (let i = 0; at + i < bytes.length; i++) hash ^= BigInt(bytes[at + i]) << BigInt(8 * i);
    hash = times(hash, FACTOR);
  }
  return fold(times(fold(hash), FACTOR));
}

/** The one element of 8 bytes with this hash. */
export function elementOfHash(hash: bigint): Uint8Array {
  const mixed = times(fold(times(fold(hash), INVERSE)), INVERSE);
  const block = mixed ^ SEED ^ times(8n, FACTOR);
  const element = new Uint8Array(8);
  const bits = times(fold(times(block, INVERSE)), INVERSE);
  new DataView(element.buffer).setBigUint64(0, bits, true);
  return element;
}

/** An element that raises HyperLogLog register `index` (below 16384) to `rank` (1 to 51). */
export function elementOfRank(index: number, rank: number): Uint8Array {
  const first = rank > 50 ? 0n : 1n << BigInt(13 + rank);
  return elementOfHash(BigInt(index) | first);
}
