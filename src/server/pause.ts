/** CLIENT PAUSE: holds back clients that send commands of some kind, for a time. */
import { ClientFlag } from "../commands/context.ts";
import { flagBit } from "../commands/spec.ts";
import type { Cancel } from "../platform/mod.ts";
import type { Args } from "../resp/args.ts";
import type { Client } from "./client.ts";
import { dispatch } from "./dispatch.ts";
import type { Server } from "./server.ts";

const CHANGES = flagBit("write") | flagBit("may_replicate");

interface Waiting {
  readonly client: Client;
  readonly args: Args;
}

export class Pause {
  readonly #server: Server;
  #untilMs = 0;
  #onlyWrites = false;
  #waiting: Waiting[] = [];
  #cancelTimer: Cancel | null = null;

  constructor(server: Server) {
    this.#server = server;
  }

  /** Whether a pause is in force. */
  get isActive(): boolean {
    return this.#untilMs > this.#server.nowMs;
  }

  /** How many clients wait for the end of the pause. */
  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** "all", "write" or "none", and the milliseconds left, for INFO. */
  get state(): { actions: string; leftMs: number } {
    if (!this.isActive) return { actions: "none", leftMs: 0 };
    return {
      actions: this.#onlyWrites ? "write" : "all",
      leftMs: this.#untilMs - this.#server.nowMs,
    };
  }

  /** Begins a pause, or makes one that is in force longer and stricter. */
  begin(untilMs: number, onlyWrites: boolean): void {
    const wasActive = this.isActive;
    this.#onlyWrites = onlyWrites && (!wasActive || this.#onlyWrites);
    this.#untilMs = Math.max(this.#untilMs, untilMs);
    this.#server.keyspace.expiryPaused = true;
    this.#setTimer();
  }

  /** Ends the pause: whoever waits goes on, in the order of arrival. */
  end(): void {
    this.#cancelTimer?.();
    this.#untilMs = 0;
    this.#server.keyspace.expiryPaused = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { client, args } of waiting) this.#goOn(client, args);
  }

  /**
   * Whether a command must wait.
   *
   * @param flagBits Its flags, and for EXEC those of what it would run.
   */
  holds(flagBits: number): boolean {
    if (!this.isActive) return false;
    return !this.#onlyWrites || (flagBits & CHANGES) !== 0;
  }

  /** Keeps a client's request until the pause ends; meanwhile the client is not read. */
  hold(client: Client, args: Args): void {
    client.flags |= ClientFlag.PAUSED;
    this.#waiting.push({ client, args: args.detach() });
  }

  #goOn(client: Client, args: Args): void {
    client.flags &= ~ClientFlag.PAUSED;
    const { bulkStore } = this.#server;
    if (client.ended) return args.release(bulkStore);
    dispatch(this.#server, client, args);
    args.release(bulkStore);
    this.#server.queueFlush(client);
    client.connection.resume();
  }

  #setTimer(): void {
    this.#cancelTimer?.();
    const leftMs = this.#untilMs - this.#server.nowMs;
    this.#cancelTimer = this.#server.after(leftMs, "the end of a pause", () => {
      if (this.isActive) this.#setTimer();
      else this.end();
    });
  }
}
