/**
 * Publish and subscribe: who listens to which channels and patterns, and the delivery of messages.
 *
 * Channels are known by the latin1 text of their bytes, so that any bytes will do. Messages go into
 * the subscribers' outputs and leave when the turn ends, as replies do.
 */
import { globMatch } from "../memory/glob.ts";
import { latin1, latin1Text } from "../memory/bytes.ts";
import type { PubSubService, Subscription } from "../commands/context.ts";
import { ClientFlag } from "../commands/context.ts";
import type { ReplyWriter } from "../resp/writer.ts";
import type { Client } from "./client.ts";
import type { Server } from "./server.ts";

/** A byte string that is sent as it is. */
interface Message {
  readonly buf: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** One of the three ways to subscribe, with its subscribers by name. */
class Topic {
  readonly subscribers = new Map<string, Set<Client>>();
  readonly names = new Map<Client, Set<string>>();

  /** @returns Whether the client had not subscribed before. */
  add(client: Client, name: string): boolean {
    let clients = this.subscribers.get(name);
    if (clients === undefined) this.subscribers.set(name, clients = new Set());
    let names = this.names.get(client);
    if (names === undefined) this.names.set(client, names = new Set());
    if (names.has(name)) return false;
    clients.add(client);
    names.add(name);
    return true;
  }

  remove(client: Client, name: string): boolean {
    const names = this.names.get(client);
    if (names === undefined || !names.delete(name)) return false;
    if (names.size === 0) this.names.delete(client);
    const clients = this.subscribers.get(name)!;
    clients.delete(client);
    if (clients.size === 0) this.subscribers.delete(name);
    return true;
  }

  count(client: Client): number {
    return this.names.get(client)?.size ?? 0;
  }

  namesOf(client: Client): string[] {
    return [...this.names.get(client) ?? []];
  }
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
    return this.#topics.channel.subscribers.size;
  }

  get patternCount(): number {
    return this.#topics.pattern.subscribers.size;
  }

  get shardChannelCount(): number {
    return this.#topics.shard.subscribers.size;
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
    return kind === "shard" ? shard.count(client) : channel.count(client) + pattern.count(client);
  }

  subscriberCount(kind: Subscription, name: string): number {
    return this.#topics[kind].subscribers.get(name)?.size ?? 0;
  }

  names(kind: Subscription): Iterable<string> {
    return this.#topics[kind].subscribers.keys();
  }

  publish(
    kind: "channel" | "shard",
    channel: Message,
    message: Message,
  ): number {
    const name = latin1Text(channel.buf, channel.start, channel.end);
    let receivers = 0;
    const verb = kind === "shard" ? "smessage" : "message";
    for (const client of this.#topics[kind].subscribers.get(name) ?? []) {
      const { reply } = client;
      reply.push(3);
      reply.bulkText(verb);
      reply.bulk(channel.buf, channel.start, channel.end);
      this.#finish(client, reply, message);
      receivers++;
    }
    if (kind === "shard") return receivers;
    for (const [pattern, clients] of this.#topics.pattern.subscribers) {
      const glob = latin1(pattern);
      const { buf, start, end } = channel;
      if (!globMatch(glob, 0, glob.length, buf, start, end, false)) continue;
      for (const client of clients) {
        const { reply } = client;
        reply.push(4);
        reply.bulkText("pmessage");
        reply.bulk(glob, 0, glob.length);
        reply.bulk(buf, start, end);
        this.#finish(client, reply, message);
        receivers++;
      }
    }
    return receivers;
  }

  #finish(client: Client, reply: ReplyWriter, { buf, start, end }: Message): void {
    reply.bulk(buf, start, end);
    this.#server.queueFlush(client);
  }
}
