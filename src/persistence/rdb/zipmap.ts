/**
 * Zipmaps: small hashes before Redis 2.6 (format: `zipmap.c`). They are read and never written.
 *
 *   byte 0       number of fields; 254 and above: more than fit here
 *   fields       each: length, name, length, number of unused bytes (one byte), value, unused bytes
 *   last byte    0xff
 *
 * A length below 254 is one byte, any other 254 and four bytes, little-endian.
 */
import type { RdbSlice } from "./input.ts";

const END = 0xff;
const LONG = 0xfe;

/** A walk over the fields, which checks each of them as it comes. */
export class ZipmapReader {
  readonly field: RdbSlice = { buf: new Uint8Array(0), start: 0, end: 0 };
  readonly value: RdbSlice = { buf: new Uint8Array(0), start: 0, end: 0 };
  /** Whether what has been seen is no zipmap. To be asked at the end. */
  isDamaged = false;
  #buf: Uint8Array = this.field.buf;
  #at = 0;
  #end = 0;
  #stated = 0;
  #seen = 0;

  /** Begins with `buf[start, end)`, which must not change meanwhile. */
  begin(buf: Uint8Array, start: number, end: number): void {
    this.#buf = buf;
    this.#at = start + 1;
    this.#end = end - 1;
    this.#stated = buf[start];
    this.#seen = 0;
    this.isDamaged = end - start < 2 || buf[end - 1] !== END;
  }

  /** Goes to the next field; false behind the last, or where there is damage. */
  next(): boolean {
    if (this.isDamaged) return false;
    if (this.#at === this.#end) {
      this.isDamaged = this.#stated < LONG && this.#stated !== this.#seen;
      return false;
    }
    this.isDamaged = !this.#show(this.field, 0) || !this.#show(this.value, 1);
    this.#seen++;
    return !this.isDamaged;
  }

  /** Shows the text at `#at`; of the `extra` bytes behind its length the first counts unused ones. */
  #show(slice: RdbSlice, extra: number): boolean {
    const buf = this.#buf;
    let at = this.#at;
    let length = buf[at++];
    if (length === END) return false;
    if (length === LONG) {
      if (at + 4 > this.#end) return false;
      length = (buf[at] | (buf[at + 1] << 8) | (buf[at + 2] << 16) | (buf[at + 3] << 24)) >>> 0;
      at += 4;
      if (length < LONG) return false;
    }
    const unused = extra === 0 ? 0 : buf[at];
    at += extra;
    if (at + length + unused > this.#end) return false;
    slice.buf = buf;
    slice.start = at;
    slice.end = at + length;
    this.#at = at + length + unused;
    return true;
  }
}
