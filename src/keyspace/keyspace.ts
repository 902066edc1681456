/**
 * All databases of a server, and what they share: memory, time, settings, listeners, counters.
 */
import { CompactionQueue } from "./compaction_queue.ts";
import { Slabs } from "../memory/slab.ts";
import type { HashSeed } from "../memory/hash.ts";
import { Clocks } from "./clocks.ts";
import { Database } from "./database.ts";
import { EventClass, type KeyspaceListener } from "./events.ts";
import { ObjectTable } from "./objects.ts";
import { LazyFree } from "./lazy_free.ts";
import type { SetSettings } from "./types/set_members.ts";

/** The settings that the keyspace reads. */
export interface KeyspaceSettings extends SetSettings {
  readonly databases: number;
  readonly maxmemory: number;
  readonly maxmemoryPolicy: string;
  readonly maxmemorySamples: number;
  readonly maxmemoryEvictionTenacity: number;
  readonly lfuLogFactor: number;
  readonly lfuDecayTime: number;
  readonly lazyfreeLazyEviction: boolean;
  readonly lazyfreeLazyExpire: boolean;
  readonly lazyfreeLazyServerDel: boolean;
  readonly listMaxListpackSize: number;
  readonly listCompressDepth: number;
}

/** Counters that INFO shows. */
export interface KeyspaceCounters {
  hits: number;
  misses: number;
  expiredKeys: number;
  /** Fields of hashes. */
  expiredSubkeys: number;
  evictedKeys: number;
  /** Changes since the last save. */
  dirty: number;
}

const NO_EVENTS: KeyspaceListener = {
  event() {},
  keyModified() {},
  keyReady() {},
  flushing() {},
  swapping() {},
  swapped() {},
  fieldExpired() {},
  keyRemoved() {},
};

export class Keyspace {
  readonly slabs: Slabs;
  readonly settings: KeyspaceSettings;
  readonly seed: HashSeed;
  /** A fresh random 32-bit integer at each call. */
  readonly random32: () => number;
  /** Structures of big values. */
  readonly objects = new ObjectTable();
  readonly lazyFree: LazyFree;
  readonly compaction: CompactionQueue;
  readonly clocks: Clocks;
  readonly counters: KeyspaceCounters = {
    hits: 0,
    misses: 0,
    expiredKeys: 0,
    expiredSubkeys: 0,
    evictedKeys: 0,
    dirty: 0,
  };
  /** Wall clock in ms, as of the start of the current turn. */
  nowMs = 0;
  /** While true (CLIENT PAUSE, a replica), keys that are due are hidden but not removed. */
  expiryPaused = false;
  /** While true, reading a key leaves its clock alone (CLIENT NO-TOUCH). */
  noTouch = false;
  /** While true, a walk is in the middle of a value: compaction must not move anything. */
  isPinned = false;
  /** The classes of events that somebody listens to, {@link EventClass} bits; events of others are not built. */
  eventMask = 0;
  /** Whether somebody wants to hear of every modified key (WATCH, tracking). */
  modificationsWatched = false;
  /** The types of keys that somebody waits for, as bits `1 << TypeId`. */
  awaitedTypes = 0;
  listener: KeyspaceListener = NO_EVENTS;
  /** The databases that have been used so far. */
  readonly used: Database[] = [];
  readonly #databases: (Database | undefined)[];
  readonly #modificationWatchers = new Set<object>();
  #resizing = true;
  #standsStill = false;

  constructor(
    settings: KeyspaceSettings,
    seed: HashSeed,
    random32: () => number,
    slabs: Slabs = new Slabs(),
  ) {
    this.settings = settings;
    this.seed = seed;
    this.random32 = random32;
    this.slabs = slabs;
    this.lazyFree = new LazyFree(slabs);
    this.compaction = new CompactionQueue(this.objects);
    this.clocks = new Clocks(settings, random32);
    this.#databases = new Array(settings.databases);
  }

  /** A turn begins: reads nothing, only takes over the time. */
  setTime(nowMs: number): void {
    if (!this.#standsStill) this.nowMs = nowMs;
    this.clocks.tick(nowMs);
  }

  /** Whether nothing falls due; see {@link standStill}. */
  get standsStill(): boolean {
    return this.#standsStill;
  }

  /** From now on nothing is due, whenever it falls due: what has been logged is repeated. */
  standStill(): void {
    this.#standsStill = true;
    this.nowMs = 0;
  }

  /** Time goes on: what has fallen due meanwhile is due. */
  goOn(nowMs: number): void {
    this.#standsStill = false;
    this.setTime(nowMs);
  }

  /** How many databases there may be. */
  get databaseCount(): number {
    return this.#databases.length;
  }

  /** A database, made at its first use; `index` must be below {@link databaseCount}. */
  database(index: number): Database {
    const database = this.#databases[index];
    if (database !== undefined) return database;
    const made = new Database(this, index);
    if (!this.#resizing) made.dict.pauseRehash();
    this.#databases[index] = made;
    this.used.push(made);
    return made;
  }

  /** Number of keys in all databases. */
  get size(): number {
    let size = 0;
    for (const database of this.used) size += database.size;
    return size;
  }

  /** Exchanges the contents of two databases; clients stay with the number they have selected. */
  swap(first: number, second: number): void {
    if (first === second) return;
    this.listener.swapping(first, second);
    this.database(first).swapContents(this.database(second));
    this.listener.swapped(first, second);
  }

  /** Removes all keys of one database (or with -1 of all); what is big is freed in slices when `lazily`. */
  flush(index: number, lazily: boolean): number {
    this.listener.flushing(index);
    let removed = 0;
    for (const database of this.used) {
      if (index !== -1 && database.index !== index) continue;
      removed += database.size;
      database.clear(lazily);
    }
    return removed;
  }

  /** Says whether `watcher` wants to hear of every modified key. */
  watchModifications(watcher: object, wants: boolean): void {
    if (wants) this.#modificationWatchers.add(watcher);
    else this.#modificationWatchers.delete(watcher);
    this.modificationsWatched = this.#modificationWatchers.size > 0;
  }

  /** Tells listeners of an event, if there are any for its class. */
  notify(
    db: number,
    buf: Uint8Array,
    start: number,
    end: number,
    eventClass: number,
    name: string,
  ): void {
    if ((this.eventMask & eventClass) !== 0) {
      this.listener.event(eventClass, name, db, buf, start, end);
    }
  }

  /** Whether the databases' tables grow and shrink with the number of their keys (DEBUG DICT-RESIZING). */
  get resizing(): boolean {
    return this.#resizing;
  }

  set resizing(on: boolean) {
    if (on === this.#resizing) return;
    this.#resizing = on;
    for (const { dict } of this.used) {
      if (on) dict.resumeRehash();
      else dict.pauseRehash();
    }
  }

  /** Recomputes {@link eventMask} from `notify-keyspace-events`: nothing without K or E. */
  setEventMask(flags: number): void {
    const channels = EventClass.KEYSPACE | EventClass.KEYEVENT;
    this.eventMask = (flags & channels) === 0 ? 0 : flags & ~channels;
  }
}
