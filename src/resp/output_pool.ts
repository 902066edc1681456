/**
 * The chunks that replies are written into, shared by all clients of a server.
 *
 * A chunk's size is 16 KiB times a power of two, up to 1 MiB; larger ones are made to measure and
 * not kept. A client takes a chunk when it has something to say and gives it back when it has been
 * sent, so a few chunks serve thousands of clients. Their content is never cleared.
 */

/** The size of the smallest chunk in bytes. */
export const CHUNK_BYTES = 16 * 1024;

/** The size of the largest chunk that is kept for use again, in bytes. */
export const CHUNK_BYTES_MAX = 1024 * 1024;

/** How much is kept for use again, in bytes; what comes back above it is left to the collector. */
const KEPT_BYTES = 8 * 1024 * 1024;

const CLASSES = Math.log2(CHUNK_BYTES_MAX / CHUNK_BYTES) + 1;

export class OutputPool {
  /** The sizes of all chunks that clients hold. */
  usedBytes = 0;
  /** The sizes of all chunks that are kept for use again. */
  keptBytes = 0;
  readonly #kept: Uint8Array[][] = Array.from({ length: CLASSES }, () => []);

  /** @returns A chunk of at least `bytes` bytes. */
  take(bytes: number): Uint8Array {
    const sizeClass = classOf(bytes);
    const size = sizeClass < CLASSES ? CHUNK_BYTES << sizeClass : bytes;
    this.usedBytes += size;
    if (sizeClass < CLASSES) {
      const chunk = this.#kept[sizeClass].pop();
      if (chunk !== undefined) {
        this.keptBytes -= size;
        return chunk;
      }
    }
    return new Uint8Array(size);
  }

  /** Takes a chunk back. Nothing may read or write it any more. */
  give(chunk: Uint8Array): void {
    const size = chunk.length;
    this.usedBytes -= size;
    if (size > CHUNK_BYTES_MAX || this.keptBytes + size > KEPT_BYTES) return;
    this.keptBytes += size;
    this.#kept[classOf(size)].push(chunk);
  }

  /** Says that chunks of `bytes` bytes in all will not come back. */
  forget(bytes: number): void {
    this.usedBytes -= bytes;
  }
}

/** The least `c` for which 16 KiB << c holds `bytes`. */
function classOf(bytes: number): number {
  return bytes <= CHUNK_BYTES ? 0 : 32 - Math.clz32((bytes - 1) >>> 14);
}
