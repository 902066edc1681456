/**
 * SHA-1 (FIPS 180-4), for fingerprints that Redis computes as well: those of datasets and of scripts.
 * It is no protection against forgers.
 *
 * Almost all that is hashed is 20 bytes long. The runtime's own digest takes 2 µs for that, most of it
 * to set up; this takes 0.2 µs and allocates nothing.
 */

/** Bytes of a digest. */
export const SHA1_BYTES = 20;

const BLOCK_BYTES = 64;
/** The last block ends with the length of the message in bits, in so many bytes. */
const LENGTH_BYTES = 8;

// None of these survives a call.
const words = new Int32Array(80);
const state = new Int32Array(5);
const lastBlocks = new Uint8Array(2 * BLOCK_BYTES);

/** Writes the digest of the slice to `out[at, at + 20)`, which may lie within the slice. */
export function sha1(
  buf: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  at: number,
): void {
  state[0] = 0x67452301;
  state[1] = 0xefcdab89;
  state[2] = 0x98badcfe;
  state[3] = 0x10325476;
  state[4] = 0xc3d2e1f0;
  let next = start;
  for (; next + BLOCK_BYTES <= end; next += BLOCK_BYTES) addBlock(buf, next);

  // The rest, a 1 bit, zeros, and the length in bits: one block, or two.
  const rest = end - next;
  const size = rest + 1 + LENGTH_BYTES <= BLOCK_BYTES ? BLOCK_BYTES : 2 * BLOCK_BYTES;
  lastBlocks.fill(0, rest, size);
  for (let i = 0; i < rest; i++) lastBlocks[i] = buf[next + i];
  lastBlocks[rest] = 0x80;
  let bits = (end - start) * 8;
  for (let i = size - 1; bits > 0; i--) {
    lastBlocks[i] = bits;
    bits = Math.floor(bits / 256);
  }
  for (let block = 0; block < size; block += BLOCK_BYTES) addBlock(lastBlocks, block);

  for (let i = 0; i < SHA1_BYTES; i++) out[at + i] = state[i >> 2] >>> (24 - (i & 3) * 8);
}

/** Mixes the 64 bytes at `at` into the state. */
function addBlock(buf: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++) {
    const from = at + 4 * i;
    words[i] = buf[from] << 24 | buf[from + 1] << 16 | buf[from + 2] << 8 | buf[from + 3];
  }
  for (let i = 16; i < 80; i++) {
    words[i] = rotated(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
  }

  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  for (let i = 0; i < 80; i++) {
    let mixed: number;
    if (i < 20) mixed = ((b & c) | (~b & d)) + 0x5a827999;
    else if (i < 40) mixed = (b ^ c ^ d) + 0x6ed9eba1;
    else if (i < 60) mixed = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
    else mixed = (b ^ c ^ d) + 0xca62c1d6;
    const next = (rotated(a, 5) + mixed + e + words[i]) | 0;
    e = d;
    d = c;
    c = rotated(b, 30);
    b = a;
    a = next;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
}

function rotated(word: number, bits: number): number {
  return word << bits | word >>> (32 - bits);
}
