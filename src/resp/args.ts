/**
 * The arguments of one request.
 *
 * An argument is a slice, the triple (`bufs[i]`, `starts[i]`, `ends[i]`), of whatever memory its
 * bytes arrived in: the receive buffer, a block of its own for a big value, a copy. So nothing is
 * allocated to hand a request to its handler, and nothing in it outlives the command unless it is
 * copied, or its block adopted.
 *
 * Argument 0 is the command's name.
 */
import {
  copyBytes,
  equalBytes,
  equalsIgnoreCase,
  latin1,
  latin1Text,
  utf8,
  utf8Text,
} from "../memory/bytes.ts";
import { parseDouble } from "../memory/double.ts";
import { parseInt64, parseSafeInteger } from "../memory/numbers.ts";
import {
  NOT_A_FLOAT,
  NOT_AN_INTEGER,
  TIMEOUT_NEGATIVE,
  TIMEOUT_NOT_A_FLOAT,
  TIMEOUT_NOT_AN_INTEGER,
  TIMEOUT_OUT_OF_RANGE,
} from "./errors.ts";

/** Where the blocks of big arguments come from; see {@link Args.handles}. */
export interface BulkStore {
  /** @returns The handle of a new block of at least `length` bytes; never 0. */
  alloc(length: number): number;
  /** The memory a block lies in. */
  buf(handle: number): Uint8Array;
  /** Where in that memory the block begins. */
  offset(handle: number): number;
  free(handle: number): void;
}

/** The longest wait, in milliseconds, that Redis does not call out of range. */
const TIMEOUT_MS_MAX = 2 ** 63;

/** Places for arguments that are there from the start. */
const INITIAL_CAPACITY = 32;

/** What a place costs: a reference and three integers. */
const PLACE_BYTES = 20;

/** Places that stay after a request which needed more. */
const KEPT_CAPACITY = 1024;

const NOTHING = new Uint8Array(0);

/**
 * A keyword for {@link Args.is}.
 *
 * @param upper The keyword in capitals, ASCII.
 */
export function keyword(upper: string): Uint8Array {
  return latin1(upper);
}

export class Args {
  /** How many arguments the request has, its name counted. */
  count = 0;
  bufs: Uint8Array[];
  starts: Int32Array;
  ends: Int32Array;
  /**
   * For an argument that fills a block of the {@link BulkStore} the block's handle, else 0. Whoever
   * keeps the block as a value's memory adopts it with {@link adopt}; the others are freed by
   * {@link release}.
   */
  handles: Int32Array;
  /** Whether any of `handles` may be set. */
  #hasHandles = false;
  /** Whether places beyond the initial ones may have been used. */
  #isLong = false;

  /** @param capacity Places to begin with; more are made as they are needed. */
  constructor(capacity: number = INITIAL_CAPACITY) {
    this.bufs = new Array(capacity).fill(NOTHING);
    this.starts = new Int32Array(capacity);
    this.ends = new Int32Array(capacity);
    this.handles = new Int32Array(capacity);
  }

  /** Whether some argument may fill a block that is to be released. */
  get hasHandles(): boolean {
    return this.#hasHandles;
  }

  /** The length of argument `i` in bytes. */
  length(i: number): number {
    return this.ends[i] - this.starts[i];
  }

  /** Whether argument `i` is the keyword, the case of letters ignored. */
  is(i: number, upper: Uint8Array): boolean {
    return equalsIgnoreCase(this.bufs[i], this.starts[i], this.ends[i], upper);
  }

  /** Whether argument `i` is these bytes. */
  equals(i: number, bytes: Uint8Array): boolean {
    return equalBytes(this.bufs[i], this.starts[i], this.ends[i], bytes, 0, bytes.length);
  }

  /** Argument `i` as a text; what is not UTF-8 becomes U+FFFD. Allocates. */
  text(i: number): string {
    return utf8Text(this.bufs[i], this.starts[i], this.ends[i]);
  }

  /** Argument `i` with one character for each byte. Allocates. */
  latin1(i: number): string {
    return latin1Text(this.bufs[i], this.starts[i], this.ends[i]);
  }

  /** Argument `i` as error replies quote it: as a C string, which ends at the first NUL. Allocates. */
  quoted(i: number): string {
    const text = this.latin1(i);
    const end = text.indexOf("\0");
    return end === -1 ? text : text.slice(0, end);
  }

