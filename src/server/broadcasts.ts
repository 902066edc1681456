/**
 * Client-side caching by prefixes (CLIENT TRACKING … BCAST): nothing is remembered of what clients
 * read; they are told of every key that changes and begins as they have said, once a turn.
 */
import { latin1, latin1Text } from "../memory/bytes.ts";
import type { Client } from "./client.ts";

/** One prefix, and who wants to hear of it. */
interface Audience {
  readonly prefix: Uint8Array;
  readonly clients: Set<Client>;
  /** The keys that have changed since the last call of `flush`, and who has changed each last. */
  readonly changed: Map<string, Client | null>;
}

/** Sends keys to a client. */
type Send = (client: Client, keys: readonly Uint8Array[]) => void;

export class Broadcasts {
  /** By prefix. Names are texts with one character for each byte. */
  readonly #audiences = new Map<string, Audience>();
  #hasChanges = false;

  /** How many prefixes there are. */
  get prefixCount(): number {
    return this.#audiences.size;
  }

  add(client: Client, prefix: string): void {
    let audience = this.#audiences.get(prefix);
    if (audience === undefined) {
      audience = { prefix: latin1(prefix), clients: new Set(), changed: new Map() };
      this.#audiences.set(prefix, audience);
    }
    audience.clients.add(client);
  }

  remove(client: Client, prefix: string): void {
    const audience = this.#audiences.get(prefix);
    if (audience === undefined || !audience.clients.delete(client)) return;
    if (audience.clients.size === 0) this.#audiences.delete(prefix);
  }

  /** A key has changed, by a client's command or (null) by the server itself. */
  changed(client: Client | null, buf: Uint8Array, start: number, end: number): void {
    let key = "";
    for (const { prefix, changed } of this.#audiences.values()) {
      if (!beginsWith(buf, start, end, prefix)) continue;
      if (key === "") key = latin1Text(buf, start, end);
      changed.set(key, client);
      this.#hasChanges = true;
    }
  }

  /**
   * Sends what has changed since the last call, in the order of prefixes and keys.
   *
   * @param ignoresOwn Whether a client does not want to hear of what it has changed itself.
   */
  flush(send: Send, ignoresOwn: (client: Client) => boolean): void {
    if (!this.#hasChanges) return;
    this.#hasChanges = false;
    for (const [, { changed, clients }] of sorted(this.#audiences)) {
      if (changed.size === 0) continue;
      const changes = sorted(changed);
      changed.clear();
      const keys = changes.map(([key]) => latin1(key));
      for (const client of clients) {
        const wanted = ignoresOwn(client) ? keys.filter((_, i) => changes[i][1] !== client) : keys;
        if (wanted.length > 0) send(client, wanted);
      }
    }
  }
}

function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => a < b ? -1 : 1);
}

function beginsWith(buf: Uint8Array, start: number, end: number, prefix: Uint8Array): boolean {
  if (prefix.length > end - start) return false;
  for (let i = 0; i < prefix.length; i++) if (buf[start + i] !== prefix[i]) return false;
  return true;
}
