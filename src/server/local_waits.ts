/** WAITAOF: clients that wait until what they have written is on the disk. */
import type { LocalWaitService } from "../commands/context.ts";
import { WAITAOF_WITHOUT_AOF, writeAcknowledged } from "../commands/generic/wait.ts";
import type { Client } from "./client.ts";
import type { Server } from "./server.ts";

export class LocalWaits implements LocalWaitService {
  readonly #server: Server;
  /** Up to where in the log the disk must have it. */
  readonly #waiting = new Map<Client, number>();
  #isServing = false;

  constructor(server: Server) {
    this.#server = server;
  }

  hold(client: Client, timeoutMs: number): void {
    const { appendOnly, blocking } = this.#server;
    const upTo = appendOnly.toldBytes;
    this.#waiting.set(client, upTo);
    blocking.block(client, timeoutMs, (reply) => {
      this.#waiting.delete(client);
      if (!appendOnly.isOn) reply.replyError(WAITAOF_WITHOUT_AOF);
      else writeAcknowledged(reply, appendOnly.syncedBytes >= upTo);
    });
  }

  /** More is on the disk, or the log has ended: those for whom that is enough are answered, in a turn of their own. */
  serve(): void {
    if (this.#waiting.size === 0 || this.#isServing) return;
    this.#isServing = true;
    this.#server.after(0, "WAITAOF", () => {
      this.#isServing = false;
      const { appendOnly, blocking } = this.#server;
      for (const [client, upTo] of [...this.#waiting]) {
        if (client.ended) this.#waiting.delete(client);
        else if (!appendOnly.isOn || appendOnly.syncedBytes >= upTo) {
          blocking.release(client, false);
        }
      }
    });
  }
}
