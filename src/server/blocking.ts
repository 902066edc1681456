/**
 * Clients that wait for something to happen before their command is answered: for keys (BLPOP, XREAD
 * BLOCK and the like), or for replicas (WAIT).
 *
 * A client that waits is held, so that its later requests wait as well, and it alone: all others go
 * on. The wait ends with a reply: of the command itself, tried again when one of its keys has become
 * ready; or by the clock; or by CLIENT UNBLOCK. Or the client goes, and with it all that is known of
 * its wait.
 *
 * Keys become ready while commands run, and are looked at when the command is over (EXEC as a
 * whole): in the order in which they became ready, and for each those who wait for it in the order in
 * which they came. Who is served may make further keys ready (BLMOVE), which follow.
 */
import { type BlockingService, ClientFlag, type KeyWait } from "../commands/context.ts";
import type { Command } from "../commands/spec.ts";
import type { Cancel } from "../platform/mod.ts";
import type { Args } from "../resp/args.ts";
import { ReplyError } from "../resp/errors.ts";
import type { ReplyWriter } from "../resp/writer.ts";
import { AwaitedKeys, type KeyQueue, type KeyWaiter } from "./awaited_keys.ts";
import type { Client } from "./client.ts";
import { type Deadline, Deadlines } from "./deadlines.ts";
import { finishBlocked, retryBlocked } from "./dispatch.ts";
import type { Server } from "./server.ts";

/** Writes the one reply with which a wait ends. */
export type LastWords = (reply: ReplyWriter) => void;

const UNBLOCKED = new ReplyError("UNBLOCKED client unblocked via CLIENT UNBLOCK");

/** What a wait takes beside its arguments, by estimate. */
const WAIT_BYTES = 400;

/** A command that has not been answered. */
class Wait implements Deadline {
  place = -1;

  constructor(
    readonly client: Client,
    readonly command: Command,
    /** Wall clock in ms; Infinity for one that only its occasion ends. */
    readonly untilMs: number,
    readonly atTimeout: LastWords,
  ) {}

  get memoryBytes(): number {
    return WAIT_BYTES;
  }
}

/** One that waits for keys. */
class WaitForKeys extends Wait implements KeyWaiter {
  readonly queues: KeyQueue<this>[] = [];

  /** @param args The request, which the wait owns. */
  constructor(
    client: Client,
    command: Command,
    untilMs: number,
    readonly how: KeyWait,
    readonly args: Args,
  ) {
    super(client, command, untilMs, (reply) => how.atTimeout(reply));
  }

  get typeId(): number {
    return this.how.typeId;
  }

  get wakesOnLoss(): boolean {
    return this.how.wakesOnLoss === true;
  }

  override get memoryBytes(): number {
    return WAIT_BYTES + this.args.memoryBytes;
  }
}

export class Blocking implements BlockingService {
  readonly keys: AwaitedKeys<WaitForKeys>;
  readonly #server: Server;
  readonly #waits = new Map<Client, Wait>();
  readonly #deadlines = new Deadlines<Wait>();
  #cancelTimer: Cancel | null = null;
  /** When the timer fires, wall clock in ms. */
  #timerMs = Infinity;
  #memoryBytes = 0;

  constructor(server: Server) {
    this.#server = server;
    this.keys = new AwaitedKeys(server.keyspace);
  }

  /** How many clients wait. */
  get count(): number {
    return this.#waits.size;
  }

  /** How many of them will not wait for ever. */
  get timedCount(): number {
    return this.#deadlines.size;
  }

  /** What all waits take, in bytes. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  /** What the wait of a client takes, in bytes; 0 when it does not wait. */
  bytesOf(client: Client): number {
    return this.#waits.get(client)?.memoryBytes ?? 0;
  }

  // -------------------------------------------------------------- beginnings

  block(client: Client, timeoutMs: number, atTimeout: LastWords): void {
    if ((client.flags & ClientFlag.DENY_BLOCKING) !== 0) return atTimeout(client.reply);
    this.#hold(new Wait(client, client.lastCommand!, this.#until(timeoutMs), atTimeout));
  }

