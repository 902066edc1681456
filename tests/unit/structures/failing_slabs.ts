/** Slabs that run out of memory when a test wants it, and count what they do. */
import { OUT_OF_MEMORY, Slabs } from "../../../src/memory/slab.ts";

export class FailingSlabs extends Slabs {
  /** How many allocations succeed from now on. */
  allocationsLeft = Infinity;
  allocations = 0;
  frees = 0;
  /** Bytes that `resize` has copied. */
  copiedBytes = 0;

  override alloc(size: number): number {
    if (this.allocationsLeft <= 0) throw OUT_OF_MEMORY;
    this.allocationsLeft--;
    this.allocations++;
    return super.alloc(size);
  }

  override free(handle: number): void {
    this.frees++;
    super.free(handle);
  }

  override resize(handle: number, size: number): number {
    const oldSize = this.sizeOf(handle);
    const resized = super.resize(handle, size);
    if (resized !== handle) this.copiedBytes += Math.min(oldSize, size);
    return resized;
  }
}
