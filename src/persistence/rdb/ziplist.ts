/**
 * Ziplists: what small collections were before there were listpacks (format: `ziplist.c` of Redis
 * before 7). They are read, element by element, and never written.
 *
 *   bytes 0..3    length of the whole, little-endian
 *   bytes 4..7    offset of the last entry
 *   bytes 8..9    number of entries; 0xffff: more than fit here
 *   entries       each: length of the one before, encoding, data
 *   last byte     0xff
 *
 * The length of the entry before is one byte, or 0xfe and four. Encodings:
 *
 *   00xxxxxx                           string of up to 63 bytes
 *   01xxxxxx xxxxxxxx                  string of up to 16383 bytes, length high byte first
 *   10______ and 4 bytes               longer string, length high byte first
 *   11000000 11010000 11100000         integers of 16, 32, 64 bits, little-endian
 *   11110000 11111110                  integers of 24 and 8 bits
 *   1111xxxx                           0 to 12, as xxxx - 1
 */
import { Element } from "../../structures/listpack.ts";
import { writeInt64, writeInteger } from "../../memory/numbers.ts";

const HEADER_BYTES = 10;
const END = 0xff;
const LONG_BEFORE = 0xfe;
const COUNT_UNKNOWN = 0xffff;

const INT16 = 0xc0;
const INT32 = 0xd0;
const INT64 = 0xe0;
const INT24 = 0xf0;
const INT8 = 0xfe;
const FIRST_IMMEDIATE = 0xf1;
const LAST_IMMEDIATE = 0xfd;

/** A walk over the entries, which checks each of them as it comes. */
export class ZiplistReader {
  /** The entry; strings lie in the ziplist itself. */
  readonly element = new Element();
  /** Whether what has been seen is no ziplist. To be asked at the end. */
  isDamaged = false;
  #buf: Uint8Array = this.element.text;
  #at = 0;
  #end = 0;
  #start = 0;
  /** Size of the entry before, as the next one must repeat it. */
  #before = 0;
  #seen = 0;

  /** Begins with `buf[start, end)`, which must not change meanwhile. */
  begin(buf: Uint8Array, start: number, end: number): void {
    this.#buf = buf;
    this.#start = start;
    this.#at = start + HEADER_BYTES;
    this.#end = end - 1;
    this.#before = this.#seen = 0;
    this.isDamaged = end - start <= HEADER_BYTES || uint32(buf, start) !== end - start ||
      buf[end - 1] !== END;
  }

  /** Goes to the next entry; false behind the last, or where there is damage. */
  next(): boolean {
    if (this.isDamaged) return false;
    if (this.#at === this.#end) {
      this.isDamaged = !this.#isWhole();
      return false;
    }
    this.isDamaged = !this.#readEntry();
    return !this.isDamaged;
  }

  /** Whether the header tells the truth. */
  #isWhole(): boolean {
    const stated = this.#buf[this.#start + 8] | (this.#buf[this.#start + 9] << 8);
    if (stated !== COUNT_UNKNOWN && stated !== this.#seen) return false;
    const last = this.#end - this.#start - this.#before;
    return uint32(this.#buf, this.#start + 4) === last;
  }

  #readEntry(): boolean {
    const buf = this.#buf;
    const start = this.#at;
    let at = start;
    let before = buf[at++];
    if (before === END) return false;
    if (before === LONG_BEFORE) {
      if (at + 4 >= this.#end) return false;
      before = uint32(buf, at);
      at += 4;
    }
    if (before !== this.#before || at >= this.#end) return false;
    const size = this.#readData(at);
    if (size === 0) return false;
    this.#at = at + size;
    this.#before = this.#at - start;
    this.#seen++;
    return true;
  }

  /** Shows what begins at `at`; returns the bytes of its encoding and data, 0 for damage. */
  #readData(at: number): number {
    const buf = this.#buf;
    const head = buf[at];
    if (head < 0xc0) return this.#readString(at, head >>> 6);
    const width = head === INT8
      ? 1
      : head === INT16
      ? 2
      : head === INT24
      ? 3
      : head === INT32
      ? 4
      : head === INT64
      ? 8
      : 0;
    if (width === 0) {
      if (head < FIRST_IMMEDIATE || head > LAST_IMMEDIATE) return 0;
      this.#spell(head - FIRST_IMMEDIATE);
      return 1;
    }
    if (at + 1 + width > this.#end) return 0;
    if (width === 8) this.#spellWide(at + 1);
    else this.#spell(signed(buf, at + 1, width));
    return 1 + width;
  }

  #readString(at: number, form: number): number {
    const buf = this.#buf;
    const headBytes = form === 0 ? 1 : form === 1 ? 2 : 5;
    if (at + headBytes > this.#end) return 0;
    const length = form === 0
      ? buf[at] & 0x3f
      : form === 1
      ? ((buf[at] & 0x3f) << 8) | buf[at + 1]
      : ((buf[at + 1] << 24) | (buf[at + 2] << 16) | (buf[at + 3] << 8) | buf[at + 4]) >>> 0;
    const end = at + headBytes + length;
    if (end > this.#end) return 0;
    const { element } = this;
    element.isInteger = false;
    element.buf = buf;
    element.start = at + headBytes;
    element.end = end;
    return headBytes + length;
  }

  #spell(integer: number): void {
    const { element } = this;
    element.isInteger = true;
    element.buf = element.text;
    element.start = 0;
    element.end = writeInteger(element.text, 0, integer);
  }

  #spellWide(at: number): void {
    const buf = this.#buf;
    const integer = (BigInt(uint32(buf, at + 4) | 0) << 32n) | BigInt(uint32(buf, at));
    const { element } = this;
    element.isInteger = true;
    element.buf = element.text;
    element.start = 0;
    element.end = writeInt64(element.text, 0, integer);
  }
}

function uint32(buf: Uint8Array, at: number): number {
  return (buf[at] | (buf[at + 1] << 8) | (buf[at + 2] << 16) | (buf[at + 3] << 24)) >>> 0;
}

/** A signed integer of 1 to 4 bytes. */
function signed(buf: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = width - 1; i >= 0; i--) value = (value << 8) | buf[at + i];
  const unused = 32 - 8 * width;
  return value << unused >> unused;
}
