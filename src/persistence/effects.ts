/**
 * What commands do to the data, told as commands that do the same again: what the append-only file
 * holds, and what replicas are sent.
 *
 * A command is told by its effect: with a due time in place of a time to live, with the members that
 * chance has picked, with the id that the clock has given. Where the request says all that itself it is
 * told as it came; where it does not, its handler tells the effect, {@link Effects.command}, and that
 * stands in place of the request. Keys that go by themselves, because they are due or for memory, are
 * told as removals.
 *
 * A request and all it brings about is one unit: when that is more than one command it stands between
 * MULTI and EXEC, so that whoever repeats it does all of it or nothing.
 *
 * The form is that of requests, arrays of bulk strings, as in Redis's append-only file:
 * https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
import { copyBytes, latin1 } from "../memory/bytes.ts";
import { writeInteger } from "../memory/numbers.ts";
import type { Args } from "../resp/args.ts";

const CR = 0x0d;
const LF = 0x0a;
const ARRAY = 0x2a; // *
const BULK = 0x24; // $

const MULTI = latin1("*1\r\n$5\r\nMULTI\r\n");
const EXEC = latin1("*1\r\n$4\r\nEXEC\r\n");

/** The text of an integer takes at most so many bytes. */
const INTEGER_BYTES = 20;
/** A header of an array or bulk string takes at most so many bytes. */
const HEADER_BYTES = 1 + INTEGER_BYTES + 2;
const integerText = new Uint8Array(INTEGER_BYTES);

const STAMP = latin1("#TS:");

const INITIAL_BYTES = 16 * 1024;
/** A buffer that had to become larger than this is not kept. */
const KEPT_BYTES = 1024 * 1024;

export class Effects {
  /** Whether anybody wants to know; nothing may be told while nobody does. */
  active = false;
  /** What has been told and not been taken: `buf[0, end)`, whole units only between requests. */
  buf = new Uint8Array(INITIAL_BYTES);
  end = 0;
  /** The database that the last command was about; -1 says it anew. */
  #db = -1;
  /** How many requests, one within the other, are under way. */
  #depth = 0;
  #unitStart = 0;
  #unitCommands = 0;
  /** The time in seconds since 1970, where it is to be noted with what is told; else 0. */
  seconds = 0;
  #stampedSeconds = 0;
  #isTold = false;

  // ---------------------------------------------------------------- units

  /** A request begins; within EXEC, one of its commands. */
  begin(): void {
    if (this.#depth++ === 0) {
      this.#unitStart = this.end;
      this.#unitCommands = 0;
    }
    this.#isTold = false;
  }

  /** Whether the handler has told the effect of the request that is under way. */
  get isTold(): boolean {
    return this.#isTold;
  }

