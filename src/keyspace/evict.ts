/**
 * Eviction: keeps memory below `maxmemory` by removing keys, chosen as `maxmemory-policy` says.
 *
 * LRU and LFU are approximated as in Redis: some keys are sampled, the best of them join a pool of
 * the best seen lately, the best of the pool goes. `volatile-ttl` needs no sampling here: the expire
 * index knows which key is due first.
 */
import type { Database } from "./database.ts";
import type { Keyspace } from "./keyspace.ts";

/** Candidates that are remembered between evictions. */
const POOL_SIZE = 16;
/** Bound on `maxmemory-samples`. */
const MAX_SAMPLES = 64;
/** Keys that one call removes at most; the next command, or the cron, goes on. */
const EVICTIONS_PER_CALL = 128;

/** A key that may go. It is remembered by name, since its entry may move or be freed meanwhile. */
interface Candidate {
  readonly db: Database;
  readonly key: Uint8Array;
  /** The higher, the sooner it goes. */
  readonly score: number;
}

export class Evictor {
  readonly #keyspace: Keyspace;
  readonly #otherBytes: () => number;
  readonly #samples = new Int32Array(MAX_SAMPLES);
  /** By score, ascending: the last goes next. */
  readonly #pool: Candidate[] = [];
  /** Where the search for a victim of the next random or TTL eviction begins. */
  #nextDatabase = 0;

  /** @param otherBytes What counts against `maxmemory` besides the slabs: buffers, and what the process takes beyond them. */
  constructor(keyspace: Keyspace, otherBytes: () => number) {
    this.#keyspace = keyspace;
    this.#otherBytes = otherBytes;
  }

  /** What counts against `maxmemory`, in bytes. */
  get usedBytes(): number {
    return this.#keyspace.slabs.usedBytes + this.#otherBytes();
  }

  /** Whether memory is below `maxmemory`. */
  get hasRoom(): boolean {
    const { maxmemory } = this.#keyspace.settings;
    return maxmemory === 0 || this.usedBytes <= maxmemory;
  }

  /**
   * Removes keys until memory is below `maxmemory`, or for one call's worth of work.
   *
   * @returns False when memory is above it and nothing can be removed.
   */
  makeRoom(): boolean {
    const { maxmemory, maxmemoryPolicy } = this.#keyspace.settings;
    if (this.hasRoom) return true;
    // Memory that is on its way back is not worth a key.
    this.#keyspace.lazyFree.finish();
    if (maxmemoryPolicy === "noeviction") return this.usedBytes <= maxmemory;
    for (let i = 0; i < EVICTIONS_PER_CALL; i++) {
      if (this.usedBytes <= maxmemory) return true;
      if (!this.#evictOne(maxmemoryPolicy)) return false;
    }
    return true;
  }

  #evictOne(policy: string): boolean {
    if (policy === "volatile-ttl") return this.#evictSoonestDue();
    if (policy.endsWith("-random")) return this.#evictRandom(policy.startsWith("volatile"));
    return this.#evictBest(policy.startsWith("volatile"));
  }

  #evictSoonestDue(): boolean {
    let soonest: Database | null = null;
    for (const db of this.#keyspace.used) {
      if (soonest === null || db.expires.nextDueMs < soonest.expires.nextDueMs) soonest = db;
    }
    if (soonest === null || soonest.expires.size === 0) return false;
    soonest.evictEntry(soonest.expires.first);
    return true;
  }

  /** The databases take turns, so that none is emptied for the others. */
  #evictRandom(onlyVolatile: boolean): boolean {
    const { used, random32 } = this.#keyspace;
    for (let tried = 0; tried < used.length; tried++) {
      const db = used[this.#nextDatabase++ % used.length];
      if (onlyVolatile ? db.expires.size === 0 : db.size === 0) continue;
      db.evictEntry(
        onlyVolatile
          ? db.expires.at((random32() >>> 0) % db.expires.size)
          : db.dict.random(random32),
      );
      return true;
    }
    return false;
  }

  /** LRU and LFU. A candidate that has gone meanwhile is passed over. */
  #evictBest(onlyVolatile: boolean): boolean {
    for (;;) {
      if (!this.#fillPool(onlyVolatile)) return false;
      for (let best = this.#pool.pop(); best !== undefined; best = this.#pool.pop()) {
        const entry = best.db.peek(best.key, 0, best.key.length);
        if (entry === 0 || (onlyVolatile && best.db.dueMs(entry) < 0)) continue;
        best.db.evictEntry(entry);
        return true;
      }
    }
  }

  /** Samples every database; false when there is nothing to sample. */
  #fillPool(onlyVolatile: boolean): boolean {
    const wanted = Math.min(this.#keyspace.settings.maxmemorySamples, MAX_SAMPLES);
    let sampled = 0;
    for (const db of this.#keyspace.used) {
      const count = onlyVolatile ? this.#sampleVolatile(db, wanted) : this.#sampleAll(db, wanted);
      sampled += count;
      for (let i = 0; i < count; i++) this.#consider(db, this.#samples[i]);
    }
    return sampled > 0;
  }

  #sampleAll(db: Database, wanted: number): number {
    return db.size === 0 ? 0 : db.dict.sample(wanted, this.#samples, this.#keyspace.random32);
  }

  #sampleVolatile(db: Database, wanted: number): number {
    const { size } = db.expires;
    const count = Math.min(size, wanted);
    for (let i = 0; i < count; i++) {
      this.#samples[i] = db.expires.at((this.#keyspace.random32() >>> 0) % size);
    }
    return count;
  }

  #consider(db: Database, entry: number): void {
    const pool = this.#pool;
    const score = this.#keyspace.clocks.evictionScore(db.clock(entry));
    if (pool.length === POOL_SIZE && score <= pool[0].score) return;
    const { buf, start, end } = db.key(entry);
    const isPooled = pool.some((candidate) =>
      candidate.db === db && candidate.score === score && candidate.key.length === end - start &&
      candidate.key.every((byte, i) => byte === buf[start + i])
    );
    if (isPooled) return;
    if (pool.length === POOL_SIZE) pool.shift();
    let at = pool.length;
    while (at > 0 && pool[at - 1].score > score) at--;
    pool.splice(at, 0, { db, key: buf.slice(start, end), score });
  }
}
