/**
 * Where the bytes of a connection arrive.
 *
 * A read that waits needs a buffer to itself, and most connections wait most of the time. So the
 * buffer a connection owns is small, and what does not fit is received elsewhere for a while:
 *
 * - When a read fills the own buffer, or a request announces more, 64 KiB are borrowed from a pool,
 *   and given back as soon as all is consumed. The own buffer is doubled then, for next time; a long
 *   row of reads that leave most of it unused halves it again.
 * - What does not fit there either gets a buffer made to measure, which is dropped afterwards.
 *
 *     ┌──────────┬────────────┬───────┐
 *     │ consumed │ unconsumed │ space │
 *     └──────────┴────────────┴───────┘
 *              start         end
 */
import { copyBytes } from "../memory/bytes.ts";

/** The sizes that a connection's own buffer may have are powers of two between these. */
export const OWN_BYTES_MIN = 1024;
export const OWN_BYTES_MAX = 16 * 1024;

/** The size of the buffers in the pool. */
export const SHARED_BYTES = 64 * 1024;

/** So many buffers are kept in the pool; more are made when they are needed, and dropped. */
const KEPT_BUFFERS = 16;

/** So many reads in a row that fill at most a quarter of the own buffer halve it. */
const SPARSE_READS = 64;

/** A request that announces more than this gets more only as it arrives, for it might never do so. */
const TRUSTED_BYTES = 1024 * 1024;

const NOTHING = new Uint8Array(0);

/** The buffers that connections share, each used by one at a time. */
export class ReceivePool {
  readonly #kept: Uint8Array[] = [];

  take(): Uint8Array {
    return this.#kept.pop() ?? new Uint8Array(SHARED_BYTES);
  }

  /** Takes a buffer back. Nothing may read or write it any more. */
  give(buffer: Uint8Array): void {
    if (this.#kept.length < KEPT_BUFFERS) this.#kept.push(buffer);
  }
}

export class ReceiveBuffer {
  bytes: Uint8Array;
  start = 0;
  end = 0;
  readonly #pool: ReceivePool;
  /** The connection's own buffer; `bytes`, unless a larger one is needed. */
  #own: Uint8Array;
  /** Whether the last read filled all the space there was, so that more is likely to come. */
  #isFilled = false;
  #sparseReads = 0;

  constructor(pool: ReceivePool) {
    this.#pool = pool;
    this.bytes = this.#own = new Uint8Array(OWN_BYTES_MIN);
  }

  /** How many bytes are held in all. */
  get capacity(): number {
    return this.bytes === this.#own ? this.bytes.length : this.bytes.length + this.#own.length;
  }

  /**
   * Makes space, and moves what is unconsumed to the front. No read may be under way.
   *
   * @param wanted How many unconsumed bytes there have to be before they are of use; 0 when unknown.
   * @returns The space to read into, never empty.
   */
  prepare(wanted: number): Uint8Array {
    const unconsumed = this.end - this.start;
    if (unconsumed === 0 && !this.#isFilled) this.#settle();
    else if (this.#isFilled || wanted > this.bytes.length) this.#grow(wanted);
    else if (this.start > 0) this.bytes.copyWithin(0, this.start, this.end);
    this.start = 0;
    this.end = unconsumed;
    return unconsumed === 0 ? this.bytes : this.bytes.subarray(unconsumed);
  }

  /** Gives back what is borrowed while what comes next is received elsewhere. No read may be under way. */
  rest(): void {
    if (this.start < this.end || this.bytes === this.#own) return;
    this.#settle();
    this.start = this.end = 0;
  }

  /** Takes a copy of `src[start, end)`, which has arrived elsewhere, while nothing else is held. */
  hold(src: Uint8Array, start: number, end: number): void {
    const bytes = end - start;
    this.#giveBack(this.bytes);
    this.bytes = 2 * bytes <= SHARED_BYTES ? this.#pool.take() : new Uint8Array(2 * bytes);
    copyBytes(this.bytes, 0, src, start, end);
    this.start = 0;
    this.end = bytes;
  }

  /** Says that a read has put `n` bytes into the space. */
  received(n: number): void {
    this.end += n;
    this.#isFilled = this.end === this.bytes.length;
    if (n * 4 > this.#own.length) this.#sparseReads = 0;
    else this.#sparseReads++;
  }

  /**
   * Takes unconsumed bytes away to `target[at, end)`, as many as there are and as fit.
   *
   * @returns How many were taken.
   */
  moveTo(target: Uint8Array, at: number, end: number): number {
    const n = Math.min(end - at, this.end - this.start);
    copyBytes(target, at, this.bytes, this.start, this.start + n);
    this.start += n;
    return n;
  }

  /** Lets go of everything. No read may be under way. */
  release(): void {
    this.#giveBack(this.bytes);
    this.bytes = this.#own = NOTHING;
    this.start = this.end = 0;
  }

  /** All is consumed and nothing more is there: goes back to the own buffer, of a size that suits. */
  #settle(): void {
    let size = this.#own.length;
    if (this.bytes !== this.#own) {
      this.#giveBack(this.bytes);
      if (size < OWN_BYTES_MAX) size *= 2;
    } else if (this.#sparseReads >= SPARSE_READS) {
      this.#sparseReads = 0;
      if (size > OWN_BYTES_MIN) size /= 2;
    }
    if (size !== this.#own.length) this.#own = new Uint8Array(size);
    this.bytes = this.#own;
  }

  /** Moves what is unconsumed to the front of a buffer in which there is space for what comes. */
  #grow(wanted: number): void {
    const old = this.bytes;
    const doubled = 2 * (this.end - this.start);
    const size = Math.max(
      SHARED_BYTES,
      doubled,
      Math.min(wanted, Math.max(doubled, TRUSTED_BYTES)),
    );
    if (size !== old.length) {
      this.bytes = size === SHARED_BYTES ? this.#pool.take() : new Uint8Array(size);
    }
    copyBytes(this.bytes, 0, old, this.start, this.end);
    if (this.bytes !== old) this.#giveBack(old);
  }

  #giveBack(buffer: Uint8Array): void {
    if (buffer.length === SHARED_BYTES) this.#pool.give(buffer);
  }
}
