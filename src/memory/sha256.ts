/**
 * SHA-256 (FIPS 180-4), for passwords.
 *
 * Deno's own digests are asynchronous, and those of `node:crypto` cost every start some 10 ms and
 * 10 MB for what a few lines do here. It takes about 1 µs per block of 64 bytes.
 */

const BLOCK_BYTES = 64;
const DIGEST_WORDS = 8;

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND_CONSTANTS = fractionalBits(64, Math.cbrt);

/** The same of the square roots of the first 8 primes: the state at the start. */
const INITIAL_STATE = fractionalBits(DIGEST_WORDS, Math.sqrt);

/** The digest of `bytes` as 64 hexadecimal digits in lower case. */
export function sha256Hex(bytes: Uint8Array): string {
  const state = INITIAL_STATE.slice();
  const schedule = new Int32Array(BLOCK_BYTES);
  const message = padded(bytes);
  for (let at = 0; at < message.byteLength; at += BLOCK_BYTES) {
    for (let i = 0; i < 16; i++) schedule[i] = message.getInt32(at + i * 4);
    mixBlock(state, schedule);
  }
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

/** The message, a bit that is set, zeros up to a whole block, and at its end the length in bits. */
function padded(bytes: Uint8Array): DataView {
  const blocks = Math.ceil((bytes.length + 9) / BLOCK_BYTES);
  const message = new Uint8Array(blocks * BLOCK_BYTES);
  message.set(bytes);
  message[bytes.length] = 0x80;
  const view = new DataView(message.buffer);
  view.setBigUint64(message.length - 8, BigInt(bytes.length) * 8n);
  return view;
}

/** @param schedule Its first 16 words are the block. */
function mixBlock(state: Int32Array, schedule: Int32Array): void {
  for (let i = 16; i < 64; i++) {
    const early = schedule[i - 15];
    const late = schedule[i - 2];
    const s0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const s1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    schedule[i] = schedule[i - 16] + s0 + schedule[i - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + s1 + choice + ROUND_CONSTANTS[i] + schedule[i]) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + s0 + majority) | 0;
  }
  const mixed = [a, b, c, d, e, f, g, h];
  for (let i = 0; i < DIGEST_WORDS; i++) state[i] += mixed[i];
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

/** For the first `count` primes: 32 bits behind the point of a root. */
function fractionalBits(count: number, root: (n: number) => number): Int32Array {
  const words = new Int32Array(count);
  let found = 0;
  for (let n = 2; found < count; n++) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= n; divisor++) isPrime &&= n % divisor !== 0;
    if (isPrime) words[found++] = (root(n) % 1) * 2 ** 32 | 0;
  }
  return words;
}
