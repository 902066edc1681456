/**
 * Eviction: keeps memory below `maxmemory` by removing keys, chosen as `maxmemory-policy` says.
 *
 * LRU and LFU are approximated as in Redis: some keys are sampled, the best of them join a pool of
 * the best seen lately, the best of the pool goes. `volatile-ttl` needs no sampling here: the expire
 * index knows which key is due first.
 */
import { type Database, NO_EXPIRY } from "./database.ts";
import { EvictionPool } from "./eviction_pool.ts";
import type { Keyspace } from "./keyspace.ts";

/** Bound on `maxmemory-samples`. */
const MAX_SAMPLES = 64;
/** Keys removed between two looks at the time. */
const EVICTIONS_PER_LOOK = 16;

/** For steps that shall be as short as they can be. */
const NOT_ON = (): boolean => false;

/**
 * For how long a command may be held up by evictions, in ms.
 *
 * @param tenacity `maxmemory-eviction-tenacity`, 0 to 100: up to 10 it is proportional to that, then
 *   grows by 15 % for each step; 100 means for as long as it takes.
 */
export function evictionLimitMs(tenacity: number): number {
  if (tenacity >= 100) return Infinity;
  return tenacity <= 10 ? 0.05 * tenacity : 0.5 * 1.15 ** (tenacity - 10);
}

export class Evictor {
  /** How much of `maxmemory` must stay unused now, because the process takes more than what counts. */
  withheldBytes = 0;
  readonly #keyspace: Keyspace;
  readonly #otherBytes: () => number;
  readonly #samples = new Int32Array(MAX_SAMPLES);
  readonly #pool = new EvictionPool();
  /** Where the search for a victim of the next random or TTL eviction begins. */
  #nextDatabase = 0;

  /** @param otherBytes What counts against `maxmemory` besides the slabs: what clients hold. */
  constructor(keyspace: Keyspace, otherBytes: () => number) {
    this.#keyspace = keyspace;
    this.#otherBytes = otherBytes;
  }

  /** What counts against `maxmemory`, in bytes. */
  get usedBytes(): number {
    return this.#keyspace.slabs.usedBytes + this.#otherBytes();
  }

  /** Whether memory is below what may be used of `maxmemory`. */
  get hasRoom(): boolean {
    const { maxmemory } = this.#keyspace.settings;
    return maxmemory === 0 || this.usedBytes <= maxmemory - this.withheldBytes;
  }

  /**
   * Removes keys until there is room, or for as long as `mayGoOn` says: who comes next goes on.
   * Clients may be told of each, and what then waits to be sent to them drives out no further keys.
   *
   * @returns False when there is no room and nothing that could be removed.
   */
  makeRoom(mayGoOn: () => boolean): boolean {
    const { lazyFree, settings, slabs } = this.#keyspace;
    if (this.hasRoom) return true;
    const mostBytes = settings.maxmemory - this.withheldBytes - this.#otherBytes();
    // Memory that is on its way back is not worth a key.
    while (slabs.usedBytes > mostBytes && !lazyFree.isIdle) {
      lazyFree.step(NOT_ON);
      if (!mayGoOn()) return true;
    }
    if (slabs.usedBytes <= mostBytes) return true;
    if (settings.maxmemoryPolicy === "noeviction") return false;
    do {
      for (let i = 0; i < EVICTIONS_PER_LOOK; i++) {
        if (slabs.usedBytes <= mostBytes) return true;
        if (!this.#evictOne(settings.maxmemoryPolicy)) return false;
      }
    } while (mayGoOn());
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

  /** LRU and LFU. A candidate that must not go any more is passed over. */
  #evictBest(onlyVolatile: boolean): boolean {
    const pool = this.#pool;
    while (this.#fillPool(onlyVolatile)) {
      for (let entry = pool.take(); entry !== 0; entry = pool.take()) {
        const db = pool.db!;
        if (onlyVolatile && db.dueMs(entry) === NO_EXPIRY) continue;
        db.evictEntry(entry);
        return true;
      }
    }
    return false;
  }

  /** Samples every database; false when there is nothing to sample. */
  #fillPool(onlyVolatile: boolean): boolean {
    const { clocks, settings, used } = this.#keyspace;
    const wanted = Math.min(settings.maxmemorySamples, MAX_SAMPLES);
    let sampled = 0;
    for (const db of used) {
      const count = onlyVolatile ? this.#sampleVolatile(db, wanted) : this.#sampleAll(db, wanted);
      sampled += count;
      for (let i = 0; i < count; i++) {
        const entry = this.#samples[i];
        this.#pool.add(db, entry, clocks.evictionScore(db.clock(entry)));
      }
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
}
