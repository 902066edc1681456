/**
 * Client-side caching: clients that keep values themselves are told when those have changed.
 *
 * In the default mode the server remembers which keys a client has read ({@link TrackingTable}) and
 * tells it once of the next change of each. By prefixes ({@link Broadcasts}) it remembers nothing
 * and tells of every change. The message goes to the client itself, which must speak RESP3, or to
 * another one that it has chosen, which may instead have subscribed to a channel.
 *
 * Messages for the client whose command runs now wait until it has its reply: they must not appear
 * in the middle of it. While nobody tracks, the keyspace does not call.
 */
import { ClientFlag, type TrackingOptions, type TrackingService } from "../commands/context.ts";
import { findKeys } from "../commands/keys.ts";
import { type Command, flagBit } from "../commands/spec.ts";
import { latin1 } from "../memory/bytes.ts";
import type { Args } from "../resp/args.ts";
import type { ReplyWriter } from "../resp/writer.ts";
import { Broadcasts } from "./broadcasts.ts";
import type { Client } from "./client.ts";
import type { Server } from "./server.ts";
import { TrackingTable } from "./tracking_table.ts";

/** Where clients of RESP2 hear of keys that others track for them. */
const CHANNEL = latin1("__redis__:invalidate");

const READ_ONLY = flagBit("readonly");
/** Channels of shards are found like keys, but are none. */
const PUBSUB = flagBit("pubsub");

const ENDING = ClientFlag.CLOSE_ASAP | ClientFlag.CLOSE_AFTER_REPLY;
const MODES = ClientFlag.TRACKING_BCAST | ClientFlag.TRACKING_OPTIN | ClientFlag.TRACKING_OPTOUT |
  ClientFlag.TRACKING_NOLOOP | ClientFlag.TRACKING_BROKEN;
const ALL_FLAGS = MODES | ClientFlag.TRACKING | ClientFlag.TRACKING_CACHING;

/** What a prefix costs beside its name, roughly. */
const PREFIX_BYTES = 200;

/** So many keys are given up at once when there are too many, times the number of looks in a row. */
const EFFORT = 100;

/** What is known of a client that tracks. */
interface Tracker {
  readonly client: Client;
  /** The number of the client that gets the messages; 0 for itself. */
  redirect: number;
  readonly prefixes: Set<string>;
  /** What the prefixes take, in bytes. */
  bytes: number;
}

/** A message that waits for the end of its receiver's command. */
interface Waiting {
  readonly receiver: Client;
  readonly write: (reply: ReplyWriter) => void;
}

export class Tracking implements TrackingService {
  /** Whether somebody tracks, or a message waits. */
  isActive = false;
  readonly #server: Server;
  readonly #table: TrackingTable;
  readonly #broadcasts = new Broadcasts();
  /** By the low 32 bits of the client's number, by which the table knows it. */
  readonly #trackers = new Map<number, Tracker>();
  #waiting: Waiting[] = [];
  /** How often in a row there were too many keys. */
  #excesses = 0;

  constructor(server: Server) {
    this.#server = server;
    this.#table = new TrackingTable(server.keyspace);
  }

  /** How many clients track. */
  get clientCount(): number {
    return this.#trackers.size;
  }

  /** How many keys are remembered. */
  get keyCount(): number {
    return this.#table.size;
  }

  /** How many clients are remembered at all keys together. */
  get itemCount(): number {
    return this.#table.itemCount;
  }

  get prefixCount(): number {
    return this.#broadcasts.prefixCount;
  }

  // ---------------------------------------------------------------- who tracks

  start(client: Client, { flags, redirect, prefixes }: TrackingOptions): void {
    let tracker = this.#trackerOf(client);
    if (tracker === undefined) {
      tracker = { client, redirect, prefixes: new Set(), bytes: 0 };
      this.#trackers.set(client.id | 0, tracker);
      this.#server.keyspace.watchModifications(this, true);
      this.isActive = true;
    }
    tracker.redirect = redirect;
    client.flags = client.flags & ~MODES | ClientFlag.TRACKING | flags;
    if ((flags & ClientFlag.TRACKING_BCAST) === 0) return;
    for (const prefix of prefixes.length === 0 ? [""] : prefixes) {
      if (tracker.prefixes.has(prefix)) continue;
      tracker.prefixes.add(prefix);
      tracker.bytes += PREFIX_BYTES + 2 * prefix.length;
      this.#broadcasts.add(client, prefix);
    }
  }

