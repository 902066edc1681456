/**
 * HalfSipHash-1-3: the seeded hash of everything that is found by its bytes. Who does not know the
 * seed cannot choose keys that collide. The 32-bit member of the SipHash family is taken because
 * JavaScript has no fast 64-bit integers; 1 and 3 are its numbers of rounds, the same as those of
 * the SipHash-1-3 that Redis uses.
 *
 * Source: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF", and HalfSipHash in
 * the authors' reference code (32-bit output).
 */

/** The secret key of the hash: two signed 32-bit integers from a good source of randomness. */
export interface HashSeed {
  readonly k0: number;
  readonly k1: number;
}

/** The hash of a slice as a signed 32-bit integer. */
export function hashBytes(seed: HashSeed, buf: Uint8Array, start: number, end: number): number {
  const k0 = seed.k0 | 0;
  const k1 = seed.k1 | 0;
  let v0 = k0;
  let v1 = k1;
  let v2 = k0 ^ 0x6c796765;
  let v3 = k1 ^ 0x74656462;

  // Whole words, little-endian, then the last 0 to 3 bytes below the length; one round for each.
  const length = end - start;
  const tailAt = end - (length & 3);
  let at = start;
  let finished = false;
  while (!finished) {
    let word: number;
    if (at < tailAt) {
      word = buf[at] | (buf[at + 1] << 8) | (buf[at + 2] << 16) | (buf[at + 3] << 24);
      at += 4;
    } else {
      word = length << 24;
      if (at < end) word |= buf[at];
      if (at + 1 < end) word |= buf[at + 1] << 8;
      if (at + 2 < end) word |= buf[at + 2] << 16;
      finished = true;
    }
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }

  v2 ^= 0xff;
  for (let round = 0; round < 3; round++) {
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
  }
  return v1 ^ v3;
}
