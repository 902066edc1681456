/**
 * Requests: bytes to slices.
 *
 * A request is an array of bulk strings (the same in RESP2 and RESP3) or one line of words:
 *
 *     *2 CR LF $3 CR LF GET CR LF $1 CR LF k CR LF        GET k LF
 *
 * {@link RequestParser.parse} looks at what has arrived of it. Mostly that is all of it, and one
 * pass notes where the arguments lie. Otherwise it says so, and is shown the same bytes again with
 * more behind them. Of a short request nothing is remembered meanwhile; of a long one, how far it
 * was parsed (see progress.ts); and an argument that is big goes into a block of its own as it
 * arrives (see bulk.ts), all that came before it being copied and thereby consumed.
 *
 * What Redis lets pass passes here: any byte after CR, any two bytes after an argument, empty
 * requests (`*0`, `*-1`, an empty line), which are skipped. A NUL byte in a line hides the end of
 * it, as it ends a C string: such a line can only become too long.
 */
import { parseInt64, parseSafeInteger } from "../memory/numbers.ts";
import { splitArguments } from "../memory/quoting.ts";
import type { Args, BulkStore } from "./args.ts";
import type { BulkTarget } from "./bulk.ts";
import {
  expectedBulk,
  INVALID_BULK_LENGTH,
  INVALID_MULTIBULK_LENGTH,
  type ReplyError,
  TOO_BIG_BULK_COUNT,
  TOO_BIG_INLINE,
  TOO_BIG_MULTIBULK_COUNT,
  UNAUTHENTICATED_BULK,
  UNAUTHENTICATED_MULTIBULK,
  UNBALANCED_QUOTES,
} from "./errors.ts";
import {
  ARGUMENTS_MAX,
  BIG_BULK_BYTES,
  KEPT_ARGUMENTS_MIN,
  LINE_BYTES_MAX,
  type ParserSettings,
  RESERVED_ARGUMENTS_MAX,
  UNAUTHENTICATED_ARGUMENTS_MAX,
  UNAUTHENTICATED_BULK_BYTES_MAX,
} from "./limits.ts";
import { Progress } from "./progress.ts";

/** The request is not complete. */
export const NEEDS_MORE = 0;
/** A request is in the arguments. */
export const READY = 1;
/** The bytes are no request: {@link RequestParser.error} says why, and the connection must end. */
export const FAILED = 2;
/** There was a request without arguments. */
const EMPTY = 3;

/** What a method that returns a position or a length says when there is none. */
const INCOMPLETE = -1;
const INVALID = -2;

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const DOLLAR = 0x24;
const SINGLE_QUOTE = 0x27;
const STAR = 0x2a;
const ZERO = 0x30;

/** The shortest argument, `$0 CR LF CR LF`. */
const ARGUMENT_BYTES_MIN = 6;

/** Reads the requests of one client. */
export class RequestParser {
  /** Whether the client may send long requests; what others may send is bounded tightly. */
  authenticated = false;
  /** After {@link parse}: the position behind the last byte that is consumed. */
  next = 0;
  /** How many unconsumed bytes it takes at least to get on; 0 when that is not known. */
  wanted = 0;
  /** Why {@link parse} returned FAILED. */
  error: ReplyError | null = null;
  /** Set while a big argument is under way: where its next bytes belong. See {@link advanceBulk}. */
  bulk: BulkTarget | null = null;

  readonly #settings: ParserSettings;
  readonly #store: BulkStore;
  #progress: Progress | null = null;
  /** Where, counted from the first unconsumed byte, the line begins whose end has not arrived... */
  #lineOffset = 0;
  /** ...and up to where it has been searched. */
  #searched = 0;
  /** The position behind the line that `#bulkLength` has read. */
  #lineNext = 0;

  /** @param store Where the blocks of big arguments come from. */
  constructor(settings: ParserSettings, store: BulkStore) {
    this.#settings = settings;
    this.#store = store;
  }

  /** The memory, in bytes, of a request under way, but for what is not consumed of it. */
  get heldBytes(): number {
    return this.#progress === null ? 0 : this.#progress.heldBytes;
  }

  /** The part of {@link heldBytes} that lies on the heap, and not in blocks of the store. */
  get heapBytes(): number {
    return this.#progress === null ? 0 : this.#progress.heapBytes;
  }

  /** How many bytes of a request under way are consumed and kept. */
  get keptBytes(): number {
    return this.#progress === null ? 0 : this.#progress.keptBytes;
  }

