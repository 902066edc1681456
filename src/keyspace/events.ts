/**
 * What happens to keys, told to whoever wants to know: keyspace notifications, client-side caching,
 * WATCH, blocked clients, the log.
 */

/** Classes of events, with the letters of `notify-keyspace-events`. */
export const EventClass = {
  KEYSPACE: 1 << 0, // K
  KEYEVENT: 1 << 1, // E
  GENERIC: 1 << 2, // g
  STRING: 1 << 3, // $
  LIST: 1 << 4, // l
  SET: 1 << 5, // s
  HASH: 1 << 6, // h
  ZSET: 1 << 7, // z
  EXPIRED: 1 << 8, // x
  EVICTED: 1 << 9, // e
  STREAM: 1 << 10, // t
  KEY_MISS: 1 << 11, // m
  MODULE: 1 << 12, // d
  NEW: 1 << 13, // n
} as const;

/** Listens to the keyspace. The byte triples are valid during the call only. */
export interface KeyspaceListener {
  /**
   * A named event has happened to a key, after the change is visible.
   *
   * @param eventClass One bit of {@link EventClass}.
   * @param name As Redis names it: `set`, `del`, `expired`, …
   */
  event(
    eventClass: number,
    name: string,
    db: number,
    buf: Uint8Array,
    start: number,
    end: number,
  ): void;
  /** A key's value or expiry has changed, or the key has gone. */
  keyModified(db: number, buf: Uint8Array, start: number, end: number): void;
  /**
   * A key is there that was not, or (a stream) has something new, or goes; called only for the types
   * in `keyspace.awaitedTypes`. What it is may not be complete yet.
   */
  keyReady(db: number, typeId: number, buf: Uint8Array, start: number, end: number): void;
  /** A database (or with -1 all of them) is about to be emptied: its keys are still there. */
  flushing(db: number): void;
  /** Two databases are about to exchange their contents. */
  swapping(first: number, second: number): void;
  /** They have done so. */
  swapped(first: number, second: number): void;
  /**
   * A field of a hash, the triple behind the key's, is about to be removed because it is due: replicas
   * and the log must be told.
   */
  fieldExpired(
    db: number,
    buf: Uint8Array,
    start: number,
    end: number,
    fieldBuf: Uint8Array,
    fieldStart: number,
    fieldEnd: number,
  ): void;
  /** A key was removed because it was due or for memory: replicas and the log must be told. */
  keyRemoved(
    reason: "expired" | "evicted",
    db: number,
    buf: Uint8Array,
    start: number,
    end: number,
  ): void;
}