  blockOnKeys(
    client: Client,
    args: Args,
    firstKey: number,
    keyCount: number,
    timeoutMs: number,
    how: KeyWait,
  ): void {
    if ((client.flags & ClientFlag.DENY_BLOCKING) !== 0) return how.atTimeout(client.reply);
    const { keys } = this;
    const command = client.lastCommand!;
    const until = this.#until(timeoutMs);
    const wait = new WaitForKeys(client, command, until, how, args.detach());
    for (let i = firstKey; i < firstKey + keyCount; i++) {
      keys.add(wait, client.db.index, wait.args.latin1(i));
    }
    keys.begin(wait);
    this.#hold(wait);
  }

  #until(timeoutMs: number): number {
    return timeoutMs === 0 ? Infinity : this.#server.nowMs + timeoutMs;
  }

  #hold(wait: Wait): void {
    wait.client.flags |= ClientFlag.BLOCKED;
    this.#waits.set(wait.client, wait);
    this.#memoryBytes += wait.memoryBytes;
    if (wait.untilMs === Infinity) return;
    this.#deadlines.add(wait);
    this.#setTimer();
  }

  // -------------------------------------------------------------- ends

  /** What the client has waited for is there, or will not come. */
  unblock(client: Client, words: LastWords): void {
    const wait = this.#waits.get(client);
    if (wait === undefined) return;
    finishBlocked(this.#server, client, wait.command, words);
    this.#letGo(client);
  }

  /** CLIENT UNBLOCK: as if the time were over, or with an error; false when the client does not wait. */
  release(client: Client, withError: boolean): boolean {
    const wait = this.#waits.get(client);
    if (wait === undefined) return false;
    this.unblock(client, withError ? throwUnblocked : wait.atTimeout);
    return true;
  }

  /** Forgets the wait of a client that has gone; false when it has not waited. */
  drop(client: Client): boolean {
    const wait = this.#waits.get(client);
    if (wait === undefined) return false;
    this.#waits.delete(client);
    this.#memoryBytes -= wait.memoryBytes;
    this.#deadlines.remove(wait);
    if (this.#deadlines.size === 0) this.#stopTimer();
    if (wait instanceof WaitForKeys) {
      this.keys.end(wait);
      wait.args.release(this.#server.bulkStore);
    }
    return true;
  }

  /** The client has its reply: its next requests can run. */
  #letGo(client: Client): void {
    this.drop(client);
    client.flags &= ~ClientFlag.BLOCKED;
    this.#server.queueFlush(client);
    client.connection.resume();
  }

  // -------------------------------------------------------------- keys that are ready

  /** Serves those who wait for keys that have become ready, until there are no such keys any more. */
  serveReady(): void {
    // A key that has fallen due meanwhile, as in a long transaction, serves nobody.
    this.#server.readTime();
    while (this.keys.hasReady) {
      for (const queue of this.keys.takeReady()) {
        queue.isReady = false;
        this.#serve(queue);
      }
    }
  }

  #serve({ db, key, waiters }: KeyQueue<WaitForKeys>): void {
    const server = this.#server;
    const database = server.keyspace.database(db);
    for (const wait of waiters) {
      const entry = database.peek(key, 0, key.length);
      const typeId = entry === 0 ? -1 : database.type(entry);
      if (typeId !== wait.typeId && !wait.wakesOnLoss) continue;
      const { args, client, command, how } = wait;
      // What the command does here is its effect, to be told as if the client had just sent it.
      const isServed = retryBlocked(server, client, command, args, how);
      if (isServed) this.#letGo(client);
    }
  }

  // -------------------------------------------------------------- the clock

  /** One timer for all: it fires when the nearest time is over, or earlier when that one has left. */
  #setTimer(): void {
    const server = this.#server;
    const untilMs = this.#deadlines.nearest!.untilMs;
    if (this.#timerMs <= untilMs) return;
    this.#stopTimer();
    this.#timerMs = untilMs;
    const work = () => this.#timeIsOver();
    this.#cancelTimer = server.after(untilMs - server.nowMs, "the end of a wait", work);
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#timerMs = Infinity;
  }

  #timeIsOver(): void {
    this.#stopTimer();
    for (;;) {
      const { nearest } = this.#deadlines;
      if (nearest === null) return;
      // A timer may end early: there is a longest one.
      if (nearest.untilMs > this.#server.nowMs) return this.#setTimer();
      this.unblock(nearest.client, nearest.atTimeout);
    }
  }
}

function throwUnblocked(): void {
  throw UNBLOCKED;
}
