/**
 * Clients that wait for something to happen before their command is answered: for replicas (WAIT).
 *
 * A client that waits is held, so that its later requests wait as well, and it alone: all others go
 * on. The wait ends with a reply, given by whoever brings what is waited for or by the clock; or the
 * client goes, and with it all that is known of its wait.
 */
import { type BlockingService, ClientFlag } from "../commands/context.ts";
import type { Cancel } from "../platform/mod.ts";
import type { ReplyWriter } from "../resp/writer.ts";
import type { Client } from "./client.ts";
import { settleReply } from "./dispatch.ts";
import type { Server } from "./server.ts";

/** Writes the one reply with which a wait ends. */
export type LastWords = (reply: ReplyWriter) => void;

interface Wait {
  /** Wall clock in ms; Infinity for one that only its occasion ends. */
  readonly untilMs: number;
  readonly atTimeout: LastWords;
  cancelTimer: Cancel | null;
}

export class Blocking implements BlockingService {
  readonly #server: Server;
  readonly #waits = new Map<Client, Wait>();

  constructor(server: Server) {
    this.#server = server;
  }

  /** How many clients wait. */
  get count(): number {
    return this.#waits.size;
  }

  /** How many of them will not wait for ever. */
  get timedCount(): number {
    let count = 0;
    for (const { untilMs } of this.#waits.values()) if (untilMs < Infinity) count++;
    return count;
  }

  /** To be called by the client's command in place of a reply. In EXEC nobody waits. */
  block(client: Client, timeoutMs: number, atTimeout: LastWords): void {
    if ((client.flags & ClientFlag.DENY_BLOCKING) !== 0) return atTimeout(client.reply);
    const untilMs = timeoutMs === 0 ? Infinity : this.#server.nowMs + timeoutMs;
    const wait: Wait = { untilMs, atTimeout, cancelTimer: null };
    client.flags |= ClientFlag.BLOCKED;
    this.#waits.set(client, wait);
    if (untilMs < Infinity) this.#setTimer(client, wait);
  }

  /** What the client has waited for is there, or will not come. */
  unblock(client: Client, words: LastWords): void {
    if (!this.drop(client)) return;
    client.flags &= ~ClientFlag.BLOCKED;
    const { reply } = client;
    const mark = reply.mark();
    words(reply);
    settleReply(client, mark);
    this.#server.queueFlush(client);
    client.connection.resume();
  }

  /** Forgets the wait of a client that has gone; false when it has not waited. */
  drop(client: Client): boolean {
    const wait = this.#waits.get(client);
    if (wait === undefined) return false;
    wait.cancelTimer?.();
    return this.#waits.delete(client);
  }

  #setTimer(client: Client, wait: Wait): void {
    const server = this.#server;
    wait.cancelTimer = server.after(wait.untilMs - server.nowMs, "the end of a wait", () => {
      // A timer may end early: there is a longest one.
      if (server.nowMs < wait.untilMs) this.#setTimer(client, wait);
      else this.unblock(client, wait.atTimeout);
    });
  }
}
