/**
 * Which keys are waited for and by whom, and which of them have become ready.
 *
 * A key that somebody waits for has a queue; no other key has anything. Queues keep the order of
 * arrival, and a queue that has become ready stands once in a list, in the order of readiness. While
 * nobody waits, the keyspace does not call: `keyspace.awaitedTypes` is 0.
 */
import type { Keyspace } from "../keyspace/keyspace.ts";
import { latin1, latin1Text } from "../memory/bytes.ts";
import { TypeId } from "../structures/entry.ts";

/** Who waits for keys. */
export interface KeyWaiter {
  /** One of TypeId: what a key must be. */
  readonly typeId: number;
  /** Whether it is to hear as well when a key that was there goes, or becomes something else. */
  readonly wakesOnLoss: boolean;
  /** Where it waits; filled in by {@link AwaitedKeys}. */
  readonly queues: KeyQueue<this>[];
}

/** Those who wait for one key, in the order of arrival. */
export class KeyQueue<W> {
  readonly waiters = new Set<W>();
  /** How many of them hear of the key's end. */
  lossCount = 0;
  /** True while it stands in the list of those that have become ready. */
  isReady = false;

  constructor(readonly db: number, readonly name: string, readonly key: Uint8Array) {}
}

/** Every type that can be waited for. */
const WAITABLE = [TypeId.LIST, TypeId.ZSET, TypeId.STREAM];

export class AwaitedKeys<W extends KeyWaiter> {
  readonly #keyspace: Keyspace;
  /** By database and key, the latter with one character for each byte. */
  readonly #queues = new Map<number, Map<string, KeyQueue<W>>>();
  /** How many wait for keys of a type, by TypeId. */
  readonly #countOfType = new Int32Array(8);
  #ready: KeyQueue<W>[] = [];
  #count = 0;
  #lossQueueCount = 0;

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
  }

  /** How many keys are waited for. */
  get count(): number {
    return this.#count;
  }

  /** For how many of them somebody wants to hear of their end. */
  get countOnLoss(): number {
    return this.#lossQueueCount;
  }

  /** Whether some key has become ready. */
  get hasReady(): boolean {
    return this.#ready.length > 0;
  }

  /** Lets somebody wait for a key, behind all who do so already; once, even if it is told twice. */
  add(waiter: W, db: number, name: string): void {
    const queue = this.#queueOf(db, name);
    if (queue.waiters.has(waiter)) return;
    queue.waiters.add(waiter);
    waiter.queues.push(queue);
    if (waiter.wakesOnLoss && queue.lossCount++ === 0) this.#lossQueueCount++;
  }

  /** To be called once, when all keys of somebody have been added. */
  begin(waiter: W): void {
    if (this.#countOfType[waiter.typeId]++ === 0) this.#adjustTypes();
  }

  /** Ends all that somebody waits for. */
  end(waiter: W): void {
    for (const queue of waiter.queues) {
      queue.waiters.delete(waiter);
      if (waiter.wakesOnLoss && --queue.lossCount === 0) this.#lossQueueCount--;
      if (queue.waiters.size === 0) this.#remove(queue);
    }
    waiter.queues.length = 0;
    if (--this.#countOfType[waiter.typeId] === 0) this.#adjustTypes();
  }

  /** The keys that have become ready since the last call, in the order in which they have. */
  takeReady(): readonly KeyQueue<W>[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  // -------------------------------------------------------------- what the keyspace tells

  /** A key is there that was not, or there is something new in it, or it goes. */
  keyReady(db: number, typeId: number, buf: Uint8Array, start: number, end: number): void {
    if (this.#countOfType[typeId] === 0) return;
    const queue = this.#queues.get(db)?.get(latin1Text(buf, start, end));
    if (queue !== undefined) this.#makeReady(queue);
  }

  /** A database, or with -1 each, is about to be emptied. */
  flushing(db: number): void {
    if (this.#countOfType[TypeId.STREAM] === 0) return;
    for (const [index, queues] of this.#queues) {
      if (db !== -1 && db !== index) continue;
      for (const queue of queues.values()) {
        if (this.#typeOf(queue) === TypeId.STREAM) this.#makeReady(queue);
      }
    }
  }

  /** A database has got other contents. */
  replaced(db: number): void {
    for (const queue of this.#queues.get(db)?.values() ?? []) {
      const typeId = this.#typeOf(queue);
      const isAwaited = typeId !== -1 && this.#countOfType[typeId] > 0;
      if (isAwaited || queue.lossCount > 0) this.#makeReady(queue);
    }
  }

  /** What the key of a queue is at present; -1 when it is missing. */
  #typeOf({ db, key }: KeyQueue<W>): number {
    const database = this.#keyspace.database(db);
    const entry = database.peek(key, 0, key.length);
    return entry === 0 ? -1 : database.type(entry);
  }

  #makeReady(queue: KeyQueue<W>): void {
    if (queue.isReady) return;
    queue.isReady = true;
    this.#ready.push(queue);
  }

  #queueOf(db: number, name: string): KeyQueue<W> {
    let queues = this.#queues.get(db);
    if (queues === undefined) this.#queues.set(db, queues = new Map());
    let queue = queues.get(name);
    if (queue === undefined) {
      queues.set(name, queue = new KeyQueue<W>(db, name, latin1(name)));
      this.#count++;
    }
    return queue;
  }

  #remove(queue: KeyQueue<W>): void {
    const queues = this.#queues.get(queue.db)!;
    queues.delete(queue.name);
    if (queues.size === 0) this.#queues.delete(queue.db);
    this.#count--;
  }

  /** Tells the keyspace of which types it must report. */
  #adjustTypes(): void {
    let types = 0;
    for (const typeId of WAITABLE) if (this.#countOfType[typeId] > 0) types |= 1 << typeId;
    this.#keyspace.awaitedTypes = types;
  }
}
