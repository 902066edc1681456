/**
 * WATCH: who watches which keys, and whether they are still what they were.
 *
 * A client is told of the first change by its flag {@link ClientFlag.DIRTY_CAS}; from then on
 * nothing is watched for it, since nothing can make its transaction valid again. While nobody
 * watches, the keyspace is told so, and does not call.
 *
 * A key that is due but still there counts as missing. So it is remembered of a key whether it was
 * due when the watch began: its removal is then no change, and its coming due later is one.
 */
import { ClientFlag } from "../commands/context.ts";
import { type Database, NO_EXPIRY } from "../keyspace/database.ts";
import type { Keyspace } from "../keyspace/keyspace.ts";
import { latin1, latin1Text } from "../memory/bytes.ts";
import type { Client } from "./client.ts";

/** What a watch costs beside its key, roughly: an object, and its places in two maps and a set. */
const WATCH_BYTES = 200;

interface Watch {
  readonly client: Client;
  readonly db: number;
  /** One character for each byte. */
  readonly key: string;
  readonly bytes: Uint8Array;
  /** Whether the key was due, though not yet removed, when the watch began. */
  wasDue: boolean;
}

/** All watches of a client. */
class OwnWatches {
  readonly watches: Watch[] = [];
  bytes = 0;

  add(watch: Watch): void {
    this.watches.push(watch);
    this.bytes += bytesOf(watch);
  }
}

/** What a key is to those who watch it. */
type Presence = "missing" | "due" | "there";

export class Watches {
  readonly #keyspace: Keyspace;
  /** By database, then by key. */
  readonly #byKey = new Map<number, Map<string, Set<Watch>>>();
  readonly #byClient = new Map<Client, OwnWatches>();
  #bytes = 0;

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
  }

  /** How many clients watch something. */
  get clientCount(): number {
    return this.#byClient.size;
  }

  /** How many keys are watched by somebody. */
  get keyCount(): number {
    let count = 0;
    for (const keys of this.#byKey.values()) count += keys.size;
    return count;
  }

  /** What all watches take on the heap, in bytes. */
  get memoryBytes(): number {
    return this.#bytes;
  }

  /** How many keys a client watches. */
  countOf(client: Client): number {
    return this.#byClient.get(client)?.watches.length ?? 0;
  }

  /** What the watches of a client take, in bytes. */
  bytesOf(client: Client): number {
    return this.#byClient.get(client)?.bytes ?? 0;
  }

  /** Watches a key of the client's database for it, if it does not yet. */
  add(client: Client, buf: Uint8Array, start: number, end: number): void {
    const db = client.db.index;
    const key = latin1Text(buf, start, end);
    const watches = this.#watchesOf(db, key);
    for (const watch of watches) if (watch.client === client) return;
    const bytes = latin1(key);
    const wasDue = this.#presence(client.db, bytes) === "due";
    const watch: Watch = { client, db, key, bytes, wasDue };
    watches.add(watch);
    let own = this.#byClient.get(client);
    if (own === undefined) this.#byClient.set(client, own = new OwnWatches());
    own.add(watch);
    this.#bytes += bytesOf(watch);
    this.#keyspace.watchModifications(this, true);
  }

  /** Ends all watches of a client. */
  drop(client: Client): void {
    const own = this.#byClient.get(client);
    if (own === undefined) return;
    this.#byClient.delete(client);
    for (const watch of own.watches) this.#remove(watch);
    this.#keyspace.watchModifications(this, this.#byClient.size > 0);
  }

  /** Whether a key that a client watches has come due, which nobody may have noticed yet. */
  hasExpired(client: Client): boolean {
    for (const { db, bytes, wasDue } of this.#byClient.get(client)?.watches ?? []) {
      if (!wasDue && this.#presence(this.#keyspace.database(db), bytes) === "due") return true;
    }
    return false;
  }

  /** A key has changed, or has gone. */
  keyModified(db: number, buf: Uint8Array, start: number, end: number): void {
    const watches = this.#byKey.get(db)?.get(latin1Text(buf, start, end));
    if (watches === undefined) return;
    const database = this.#keyspace.database(db);
    for (const watch of watches) {
      if (!watch.wasDue) this.#spoil(watch.client);
      else if (this.#presence(database, watch.bytes) === "missing") watch.wasDue = false;
    }
  }

  /** A database, or with -1 each, is about to be emptied. */
  flushing(db: number): void {
    for (const index of [...this.#byKey.keys()]) {
      if (db === -1 || db === index) this.#replaced(index, () => "missing");
    }
  }

  /** Two databases are about to exchange their contents. */
  swapping(first: number, second: number): void {
    const keyspace = this.#keyspace;
    this.#replaced(first, (key) => this.#presence(keyspace.database(second), key));
    this.#replaced(second, (key) => this.#presence(keyspace.database(first), key));
  }

  /**
   * The contents of a database are about to be replaced.
   *
   * @param presenceThen What a key will be afterwards.
   */
  #replaced(db: number, presenceThen: (key: Uint8Array) => Presence): void {
    const database = this.#keyspace.database(db);
    for (const watches of [...this.#byKey.get(db)?.values() ?? []]) {
      for (const watch of watches) {
        const then = presenceThen(watch.bytes);
        const isMissing = this.#presence(database, watch.bytes) === "missing";
        if (isMissing && then === "missing") continue;
        if (watch.wasDue ? then !== "there" : isMissing && then === "due") {
          watch.wasDue = then === "due";
        } else {
          this.#spoil(watch.client);
        }
      }
    }
  }

  /** The transaction of the client will not be run. */
  #spoil(client: Client): void {
    client.flags |= ClientFlag.DIRTY_CAS;
    this.drop(client);
  }

  #watchesOf(db: number, key: string): Set<Watch> {
    let keys = this.#byKey.get(db);
    if (keys === undefined) this.#byKey.set(db, keys = new Map());
    let watches = keys.get(key);
    if (watches === undefined) keys.set(key, watches = new Set());
    return watches;
  }

  #remove(watch: Watch): void {
    const keys = this.#byKey.get(watch.db)!;
    const watches = keys.get(watch.key)!;
    watches.delete(watch);
    if (watches.size === 0) keys.delete(watch.key);
    if (keys.size === 0) this.#byKey.delete(watch.db);
    this.#bytes -= bytesOf(watch);
  }

  /** Looks at a key without removing it when it is due. */
  #presence(db: Database, key: Uint8Array): Presence {
    const { dict } = db;
    if (dict.size === 0) return "missing";
    const entry = dict.find(key, 0, key.length, dict.hash(key, 0, key.length));
    if (entry === 0) return "missing";
    const dueMs = db.dueMs(entry);
    return dueMs !== NO_EXPIRY && dueMs <= db.nowMs ? "due" : "there";
  }
}

function bytesOf(watch: Watch): number {
  return WATCH_BYTES + 2 * watch.bytes.length;
}