  /** The request that began last is over. */
  finish(): void {
    this.#isTold = false;
    if (--this.#depth > 0 || this.#unitCommands < 2) return;
    const { length } = MULTI;
    this.#ensure(length + EXEC.length);
    this.buf.copyWithin(this.#unitStart + length, this.#unitStart, this.end);
    this.buf.set(MULTI, this.#unitStart);
    this.buf.set(EXEC, this.end + length);
    this.end += length + EXEC.length;
  }

  // ---------------------------------------------------------------- effects

  /**
   * Begins a command in place of the request under way; its arguments follow, the name first.
   *
   * @param db The number of the database it is about.
   */
  command(db: number, argumentCount: number): this {
    this.#isTold = true;
    return this.#begin(db, argumentCount);
  }

  /** The request under way has changed nothing that is to be repeated. */
  nothing(): void {
    this.#isTold = true;
  }

  /** An argument of ASCII characters. */
  word(text: string): this {
    const { length } = text;
    this.#ensure(length + HEADER_BYTES + 2);
    this.#line(BULK, length);
    const { buf } = this;
    let at = this.end;
    for (let i = 0; i < length; i++) buf[at++] = text.charCodeAt(i);
    this.#endLine(at);
    return this;
  }

  /** An argument that is the text of a safe integer. */
  integer(n: number): this {
    return this.bytes(integerText, 0, writeInteger(integerText, 0, n));
  }

  /** An argument with the bytes of `src[start, end)`. */
  bytes(src: Uint8Array, start: number, end: number): this {
    const length = end - start;
    this.#ensure(length + HEADER_BYTES + 2);
    const at = this.#line(BULK, length);
    copyBytes(this.buf, at, src, start, end);
    this.#endLine(at + length);
    return this;
  }

  /** Argument `i` of a request. */
  argument(args: Args, i: number): this {
    return this.bytes(args.bufs[i], args.starts[i], args.ends[i]);
  }

  /** The request under way, as it came. */
  request(db: number, args: Args): void {
    this.#isTold = true;
    const { bufs, count, ends, starts } = args;
    this.#begin(db, count);
    for (let i = 0; i < count; i++) this.bytes(bufs[i], starts[i], ends[i]);
  }

  /** A key has gone by itself. */
  removed(db: number, lazily: boolean, buf: Uint8Array, start: number, end: number): void {
    this.#begin(db, 2).word(lazily ? "UNLINK" : "DEL").bytes(buf, start, end);
  }

  /** A field of a hash has. */
  fieldRemoved(
    db: number,
    buf: Uint8Array,
    start: number,
    end: number,
    fieldBuf: Uint8Array,
    fieldStart: number,
    fieldEnd: number,
  ): void {
    this.#begin(db, 3).word("HDEL").bytes(buf, start, end).bytes(fieldBuf, fieldStart, fieldEnd);
  }

  // ---------------------------------------------------------------- taking

  /** Forgets what has been taken. */
  clear(): void {
    this.end = this.#unitStart = 0;
    if (this.buf.length > KEPT_BYTES) this.buf = new Uint8Array(INITIAL_BYTES);
  }

  /** Forgets the first bytes of what has been told, which have been taken; between requests only. */
  dropFirst(bytes: number): void {
    this.buf.copyWithin(0, bytes, this.end);
    this.end -= bytes;
  }

  /** The next command says which database it is about, as the first one in a file must. */
  forgetDatabase(): void {
    this.#db = -1;
    this.#stampedSeconds = 0;
  }

  // ---------------------------------------------------------------- writing

  #begin(db: number, argumentCount: number): this {
    if (this.seconds !== 0 && this.seconds !== this.#stampedSeconds) this.#stamp();
    if (db !== this.#db) {
      this.#db = db;
      this.#header(2).word("SELECT").integer(db);
    }
    this.#unitCommands++;
    return this.#header(argumentCount);
  }

  /** Notes the time, not within a unit: `aof-timestamp-enabled`. */
  #stamp(): void {
    if (this.#depth > 0 && this.#unitCommands > 0) return;
    this.#ensure(STAMP.length + HEADER_BYTES);
    this.buf.set(STAMP, this.end);
    this.#endLine(writeInteger(this.buf, this.end + STAMP.length, this.seconds));
    this.#stampedSeconds = this.seconds;
    this.#unitStart = this.end;
  }

  #header(argumentCount: number): this {
    this.#ensure(HEADER_BYTES);
    this.#line(ARRAY, argumentCount);
    return this;
  }

  /** Writes `type`, an integer, and the line's end; returns where that ends. There must be room. */
  #line(type: number, n: number): number {
    this.buf[this.end] = type;
    return this.#endLine(writeInteger(this.buf, this.end + 1, n));
  }

  #endLine(at: number): number {
    this.buf[at] = CR;
    this.buf[at + 1] = LF;
    return this.end = at + 2;
  }

  #ensure(bytes: number): void {
    const needed = this.end + bytes;
    if (needed <= this.buf.length) return;
    const larger = new Uint8Array(Math.max(needed, this.buf.length * 2));
    larger.set(this.buf.subarray(0, this.end));
    this.buf = larger;
  }
}