  /**
   * Argument `i` as an integer.
   *
   * @throws {ReplyError} "value is not an integer or out of range"; the range is that of safe
   *   integers, ±(2^53-1). Where the whole 64-bit range matters, see {@link int64}.
   */
  integer(i: number): number {
    const value = parseSafeInteger(this.bufs[i], this.starts[i], this.ends[i]);
    if (value !== value) throw NOT_AN_INTEGER;
    return value;
  }

  /**
   * Argument `i` as a signed 64-bit integer. Allocates.
   *
   * @throws {ReplyError} "value is not an integer or out of range".
   */
  int64(i: number): bigint {
    const value = parseInt64(this.bufs[i], this.starts[i], this.ends[i]);
    if (value === null) throw NOT_AN_INTEGER;
    return value;
  }

  /**
   * Argument `i` as a number, which may be infinite.
   *
   * @throws {ReplyError} "value is not a valid float", also for NaN.
   */
  double(i: number): number {
    const value = parseDouble(this.bufs[i], this.starts[i], this.ends[i]);
    if (value !== value) throw NOT_A_FLOAT;
    return value;
  }

  /**
   * Argument `i`, a timeout in seconds with a fraction, as BLPOP has it.
   *
   * @returns Milliseconds, rounded up (so that -0.0001 is 0); 0 means for ever.
   * @throws {ReplyError} When it is not a number, negative, or beyond what 64 bits hold (of which
   *   Redis 7.0 says "negative" and later ones, as we, "out of range").
   */
  timeoutSeconds(i: number): number {
    const seconds = parseDouble(this.bufs[i], this.starts[i], this.ends[i]);
    if (seconds !== seconds) throw TIMEOUT_NOT_A_FLOAT;
    const milliseconds = Math.ceil(seconds * 1000);
    if (milliseconds >= TIMEOUT_MS_MAX) throw TIMEOUT_OUT_OF_RANGE;
    if (milliseconds < 0) throw TIMEOUT_NEGATIVE;
    return milliseconds + 0; // -0 to 0
  }

  /**
   * Argument `i`, a timeout in milliseconds, as WAIT has it.
   *
   * @returns Milliseconds; 0 means for ever.
   * @throws {ReplyError} When it is not an integer of 64 bits, or negative.
   */
  timeoutMilliseconds(i: number): number {
    const value = parseInt64(this.bufs[i], this.starts[i], this.ends[i]);
    if (value === null) throw TIMEOUT_NOT_AN_INTEGER;
    if (value < 0n) throw TIMEOUT_NEGATIVE;
    return Number(value);
  }

  /** A copy of the bytes of argument `i`. */
  copy(i: number): Uint8Array {
    return this.bufs[i].slice(this.starts[i], this.ends[i]);
  }

  /**
   * Puts an argument at `i`, which is at most `count` and then makes the request longer by one. The
   * bytes are not copied. The argument that was there must not fill a block.
   */
  set(i: number, buf: Uint8Array, start: number, end: number): void {
    if (i >= this.starts.length || i >= INITIAL_CAPACITY) this.reserve(i + 1);
    this.bufs[i] = buf;
    this.starts[i] = start;
    this.ends[i] = end;
    if (i >= this.count) this.count = i + 1;
  }

  /** Makes these byte strings the request, of which nothing may be left. They are not copied. */
  load(list: readonly Uint8Array[]): void {
    this.count = 0;
    for (let i = 0; i < list.length; i++) this.set(i, list[i], 0, list[i].length);
  }

  /** Makes these words, as UTF-8, the request; see {@link load}. */
  loadText(...words: string[]): void {
    this.load(words.map(utf8));
  }

  /** Notes that argument `i` fills a block of the store. */
  own(i: number, handle: number): void {
    this.handles[i] = handle;
    this.#hasHandles = true;
  }

  /**
   * Takes the block of argument `i` over, so that {@link release} leaves it alone.
   *
   * @returns Its handle, or 0 when the argument fills no block.
   */
  adopt(i: number): number {
    const handle = this.handles[i];
    if (handle !== 0) this.handles[i] = 0;
    return handle;
  }