  /**
   * Parses the request that begins at `start`.
   *
   * @param buf What has been received; the bytes from `start` to `end` begin with those that the
   *   last call did not consume.
   * @param args Receives the request. Its slices point into `buf` and into blocks of the store; the
   *   caller has to `release` it.
   * @returns READY, NEEDS_MORE or FAILED. In any case what lies before `next` is consumed.
   */
  parse(buf: Uint8Array, start: number, end: number, args: Args): number {
    this.next = start;
    if (this.#progress !== null) return this.#resume(this.#progress, buf, start, end, args);
    if (end - start < this.wanted) return NEEDS_MORE;
    this.wanted = 0;
    let at = start;
    while (at < end) {
      const status = buf[at] === STAR
        ? this.#array(buf, at, end, args)
        : this.#words(buf, at, end, args);
      if (status !== EMPTY) return status;
      at = this.next;
    }
    return NEEDS_MORE;
  }

  /** Says that `bulk.at` has been advanced. When the argument is complete, `bulk` becomes null. */
  advanceBulk(): void {
    const progress = this.#progress;
    if (progress === null || progress.bulk === null) return;
    progress.bulk.advance();
    if (progress.bulk.isComplete) {
      progress.endBulk();
      this.bulk = null;
      this.wanted = progress.offset;
    } else {
      this.bulk = progress.bulk.target;
    }
  }

  /**
   * Gives up the request under way and frees its blocks: the client has gone. No read may be under
   * way into `bulk`, which may at once belong to somebody else.
   */
  release(): void {
    this.#progress?.release(this.#store);
    this.#progress = null;
    this.bulk = null;
    this.wanted = 0;
  }

  /** Goes on with a request of which {@link Progress} has been kept. */
  #resume(progress: Progress, buf: Uint8Array, start: number, end: number, args: Args): number {
    let from = start;
    if (progress.bulk !== null) {
      from += progress.bulk.fill(buf, start, end);
      this.next = from;
      this.advanceBulk();
      if (this.bulk !== null) return NEEDS_MORE;
    }
    if (end - from < this.wanted) return NEEDS_MORE;
    this.wanted = 0;
    const { count, index } = progress;
    const at = from + progress.offset;
    const status = this.#arguments(buf, from, at, end, progress.args, index, count);
    if (status === READY) {
      progress.locate(buf, from, index);
      args.swap(progress.args);
      this.#progress = null;
    }
    return status;
  }

