/**
 * Active defragmentation: when much of the slabs' memory is free but scattered, moves entries and
 * their values together, a slice at a time, so that whole regions can be given back.
 *
 * A pass walks through all databases: first the segments of a database's expire indexes, then the
 * buckets of its dict, with what they refer to. Big values that come along are walked, in slices of
 * their own, before the next bucket.
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

/** Buckets walked between two looks at the time; some 30 µs when nothing moves. */
const BUCKETS_PER_STEP = 32;
/** How much of the memory a pass may empty while clients write: the less, the sooner it is done. */
const PART_PER_PASS = 1 / 8;
/** After a pass that gave nothing back there is none for so long. */
const REST_MS = 1000;

export class Compactor {
  readonly #keyspace: Keyspace;
  readonly #settings: CompactorSettings;
  readonly #nowMs: () => number;
  /** The databases that the current pass has still to walk; the last is under way. */
  #left: Database[] = [];
  /** How far that is: the next segment of its expire index, then the next buckets. */
  #segment = 0;
  #cursor = 0;
  /** Whether all of its buckets have been walked. */
  #atEnd = false;
  /** What the pass is to give back, in bytes. */
  #promised = 0;
  /** When the rest after a pass in vain ends, by the monotonic clock. */
  #restUntilMs = -Infinity;
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

  /** Whether the settings ask for a pass: active defragmentation is on, and much is free. */
  get isWanted(): boolean {
    const { activedefrag, activeDefragIgnoreBytes, activeDefragThresholdLower } = this.#settings;
    if (!activedefrag) return false;
    const { pageBytes, usedBytes } = this.#keyspace.slabs;
    const free = pageBytes - usedBytes;
    return free > activeDefragIgnoreBytes && free * 100 > usedBytes * activeDefragThresholdLower;
  }

  /** Begins a pass, unless one is running; false when there is nothing to be gained. */
  begin(): boolean {
    return this.isRunning || (this.#nowMs() >= this.#restUntilMs && this.#begin(PART_PER_PASS));
  }

  /**
   * Goes on with the current pass for as long as `mayGoOn` says; true while there is more to do.
   * Does nothing while the keyspace is pinned.
   */
  step(mayGoOn: () => boolean): boolean {
    if (!this.isRunning) return false;
    if (this.#keyspace.isPinned) return true;
    const startMs = this.#nowMs();
    do this.#walk(); while (this.isRunning && mayGoOn());
    this.spentMs += this.#nowMs() - startMs;
    return this.isRunning;
  }

  /** As many whole passes as give something back, at once, whatever it takes (MEMORY PURGE). */
  runNow(): void {
    const { lazyFree, slabs } = this.#keyspace;
    lazyFree.finish();
    let held: number;
    do {
      held = slabs.pageBytes;
      if (this.isRunning || this.#begin(1)) this.step(() => true);
    } while (slabs.pageBytes < held);
  }

  /** @param part How much of the memory may be emptied, 0 to 1. */
  #begin(part: number): boolean {
    const { slabs, used } = this.#keyspace;
    this.#promised = used.length === 0 ? 0 : slabs.beginCompaction(part);
    if (this.#promised === 0) return false;
    this.#left = [...used];
    this.#segment = this.#cursor = 0;
    this.#atEnd = false;
    return true;
  }

  #walk(): void {
    const { compaction } = this.#keyspace;
    if (!compaction.isEmpty) compaction.step(this);
    else this.#walkDatabase();
    if (this.#atEnd && compaction.isEmpty) this.#endDatabase();
  }

  #walkDatabase(): void {
    const db = this.#left[this.#left.length - 1];
    const { expires, fields: { hashes } } = db;
    const segment = this.#segment++;
    if (segment < expires.segmentCount + hashes.segmentCount) {
      const isOfKeys = segment < expires.segmentCount;
      const hasMoved = isOfKeys
        ? expires.compact(segment)
        : hashes.compact(segment - expires.segmentCount);
      if (hasMoved) this.moved++;
      return;
    }
    const { compaction } = this.#keyspace;
    for (let i = 0; i < BUCKETS_PER_STEP && !this.#atEnd && compaction.isEmpty; i++) {
      this.#cursor = db.compactBuckets(this.#cursor, this);
      this.#atEnd = this.#cursor === 0;
    }
  }

  #endDatabase(): void {
    this.#left.pop();
    this.#segment = 0;
    this.#atEnd = false;
    if (this.#left.length === 0) this.#end();
  }

  #end(): void {
    const left = this.#keyspace.slabs.endCompaction();
    if (left === this.#promised) this.#restUntilMs = this.#nowMs() + REST_MS;
  }
}
