/**
 * Reading an append-only file command by command: requests as clients send them, arrays of bulk
 * strings, in the strict form in which they are written; between them lines that begin with #, of which
 * `#TS:` and a time in seconds since 1970 says when what follows was written.
 *
 * A window over the file is refilled as needed and grows for a long command; the arguments point into
 * it. Whatever the file says of itself is doubted: a length is compared with what can still follow.
 */
import { latin1Text } from "../../memory/bytes.ts";
import { Args } from "../../resp/args.ts";

/** Where the bytes come from. */
export interface AofSource {
  /** Fills a part of `target`, from its start on; returns how many bytes came, 0 at the end. */
  read(target: Uint8Array): number;
}

/** What {@link AofReader.next} has found. */
export const AofRecord = {
  /** A command, in `args`. */
  COMMAND: 0,
  /** The end, behind a whole command. */
  END: 1,
  /** The end, in the middle of a command: the tail is torn. */
  TORN: 2,
  /** What is there is no command: `problem` says why. */
  DAMAGED: 3,
} as const;

/** Bytes of the window; one that had to become larger than KEPT_BYTES is given back. */
const WINDOW_BYTES = 256 << 10;
const KEPT_BYTES = 1 << 20;
/** Between the marks of a header, `*` or `$` and the line's end, stand at most so many digits. */
const DIGITS_MAX = 10;
/** The longest that a comment may be. */
const COMMENT_MAX_BYTES = 1024;

const LF = 0x0a;
const CR = 0x0d;
const HASH = 0x23;
const DOLLAR = 0x24;
const STAR = 0x2a;
const ZERO = 0x30;

/** What a step returns instead of a position. */
const NEEDS_MORE = -1;
const WRONG = -2;

export class AofReader {
  /** The command that was found last; valid until the next call. */
  readonly args = new Args();
  /** The file's offset behind the last whole command or comment. */
  offset: number;
  /** When what follows was written, in seconds since 1970; 0 when that is not said. */
  writtenAt = 0;
  /** What is wrong at `offset`. */
  problem = "";
  readonly #source: AofSource;
  readonly #size: number;
  #buf = new Uint8Array(WINDOW_BYTES);
  /** The bytes in the window that have not been read: `#buf[#at, #end)`. */
  #at = 0;
  #end = 0;
  /** The number that {@link #header} has read. */
  #number = 0;
  /** How many bytes from `#at` on the command under way takes at least. */
  #wanted = 1;

  /**
   * @param source Stands at `offset`.
   * @param offset Where in the file the commands begin.
   * @param size The size of the file, in bytes.
   */
  constructor(source: AofSource, offset: number, size: number) {
    this.#source = source;
    this.offset = offset;
    this.#size = size;
  }

  /** Goes to the next command; returns one of {@link AofRecord}. */
  next(): number {
    for (;;) {
      const next = this.#at === this.#end ? NEEDS_MORE : this.#record();
      if (next >= 0) {
        const isCommand = this.#buf[this.#at] !== HASH;
        this.offset += next - this.#at;
        this.#at = next;
        this.#wanted = 1;
        if (isCommand) return AofRecord.COMMAND;
      } else if (next === WRONG) {
        return AofRecord.DAMAGED;
      } else if (!this.#fill()) {
        return this.#at === this.#end ? AofRecord.END : AofRecord.TORN;
      }
    }
  }

  /** Reads what stands at `#at`; returns the position behind it, or NEEDS_MORE, or WRONG. */
  #record(): number {
    const first = this.#buf[this.#at];
    if (first === STAR) return this.#command();
    if (first === HASH) return this.#comment();
    return this.#wrong(`a command begins with *, not with byte ${first}`);
  }

  #command(): number {
    const { args } = this;
    let at = this.#header(this.#at, STAR);
    if (at < 0) return at;
    const count = this.#number;
    if (count < 1) return this.#wrong("a command has no arguments");
    args.count = 0;
    for (let i = 0; i < count; i++) {
      at = this.#header(at, DOLLAR);
      if (at < 0) return at;
      const end = at + this.#number;
      if (end + 2 > this.#end) {
        this.#wanted = end + 2 - this.#at;
        return NEEDS_MORE;
      }
      if (this.#buf[end] !== CR || this.#buf[end + 1] !== LF) {
        return this.#wrong(`argument ${i} does not end where its length says`);
      }
      args.set(i, this.#buf, at, end);
      at = end + 2;
    }
    return at;
  }

  /** Reads `mark`, a number into `#number`, and the line's end. */
  #header(start: number, mark: number): number {
    const buf = this.#buf;
    const end = this.#end;
    if (start >= end) return this.#more();
    if (buf[start] !== mark) {
      return this.#wrong(`byte ${buf[start]} stands where ${String.fromCharCode(mark)} must be`);
    }
    let at = start + 1;
    let number = 0;
    while (at < end && buf[at] >= ZERO && buf[at] <= ZERO + 9) {
      number = number * 10 + buf[at++] - ZERO;
      if (at - start > DIGITS_MAX) return this.#wrong("a length has too many digits");
    }
    if (at < end && (at === start + 1 || buf[at] !== CR)) {
      return this.#wrong("a length is no number");
    }
    if (at + 1 >= end) return this.#more();
    if (buf[at + 1] !== LF) return this.#wrong("a length is no number");
    this.#number = number;
    return at + 2;
  }

  #comment(): number {
    const end = Math.min(this.#end, this.#at + COMMENT_MAX_BYTES);
    const newline = this.#buf.subarray(0, end).indexOf(LF, this.#at);
    if (newline < 0) {
      if (end < this.#end) return this.#wrong("a comment is too long");
      return this.#more();
    }
    const time = /^#TS:(\d+)\r?$/.exec(latin1Text(this.#buf, this.#at, newline));
    if (time !== null) this.writtenAt = Number(time[1]);
    return newline + 1;
  }

  #more(): number {
    this.#wanted = this.#end - this.#at + 1;
    return NEEDS_MORE;
  }

  #wrong(problem: string): number {
    this.problem = problem;
    return WRONG;
  }

  /** Brings more of the file into the window, as much as is wanted; false when there is no more. */
  #fill(): boolean {
    const unread = this.#end - this.#at;
    if (this.offset + this.#wanted > this.#size) return false;
    let target = this.#buf;
    if (this.#wanted > target.length) {
      target = new Uint8Array(Math.min(2 * this.#wanted, this.#size - this.offset));
    } else if (target.length > KEPT_BYTES && this.#wanted <= WINDOW_BYTES) {
      target = new Uint8Array(WINDOW_BYTES);
    }
    if (target === this.#buf) target.copyWithin(0, this.#at, this.#end);
    else target.set(this.#buf.subarray(this.#at, this.#end));
    this.#buf = target;
    this.#at = 0;
    this.#end = unread;
    while (this.#end < this.#wanted) {
      const came = this.#source.read(target.subarray(this.#end));
      if (came === 0) return false;
      this.#end += came;
    }
    return true;
  }
}
