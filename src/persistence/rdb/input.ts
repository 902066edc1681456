/**
 * Reading the bytes of a dump: numbers, lengths and strings as RDB has them.
 *
 * A window over the input is refilled from a {@link ByteSource}, so that a file of any size is read
 * with little memory; a payload that lies in memory already is its own window. Whatever the input says
 * of itself is doubted: a length is compared with what can still follow, and where that is unknown,
 * memory is taken only as the bytes really come.
 */
import { copyBytes, latin1Text } from "../../memory/bytes.ts";
import { Crc64 } from "../../memory/crc64.ts";
import { decompressLzf } from "../../memory/lzf.ts";
import { writeInteger } from "../../memory/numbers.ts";
import { RdbError, UnsupportedRdbError } from "./errors.ts";
import { LENGTH_32, LENGTH_64, LengthForm, StringEncoding } from "./opcodes.ts";

/** Where the bytes come from. */
export interface ByteSource {
  /** Number of bytes in all; Infinity when that is not known. */
  readonly size: number;
  /** Fills a part of `target`, from its start on; returns how many bytes came, 0 at the end. */
  read(target: Uint8Array): number;
}

/** A string, valid until the next read. */
export interface RdbSlice {
  buf: Uint8Array;
  start: number;
  end: number;
}

/** Bytes of the window. */
const WINDOW_BYTES = 256 << 10;
/** Memory for longer strings is given back when it is more than this. */
const KEPT_BYTES = 1 << 20;
/** Where the size of the input is unknown, the memory for a string begins with so much, and doubles. */
const FIRST_PART_BYTES = 1 << 20;
/** A byte of LZF stands for 264 / 3 bytes at most. */
const LZF_MAX_RATIO = 88;
/** The longest that a string may be: as in Redis. */
const MAX_STRING_BYTES = 2 ** 32 - 1;

const TWO_32 = 2 ** 32;
const NOTHING = new Uint8Array(0);

export class RdbInput {
  /** What is being read, for messages; a function where that takes time to tell. */
  reading: string | (() => string) = "the head of the dump";
  /** What {@link string} returns. */
  readonly #slice: RdbSlice = { buf: NOTHING, start: 0, end: 0 };
  readonly #source: ByteSource | null;
  readonly #size: number;
  #buf: Uint8Array;
  #at = 0;
  #end = 0;
  /** What of the input lies before `#buf[0]`. */
  #base = 0;
  readonly #sums: boolean;
  readonly #crc = new Crc64();
  /** Up to where the window is in the checksum. */
  #summedTo = 0;
  /** Long strings, and decompressed ones. */
  #long = NOTHING;
  #text = NOTHING;
  readonly #double = new DataView(new ArrayBuffer(8));
  /** The halves of the 64-bit number that was read last, as signed words. */
  high = 0;
  low = 0;

  /** Reads from a source, or from the slice of a buffer; with `sums` a checksum is kept. */
  constructor(source: ByteSource | RdbSlice, sums: boolean) {
    this.#sums = sums;
    if ("read" in source) {
      this.#source = source;
      this.#size = source.size;
      this.#buf = new Uint8Array(WINDOW_BYTES);
      return;
    }
    this.#source = null;
    this.#buf = source.buf;
    this.#at = this.#summedTo = source.start;
    this.#end = source.end;
    this.#base = -source.start;
    this.#size = source.end - source.start;
  }

  /** How many bytes have been read. */
  get offset(): number {
    return this.#base + this.#at;
  }

  /** Number of bytes in all; Infinity when that is not known. */
  get size(): number {
    return this.#size;
  }

  /** How many bytes can still follow. */
  get remaining(): number {
    return this.#size - this.offset;
  }

