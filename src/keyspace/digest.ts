/**
 * The digest of a dataset, as DEBUG DIGEST and DEBUG DIGEST-VALUE show it: 20 bytes that are equal,
 * here and in Redis, whenever the data is.
 *
 * Two operations, both on the SHA-1 of something, build it up:
 *
 *     add:  digest = digest XOR sha1(bytes)               any order of additions gives the same
 *     mix:  digest = sha1(digest XOR sha1(bytes))         the order counts
 *
 * A value's digest begins with zeros, mixes the key (DIGEST-VALUE leaves it out), the number of the type
 * in 4 bytes, then what the type has to say; a key that expires, whenever that may be, adds the text
 * "!!expire!!". The dataset's digest mixes the number of each database that has keys, in 4 bytes, and
 * adds the digest of each of its keys.
 */
import { latin1 } from "../memory/bytes.ts";
import { sha1, SHA1_BYTES } from "../memory/sha1.ts";

const EXPIRES = latin1("!!expire!!");
const FIELD_EXPIRES = latin1("!!hexpire!!");

/** A digest under way. */
export class Digest {
  readonly #bytes = new Uint8Array(SHA1_BYTES);
  readonly #scratch = new Uint8Array(SHA1_BYTES);

  /** Makes it the digest of nothing, 20 zeros, as it is at first. */
  reset(): void {
    this.#bytes.fill(0);
  }

  /** Adds bytes: members of a set, whose order does not count. */
  add(buf: Uint8Array, start: number, end: number): void {
    const bytes = this.#bytes;
    const scratch = this.#scratch;
    sha1(buf, start, end, scratch, 0);
    for (let i = 0; i < SHA1_BYTES; i++) bytes[i] ^= scratch[i];
  }

  /** Mixes bytes: elements of a list, or what else must come in just this order. */
  mix(buf: Uint8Array, start: number, end: number): void {
    this.add(buf, start, end);
    sha1(this.#bytes, 0, SHA1_BYTES, this.#bytes, 0);
  }

  /** Mixes a number as 4 bytes, the highest first. */
  mixNumber(n: number): void {
    const number = new Uint8Array([n >>> 24, n >>> 16, n >>> 8, n]);
    this.mix(number, 0, number.length);
  }

  /** Adds another digest's bytes, as {@link add} does. */
  addDigest(other: Digest): void {
    this.add(other.#bytes, 0, SHA1_BYTES);
  }

  /** Adds that the key expires. */
  addExpiry(): void {
    this.add(EXPIRES, 0, EXPIRES.length);
  }

  /** Adds that the field of a hash expires. */
  addFieldExpiry(): void {
    this.add(FIELD_EXPIRES, 0, FIELD_EXPIRES.length);
  }

  /** 40 hexadecimal digits. */
  toString(): string {
    return Array.from(this.#bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}
