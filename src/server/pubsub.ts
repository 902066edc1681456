/**
 * Publish and subscribe: who listens to which channels and patterns, and the delivery of messages.
 *
 * Names are known by the latin1 text of their bytes, so that any bytes will do. Messages go into the
 * subscribers' outputs and leave when the turn ends, as replies do. They are delivered in the order
 * in which the clients have subscribed, first to those of the channel, then pattern by pattern.
 */
import {
  type Bytes,
  ClientFlag,
  type PubSubService,
  type Subscription,
} from "../commands/context.ts";
import { latin1, latin1Text } from "../memory/bytes.ts";
import { globMatch } from "../memory/glob.ts";
import type { Client } from "./client.ts";
import type { Server } from "./server.ts";

/** Clients that are about to be closed get nothing any more. */
const ENDING = ClientFlag.CLOSE_ASAP | ClientFlag.CLOSE_AFTER_REPLY;

/** Who listens to one name. */
interface Audience {
  /** The bytes of the name. */
  readonly name: Uint8Array;
  readonly clients: Set<Client>;
}

/** What a subscription costs beside its name, roughly: its places in two sets and a map. */
const SUBSCRIPTION_BYTES = 150;

/** What a client listens to. */
class Names {
  readonly names = new Set<string>();
  /** What its subscriptions take, in bytes. */
  bytes = 0;
}

/** One of the three ways to subscribe. */
class Topic {
  readonly audiences = new Map<string, Audience>();
  /** What all subscriptions take, in bytes. */
  bytes = 0;
  readonly #names = new Map<Client, Names>();

  add(client: Client, name: string): void {
    let own = this.#names.get(client);
    if (own === undefined) this.#names.set(client, own = new Names());
    if (own.names.has(name)) return;
    own.names.add(name);
    this.#count(own, bytesOf(name));
    let audience = this.audiences.get(name);
    if (audience === undefined) {
      audience = { name: latin1(name), clients: new Set() };
      this.audiences.set(name, audience);
    }
    audience.clients.add(client);
  }

  remove(client: Client, name: string): void {
    const own = this.#names.get(client);
    if (own === undefined || !own.names.delete(name)) return;
    this.#count(own, -bytesOf(name));
    if (own.names.size === 0) this.#names.delete(client);
    const { clients } = this.audiences.get(name)!;
    clients.delete(client);
    if (clients.size === 0) this.audiences.delete(name);
  }

  countOf(client: Client): number {
    return this.#names.get(client)?.names.size ?? 0;
  }

  bytesOf(client: Client): number {
    return this.#names.get(client)?.bytes ?? 0;
  }

  namesOf(client: Client): string[] {
    return [...this.#names.get(client)?.names ?? []];
  }

  #count(own: Names, bytes: number): void {
    own.bytes += bytes;
    this.bytes += bytes;
  }
}

function bytesOf(name: string): number {
  return SUBSCRIPTION_BYTES + 2 * name.length;
}

export class PubSub implements PubSubService {
  readonly #server: Server;
  readonly #topics: Readonly<Record<Subscription, Topic>> = {
    channel: new Topic(),
    pattern: new Topic(),
    shard: new Topic(),
  };

  constructor(server: Server) {
    this.#server = server;
  }

  get channelCount(): number {
    return this.#topics.channel.audiences.size;
  }

  get patternCount(): number {
    return this.#topics.pattern.audiences.size;
  }

  get shardChannelCount(): number {
    return this.#topics.shard.audiences.size;
  }

  /** What all subscriptions take, in bytes. */
  get memoryBytes(): number {
    const { channel, pattern, shard } = this.#topics;
    return channel.bytes + pattern.bytes + shard.bytes;
  }

  /** What the subscriptions of a client take, in bytes. */
  bytesOf(client: Client): number {
    if ((client.flags & ClientFlag.PUBSUB) === 0) return 0;
    const { channel, pattern, shard } = this.#topics;
    return channel.bytesOf(client) + pattern.bytesOf(client) + shard.bytesOf(client);
  }

  subscribe(client: Client, kind: Subscription, name: string): void {
    this.#topics[kind].add(client, name);
    client.flags |= ClientFlag.PUBSUB;
  }

  unsubscribe(client: Client, kind: Subscription, name: string): void {
    this.#topics[kind].remove(client, name);
    if (this.countOf(client, "channel") + this.countOf(client, "shard") === 0) {
      client.flags &= ~ClientFlag.PUBSUB;
    }
  }

  /** The client has gone, or starts anew: it hears nothing any more. */
  drop(client: Client): void {
    if ((client.flags & ClientFlag.PUBSUB) === 0) return;
    for (const topic of Object.values(this.#topics)) {
      for (const name of topic.namesOf(client)) topic.remove(client, name);
    }
    client.flags &= ~ClientFlag.PUBSUB;
  }

  namesOf(client: Client, kind: Subscription): string[] {
    return this.#topics[kind].namesOf(client);
  }

  countOf(client: Client, kind: Subscription): number {
    const { channel, pattern, shard } = this.#topics;
    return kind === "shard"
      ? shard.countOf(client)
      : channel.countOf(client) + pattern.countOf(client);
  }

  subscriberCount(kind: Subscription, name: string): number {
    return this.#topics[kind].audiences.get(name)?.clients.size ?? 0;
  }

  names(kind: Subscription): Iterable<string> {
    return this.#topics[kind].audiences.keys();
  }

  publish(kind: "channel" | "shard", channel: Bytes, message: Bytes): number {
    const { buf, start, end } = channel;
    let receivers = 0;
    const { audiences } = this.#topics[kind];
    const audience = audiences.size === 0 ? undefined : audiences.get(latin1Text(buf, start, end));
    if (audience !== undefined) {
      const verb = kind === "shard" ? "smessage" : "message";
      for (const client of audience.clients) this.#deliver(client, verb, null, channel, message);
      receivers += audience.clients.size;
    }
    if (kind === "shard") return receivers;
    for (const { name, clients } of this.#topics.pattern.audiences.values()) {
      if (!globMatch(name, 0, name.length, buf, start, end, false)) continue;
      for (const client of clients) this.#deliver(client, "pmessage", name, channel, message);
      receivers += clients.size;
    }
    return receivers;
  }

  /** @param pattern The pattern by which the client gets the message; null for none. */
  #deliver(
    client: Client,
    verb: string,
    pattern: Uint8Array | null,
    channel: Bytes,
    message: Bytes,
  ): void {
    if ((client.flags & ENDING) !== 0) return;
    const { reply } = client;
    reply.push(pattern === null ? 3 : 4);
    reply.bulkText(verb);
    if (pattern !== null) reply.bulkBytes(pattern);
    reply.bulk(channel.buf, channel.start, channel.end);
    reply.bulk(message.buf, message.start, message.end);
    this.#server.queueFlush(client);
  }
}