  /**
   * An Args of its own with the same arguments, for a request that is to run later. Small arguments
   * are copied, blocks go over to it without being copied.
   */
  detach(): Args {
    const count = this.count;
    const detached = new Args(count);
    let bytes = 0;
    for (let i = 0; i < count; i++) if (this.handles[i] === 0) bytes += this.length(i);
    const buf = new Uint8Array(bytes);
    let at = 0;
    for (let i = 0; i < count; i++) {
      const start = this.starts[i];
      const end = this.ends[i];
      const handle = this.adopt(i);
      if (handle !== 0) {
        detached.set(i, this.bufs[i], start, end);
        detached.own(i, handle);
        continue;
      }
      copyBytes(buf, at, this.bufs[i], start, end);
      detached.set(i, buf, at, at + end - start);
      at += end - start;
    }
    return detached;
  }

  /**
   * Moves the first `count` slices, none of which fills a block, to an Args of their own that has
   * hardly more room than they need. This one is then empty.
   */
  takeFirst(count: number): Args {
    const taken = new Args(Math.min(2 * count, KEPT_CAPACITY));
    this.count = 0;
    if (count > KEPT_CAPACITY) {
      taken.swap(this);
    } else {
      for (let i = 0; i < count; i++) taken.set(i, this.bufs[i], this.starts[i], this.ends[i]);
    }
    taken.count = count;
    return taken;
  }

  /** The memory that the places for arguments take, in bytes. */
  get placeBytes(): number {
    return this.starts.length * PLACE_BYTES;
  }

  /** The memory that the arguments of a detached request take, blocks left out, in bytes. */
  get memoryBytes(): number {
    let bytes = this.placeBytes;
    for (let i = 0; i < this.count; i++) if (this.handles[i] === 0) bytes += this.length(i);
    return bytes;
  }

  /**
   * Ends one request or several: frees the blocks of the last that nobody adopted, and what only
   * long requests need. The arguments must not be looked at any more.
   */
  release(store: BulkStore): void {
    if (this.#hasHandles) this.#freeBlocks(store);
    if (this.#isLong) this.#shrink();
    this.count = 0;
  }

  /** Makes room for at least `capacity` arguments; those present stay. */
  reserve(capacity: number): void {
    if (capacity > INITIAL_CAPACITY) this.#isLong = true;
    const old = this.starts.length;
    if (capacity <= old) return;
    const size = Math.max(capacity, old * 2);
    this.starts = grown(this.starts, size);
    this.ends = grown(this.ends, size);
    this.handles = grown(this.handles, size);
    for (let i = old; i < size; i++) this.bufs.push(NOTHING);
  }

  /** Exchanges all arguments with those of `other`. */
  swap(other: Args): void {
    const { count, bufs, starts, ends, handles } = this;
    const hasHandles = this.#hasHandles;
    const isLong = this.#isLong;
    this.count = other.count;
    this.bufs = other.bufs;
    this.starts = other.starts;
    this.ends = other.ends;
    this.handles = other.handles;
    this.#hasHandles = other.#hasHandles;
    this.#isLong = other.#isLong;
    other.count = count;
    other.bufs = bufs;
    other.starts = starts;
    other.ends = ends;
    other.handles = handles;
    other.#hasHandles = hasHandles;
    other.#isLong = isLong;
  }

  #freeBlocks(store: BulkStore): void {
    for (let i = 0; i < this.count; i++) {
      const handle = this.adopt(i);
      if (handle !== 0) store.free(handle);
    }
    this.#hasHandles = false;
  }

  /** Lets go of what long requests needed: room, and the receive buffers that it points to. */
  #shrink(): void {
    this.#isLong = false;
    if (this.starts.length > KEPT_CAPACITY) {
      this.bufs = new Array(KEPT_CAPACITY).fill(NOTHING);
      this.starts = new Int32Array(KEPT_CAPACITY);
      this.ends = new Int32Array(KEPT_CAPACITY);
      this.handles = new Int32Array(KEPT_CAPACITY);
    } else {
      this.bufs.fill(NOTHING, INITIAL_CAPACITY);
    }
  }
}

function grown(array: Int32Array, size: number): Int32Array {
  const larger = new Int32Array(size);
  larger.set(array);
  return larger;
}
