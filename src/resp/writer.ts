/**
 * Replies: the types of RESP2 and RESP3, written straight into a client's output.
 *
 * Every type can be asked for under either protocol; what RESP2 lacks becomes what Redis sends in
 * its place (CR LF left out):
 *
 *     method           RESP2      RESP3
 *     nullBulk         $-1        _
 *     nullArray        *-1        _
 *     map(2)           *4         %2
 *     set(2)           *2         ~2
 *     push(2)          *2         >2
 *     double(1.5)      $3 1.5     ,1.5
 *     boolean(true)    :1         #t
 *     bigNumber("12")  $2 12      (12
 *     verbatim("hi")   $2 hi      =6 txt:hi
 *
 * An aggregate is its header; the elements follow as replies of their own.
 */
import { copyBytes, latin1, utf8 } from "../memory/bytes.ts";
import { formatDoubleShortest } from "../memory/double.ts";
import { INT64_TEXT_BYTES, integerLength, writeInt64, writeInteger } from "../memory/numbers.ts";
import { oneLine, type ReplyError } from "./errors.ts";
import { Output } from "./output.ts";

const CR = 0x0d;
const LF = 0x0a;
const ARRAY = 0x2a; // *
const ATTRIBUTE = 0x7c; // |
const BIG_NUMBER = 0x28; // (
const BULK = 0x24; // $
const DOUBLE = 0x2c; // ,
const ERROR = 0x2d; // -
const INTEGER = 0x3a; // :
const MAP = 0x25; // %
const PUSH = 0x3e; // >
const SET = 0x7e; // ~
const SIMPLE = 0x2b; // +
const VERBATIM = 0x3d; // =

const OK = latin1("+OK\r\n");
const QUEUED = latin1("+QUEUED\r\n");
const CRLF = latin1("\r\n");
const NULL = latin1("_\r\n");
const NULL_BULK = latin1("$-1\r\n");
const NULL_ARRAY = latin1("*-1\r\n");
const TRUE = latin1("#t\r\n");
const FALSE = latin1("#f\r\n");

/** Room for any line that is one type byte and a safe integer. */
const INTEGER_LINE_BYTES = 1 + 17 + 2;

/** A bulk string of up to so many bytes is written in one piece; a longer one may span chunks. */
const SHORT_BULK_BYTES = 512;

/** A text of up to so many characters is looked through for being ASCII, and then not encoded. */
const SHORT_TEXT_LENGTH = 64;

/** Writes the replies to one client. */
export class ReplyWriter extends Output {
  /** The protocol version that the client has chosen by HELLO. */
  proto: 2 | 3 = 2;

  ok(): void {
    this.raw(OK);
  }

  queued(): void {
    this.raw(QUEUED);
  }

  /** A reply, or several, in wire form. */
  raw(reply: Uint8Array): void {
    this.write(reply, 0, reply.length);
  }

  /** A simple string; one byte per character. */
  simple(text: string): void {
    this.#textLine(SIMPLE, text);
  }

  /** An error: code and message, without the minus. One byte per character; line breaks are taken out. */
  error(text: string): void {
    this.#textLine(ERROR, oneLine(text));
  }

  replyError(error: ReplyError): void {
    this.raw(error.line);
  }

  /** A safe integer. */
  integer(n: number): void {
    this.#integerLine(INTEGER, n);
  }

  /** An integer from -2^63 to 2^63-1. */
  int64(n: bigint): void {
    this.ensure(1 + INT64_TEXT_BYTES + 2);
    this.buf[this.pos] = INTEGER;
    this.#endLine(writeInt64(this.buf, this.pos + 1, n));
  }

  /** A bulk string with the bytes of `src[start, end)`. */
  bulk(src: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (length > SHORT_BULK_BYTES) return this.#longBulk(src, start, end);
    this.ensure(length + INTEGER_LINE_BYTES);
    const buf = this.buf;
    buf[this.pos] = BULK;
    let at = writeInteger(buf, this.pos + 1, length);
    buf[at] = CR;
    buf[at + 1] = LF;
    copyBytes(buf, at + 2, src, start, end);
    at += 2 + length;
    buf[at] = CR;
    buf[at + 1] = LF;
    this.pos = at + 2;
  }

  /** A bulk string with all the bytes of an array. */
  bulkBytes(bytes: Uint8Array): void {
    this.bulk(bytes, 0, bytes.length);
  }

