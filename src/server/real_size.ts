/**
 * `maxmemory` by the process's real size.
 *
 * What counts against `maxmemory` is what the data takes. The process takes more: what is free lies
 * scattered among what is not, and the runtime needs its heap. So ten times a second the server looks
 * at what it really holds: the pages of the slabs, and what else it has grown by since its start.
 *
 *     less than maxmemory        the data may grow up to maxmemory
 *     more                       the data may not grow: what is written takes the place of something else
 *     more than is tolerated     memory is moved together, or, where nothing is to be gained by that,
 *                                the data has to shrink
 */
import type { Server } from "./server.ts";

const MIB = 1024 * 1024;

/** Below this only the count is kept: pages are 4 MiB, and the runtime takes what it needs. */
const SMALLEST_BYTES = 64 * MIB;
/** What the runtime may grow by before it counts. */
const RUNTIME_BYTES = 16 * MIB;
/** The most that the runtime's growth beyond that counts, as a part of `maxmemory`. */
const RUNTIME_MAX = 1 / 8;
/** How far beyond `maxmemory` the process may get before memory is moved, as a part of it. */
const TOLERATED = 1 / 32;
/** The most by which the data has to shrink from one look to the next, likewise. */
const SHRINK_STEP = 1 / 64;
/** The most that is withheld from the data in all, likewise. */
const WITHHELD_MAX = 1 / 2;

export class RealSize {
  readonly #server: Server;
  /** Resident memory at the start. */
  readonly #startBytes: number;
  /** By how much the process is larger than `maxmemory`; negative when it is not. */
  #excessBytes = -Infinity;

  constructor(server: Server) {
    this.#server = server;
    this.#startBytes = server.platform.process.rssBytes();
  }

  /** Whether the process is larger than `maxmemory` allows. */
  get isExceeded(): boolean {
    return this.#excessBytes > 0;
  }

  /** Looks, and acts; to be called again and again. */
  look(rssBytes: number): void {
    const { compactor, evictor, usedBytes } = this.#server;
    const { maxmemory } = this.#server.settings;
    const tolerated = maxmemory * TOLERATED;
    const excess = this.#excessOf(maxmemory, rssBytes);
    this.#excessBytes = excess;
    if (excess <= -tolerated) {
      evictor.withheldBytes = 0;
    } else if (excess > 0) {
      const unused = Math.max(0, maxmemory - usedBytes);
      let withheld = Math.max(evictor.withheldBytes, unused);
      if (excess > tolerated && !compactor.begin()) {
        withheld = unused + Math.min(excess, maxmemory * SHRINK_STEP);
      }
      evictor.withheldBytes = Math.min(withheld, maxmemory * WITHHELD_MAX);
    }
  }

  #excessOf(maxmemory: number, rssBytes: number): number {
    if (maxmemory < SMALLEST_BYTES) return -Infinity;
    const { pageBytes } = this.#server.keyspace.slabs;
    const runtime = Math.max(0, rssBytes - this.#startBytes - pageBytes - RUNTIME_BYTES);
    return pageBytes + Math.min(runtime, maxmemory * RUNTIME_MAX) - maxmemory;
  }
}
