/**
 * How far a long request has been parsed.
 *
 * Its arguments come in three parts:
 *
 *     0 ........... placed ............. index ............. count
 *     │ in memory     │ in the receive     │ still to come
 *     │ of their own  │ buffer             │
 *
 * The transport may show the receive buffer's bytes at another place next time, so the positions of
 * the middle part are kept relative to the first unconsumed byte, until {@link Progress.locate}.
 */
import type { Args, BulkStore } from "./args.ts";
import { BulkReceiver } from "./bulk.ts";

export class Progress {
  readonly args: Args;
  /** How many arguments the request has. */
  readonly count: number;
  /** The first argument that is not parsed yet. */
  index = 0;
  /** Where that one begins, counted from the first unconsumed byte. */
  offset = 0;
  /** Argument `index` on its way into a block, or null. */
  bulk: BulkReceiver | null = null;
  /** The first argument that does not lie in memory of its own. */
  #placed = 0;
  /** Bytes in memory of their own, but for those in `bulk`. */
  #placedBytes = 0;
  /** Those of them that are copies on the heap. */
  #copiedBytes = 0;

  /** @param args The arguments parsed so far, without what `Args.count` says. */
  constructor(count: number, args: Args) {
    this.count = count;
    this.args = args;
  }

  /** The memory, in bytes, of what is consumed of the request, and of the list of its arguments. */
  get heldBytes(): number {
    return this.keptBytes + this.args.placeBytes;
  }

  /** How many bytes of the request are consumed and kept. */
  get keptBytes(): number {
    return this.#placedBytes + (this.bulk === null ? 0 : this.bulk.received);
  }

  /** The part of {@link heldBytes} that is on the heap, and not in blocks of the store. */
  get heapBytes(): number {
    return this.#copiedBytes + this.args.placeBytes;
  }

  /**
   * Notes that everything before argument `index`, which begins at `at`, is parsed.
   *
   * @param start The first unconsumed byte.
   */
  reach(index: number, at: number, start: number): void {
    const { starts, ends } = this.args;
    for (let i = this.index; i < index; i++) {
      starts[i] -= start;
      ends[i] -= start;
    }
    this.index = this.args.count = index;
    this.offset = at - start;
  }

  /**
   * Turns the relative positions into those in `buf`.
   *
   * @param start The first unconsumed byte.
   * @param index The first argument that was not parsed when `buf` came.
   */
  locate(buf: Uint8Array, start: number, index: number): void {
    const { bufs, starts, ends } = this.args;
    for (let i = this.#placed; i < index; i++) {
      bufs[i] = buf;
      starts[i] += start;
      ends[i] += start;
    }
  }

  /**
   * Begins to receive argument `index` into a block of its own, having copied the arguments before
   * it: all that has been parsed is then consumed, and so is what `buf` holds of the block's content.
   *
   * @param start The first unconsumed byte.
   * @param dataAt Where the argument's content begins, all of the rest up to `end` belonging to it.
   */
  beginBulk(
    store: BulkStore,
    length: number,
    buf: Uint8Array,
    start: number,
    dataAt: number,
    end: number,
  ): void {
    this.#place(buf, start);
    this.bulk = new BulkReceiver(store, length, end - dataAt);
    this.bulk.fill(buf, dataAt, end);
  }

  /** Ends what `beginBulk` began: the argument is complete but for the CR LF that follows it. */
  endBulk(): void {
    const { handle, target, length } = this.bulk!;
    this.args.set(this.index, target.buf, target.end - length, target.end);
    this.args.own(this.index, handle);
    this.#placed = ++this.index;
    this.#placedBytes += length;
    this.offset = 2;
    this.bulk = null;
  }

  /** Frees all blocks: there will be no request. */
  release(store: BulkStore): void {
    this.bulk?.release();
    this.bulk = null;
    this.args.release(store);
  }

  /** Copies the arguments that still lie in the receive buffer, together with what is between them. */
  #place(buf: Uint8Array, start: number): void {
    const first = this.#placed;
    if (first === this.index) return;
    const { bufs, starts, ends } = this.args;
    const base = starts[first];
    const copy = buf.slice(start + base, start + ends[this.index - 1]);
    for (let i = first; i < this.index; i++) {
      bufs[i] = copy;
      starts[i] -= base;
      ends[i] -= base;
    }
    this.#placed = this.index;
    this.#placedBytes += copy.length;
    this.#copiedBytes += copy.length;
  }
}