  /** A bulk string with the UTF-8 form of a text. */
  bulkText(text: string): void {
    const length = text.length;
    if (length > SHORT_TEXT_LENGTH) return this.bulkBytes(utf8(text));
    this.ensure(length + INTEGER_LINE_BYTES);
    const buf = this.buf;
    buf[this.pos] = BULK;
    let at = writeInteger(buf, this.pos + 1, length);
    buf[at++] = CR;
    buf[at++] = LF;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) return this.bulkBytes(utf8(text));
      buf[at++] = unit;
    }
    this.#endLine(at);
  }

  /** A bulk string with the decimal form of a safe integer. */
  bulkInteger(n: number): void {
    this.ensure(2 * INTEGER_LINE_BYTES);
    const buf = this.buf;
    buf[this.pos] = BULK;
    const at = writeInteger(buf, this.pos + 1, integerLength(n));
    buf[at] = CR;
    buf[at + 1] = LF;
    this.#endLine(writeInteger(buf, at + 2, n));
  }

  /** A bulk string with the decimal form of an integer from -2^63 to 2^64-1. */
  bulkInt64(n: bigint): void {
    this.bulkText(String(n));
  }

  /** Null where a string is expected. */
  nullBulk(): void {
    this.raw(this.proto === 2 ? NULL_BULK : NULL);
  }

  /** Null where an array is expected. */
  nullArray(): void {
    this.raw(this.proto === 2 ? NULL_ARRAY : NULL);
  }

  /** The header of an array of `n` elements. */
  array(n: number): void {
    this.#integerLine(ARRAY, n);
  }

  emptyArray(): void {
    this.array(0);
  }

  /** The header of a map of `n` pairs; under RESP2 of an array of twice as many elements. */
  map(n: number): void {
    if (this.proto === 2) this.#integerLine(ARRAY, 2 * n);
    else this.#integerLine(MAP, n);
  }

  /** The header of a set of `n` members; under RESP2 an array's. */
  set(n: number): void {
    this.#integerLine(this.proto === 2 ? ARRAY : SET, n);
  }

  /** The header of a message out of band, of `n` elements; under RESP2 an array's. */
  push(n: number): void {
    this.#integerLine(this.proto === 2 ? ARRAY : PUSH, n);
  }

  /** The header of `n` pairs of attributes of the reply that follows. RESP3 only. */
  attribute(n: number): void {
    this.#integerLine(ATTRIBUTE, n);
  }

  /** Fills the gap that `deferLength` left with the header of an array. */
  setArrayLength(gap: number, n: number): void {
    this.setDeferredLength(gap, ARRAY, n);
  }

  /** Fills the gap that `deferLength` left with the header of a map of `n` pairs. */
  setMapLength(gap: number, n: number): void {
    if (this.proto === 2) this.setDeferredLength(gap, ARRAY, 2 * n);
    else this.setDeferredLength(gap, MAP, n);
  }

  /** Fills the gap that `deferLength` left with the header of a set. */
  setSetLength(gap: number, n: number): void {
    this.setDeferredLength(gap, this.proto === 2 ? ARRAY : SET, n);
  }

  /** A double, `inf`, `-inf` or `nan` among them, in as few digits as will do, as Redis since 7.2. */
  double(d: number): void {
    // Most scores are whole numbers, whose text needs no string. (-0 is not: it is spelled "-0".)
    if (!Number.isSafeInteger(d) || Object.is(d, -0)) this.doubleText(formatDoubleShortest(d));
    else if (this.proto === 2) this.bulkInteger(d);
    else this.#integerLine(DOUBLE, d);
  }

  /** A double that is spelled already; under RESP2 a bulk string. ASCII. */
  doubleText(text: string): void {
    if (this.proto === 2) this.bulkText(text);
    else this.#textLine(DOUBLE, text);
  }

  boolean(value: boolean): void {
    if (this.proto === 2) this.integer(value ? 1 : 0);
    else this.raw(value ? TRUE : FALSE);
  }

  /** An integer of any size in decimal form; under RESP2 a bulk string. */
  bigNumber(text: string): void {
    if (this.proto === 2) this.bulkText(text);
    else this.#textLine(BIG_NUMBER, text);
  }

  /**
   * A text for people; under RESP2 a bulk string.
   *
   * @param format Three characters, `txt` or `mkd`.
   */
  verbatim(format: string, text: string): void {
    const bytes = utf8(text);
    if (this.proto === 2) return this.bulkBytes(bytes);
    this.#integerLine(VERBATIM, bytes.length + 4);
    this.raw(latin1(`${format}:`));
    this.raw(bytes);
    this.raw(CRLF);
  }

  /**
   * The reply to `<command> HELP`.
   *
   * @param command The container command's name, in capitals.
   * @param lines What stands between the first line and the last two, which all such replies share.
   */
  help(command: string, lines: readonly string[]): void {
    this.array(lines.length + 3);
    this.simple(`${command} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`);
    for (const line of lines) this.simple(line);
    this.simple("HELP");
    this.simple("    Prints this help.");
  }

  /** A type byte, an integer and the line's end. */
  #integerLine(type: number, n: number): void {
    this.ensure(INTEGER_LINE_BYTES);
    const buf = this.buf;
    buf[this.pos] = type;
    const at = writeInteger(buf, this.pos + 1, n);
    buf[at] = CR;
    buf[at + 1] = LF;
    this.pos = at + 2;
  }

  /** A type byte, a text of one byte per character, and the line's end. */
  #textLine(type: number, text: string): void {
    const length = text.length;
    this.ensure(length + 3);
    const buf = this.buf;
    buf[this.pos] = type;
    let at = this.pos + 1;
    for (let i = 0; i < length; i++) buf[at++] = text.charCodeAt(i);
    this.#endLine(at);
  }

  #longBulk(src: Uint8Array, start: number, end: number): void {
    this.#integerLine(BULK, end - start);
    this.write(src, start, end);
    this.raw(CRLF);
  }

  /** Ends a line at `at`. */
  #endLine(at: number): void {
    this.buf[at] = CR;
    this.buf[at + 1] = LF;
    this.pos = at + 2;
  }
}
