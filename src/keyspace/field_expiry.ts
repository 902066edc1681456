/**
 * Expiry of hashes' fields, for one database.
 *
 * {@link FieldExpiry} is an index of the hashes that have fields with due times, by the earliest of
 * them; a hash without any does not stand there. It is told by {@link FieldExpiry.track} after each
 * change to such a hash, by the database when a hash moves or goes.
 *
 * A field that is due is gone for those who read it. It is removed by whoever asks for just this
 * field, by HRANDFIELD, or by active expiry, which goes by the index; until then HLEN counts it, as
 * Redis does.
 */
import type { Database } from "./database.ts";
import { EventClass } from "./events.ts";
import { ExpireIndex } from "./expire_index.ts";
import { hashLength, isExpirable, removeHashField } from "./types/hash.ts";
import { earliestDue, fieldDue, NEVER, removeFirstDue } from "./types/hash_due.ts";
import type { ValueContext } from "./types/type.ts";

export class FieldExpiry {
  readonly #context: ValueContext;
  readonly #hashes: ExpireIndex;

  constructor(context: ValueContext) {
    this.#context = context;
    this.#hashes = new ExpireIndex(context.slabs, true);
  }

  /** How many hashes have fields that expire. */
  get size(): number {
    return this.#hashes.size;
  }

  /** When the first field falls due, wall clock in ms; Infinity when there is none. */
  get nextDueMs(): number {
    return this.#hashes.nextDueMs;
  }

  /** The hash whose field falls due first; 0 when there is none. */
  get first(): number {
    return this.#hashes.first;
  }

  /** The index itself, for those who move its memory or measure it. */
  get hashes(): ExpireIndex {
    return this.#hashes;
  }

  /** Whether a hash has fields that are due at `nowMs`. */
  hasDue(entry: number, nowMs: number): boolean {
    const hashes = this.#hashes;
    return hashes.nextDueMs <= nowMs && hashes.holds(entry) && hashes.dueOf(entry) <= nowMs;
  }

  /**
   * Makes room for one more hash, so that {@link track} does not fail when its first field gets a due
   * time. Throws OutOfMemory.
   */
  reserve(): void {
    this.#hashes.reserve();
  }

  /** The fields of a hash have changed, or their due times. */
  track(entry: number): void {
    const { slabs } = this.#context;
    if (!isExpirable(slabs, entry)) return;
    const dueMs = earliestDue(this.#context, entry);
    const hashes = this.#hashes;
    if (!hashes.holds(entry)) {
      if (dueMs !== NEVER) hashes.add(entry, dueMs);
    } else if (dueMs === NEVER) hashes.remove(entry);
    else if (hashes.dueOf(entry) !== dueMs) hashes.update(entry, dueMs);
  }

  /** An entry, maybe a hash, is about to go. */
  forget(entry: number): void {
    if (this.#hashes.size > 0 && this.#hashes.holds(entry)) this.#hashes.remove(entry);
  }

  /** An entry, maybe a hash, has become another one, to which its content has been copied. */
  moved(oldEntry: number, entry: number): void {
    if (this.#hashes.size > 0) this.#hashes.movedFrom(oldEntry, entry);
  }

  clear(): void {
    this.#hashes.clear();
  }
}

/**
 * Removes fields of a hash that are due, in the order of their due times, and the hash with its last;
 * tells of it.
 *
 * @param limit How many at most.
 * @returns How many fields have gone.
 */
export function expireFields(db: Database, entry: number, limit = Infinity): number {
  const { keyspace, keyspace: { nowMs } } = db;
  db.aboutToChange(entry);
  const tell = fieldTeller(db, entry);
  let count = 0;
  while (count < limit && removeFirstDue(keyspace, entry, nowMs, tell)) count++;
  haveExpired(db, entry, count);
  return count;
}

/**
 * Removes a field of a hash if it is due, without telling of it but to the log; {@link haveExpired}
 * does the rest. Returns whether it has.
 */
export function expireField(
  db: Database,
  entry: number,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  const { keyspace } = db;
  if (!(fieldDue(keyspace, entry, buf, start, end) <= keyspace.nowMs)) return false;
  db.aboutToChange(entry);
  fieldTeller(db, entry)(buf, start, end);
  return removeHashField(keyspace, entry, buf, start, end);
}

/** Tells that fields of a hash have expired, and removes it when it has none left; returns whether it is still there. */
export function haveExpired(db: Database, entry: number, count: number): boolean {
  const { keyspace } = db;
  if (count === 0) {
    db.fields.track(entry);
    return true;
  }
  const { buf, start, end } = db.key(entry);
  const key = buf.slice(start, end);
  const isEmpty = hashLength(keyspace, entry) === 0;
  if (isEmpty) db.removeEntry(entry, false);
  else db.fields.track(entry);
  db.modified(key, 0, key.length);
  db.notify(key, 0, key.length, EventClass.HASH, "hexpired");
  if (isEmpty) db.notify(key, 0, key.length, EventClass.GENERIC, "del");
  return !isEmpty;
}

/** Counts fields of a hash that expire, and shows them to the log before they go. */
function fieldTeller(db: Database, entry: number) {
  const { keyspace } = db;
  return (buf: Uint8Array, start: number, end: number): void => {
    keyspace.counters.expiredSubkeys++;
    const key = db.key(entry);
    const { listener } = keyspace;
    listener.fieldExpired(db.index, key.buf, key.start, key.end, buf, start, end);
  };
}
