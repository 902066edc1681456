/**
 * Bytes on their way to one client.
 *
 * Replies are written into a chunk, `buf` at `pos`; when it is full it joins a list of full chunks
 * and another takes its place. All chunks come from an {@link OutputPool} and go back as soon as
 * they are sent, so that an idle client holds none.
 *
 *     full[0]           full[1]           buf
 *     ┌────┬─────────┬┐ ┌─────────────┬─┐ ┌──────────┬──────────┐
 *     │sent│ to send ││ │   to send   │ │ │ to send  │   free   │
 *     └────┴─────────┴┘ └─────────────┴─┘ └──────────┴──────────┘
 *          start     end                             pos
 *
 * Bytes that have been written stay where they are until {@link Output.sent} covers them, so a
 * transport may have them under way while more replies are appended.
 */
import { copyBytes } from "../memory/bytes.ts";
import { writeInteger } from "../memory/numbers.ts";
import { CHUNK_BYTES, CHUNK_BYTES_MAX, type OutputPool } from "./output_pool.ts";

const NOTHING = new Uint8Array(0);

/** Room for any header that {@link Output.deferLength} announces: `%`, ten digits, CR LF. */
const DEFERRED_BYTES = 13;

/** A new chunk has at least one part in so many of what waits, so that long replies need few. */
const PENDING_PER_CHUNK = 16;

/** The list of full chunks is moved to the front when this many of it have been sent. */
const SENT_CHUNKS_MAX = 32;

export class Output {
  /** The chunk being written to; empty while nothing waits. */
  buf: Uint8Array = NOTHING;
  /** Where in `buf` the next byte goes. */
  pos = 0;
  /** How many bytes the client may keep waiting; 0 is no limit. Looked at when a chunk is full. */
  limitBytes = 0;
  /**
   * Whether more than `limitBytes` have come to wait. Everything is dropped then, and whatever is
   * written after it: the connection is to be closed at once.
   */
  overflowed = false;

  readonly #pool: OutputPool;
  readonly #full: Uint8Array[] = [];
  readonly #ends: number[] = [];
  /** Index of the first full chunk that is not sent. */
  #first = 0;
  /** Where in the first chunk (full or not) the bytes to send begin. */
  #start = 0;
  /** Bytes in full chunks, those counted that are sent of the first. */
  #fullBytes = 0;
  /** The sizes of all chunks. */
  #capacity = 0;

  constructor(pool: OutputPool) {
    this.#pool = pool;
  }

  /** How many bytes wait to be sent. */
  get pendingBytes(): number {
    return this.overflowed ? 0 : this.#fullBytes + this.pos - this.#start;
  }

  /** The memory held, in bytes: the sizes of all chunks. */
  get memoryBytes(): number {
    return this.#capacity;
  }

