/** The clients that are connected. */
import type { Client } from "./client.ts";

export class Clients {
  readonly #byId = new Map<number, Client>();
  #nextId = 1;

  get size(): number {
    return this.#byId.size;
  }

  /** The number for the next client; they are never used again. */
  takeId(): number {
    return this.#nextId++;
  }

  add(client: Client): void {
    this.#byId.set(client.id, client);
  }

  remove(client: Client): void {
    this.#byId.delete(client.id);
  }

  get(id: number): Client | null {
    return this.#byId.get(id) ?? null;
  }

  /** In the order in which they connected. Clients may be removed while this goes on. */
  [Symbol.iterator](): IterableIterator<Client> {
    return this.#byId.values();
  }

  /** What the server holds for all clients. */
  memoryBytes(): number {
    let bytes = 0;
    for (const client of this) bytes += client.memoryBytes;
    return bytes;
  }
}
