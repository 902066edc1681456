/**
 * One big argument on its way into a block of its own.
 *
 * The block grows with what arrives, so that promises alone cost next to nothing: each block is four
 * times as long as the one before it, and the last one as long as the argument. What is in the old
 * block is copied into the new one in pieces no longer than what arrives meanwhile, so that nobody
 * waits for hundreds of MiB to be copied at once:
 *
 *     old    ┌─────────────┐
 *            │ already here│
 *            └──┬──────────┘
 *     block  ┌──┴───┬──────┬──────────────┬────────────────────────┐
 *            │copied│ gap  │ received     │ still to come          │
 *            └──────┴──────┴──────────────┴────────────────────────┘
 */
import { copyBytes } from "../memory/bytes.ts";
import type { BulkStore } from "./args.ts";
import { BULK_GRANT_BYTES, BULK_GROWTH } from "./limits.ts";

/** The part of the block that is to be filled next: `buf[at, end)`. Whoever fills it advances `at`. */
export class BulkTarget {
  constructor(readonly buf: Uint8Array, public at: number, readonly end: number) {}
}

export class BulkReceiver {
  /** The block's handle; it changes as the block grows. */
  handle: number;
  /** Where the next bytes belong. */
  target: BulkTarget;
  /** The length of the whole argument in bytes. */
  readonly length: number;
  readonly #store: BulkStore;
  /** The block before, while some of it is not copied yet; 0 otherwise. */
  #old = 0;
  /** How long that one is, and how much of it is copied. */
  #oldLength = 0;
  #copied = 0;

  /** @param atHand How many of the `length` bytes are about to be put into it. Throws OutOfMemory. */
  constructor(store: BulkStore, length: number, atHand: number) {
    this.#store = store;
    this.length = length;
    const granted = this.#grant(Math.max(atHand, BULK_GRANT_BYTES));
    this.handle = store.alloc(granted);
    this.target = this.#targetAt(0, granted);
  }

  get isComplete(): boolean {
    return this.target.at === this.target.end && this.received === this.length;
  }

  /** How much of the argument has arrived. */
  get received(): number {
    return this.target.at - this.#store.offset(this.handle);
  }

  /**
   * Copies from `src[start, end)` what belongs to the argument.
   *
   * @returns How many bytes that were. Throws OutOfMemory; {@link release} is all that may follow.
   */
  fill(src: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end && !this.isComplete) {
      const target = this.target;
      const bytes = Math.min(end - at, target.end - target.at);
      copyBytes(target.buf, target.at, src, at, at + bytes);
      target.at += bytes;
      at += bytes;
      this.advance();
    }
    return at - start;
  }

  /**
   * Says that `target.at` has been advanced: makes room again if the target is full and the argument
   * is not. Throws OutOfMemory; {@link release} is all that may follow.
   */
  advance(): void {
    const { received, length, target } = this;
    if (this.#old !== 0) this.#copyOn(received - this.#oldLength);
    if (target.at === target.end && received < length) this.#grow(received);
  }

  /** Frees the memory: the argument will not be complete. */
  release(): void {
    this.#store.free(this.handle);
    if (this.#old !== 0) this.#store.free(this.#old);
  }

  #grow(received: number): void {
    const granted = this.#grant(received + 1);
    const handle = this.#store.alloc(granted);
    this.#old = this.handle;
    this.#oldLength = received;
    this.#copied = 0;
    this.handle = handle;
    this.target = this.#targetAt(received, granted);
  }

  /**
   * Copies of the old block what is not copied of its first `end` bytes. The new block has room for
   * at least as many bytes more as are in the old, so that the copy is complete before it is full.
   */
  #copyOn(end: number): void {
    const store = this.#store;
    const until = Math.min(end, this.#oldLength);
    const from = store.offset(this.#old);
    copyBytes(
      this.target.buf,
      store.offset(this.handle) + this.#copied,
      store.buf(this.#old),
      from + this.#copied,
      from + until,
    );
    this.#copied = until;
    if (until < this.#oldLength) return;
    store.free(this.#old);
    this.#old = 0;
  }

  /** How long the block for `least` bytes is: the shortest of the series that ends with the argument. */
  #grant(least: number): number {
    let granted = this.length;
    for (;;) {
      const shorter = Math.ceil(granted / BULK_GROWTH);
      if (shorter < least) return granted;
      granted = shorter;
    }
  }

  #targetAt(received: number, granted: number): BulkTarget {
    const offset = this.#store.offset(this.handle);
    return new BulkTarget(this.#store.buf(this.handle), offset + received, offset + granted);
  }
}
