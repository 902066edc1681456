/** Writing the bytes of a dump: numbers, lengths and strings as RDB has them. */
import { copyBytes, latin1 } from "../../memory/bytes.ts";
import { Crc64 } from "../../memory/crc64.ts";
import { compressLzf } from "../../memory/lzf.ts";
import { parseSafeInteger } from "../../memory/numbers.ts";
import { CHECKSUM_BYTES, LENGTH_32, LENGTH_64, LengthForm, StringEncoding } from "./opcodes.ts";

/** Where the bytes go. */
export interface ByteSink {
  /** Takes bytes, which are valid only during the call. What it throws ends the writing. */
  write(bytes: Uint8Array): void;
}

/** How a dump is written. */
export interface OutputOptions {
  /** Whether long strings are compressed where that makes them shorter. */
  readonly compresses: boolean;
  /** Whether a checksum is kept. */
  readonly sums: boolean;
  /** Bytes that are gathered before they go to the sink. */
  readonly bufferBytes?: number;
}

const BUFFER_BYTES = 256 << 10;
/** The longest text of a 32-bit integer. */
const INT32_TEXT_BYTES = 11;
/** Strings of no more bytes are not worth compressing; shorter by less is no gain. As in Redis. */
const COMPRESSED_FROM_BYTES = 21;
const WORTHWHILE_BYTES = 4;
/** Memory for longer compressed strings is given back. */
const KEPT_BYTES = 1 << 20;

const TWO_32 = 2 ** 32;
const NO_CHECKSUM = new Uint8Array(CHECKSUM_BYTES);

export class RdbOutput {
  /** How many bytes have been written. */
  offset = 0;
  readonly #sink: ByteSink;
  readonly #compresses: boolean;
  readonly #crc: Crc64 | null;
  readonly #buf: Uint8Array;
  #end = 0;
  /** Up to where the buffer is in the checksum. */
  #summedTo = 0;
  #compressed = new Uint8Array(0);
  readonly #double = new DataView(new ArrayBuffer(8));
  readonly #footer = new Uint8Array(CHECKSUM_BYTES);

  constructor(sink: ByteSink, { compresses, sums, bufferBytes = BUFFER_BYTES }: OutputOptions) {
    this.#sink = sink;
    this.#compresses = compresses;
    this.#crc = sums ? new Crc64() : null;
    this.#buf = new Uint8Array(bufferBytes);
  }

  /** Begins anew, with the checksum of nothing. */
  reset(): void {
    this.#end = this.#summedTo = this.offset = 0;
    this.#crc?.reset();
  }

  /** Hands all to the sink. */
  flush(): void {
    if (this.#end === 0) return;
    this.#sum();
    this.#sink.write(this.#buf.subarray(0, this.#end));
    this.#end = this.#summedTo = 0;
  }

  // ---------------------------------------------------------------- numbers

  byte(value: number): void {
    if (this.#end === this.#buf.length) this.flush();
    this.#buf[this.#end++] = value;
    this.offset++;
  }

  /** 32 bits, low byte first. */
  int32(value: number): void {
    for (let shift = 0; shift < 32; shift += 8) this.byte(value >>> shift);
  }

  /** An integer in 64 bits, low byte first. */
  int64(value: number): void {
    this.int32(value | 0);
    this.int32(Math.floor(value / TWO_32) | 0);
  }

  /** A double, low byte first. */
  double(value: number): void {
    const double = this.#double;
    double.setFloat64(0, value, true);
    this.int32(double.getInt32(0, true));
    this.int32(double.getInt32(4, true));
  }

  #bigEndian32(value: number): void {
    for (let shift = 24; shift >= 0; shift -= 8) this.byte(value >>> shift);
  }

  /** A length, or a number that is written like one: a safe integer that is not negative. */
  length(value: number): void {
    if (value < 64) {
      this.byte(value);
    } else if (value < 1 << 14) {
      this.byte((LengthForm.BITS_14 << 6) | (value >>> 8));
      this.byte(value);
    } else {
      this.length64((value / TWO_32) | 0, value | 0);
    }
  }

  /** The same for the halves of an unsigned 64-bit number. */
  length64(high: number, low: number): void {
    if (high !== 0) {
      this.byte(LENGTH_64);
      this.#bigEndian32(high);
      this.#bigEndian32(low);
    } else if (low >= 0 && low < 1 << 14) {
      this.length(low);
    } else {
      this.byte(LENGTH_32);
      this.#bigEndian32(low);
    }
  }

  // ---------------------------------------------------------------- strings

  /** A string, in the shortest form there is for it. */
  string(buf: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (length <= INT32_TEXT_BYTES && this.#integer(buf, start, end)) return;
    if (this.#compresses && length >= COMPRESSED_FROM_BYTES && this.#lzf(buf, start, end)) return;
    this.length(length);
    this.bytes(buf, start, end);
  }

  /** A string of `length` bytes, of which `buf[start, end)` is the stream that LZF makes. */
  compressed(buf: Uint8Array, start: number, end: number, length: number): void {
    this.byte((LengthForm.ENCODED << 6) | StringEncoding.LZF);
    this.length(end - start);
    this.length(length);
    this.bytes(buf, start, end);
  }

  /** A string of one byte for each character. */
  text(text: string): void {
    const bytes = latin1(text);
    this.string(bytes, 0, bytes.length);
  }

  /** Bytes as they are. */
  bytes(buf: Uint8Array, start: number, end: number): void {
    let from = start;
    this.offset += end - start;
    while (from < end) {
      if (this.#end === this.#buf.length) this.flush();
      const to = Math.min(end, from + this.#buf.length - this.#end);
      copyBytes(this.#buf, this.#end, buf, from, to);
      this.#end += to - from;
      from = to;
    }
  }

  #integer(buf: Uint8Array, start: number, end: number): boolean {
    const value = parseSafeInteger(buf, start, end);
    if (value !== (value | 0)) return false; // NaN, too
    const encoded = LengthForm.ENCODED << 6;
    if (value === value << 24 >> 24) {
      this.byte(encoded | StringEncoding.INT8);
      this.byte(value);
    } else if (value === value << 16 >> 16) {
      this.byte(encoded | StringEncoding.INT16);
      this.byte(value);
      this.byte(value >> 8);
    } else {
      this.byte(encoded | StringEncoding.INT32);
      this.int32(value);
    }
    return true;
  }

  #lzf(buf: Uint8Array, start: number, end: number): boolean {
    const limit = end - start - WORTHWHILE_BYTES;
    if (this.#compressed.length < limit) this.#compressed = new Uint8Array(2 * limit);
    const compressed = compressLzf(buf, start, end, this.#compressed, 0, limit);
    if (compressed === 0) return false;
    this.compressed(this.#compressed, 0, compressed, end - start);
    if (this.#compressed.length > KEPT_BYTES) this.#compressed = new Uint8Array(0);
    return true;
  }

  // ---------------------------------------------------------------- the checksum

  /** The checksum of all that has been written, or zeros where none is kept. */
  checksum(): void {
    if (this.#crc === null) return this.bytes(NO_CHECKSUM, 0, CHECKSUM_BYTES);
    this.#sum();
    this.#crc.write(this.#footer, 0);
    this.bytes(this.#footer, 0, CHECKSUM_BYTES);
  }

  #sum(): void {
    this.#crc?.update(this.#buf, this.#summedTo, this.#end);
    this.#summedTo = this.#end;
  }
}
