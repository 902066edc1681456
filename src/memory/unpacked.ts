/**
 * One block for what lies compressed in other blocks and is only to be read: it is unpacked there, and
 * stays until something else is, so that who reads on needs not unpack it again.
 *
 * Its owner is the handle of whatever the packed data belongs to. Whoever changes an owner's data,
 * frees the owner or moves it must say so, see {@link Unpacked.forget}: a handle is given out again.
 */
import type { Slabs } from "./slab.ts";

export class Unpacked {
  readonly #slabs: Slabs;
  #owner = 0;
  #block = 0;

  constructor(slabs: Slabs) {
    this.#slabs = slabs;
  }

  /** The block with the owner's data; 0 when it is not there. */
  blockOf(owner: number): number {
    return this.#owner === owner ? this.#block : 0;
  }

  /** A block of `size` bytes for the owner's data, in place of what there was. Throws OutOfMemory. */
  begin(owner: number, size: number): number {
    this.clear();
    this.#block = this.#slabs.alloc(size);
    this.#owner = owner;
    return this.#block;
  }

  /** As {@link blockOf}; the block is the caller's from now on. */
  take(owner: number): number {
    const block = this.blockOf(owner);
    if (block !== 0) this.#owner = this.#block = 0;
    return block;
  }

  /** Frees the block if it is the owner's. */
  forget(owner: number): void {
    if (this.#owner === owner) this.clear();
  }

  /** Frees the block. */
  clear(): void {
    if (this.#block !== 0) this.#slabs.free(this.#block);
    this.#owner = this.#block = 0;
  }
}
