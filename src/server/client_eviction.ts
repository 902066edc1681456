/**
 * `maxmemory-clients`: when all clients together hold too much, the largest are disconnected.
 *
 * What a client holds is counted anew whenever it has received something or something has been sent
 * to it; the sum of it all is looked at when a turn ends, and before keys are evicted. Nothing is
 * counted while there is no limit.
 */
import { describeClient } from "../commands/client/describe.ts";
import { ClientFlag } from "../commands/context.ts";
import { CHUNK_BYTES } from "../resp/output_pool.ts";
import type { Client } from "./client.ts";
import type { Server } from "./server.ts";

/** A lower limit would leave no room to say anything to the server. */
const LIMIT_BYTES_MIN = 128 * 1024;

/** When nobody could be disconnected, it is so long until the next look, in ms. */
const VAIN_MS = 100;

export class ClientEviction {
  readonly #server: Server;
  /** What all clients may hold, in bytes; 0 for any amount. */
  #limitBytes = 0;
  /** What each client held when it was counted last, and the sum. */
  readonly #counts = new Map<Client, number>();
  #bytes = 0;
  #nextLookMs = 0;

  constructor(server: Server) {
    this.#server = server;
    this.followSettings();
  }

  get isOn(): boolean {
    return this.#limitBytes > 0;
  }

  /** Reads the limit, of which a percentage is one of `maxmemory`, and counts all clients anew. */
  followSettings(): void {
    const { maxmemory, maxmemoryClients } = this.#server.settings;
    const bytes = maxmemoryClients >= 0 ? maxmemoryClients : -maxmemoryClients * maxmemory / 100;
    this.#limitBytes = bytes === 0 ? 0 : Math.max(bytes, LIMIT_BYTES_MIN);
    this.#nextLookMs = 0;
    this.#counts.clear();
    this.#bytes = 0;
    if (this.isOn) this.#countAll();
  }

  /** Counts what a client holds now. */
  count(client: Client): void {
    if (!this.isOn || client.ended) return;
    const bytes = heldBytes(client);
    this.#bytes += bytes - (this.#counts.get(client) ?? 0);
    this.#counts.set(client, bytes);
  }

  /** The client has gone. */
  forget(client: Client): void {
    this.#bytes -= this.#counts.get(client) ?? 0;
    this.#counts.delete(client);
  }

  /**
   * Disconnects the largest clients as long as all together hold more than they may.
   *
   * @param current A client whose request is under way: it is closed when the turn ends.
   */
  run(current: Client | null = null): void {
    const { clients, log, nowMs, stats } = this.#server;
    if (this.#bytes <= this.#limitBytes || nowMs < this.#nextLookMs) return;
    this.#countAll();
    const largestFirst = [...clients]
      .filter(({ flags }) => (flags & ClientFlag.NO_EVICT) === 0)
      .sort((a, b) => this.#counts.get(b)! - this.#counts.get(a)!);
    for (const client of largestFirst) {
      if (this.#bytes <= this.#limitBytes) return;
      log.notice(`Evicting client: ${describeClient(client)}`);
      stats.evictedClients++;
      if (client !== current) client.connection.close();
      else {
        this.forget(client);
        client.closeSoon();
      }
    }
    if (this.#bytes <= this.#limitBytes) return;
    log.warning("Over client maxmemory after evicting all evictable clients");
    this.#nextLookMs = nowMs + VAIN_MS;
  }

  #countAll(): void {
    for (const client of this.#server.clients) this.count(client);
  }
}

/** A chunk of output that is shared, and under way to the client, is not held by it for long. */
function heldBytes({ memoryBytes, reply }: Client): number {
  return reply.memoryBytes > CHUNK_BYTES ? memoryBytes : memoryBytes - reply.memoryBytes;
}
