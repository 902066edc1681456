/**
 * Transactions: the commands that clients have queued after MULTI, and EXEC, which runs them.
 *
 * What is queued counts as memory of its client and against `maxmemory`, and as a part of the
 * client's unfinished request against `client-query-buffer-limit`.
 */
import { ClientFlag, type TransactionService } from "../commands/context.ts";
import type { Command } from "../commands/spec.ts";
import type { Args } from "../resp/args.ts";
import type { Client } from "./client.ts";
import { dispatchQueued } from "./dispatch.ts";
import type { Server } from "./server.ts";
import { Watches } from "./watches.ts";

/** A transaction that cannot be run any more: what is sent to it needs not be kept. */
const DOOMED = ClientFlag.DIRTY_CAS | ClientFlag.DIRTY_EXEC;

interface Queued {
  readonly command: Command;
  readonly args: Args;
}

/** What a client has queued. */
class Queue {
  readonly commands: Queued[] = [];
  /** The flags of all commands, {@link Command.flagBits}. */
  flagBits = 0;
  /** Bytes of all arguments. */
  argumentBytes = 0;
  /** Bytes on the heap: places, and arguments that fill no block of the slabs. */
  heapBytes = 0;

  add(command: Command, args: Args): void {
    this.commands.push({ command, args });
    this.flagBits |= command.flagBits;
    for (let i = 0; i < args.count; i++) this.argumentBytes += args.length(i);
    this.heapBytes += args.memoryBytes;
  }
}

export class Transactions implements TransactionService {
  readonly watches: Watches;
  readonly #server: Server;
  readonly #queues = new Map<Client, Queue>();
  #heapBytes = 0;

  constructor(server: Server) {
    this.#server = server;
    this.watches = new Watches(server.keyspace);
  }

  /** What all queues and watches take on the heap, in bytes. */
  get memoryBytes(): number {
    return this.#heapBytes + this.watches.memoryBytes;
  }

  /** What a client's queue and watches take, blocks of the slabs included, in bytes. */
  bytesOf(client: Client): number {
    const queue = this.#queues.get(client);
    const queued = queue === undefined ? 0 : Math.max(queue.heapBytes, queue.argumentBytes);
    return queued + this.watches.bytesOf(client);
  }

  queuedCount(client: Client): number {
    return this.#queues.get(client)?.commands.length ?? 0;
  }

  queuedBytes(client: Client): number {
    return this.#queues.get(client)?.argumentBytes ?? 0;
  }

  watchedCount(client: Client): number {
    return this.watches.countOf(client);
  }

  /** The flags of all commands that a client has queued, {@link Command.flagBits}. */
  queuedFlagBits(client: Client): number {
    return this.#queues.get(client)?.flagBits ?? 0;
  }

  begin(client: Client): void {
    client.flags |= ClientFlag.MULTI;
    this.#queues.set(client, new Queue());
  }

  /** Keeps a request until EXEC, unless EXEC will not run it anyway. */
  queue(client: Client, command: Command, args: Args): void {
    if ((client.flags & DOOMED) !== 0) return;
    const queue = this.#queues.get(client)!;
    const detached = args.detach();
    this.#heapBytes -= queue.heapBytes;
    queue.add(command, detached);
    this.#heapBytes += queue.heapBytes;
  }

  exec(client: Client): void {
    const server = this.#server;
    const { args, timer } = server;
    const { commands } = this.#queues.get(client)!;
    this.watches.drop(client);
    client.flags |= ClientFlag.DENY_BLOCKING;
    const startMs = timer.beginNested();
    client.reply.array(commands.length);
    for (const queued of commands) {
      // Whoever asks for the arguments of the command that runs now finds them where always.
      args.swap(queued.args);
      try {
        dispatchQueued(server, client, queued.command, args);
      } finally {
        args.swap(queued.args);
      }
    }
    timer.endNested(startMs);
    client.flags &= ~ClientFlag.DENY_BLOCKING;
    this.discard(client);
  }

  /** Ends a transaction, or what has been prepared for one, in whatever state it is. */
  discard(client: Client): void {
    client.flags &= ~(ClientFlag.MULTI | DOOMED);
    this.watches.drop(client);
    const queue = this.#queues.get(client);
    if (queue === undefined) return;
    this.#queues.delete(client);
    this.#heapBytes -= queue.heapBytes;
    for (const { args } of queue.commands) args.release(this.#server.bulkStore);
  }

  /** Whether a watched key is not what it was. */
  isStale(client: Client): boolean {
    return (client.flags & ClientFlag.DIRTY_CAS) !== 0 || this.watches.hasExpired(client);
  }

  /** Nothing is watched for a client whose transaction will not be run. */
  watch(client: Client, buf: Uint8Array, start: number, end: number): void {
    if ((client.flags & ClientFlag.DIRTY_CAS) !== 0) return;
    this.watches.add(client, buf, start, end);
  }

  unwatch(client: Client): void {
    client.flags &= ~ClientFlag.DIRTY_CAS;
    this.watches.drop(client);
  }
}