  stop(client: Client): void {
    const tracker = this.#trackerOf(client);
    if (tracker === undefined) return;
    for (const prefix of tracker.prefixes) this.#broadcasts.remove(client, prefix);
    client.flags &= ~ALL_FLAGS;
    this.#trackers.delete(client.id | 0);
    if (this.#trackers.size > 0) return;
    this.#table.clear();
    this.#server.keyspace.watchModifications(this, false);
  }

  redirectOf(client: Client): number {
    return this.#trackerOf(client)?.redirect ?? -1;
  }

  prefixesOf(client: Client): string[] {
    return [...this.#trackerOf(client)?.prefixes ?? []].sort();
  }

  /** What a client's prefixes take, in bytes. */
  bytesOf(client: Client): number {
    return this.#trackerOf(client)?.bytes ?? 0;
  }

  #trackerOf(client: Client): Tracker | undefined {
    if ((client.flags & ClientFlag.TRACKING) === 0) return undefined;
    return this.#trackers.get(client.id | 0);
  }

  // ---------------------------------------------------------------- what clients read

  /** A client that tracks has run a command: remembers the keys that it has read. Throws OutOfMemory. */
  remember(client: Client, command: Command, args: Args): void {
    const { flags } = client;
    if ((command.flagBits & (READ_ONLY | PUBSUB)) !== READ_ONLY) return;
    if (command.group === "scripting" || (flags & ClientFlag.TRACKING_BCAST) !== 0) return;
    const isMarked = (flags & ClientFlag.TRACKING_CACHING) !== 0;
    if ((flags & ClientFlag.TRACKING_OPTIN) !== 0 && !isMarked) return;
    if ((flags & ClientFlag.TRACKING_OPTOUT) !== 0 && isMarked) return;
    for (const { index } of findKeys(command, args) ?? []) {
      const buf = args.bufs[index];
      const start = args.starts[index];
      const end = args.ends[index];
      if (this.#table.add(buf, start, end, client.id | 0)) continue;
      this.#giveUp(buf.slice(start, end));
      this.#table.add(buf, start, end, client.id | 0);
    }
  }

  /** A command has been answered: what has waited for that is sent, and CLIENT CACHING is over. */
  afterCommand(client: Client, command: Command | null): void {
    this.#settle();
    const isClient = command?.name === "client" || command?.parent?.name === "client";
    if (!isClient && (client.flags & ClientFlag.MULTI) === 0) {
      client.flags &= ~ClientFlag.TRACKING_CACHING;
    }
    this.limit();
    this.isActive = this.#trackers.size > 0;
  }

  /** Gives up some keys when there are more than `tracking-table-max-keys`. */
  limit(): void {
    const { trackingTableMaxKeys: max } = this.#server.settings;
    if (max === 0 || this.#table.size <= max) {
      this.#excesses = 0;
      return;
    }
    const effort = EFFORT * ++this.#excesses;
    for (let i = 0; i < effort && this.#table.size > max; i++) {
      this.#giveUp(this.#table.randomKey());
    }
  }

  /** The key is remembered no longer; whoever may have it is told that it has changed. */
  #giveUp(key: Uint8Array): void {
    for (const id of this.#table.take(key, 0, key.length)) this.#tell(id, key, null);
  }

  // ---------------------------------------------------------------- what changes

  /** A key has changed, or has gone. */
  keyModified(buf: Uint8Array, start: number, end: number): void {
    const { current } = this.#server;
    if (this.#broadcasts.prefixCount > 0) this.#broadcasts.changed(current, buf, start, end);
    const clients = this.#table.take(buf, start, end);
    if (clients.length === 0) return;
    const key = buf.slice(start, end);
    for (const id of clients) this.#tell(id, key, current);
  }

  /** All that anybody remembers is void. */
  invalidateAll(): void {
    for (const tracker of this.#trackers.values()) this.#send(tracker, null);
    this.#table.clear();
  }

  /** A turn ends: those who track by prefixes hear what has changed. */
  broadcast(): void {
    this.#broadcasts.flush(
      (client, keys) => this.#send(this.#trackerOf(client)!, keys),
      ({ flags }) => (flags & ClientFlag.TRACKING_NOLOOP) !== 0,
    );
  }

  /** @param author Who has changed the key; null for the server. */
  #tell(id: number, key: Uint8Array, author: Client | null): void {
    const tracker = this.#trackers.get(id);
    if (tracker === undefined) return;
    const { client } = tracker;
    // Keys may still be remembered from before the client changed over to prefixes.
    if ((client.flags & ClientFlag.TRACKING_BCAST) !== 0) return;
    if ((client.flags & ClientFlag.TRACKING_NOLOOP) !== 0 && client === author) return;
    this.#send(tracker, [key]);
  }

  // ---------------------------------------------------------------- messages

  /** @param keys What has changed; null for everything. */
  #send(tracker: Tracker, keys: readonly Uint8Array[] | null): void {
    const { client, redirect } = tracker;
    const receiver = redirect === 0 ? client : this.#server.clients.get(redirect);
    if (receiver === null || (redirect !== 0 && (receiver.flags & ENDING) !== 0)) {
      return this.#tellBroken(tracker);
    }
    if (receiver.reply.proto === 3) {
      this.#deliver(receiver, (reply) => {
        reply.push(2);
        reply.bulkText("invalidate");
        writeKeys(reply, keys);
      });
    } else if (redirect !== 0 && (receiver.flags & ClientFlag.PUBSUB) !== 0) {
      this.#deliver(receiver, (reply) => {
        reply.array(3);
        reply.bulkText("message");
        reply.bulkBytes(CHANNEL);
        writeKeys(reply, keys);
      });
    }
  }

  /** The client that the messages are to go to has gone. */
  #tellBroken({ client, redirect }: Tracker): void {
    client.flags |= ClientFlag.TRACKING_BROKEN;
    if (client.reply.proto === 2) return;
    this.#deliver(client, (reply) => {
      reply.push(2);
      reply.bulkText("tracking-redir-broken");
      reply.integer(redirect);
    });
  }

  #deliver(receiver: Client, write: (reply: ReplyWriter) => void): void {
    if (receiver === this.#server.current) {
      this.#waiting.push({ receiver, write });
    } else if ((receiver.flags & ENDING) === 0) {
      write(receiver.reply);
      this.#server.queueFlush(receiver);
    }
  }

  #settle(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    for (const { receiver, write } of waiting) this.#deliver(receiver, write);
  }
}

function writeKeys(reply: ReplyWriter, keys: readonly Uint8Array[] | null): void {
  if (keys === null) return reply.nullBulk();
  reply.array(keys.length);
  for (const key of keys) reply.bulkBytes(key);
}
