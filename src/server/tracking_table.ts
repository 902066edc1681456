/**
 * Which clients may have which keys in a cache of their own.
 *
 * The table lies in the slabs, as the data does: an entry for each key, whose value is the list of
 * clients, one int32 each:
 *
 *     ┌─────┬──────────┬──────────┬───
 *     │ key │ client 1 │ client 2 │ …
 *     └─────┴──────────┴──────────┴───
 *
 * Clients are numbers here, so nothing keeps one alive that has gone; its numbers go with the keys
 * they stand at. Keys are the same in all databases, as in Redis.
 */
import type { Keyspace } from "../keyspace/keyspace.ts";
import { copyBytes } from "../memory/bytes.ts";
import { pageOf } from "../memory/handle.ts";
import { Dict } from "../structures/dict.ts";
import * as Entry from "../structures/entry.ts";

/** The bytes of one client's number. */
const CLIENT_BYTES = 4;

/** So many clients may stand at one key. */
export const CLIENTS_PER_KEY_MAX = 4096;

const NOBODY = new Int32Array(0);

export class TrackingTable {
  /** How many clients stand at all keys together. */
  itemCount = 0;
  readonly #keyspace: Keyspace;
  readonly #dict: Dict;

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
    this.#dict = new Dict(keyspace.slabs, keyspace.seed);
  }

  /** How many keys there are. */
  get size(): number {
    return this.#dict.size;
  }

  /**
   * Notes that a client may have a key.
   *
   * @returns False when so many stand at the key already that there is no room for another. Throws
   *   OutOfMemory with nothing changed.
   */
  add(buf: Uint8Array, start: number, end: number, client: number): boolean {
    const { slabs } = this.#keyspace;
    const dict = this.#dict;
    const hash = dict.hash(buf, start, end);
    const old = dict.find(buf, start, end, hash);
    const clients = old === 0 ? NOBODY : this.#clientsAt(old);
    if (clients.includes(client)) return true;
    if (clients.length === CLIENTS_PER_KEY_MAX) return false;
    const length = (clients.length + 1) * CLIENT_BYTES;
    let entry = old;
    if (old !== 0 && Entry.fitsInline(slabs, old, length)) {
      Entry.setInlineLength(slabs, old, length);
    } else {
      const { STRING } = Entry.TypeId;
      entry = Entry.createInline(slabs, buf, start, end, length, STRING, 0, false, 0);
      if (old === 0) this.#insert(hash, entry);
      else {
        dict.replace(hash, old, entry);
        slabs.free(old);
      }
    }
    this.#setClients(entry, clients, client);
    this.itemCount++;
    return true;
  }

  /** Takes a key out; returns the clients that stood at it. */
  take(buf: Uint8Array, start: number, end: number): Int32Array {
    const dict = this.#dict;
    if (dict.size === 0) return NOBODY;
    const hash = dict.hash(buf, start, end);
    const entry = dict.find(buf, start, end, hash);
    if (entry === 0) return NOBODY;
    const clients = this.#clientsAt(entry);
    dict.remove(hash, entry);
    this.#keyspace.slabs.free(entry);
    this.itemCount -= clients.length;
    return clients;
  }

  /** A copy of some key, each as likely as the others; there must be one. */
  randomKey(): Uint8Array {
    const { slabs, random32 } = this.#keyspace;
    const entry = this.#dict.random(random32);
    const offset = Entry.keyOffset(slabs, entry);
    return slabs.bytes[pageOf(entry)].slice(offset, offset + Entry.keyLength(slabs, entry));
  }

  /** Forgets everything; the memory is freed in slices. */
  clear(): void {
    const { lazyFree, slabs } = this.#keyspace;
    const table = this.#dict.detach();
    if (table !== null) lazyFree.table(table, (entry) => slabs.free(entry));
    this.itemCount = 0;
  }

  #insert(hash: number, entry: number): void {
    try {
      this.#dict.insert(hash, entry);
    } catch (failure) {
      this.#keyspace.slabs.free(entry);
      throw failure;
    }
  }

  /** A copy of the list of clients: in the entry it may begin at any byte. */
  #clientsAt(entry: number): Int32Array {
    const { slabs } = this.#keyspace;
    const clients = new Int32Array(Entry.valueLength(slabs, entry) / CLIENT_BYTES);
    const offset = Entry.valueOffset(slabs, entry);
    copyBytes(bytesOf(clients), 0, slabs.bytes[pageOf(entry)], offset, offset + clients.byteLength);
    return clients;
  }

  /** Writes the list of an entry that has room for `clients` and one more. */
  #setClients(entry: number, clients: Int32Array, last: number): void {
    const { slabs } = this.#keyspace;
    const page = slabs.bytes[pageOf(entry)];
    const offset = Entry.valueOffset(slabs, entry);
    copyBytes(page, offset, bytesOf(clients), 0, clients.byteLength);
    const lastBytes = bytesOf(Int32Array.of(last));
    copyBytes(page, offset + clients.byteLength, lastBytes, 0, CLIENT_BYTES);
  }
}

function bytesOf(words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer);
}