  /** How many chunks hold bytes to send. */
  get chunkCount(): number {
    if (this.pendingBytes === 0) return 0;
    const full = this.#full.length - this.#first;
    return this.pos > (full === 0 ? this.#start : 0) ? full + 1 : full;
  }

  /** The memory of the chunk that is sent as `i`-th, `i` from 0 to `chunkCount` - 1. */
  chunk(i: number): Uint8Array {
    const index = this.#first + i;
    return index < this.#full.length ? this.#full[index] : this.buf;
  }

  /** Where in chunk `i` the bytes to send begin. */
  chunkStart(i: number): number {
    return i === 0 ? this.#start : 0;
  }

  /** Where in chunk `i` the bytes to send end. */
  chunkEnd(i: number): number {
    const index = this.#first + i;
    return index < this.#full.length ? this.#ends[index] : this.pos;
  }

  /** What to send first, without a copy: at most one chunk, empty when nothing waits. */
  take(): Uint8Array {
    if (this.pendingBytes === 0) return NOTHING;
    return this.chunk(0).subarray(this.#start, this.chunkEnd(0));
  }

  /** Says that the first `n` of the bytes that wait have been sent: their memory is free again. */
  sent(n: number): void {
    if (this.overflowed) return;
    let left = n;
    while (this.#first < this.#full.length) {
      const end = this.#ends[this.#first];
      if (left < end - this.#start) {
        this.#start += left;
        return;
      }
      left -= end - this.#start;
      this.#start = 0;
      this.#fullBytes -= end;
      this.#release(this.#full[this.#first]);
      this.#full[this.#first++] = NOTHING;
      this.#forgetSent();
    }
    this.#start += left;
    if (this.#start === this.pos) this.#detach();
  }

  /** Makes room for `n` more bytes in `buf`; `pos` and `buf` may change. */
  ensure(n: number): void {
    if (this.buf.length - this.pos < n) this.#grow(n);
  }

  /** Appends a copy of `src[start, end)`. */
  write(src: Uint8Array, start: number, end: number): void {
    if (end - start <= this.buf.length - this.pos) {
      copyBytes(this.buf, this.pos, src, start, end);
      this.pos += end - start;
    } else {
      this.#writeAcross(src, start, end);
    }
  }

  /**
   * The place reached, for {@link rewind}. It stays good as long as nothing is sent and nothing
   * before it is rewound.
   */
  mark(): number {
    return this.pendingBytes;
  }

  /** Takes back everything that was written since `mark`. */
  rewind(mark: number): void {
    let excess = this.pendingBytes - mark;
    while (excess > 0) {
      const base = this.#first === this.#full.length ? this.#start : 0;
      if (excess <= this.pos - base) {
        this.pos -= excess;
        return;
      }
      excess -= this.pos - base;
      this.#release(this.buf);
      this.buf = this.#full.pop()!;
      this.pos = this.#ends.pop()!;
      this.#fullBytes -= this.pos;
    }
  }

  /**
   * Leaves a gap for the header of an aggregate whose length is not known yet; {@link
   * setDeferredLength} must fill it before anything is sent, the innermost gap first.
   *
   * @returns What names the gap.
   */
  deferLength(): number {
    this.ensure(DEFERRED_BYTES);
    const gap = this.pendingBytes;
    this.pos += DEFERRED_BYTES;
    return gap;
  }

  /**
   * Fills a gap with `marker`, the decimal `length` (of at most ten digits) and CR LF, and closes up
   * what is left of it.
   */
  setDeferredLength(gap: number, marker: number, length: number): void {
    if (this.overflowed) return;
    let index = this.#full.length;
    let base = this.#fullBytes; // of the bytes in the chunks before `index`, the sent ones counted
    const place = gap + this.#start;
    while (base > place) base -= this.#ends[--index];
    const buf = index === this.#full.length ? this.buf : this.#full[index];
    const end = index === this.#full.length ? this.pos : this.#ends[index];

    const at = place - base;
    buf[at] = marker;
    const headerEnd = writeInteger(buf, at + 1, length) + 2;
    buf[headerEnd - 2] = 0x0d;
    buf[headerEnd - 1] = 0x0a;
    const spare = at + DEFERRED_BYTES - headerEnd;
    buf.copyWithin(headerEnd, at + DEFERRED_BYTES, end);
    if (index === this.#full.length) {
      this.pos -= spare;
    } else {
      this.#ends[index] -= spare;
      this.#fullBytes -= spare;
    }
  }

  /**
   * Drops everything that waits. A write may still be under way: the chunks are left to it and do
   * not go back to the pool.
   */
  discard(): void {
    this.#pool.forget(this.#capacity);
    this.#capacity = 0;
    this.#full.length = this.#ends.length = 0;
    this.#first = this.#start = this.#fullBytes = 0;
    this.buf = NOTHING;
    this.pos = 0;
  }

  #grow(n: number): void {
    const pending = this.pendingBytes;
    if (this.limitBytes > 0 && !this.overflowed && pending + n > this.limitBytes) {
      this.discard();
      this.overflowed = true;
    }
    if (this.overflowed) return this.#growDropped(n);
    const isHead = this.#first === this.#full.length;
    if (this.pos > (isHead ? this.#start : 0)) {
      this.#full.push(this.buf);
      this.#ends.push(this.pos);
      this.#fullBytes += this.pos;
    } else {
      if (isHead) this.#start = 0;
      this.#release(this.buf);
    }
    this.buf = this.#pool.take(
      Math.max(n, Math.min(Math.floor(pending / PENDING_PER_CHUNK), CHUNK_BYTES_MAX)),
    );
    this.pos = 0;
    this.#capacity += this.buf.length;
  }

  /** Makes room for what nobody will read. */
  #growDropped(n: number): void {
    if (this.buf.length < n) this.buf = new Uint8Array(Math.max(n, CHUNK_BYTES));
    this.pos = 0;
  }

  #writeAcross(src: Uint8Array, start: number, end: number): void {
    let at = start;
    while (at < end) {
      if (this.pos === this.buf.length) this.#grow(Math.min(end - at, CHUNK_BYTES_MAX));
      const bytes = Math.min(end - at, this.buf.length - this.pos);
      copyBytes(this.buf, this.pos, src, at, at + bytes);
      this.pos += bytes;
      at += bytes;
    }
  }

  /** Everything is sent: the last chunk goes back as well. */
  #detach(): void {
    this.#release(this.buf);
    this.buf = NOTHING;
    this.pos = this.#start = 0;
  }

  #release(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#capacity -= chunk.length;
    this.#pool.give(chunk);
  }

  /** Takes the full chunks that are sent out of the list: now and then, for it means moving the rest. */
  #forgetSent(): void {
    if (this.#first === this.#full.length) {
      this.#full.length = this.#ends.length = this.#first = 0;
    } else if (this.#first >= SENT_CHUNKS_MAX && this.#first * 2 >= this.#full.length) {
      this.#full.splice(0, this.#first);
      this.#ends.splice(0, this.#first);
      this.#first = 0;
    }
  }
}
