/** Randomness: unpredictable bytes from the system, and fast numbers that they seed. */

export interface Entropy {
  /** `n` bytes that nobody can predict. */
  bytes(n: number): Uint8Array;
}

export class SystemEntropy implements Entropy {
  bytes(n: number): Uint8Array {
    const bytes = new Uint8Array(n);
    // One call fills at most 64 KiB.
    for (let at = 0; at < n; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
    return bytes;
  }
}

/** An id such as Redis gives a server's run: 40 hexadecimal digits. */
export function randomHexId(entropy: Entropy): string {
  let id = "";
  for (const byte of entropy.bytes(20)) id += byte.toString(16).padStart(2, "0");
  return id;
}

/**
 * Random numbers for sampling and for choosing, not for secrets.
 *
 * The generator is xoshiro128** by Blackman and Vigna: 128 bits of state, period 2^128 - 1. It
 * allocates nothing, and the same seed gives the same sequence everywhere.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** Of the four seed words, taken as 32 bits, one at least should have a bit set. */
  constructor(a: number, b: number, c: number, d: number) {
    this.#a = a | 0;
    this.#b = b | 0;
    this.#c = c | 0;
    // The state of nothing but zeros has only itself as successor.
    this.#d = (a | b | c | d) === 0 ? 1 : d | 0;
  }

  /** A generator with a seed from the system. */
  static seeded(entropy: Entropy): Random {
    const words = new Int32Array(entropy.bytes(16).buffer);
    return new Random(words[0], words[1], words[2], words[3]);
  }

  /** 32 random bits as a signed integer. */
  next(): number {
    const b = this.#b;
    const fiveB = Math.imul(b, 5);
    const result = Math.imul((fiveB << 7) | (fiveB >>> 25), 9);
    const c = this.#c ^ this.#a;
    const d = this.#d ^ b;
    this.#b = b ^ c;
    this.#a ^= d;
    this.#c = c ^ (b << 9);
    this.#d = (d << 11) | (d >>> 21);
    return result | 0;
  }

  /** An integer from 0 to `bound` - 1, each equally likely; `bound` from 1 to 2^53. */
  below(bound: number): number {
    if (bound > 0x80000000) return this.#belowLarge(bound);
    // The last, incomplete run of `bound` numbers would favour the small ones.
    const end = 0x80000000 - (0x80000000 % bound);
    let bits = this.next() >>> 1;
    while (bits >= end) bits = this.next() >>> 1;
    return bits % bound;
  }

  /** A number from 0, included, to 1, excluded, with 53 random bits. */
  float(): number {
    const high = this.next() >>> 5;
    const low = this.next() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  #belowLarge(bound: number): number {
    const end = 0x20000000000000 - (0x20000000000000 % bound);
    let bits = this.float() * 0x20000000000000;
    while (bits >= end) bits = this.float() * 0x20000000000000;
    return bits % bound;
  }
}
