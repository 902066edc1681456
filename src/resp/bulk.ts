/**
 * One big argument on its way into a block of its own.
 *
 * The block grows with what arrives, so that promises alone cost next to nothing. Growing means to
 * copy, so after its first MiB an argument is given all the room it needs; as the system provides
 * large blocks page by page when they are written to, that costs no memory yet either.
 */
import { copyBytes } from "../memory/bytes.ts";
import type { BulkStore } from "./args.ts";
import { BULK_GRANT_BYTES, BULK_GRANT_RATIO, BULK_TRUST_BYTES } from "./limits.ts";

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

  /** @param atHand How many of the `length` bytes are about to be put into it. */
  constructor(store: BulkStore, length: number, atHand: number) {
    this.#store = store;
    this.length = length;
    const granted = this.#grant(atHand);
    this.handle = store.alloc(granted);
    this.target = this.#targetAt(0, granted);
  }

  get isComplete(): boolean {
    return this.target.at === this.target.end && this.received === this.length;
  }

  /** How much of the argument is in the block. */
  get received(): number {
    return this.target.at - this.#store.offset(this.handle);
  }

  /**
   * Copies from `src[start, end)` what belongs to the argument.
   *
   * @returns How many bytes that were.
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

  /** Makes room again if the target is full and the argument is not. */
  advance(): void {
    if (this.target.at < this.target.end) return;
    const received = this.received;
    if (received === this.length) return;
    const old = this.handle;
    const granted = this.#grant(received);
    this.handle = this.#store.alloc(granted);
    const from = this.#store.offset(old);
    this.target = this.#targetAt(received, granted);
    copyBytes(
      this.target.buf,
      this.#store.offset(this.handle),
      this.#store.buf(old),
      from,
      from + received,
    );
    this.#store.free(old);
  }

  /** How large the block is to be when so many bytes have arrived. */
  #grant(received: number): number {
    if (received >= BULK_TRUST_BYTES) return this.length;
    const granted = Math.max(received * BULK_GRANT_RATIO, BULK_GRANT_BYTES);
    return Math.min(granted, BULK_TRUST_BYTES, this.length);
  }

  #targetAt(received: number, granted: number): BulkTarget {
    const offset = this.#store.offset(this.handle);
    return new BulkTarget(this.#store.buf(this.handle), offset + received, offset + granted);
  }
}