  /** What is wrong with the input, to be thrown. */
  damaged(problem: string): RdbError {
    return new RdbError(problem, this.offset, this.#readingText());
  }

  /** What this server does not know, to be thrown. */
  unsupported(problem: string): UnsupportedRdbError {
    return new UnsupportedRdbError(problem, this.offset, this.#readingText());
  }

  #readingText(): string {
    return typeof this.reading === "string" ? this.reading : this.reading();
  }

  /** The checksum of all that has been read; not to be asked for where none is kept. */
  checksum(): Crc64 {
    if (this.#sums) this.#crc.update(this.#buf, this.#summedTo, this.#at);
    this.#summedTo = this.#at;
    return this.#crc;
  }

  /** Gives back the memory that a very long string has needed. The last string is not valid any more. */
  releaseLong(): void {
    if (this.#long.length > KEPT_BYTES) this.#long = NOTHING;
    if (this.#text.length > KEPT_BYTES) this.#text = NOTHING;
  }

  // ---------------------------------------------------------------- numbers

  byte(): number {
    if (this.#at === this.#end) this.#need(1);
    return this.#buf[this.#at++];
  }

  /** 32 bits, low byte first, as a signed word. */
  int32(): number {
    if (this.#end - this.#at < 4) this.#need(4);
    const buf = this.#buf;
    const at = this.#at;
    this.#at += 4;
    return buf[at] | (buf[at + 1] << 8) | (buf[at + 2] << 16) | (buf[at + 3] << 24);
  }

  /** 64 bits, low byte first, into `high` and `low`; returns the signed number, rounded beyond 2^53. */
  int64(): number {
    this.low = this.int32();
    this.high = this.int32();
    return this.high * TWO_32 + (this.low >>> 0);
  }

  /** 64 bits, high byte first, into `high` and `low`; returns the unsigned number, rounded beyond 2^53. */
  uint64(): number {
    this.high = this.#bigEndian32();
    this.low = this.#bigEndian32();
    return (this.high >>> 0) * TWO_32 + (this.low >>> 0);
  }

  /** 8 bytes of a double, low byte first. */
  double(): number {
    const double = this.#double;
    double.setInt32(0, this.int32(), true);
    double.setInt32(4, this.int32(), true);
    return double.getFloat64(0, true);
  }

  #bigEndian32(): number {
    if (this.#end - this.#at < 4) this.#need(4);
    const buf = this.#buf;
    const at = this.#at;
    this.#at += 4;
    return (buf[at] << 24) | (buf[at + 1] << 16) | (buf[at + 2] << 8) | buf[at + 3];
  }

  /** A length, or a number that is written like one; also in `high` and `low`. Rounded beyond 2^53. */
  length(): number {
    const length = this.#lengthOrEncoding();
    if (length < 0) throw this.damaged("an encoding stands where a length must be");
    return length;
  }

  /** A number of things to follow, each of which takes `bytes` bytes at least. */
  count(bytes: number): number {
    const count = this.length();
    if (count * bytes > this.remaining) {
      throw this.damaged(`${count} elements are announced, for which too little follows`);
    }
    return count;
  }

  /** A length; or -1 minus the number of a string's encoding. */
  #lengthOrEncoding(): number {
    const first = this.byte();
    const form = first >>> 6;
    if (form === LengthForm.ENCODED) return -1 - (first & 0x3f);
    this.high = 0;
    if (form === LengthForm.BITS_6) return this.low = first & 0x3f;
    if (form === LengthForm.BITS_14) return this.low = ((first & 0x3f) << 8) | this.byte();
    if (first === LENGTH_64) return this.uint64();
    if (first !== LENGTH_32) throw this.damaged(`${first} begins no length`);
    this.low = this.#bigEndian32();
    return this.low >>> 0;
  }

  // ---------------------------------------------------------------- strings

  /** A string, however it is kept; the slice is reused by the next call. */
  string(): RdbSlice {
    const length = this.#lengthOrEncoding();
    if (length >= 0) return this.bytes(length);
    switch (-1 - length) {
      case StringEncoding.INT8:
        return this.#spell(this.byte() << 24 >> 24);
      case StringEncoding.INT16:
        return this.#spell((this.byte() | (this.byte() << 8)) << 16 >> 16);
      case StringEncoding.INT32:
        return this.#spell(this.int32());
      case StringEncoding.LZF:
        return this.#decompress();
      default:
        throw this.damaged(`${-1 - length} is no encoding of a string`);
    }
  }

  /** A string as a text with one character for each byte. */
  text(): string {
    const { buf, start, end } = this.string();
    return latin1Text(buf, start, end);
  }

  /** So many bytes as they are. */
  bytes(length: number): RdbSlice {
    if (length > this.remaining || length > MAX_STRING_BYTES) {
      throw this.damaged(`a string of ${length} bytes is announced, but less follows`);
    }
    if (length > this.#end - this.#at) {
      if (length > this.#buf.length) return this.#longBytes(length);
      this.#need(length);
    }
    const slice = this.#slice;
    slice.buf = this.#buf;
    slice.start = this.#at;
    this.#at += length;
    slice.end = this.#at;
    return slice;
  }

  /** A string that is longer than the window. */
  #longBytes(length: number): RdbSlice {
    if (this.#size !== Infinity && this.#long.length < length) this.#long = new Uint8Array(length);
    let have = 0;
    while (have < length) {
      if (this.#at === this.#end) this.#need(1);
      const portion = Math.min(length - have, this.#end - this.#at);
      this.#growLong(have, have + portion);
      copyBytes(this.#long, have, this.#buf, this.#at, this.#at + portion);
      this.#at += portion;
      have += portion;
    }
    return this.#show(this.#long, length);
  }

  #growLong(used: number, wanted: number): void {
    if (this.#long.length >= wanted) return;
    const grown = new Uint8Array(Math.max(FIRST_PART_BYTES, 2 * wanted));
    copyBytes(grown, 0, this.#long, 0, used);
    this.#long = grown;
  }

  #decompress(): RdbSlice {
    const compressed = this.length();
    const length = this.length();
    if (length > compressed * LZF_MAX_RATIO || length > MAX_STRING_BYTES) {
      throw this.damaged(`${compressed} compressed bytes cannot stand for ${length}`);
    }
    const { buf, start, end } = this.bytes(compressed);
    if (this.#text.length < length) this.#text = new Uint8Array(length);
    if (!decompressLzf(buf, start, end, this.#text, 0, length)) {
      throw this.damaged("a compressed string cannot be decompressed");
    }
    return this.#show(this.#text, length);
  }

  #spell(integer: number): RdbSlice {
    if (this.#text.length === 0) this.#text = new Uint8Array(64);
    return this.#show(this.#text, writeInteger(this.#text, 0, integer));
  }

  #show(buf: Uint8Array, length: number): RdbSlice {
    const slice = this.#slice;
    slice.buf = buf;
    slice.start = 0;
    slice.end = length;
    return slice;
  }

  // ---------------------------------------------------------------- the window

  /** Sees to it that so many bytes, no more than the window holds, lie in it from `#at` on. */
  #need(count: number): void {
    if (this.#source === null) throw this.damaged("the end comes too early");
    this.checksum();
    const buf = this.#buf;
    buf.copyWithin(0, this.#at, this.#end);
    this.#base += this.#at;
    this.#end -= this.#at;
    this.#at = this.#summedTo = 0;
    while (this.#end < count) {
      const came = this.#source.read(buf.subarray(this.#end));
      if (came === 0) throw this.damaged("the end comes too early");
      this.#end += came;
    }
  }
}
