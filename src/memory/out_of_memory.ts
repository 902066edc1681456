/** The one failure that every user of slab memory must expect. */

/** There is no memory for a block: the runtime refuses it, or handles cannot reach further. */
export class OutOfMemoryError extends RangeError {
  override readonly name = "OutOfMemoryError";
}

/**
 * What allocations throw; nothing has changed then. One object for all of them, because there may be
 * no memory for another, so its stack says nothing.
 */
export const OUT_OF_MEMORY = new OutOfMemoryError("Cannot allocate a block: out of memory");

/**
 * Whether something that was thrown says that there is no memory, be it for a block or for an array
 * of the runtime's.
 */
export function isOutOfMemory(thrown: unknown): boolean {
  return thrown === OUT_OF_MEMORY ||
    (thrown instanceof RangeError && thrown.message === "Array buffer allocation failed");
}
