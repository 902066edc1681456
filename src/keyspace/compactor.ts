/**
 * Active defragmentation: when much of the slabs' memory is free but scattered, moves entries and
 * their values together, a slice at a time, so that whole regions can be given back.
 */
import type { Database } from "./database.ts";
import type { Keyspace } from "./keyspace.ts";

/** The settings that say when it is worth it; Redis's names. */
export interface CompactorSettings {
  readonly activedefrag: boolean;
  /** Free memory below this many bytes is left alone. */
  readonly activeDefragIgnoreBytes: number;
  /** Free memory below this share of the used, in per cent, is left alone. */
  readonly activeDefragThresholdLower: number;
}

/** Buckets walked between two looks at the time. */
const BUCKETS_PER_STEP = 32;

export class Compactor {
  readonly #keyspace: Keyspace;
  readonly #settings: CompactorSettings;
  readonly #nowMs: () => number;
  /** The databases that the current pass has still to walk; the last is under way. */
  #left: Database[] = [];
  #cursor = 0;
  /** Blocks moved, and blocks looked at and left where they were. */
  moved = 0;
  kept = 0;
  spentMs = 0;

  /** @param nowMs A monotonic clock in ms. */
  constructor(keyspace: Keyspace, settings: CompactorSettings, nowMs: () => number) {
    this.#keyspace = keyspace;
    this.#settings = settings;
    this.#nowMs = nowMs;
  }

  resetStatistics(): void {
    this.moved = this.kept = this.spentMs = 0;
  }

  get isRunning(): boolean {
    return this.#left.length > 0;
  }

  /** Goes on with the current pass, or begins one where it is worth it, for as long as `mayGoOn` says. */
  step(mayGoOn: () => boolean): void {
    if (!this.isRunning && !this.#begin()) return;
    const startMs = this.#nowMs();
    do {
      this.#walk(this.#left[this.#left.length - 1]);
    } while (this.isRunning && mayGoOn());
    this.spentMs += this.#nowMs() - startMs;
  }

  /** One whole pass at once, whatever it takes (MEMORY PURGE). Returns how many bytes it has given back. */
  runNow(): number {
    const { slabs } = this.#keyspace;
    const before = slabs.pageBytes;
    if (this.isRunning || slabs.beginCompaction() > 0) {
      if (!this.isRunning) this.#left = [...this.#keyspace.used];
      while (this.isRunning) this.#walk(this.#left[this.#left.length - 1]);
    }
    return before - slabs.pageBytes;
  }

  #begin(): boolean {
    const { slabs, used } = this.#keyspace;
    const { activeDefragIgnoreBytes, activeDefragThresholdLower } = this.#settings;
    const free = slabs.pageBytes - slabs.usedBytes;
    const isWorthIt = free > activeDefragIgnoreBytes &&
      free * 100 > slabs.usedBytes * activeDefragThresholdLower;
    if (!isWorthIt || slabs.beginCompaction() === 0) return false;
    this.#left = [...used];
    this.#cursor = 0;
    return this.#left.length > 0;
  }

  #walk(db: Database): void {
    for (let i = 0; i < BUCKETS_PER_STEP; i++) {
      this.#cursor = db.compactBuckets(this.#cursor, this);
      if (this.#cursor !== 0) continue;
      this.#left.pop();
      if (this.#left.length === 0) this.#keyspace.slabs.endCompaction();
      return;
    }
  }
}