  /** Parses an array from its star on. */
  #array(buf: Uint8Array, start: number, end: number, args: Args): number {
    let count = 0;
    let at = start + 4;
    if (at <= end && buf[start + 2] === CR) count = buf[start + 1] - ZERO;
    if (count <= 0 || count > 9) {
      const lineEnd = this.#lineEnd(buf, start, start, end, CR);
      if (lineEnd === INVALID) return this.#refuse(TOO_BIG_MULTIBULK_COUNT, FAILED);
      if (lineEnd === INCOMPLETE) return NEEDS_MORE;
      count = integerIn(buf, start + 1, lineEnd);
      if (!(count <= ARGUMENTS_MAX)) return this.#refuse(INVALID_MULTIBULK_LENGTH, FAILED);
      if (count > UNAUTHENTICATED_ARGUMENTS_MAX && !this.authenticated) {
        return this.#refuse(UNAUTHENTICATED_MULTIBULK, FAILED);
      }
      at = lineEnd + 2;
      if (count <= 0) {
        this.next = at;
        return EMPTY;
      }
      args.reserve(Math.min(count, RESERVED_ARGUMENTS_MAX));
    }
    return this.#arguments(buf, start, at, end, args, 0, count);
  }

  /**
   * Parses the arguments from number `index` on.
   *
   * @param start Where the unconsumed bytes begin.
   * @param first Where argument `index` begins.
   */
  #arguments(
    buf: Uint8Array,
    start: number,
    first: number,
    end: number,
    args: Args,
    index: number,
    count: number,
  ): number {
    let { bufs, starts, ends } = args;
    let at = first;
    for (let i = index; i < count; i++) {
      // The usual header, of up to four digits, is read here; others, and wrong ones, further down.
      let length = -1;
      let dataAt = at + 2;
      if (at + ARGUMENT_BYTES_MIN <= end && buf[at] === DOLLAR) {
        let digit = buf[at + 1] - ZERO;
        if (digit >= 0 && digit <= 9) {
          length = digit;
          digit = buf[dataAt] - ZERO;
          while (length > 0 && length < 1000 && digit >= 0 && digit <= 9) {
            length = length * 10 + digit;
            digit = buf[++dataAt] - ZERO;
          }
          if (buf[dataAt] !== CR) length = -1;
          dataAt += 2;
        }
      }
      if (length < 0) {
        length = this.#bulkLength(buf, start, at, end);
        if (length === INVALID) return FAILED;
        if (length === INCOMPLETE) return this.#suspend(args, i, count, at, start);
        dataAt = this.#lineNext;
      }

      const dataEnd = dataAt + length;
      if (dataEnd + 2 > end) {
        if (length >= BIG_BULK_BYTES && dataEnd > end) {
          const progress = this.#keep(args, i, count, at, start);
          progress.beginBulk(this.#store, length, buf, start, dataAt, end);
          this.bulk = progress.bulk!.target;
          this.next = end;
          this.#searched = 0;
          return NEEDS_MORE;
        }
        this.wanted = dataEnd + 2 - start;
        return this.#suspend(args, i, count, at, start);
      }
      if (i === starts.length) {
        args.reserve(i + 1);
        ({ bufs, starts, ends } = args);
      }
      if (bufs[i] !== buf) bufs[i] = buf;
      starts[i] = dataAt;
      ends[i] = dataEnd;
      at = dataEnd + 2;
    }
    args.count = count;
    this.next = at;
    this.#searched = 0;
    return READY;
  }

  /**
   * Reads the line `$<length>` at `at`.
   *
   * @returns The length, with `#lineNext` behind the line; or INCOMPLETE; or INVALID, with `error`
   *   set.
   */
  #bulkLength(buf: Uint8Array, start: number, at: number, end: number): number {
    const lineEnd = this.#lineEnd(buf, start, at, end, CR);
    if (lineEnd === INCOMPLETE) return INCOMPLETE;
    if (lineEnd === INVALID) return this.#refuse(TOO_BIG_BULK_COUNT, INVALID);
    if (buf[at] !== DOLLAR) {
      return this.#refuse(expectedBulk(String.fromCharCode(buf[at])), INVALID);
    }
    const length = integerIn(buf, at + 1, lineEnd);
    if (!(length >= 0 && length <= this.#settings.protoMaxBulkLen)) {
      return this.#refuse(INVALID_BULK_LENGTH, INVALID);
    }
    if (length > UNAUTHENTICATED_BULK_BYTES_MAX && !this.authenticated) {
      return this.#refuse(UNAUTHENTICATED_BULK, INVALID);
    }
    this.#lineNext = lineEnd + 2;
    return length;
  }

  /** Stops before argument `index`, which begins at `at` and has not arrived whole. */
  #suspend(args: Args, index: number, count: number, at: number, start: number): number {
    if (this.#progress !== null || index >= KEPT_ARGUMENTS_MIN) {
      this.#keep(args, index, count, at, start);
    }
    return NEEDS_MORE;
  }

  /** Keeps what is parsed, which is everything before argument `index` at `at`. */
  #keep(args: Args, index: number, count: number, at: number, start: number): Progress {
    this.#progress ??= new Progress(count, args.takeFirst(index));
    this.#progress.reach(index, at, start);
    return this.#progress;
  }

  /** Parses a line of words, as people type it. */
  #words(buf: Uint8Array, start: number, end: number, args: Args): number {
    const lineEnd = this.#lineEnd(buf, start, start, end, LF);
    if (lineEnd === INVALID) return this.#refuse(TOO_BIG_INLINE, FAILED);
    if (lineEnd === INCOMPLETE) return NEEDS_MORE;
    const wordsEnd = lineEnd > start && buf[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
    if (!splitPlain(buf, start, wordsEnd, args)) {
      const words = splitArguments(buf, start, wordsEnd);
      if (words === null) return this.#refuse(UNBALANCED_QUOTES, FAILED);
      args.load(words);
    }
    this.next = lineEnd + 1;
    return args.count > 0 ? READY : EMPTY;
  }

  /**
   * Finds the end of the line at `at`: where `terminator` stands, with one byte more behind a CR.
   *
   * @returns Its position; INVALID when the line is too long; or INCOMPLETE, with `wanted` set. What
   *   has been searched is then not searched again.
   */
  #lineEnd(buf: Uint8Array, start: number, at: number, end: number, terminator: number): number {
    const offset = at - start;
    const limit = Math.min(end, at + LINE_BYTES_MAX + 1);
    let i = offset === this.#lineOffset ? at + this.#searched : at;
    while (i < limit && buf[i] !== terminator && buf[i] !== 0) i++;
    const isFound = i < limit && buf[i] === terminator;
    if (isFound && (terminator === LF || i + 1 < end)) {
      this.#lineOffset = this.#searched = 0;
      return i;
    }
    if (!isFound && end - at > LINE_BYTES_MAX) return INVALID;
    this.#lineOffset = offset;
    this.#searched = i - at;
    this.wanted = end - start + 1;
    return INCOMPLETE;
  }

  /** Notes why the client is refused; `result` says so to the caller. */
  #refuse(error: ReplyError, result: number): number {
    this.error = error;
    return result;
  }
}

/** The integer that the slice spells in canonical form, rounded when it is not safe; or NaN. */
function integerIn(buf: Uint8Array, start: number, end: number): number {
  const value = parseSafeInteger(buf, start, end);
  if (value === value) return value;
  const exact = parseInt64(buf, start, end);
  return exact === null ? NaN : Number(exact);
}

/**
 * Splits a line without quotes into its words, in place.
 *
 * @returns False when there is a quote.
 */
function splitPlain(buf: Uint8Array, start: number, end: number, args: Args): boolean {
  args.count = 0;
  let at = start;
  while (true) {
    while (at < end && (buf[at] === SPACE || (buf[at] >= TAB && buf[at] <= CR))) at++;
    if (at === end) return true;
    const wordAt = at;
    while (at < end && buf[at] !== SPACE && buf[at] !== TAB && buf[at] !== CR) {
      if (buf[at] === DOUBLE_QUOTE || buf[at] === SINGLE_QUOTE) return false;
      at++;
    }
    args.set(args.count, buf, wordAt, at);
  }
}
