/** `client-output-buffer-limit`: a client that does not read is dropped before it costs too much. */
import { describeClient } from "../commands/client/describe.ts";
import { ClientFlag } from "../commands/context.ts";
import { CHUNK_BYTES } from "../resp/output_pool.ts";
import type { Client } from "./client.ts";
import type { Server } from "./server.ts";
import type { OutputBufferLimit } from "./settings.ts";

/** Output of up to so many bytes is within every limit: Redis does not count its fixed buffer either. */
const FREE_BYTES = CHUNK_BYTES;

/** Who has not said who they are gets errors, and is not to pile them up. */
const UNAUTHENTICATED: OutputBufferLimit = { hard: 1024, soft: 0, seconds: 0 };

export class OutputLimits {
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
  }

  /** Sees to it that no reply grows beyond the hard limit that is in force for a client now. */
  apply(client: Client): void {
    const { hard } = this.#limitOf(client);
    client.reply.limitBytes = hard === 0 ? 0 : Math.max(hard, FREE_BYTES);
  }

  /** Marks a client whose output is above its limits, at once or for too long, to be closed. */
  check(client: Client): void {
    if (client.flags & ClientFlag.CLOSE_ASAP) return;
    const limit = this.#limitOf(client);
    const { memoryBytes, overflowed } = client.reply;
    const countedBytes = memoryBytes > FREE_BYTES ? memoryBytes : 0;
    this.apply(client);
    if (!overflowed && !this.#isOver(client, limit, countedBytes)) return;
    this.#server.stats.outputBufferLimitDisconnections++;
    this.#server.log.warning(
      `Client ${describeClient(client)} scheduled to be closed ASAP for ` +
        "overcoming of output buffer limits.",
    );
    client.closeSoon();
  }

  #limitOf(client: Client): OutputBufferLimit {
    if (!client.isAuthenticated) return UNAUTHENTICATED;
    const { normal, pubsub } = this.#server.settings.clientOutputBufferLimit;
    return client.flags & ClientFlag.PUBSUB ? pubsub : normal;
  }

  #isOver(client: Client, { hard, soft, seconds }: OutputBufferLimit, bytes: number): boolean {
    if (hard > 0 && bytes >= hard) return true;
    if (soft === 0 || bytes < soft) {
      client.overSoftLimitSinceMs = 0;
      return false;
    }
    const { nowMs } = this.#server;
    if (client.overSoftLimitSinceMs === 0) client.overSoftLimitSinceMs = nowMs;
    // Redis counts by the seconds of the wall clock, which gives up to one more.
    const since = Math.floor(client.overSoftLimitSinceMs / 1000);
    return Math.floor(nowMs / 1000) - since > seconds;
  }
}
