import { assert, assertEquals } from "@std/assert";
import { hashBytes, type HashSeed } from "../../../src/memory/hash.ts";

const COUNTING = Uint8Array.from({ length: 64 }, (_, i) => i);

/** The key 00 01 .. 07 of the reference vectors. */
const REFERENCE_SEED: HashSeed = { k0: 0x03020100, k1: 0x07060504 };

/** Hashes of the first n bytes of COUNTING under REFERENCE_SEED, from a C program. */
// deno-fmt-ignore
const VECTORS = [
0x5814c896, 0xe7e864ca, 0xbc4b0e30, 0x01539939, 0x7e059ea6, 0x88e3d89b, 0xa0080b65, 0x9d38d9d6,
0x577999b1, 0xc839caed, 0xe4fa32cf, 0x959246ee, 0x6b28096c, 0x66dd9cd6, 0x16658a7c, 0xd0257b04,
0x8b31d501, 0x2b1cd04b, 0x06712339, 0x522aca67, 0x911bb605, 0x90a65f0e, 0xf826ef7b, 0x62512deb,
0x57150ad7, 0x5d473507, 0x1ec47442, 0xab64afd3, 0x0a4100d0, 0x6d2ce652, 0x2331b6a3, 0x08d8791a,
0xbc6dda8d, 
];

Deno.test("hashBytes agrees with HalfSipHash-1-3 in C", () => {
  for (let length = 0; length < VECTORS.length; length++) {
    assertEquals(hashBytes(REFERENCE_SEED, COUNTING, 0, length), VECTORS[length] | 0);
  }
  const name = new TextEncoder().encode("keyrex");
  assertEquals(hashBytes({ k0: 0xdeadbeef | 0, k1: -1 }, name, 0, 6), 0x5db4d50a | 0);
  assertEquals(hashBytes({ k0: 0, k1: 0 }, COUNTING, 0, 64), 0x3a417e11 | 0);
});

/** HalfSipHash with any numbers of rounds, written from its definition and not for speed. */
function halfSipHash(seed: HashSeed, bytes: Uint8Array, perWord: number, atEnd: number): number {
  let [v0, v1, v2, v3] = [seed.k0, seed.k1, seed.k0 ^ 0x6c796765, seed.k1 ^ 0x74656462];
  const rotate = (x: number, by: number) => (x << by) | (x >>> (32 - by));
  const rounds = (count: number) => {
    for (let i = 0; i < count; i++) {
      v0 = (v0 + v1) | 0;
      v1 = rotate(v1, 5) ^ v0;
      v0 = rotate(v0, 16);
      v2 = (v2 + v3) | 0;
      v3 = rotate(v3, 8) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = rotate(v3, 7) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = rotate(v1, 13) ^ v2;
      v2 = rotate(v2, 16);
    }
  };
  const padded = new DataView(new ArrayBuffer((bytes.length & ~3) + 4));
  bytes.forEach((byte, i) => padded.setUint8(i, byte));
  padded.setUint8(padded.byteLength - 1, bytes.length);
  for (let at = 0; at < padded.byteLength; at += 4) {
    const word = padded.getInt32(at, true);
    v3 ^= word;
    rounds(perWord);
    v0 ^= word;
  }
  v2 ^= 0xff;
  rounds(atEnd);
  return v1 ^ v3;
}

Deno.test("hashBytes agrees with a plain HalfSipHash, which agrees with the authors' vectors", () => {
  const published24 = [0x5b9f35a9, 0xb85a4727, 0x03a662fa, 0x04e7fe8a, 0x89466e2a];
  published24.forEach((expected, length) => {
    const bytes = COUNTING.subarray(0, length);
    assertEquals(halfSipHash(REFERENCE_SEED, bytes, 2, 4), expected | 0);
  });

  const bytes = Uint8Array.from({ length: 700 }, (_, i) => (i * i * 31) >> 3);
  const seed = { k0: 0x12345678, k1: 0x9abcdef0 | 0 };
  for (let length = 0; length < 600; length += length < 40 ? 1 : 37) {
    const slice = bytes.subarray(5, 5 + length);
    assertEquals(hashBytes(seed, bytes, 5, 5 + length), halfSipHash(seed, slice, 1, 3));
  }
});

Deno.test("hashBytes depends on every byte, on the length and on both halves of the seed", () => {
  const seen = new Set<number>();
  for (let at = 0; at < 64; at++) {
    const changed = COUNTING.slice();
    changed[at] ^= 1;
    seen.add(hashBytes(REFERENCE_SEED, changed, 0, 64));
  }
  for (let length = 0; length < 16; length++) {
    seen.add(hashBytes(REFERENCE_SEED, new Uint8Array(16), 0, length));
  }
  seen.add(hashBytes({ k0: REFERENCE_SEED.k0 ^ 1, k1: REFERENCE_SEED.k1 }, COUNTING, 0, 64));
  seen.add(hashBytes({ k0: REFERENCE_SEED.k0, k1: REFERENCE_SEED.k1 ^ 1 }, COUNTING, 0, 64));
  assertEquals(seen.size, 64 + 16 + 2);
});

Deno.test("hashBytes spreads counting keys evenly over low and high bits", () => {
  const buckets = 1024;
  const low = new Int32Array(buckets);
  const high = new Int32Array(buckets);
  const keys = buckets * 64;
  const key = new Uint8Array(8);
  for (let i = 0; i < keys; i++) {
    new DataView(key.buffer).setInt32(0, i);
    const hash = hashBytes(REFERENCE_SEED, key, 0, 8);
    low[hash & (buckets - 1)]++;
    high[hash >>> 22]++;
  }
  // Chi-squared with 1023 degrees of freedom: mean 1023, deviation 45.
  for (const counts of [low, high]) {
    const chiSquared = counts.reduce((sum, count) => sum + (count - 64) ** 2 / 64, 0);
    assert(chiSquared > 800 && chiSquared < 1250, `chi-squared is ${chiSquared}`);
  }
});
