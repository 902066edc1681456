/**
 * What the server does by itself, `hz` times a second: samples for INFO, timeouts of clients, a look
 * at its own size, and at whether there is work in the background.
 */
import type { Cancel } from "../platform/mod.ts";
import { ClientFlag } from "../commands/context.ts";
import type { Client } from "./client.ts";
import type { Server } from "./server.ts";
import { ExceededTime } from "./exceeded_time.ts";
import { InstantaneousRates } from "./rates.ts";
import { RecentPeaks } from "./recent_peaks.ts";

/** Clients with one of these set are silent for a reason. */
const PATIENT = ClientFlag.PUBSUB | ClientFlag.MONITOR | ClientFlag.PAUSED | ClientFlag.BLOCKED;

/** Process memory is measured this often; it costs some 10 µs. */
const MEMORY_EVERY_MS = 100;

export class Cron {
  readonly #server: Server;
  rates = new InstantaneousRates();
  /** Most recently measured resident memory, bytes. */
  rssBytes: number;
  peakUsedBytes = 0;
  readonly peaks = new RecentPeaks();
  readonly exceeded = new ExceededTime();
  /** Runs so far. */
  loops = 0;
  /** DEBUG PAUSE-CRON. */
  paused = false;
  #measuredMs = 0;
  #cancel: Cancel | null = null;

  constructor(server: Server) {
    this.#server = server;
    this.rssBytes = server.platform.process.rssBytes();
  }

  start(): void {
    this.#schedule();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #schedule(): void {
    this.#cancel = this.#server.after(1000 / this.#server.settings.hz, "the cron", () => {
      this.#schedule();
      this.run();
    });
  }

  /** One run, within a turn. */
  run(): void {
    if (this.paused) return;
    const server = this.#server;
    this.loops++;
    server.shutdown.cron();
    this.#measure();
    this.peaks.begin(server.nowMs);
    for (const client of server.clients) this.#tend(client);
    server.tracking.limit();
    server.background.start();
    server.keyspace.slabs.unpacked.clear();
    server.backgroundSave.cron();
    server.appendOnly.cron();
    this.exceeded.note(server.settings.maxmemory > 0 && !server.makeRoom(), server.nowMs);
  }

  #measure(): void {
    const server = this.#server;
    const { nowMs, stats } = server;
    if (nowMs - this.#measuredMs < MEMORY_EVERY_MS) return;
    this.#measuredMs = nowMs;
    this.rssBytes = server.platform.process.rssBytes();
    server.realSize.look(this.rssBytes);
    this.peakUsedBytes = Math.max(this.peakUsedBytes, server.usedBytes);
    this.rates.sample(nowMs, stats.commandsProcessed, stats.bytesIn, stats.bytesOut, stats.turns);
  }

  /** Idle clients go after `timeout`; output above a soft limit may have lasted too long by now. */
  #tend(client: Client): void {
    const server = this.#server;
    const { timeout } = server.settings;
    client.countMemory();
    this.peaks.note(client.queryBufferUsed, client.reply.memoryBytes);
    const idleMs = server.nowMs - client.lastInteractionMs;
    if (timeout > 0 && (client.flags & PATIENT) === 0 && idleMs > timeout * 1000) {
      server.log.verbose("Closing idle client");
      client.connection.close();
    } else if (client.reply.pendingBytes > 0) {
      server.limits.check(client);
    }
  }
}
