/** Sends the same sequence of commands to both servers and finds the first reply or event that differs. */
import { latin1Bytes, latin1Text } from "../../support/latin1.ts";
import { ReplyTimeout, type RespClient } from "../../support/resp_client.ts";
import type { Pair } from "../pair.ts";
import type { Protocol } from "../reply_notation.ts";
import { sameOutcome } from "../runner.ts";
import { isDisconnection, type Outcome } from "../stage.ts";
import type { Command } from "./generator.ts";
import { isNewerEvent } from "./newer_events.ts";
import { USERS } from "./pools.ts";

/** Where the servers differ first. */
export interface Discord {
  /** Of the command; of the last one when it is an event of some command that differs. */
  readonly index: number;
  /** What each said, in the order of the pair. */
  readonly outcomes: readonly Outcome[];
}

/** On this channel the end of a batch's events is told. */
export const END_CHANNEL = "__keyend__";
/** The command that tells it. */
export const END: Command = { args: ["PUBLISH", END_CHANNEL, ""], normaliser: null };

/** Two connections to each server, one for commands and one for events, beginning on empty databases. */
export class Duel implements Disposable {
  #clients: readonly RespClient[];
  #listeners: readonly RespClient[];

  private constructor(clients: readonly RespClient[], listeners: readonly RespClient[]) {
    this.#clients = clients;
    this.#listeners = listeners;
  }

  /** Connects, empties, and chooses the protocol. Starts a server under test that has ended. */
  static async begin(pair: Pair, protocol: Protocol): Promise<Duel> {
    await pair.revive();
    const connect = () => Promise.all(pair.servers.map((server) => server.connect()));
    const clients = await connect();
    const listeners = await connect();
    for (const client of clients) {
      await client.command("FLUSHALL");
      await client.command("ACL", "DELUSER", ...USERS);
      await client.command("CONFIG", "SET", "notify-keyspace-events", "KEAmn");
      if (protocol === 3) await client.command("HELLO", 3);
    }
    for (const listener of listeners) await listener.command("PSUBSCRIBE", "__key*");
    return new Duel(clients, listeners);
  }

  /** Sends all commands at once and compares reply by reply, then their events; null: all the same. */
  async play(commands: readonly Command[]): Promise<Discord | null> {
    const bytes = latin1Bytes([...commands, END].map(encoded).join(""));
    const sent = Promise.all(this.#clients.map((client) => sendWhileOpen(client, bytes)));
    const discord = await this.#firstReply([...commands, END]) ??
      await this.#firstEvent(commands.length - 1);
    // What a server still says to the rest nobody reads; so it may never take all of it.
    if (discord !== null) this[Symbol.dispose]();
    await sent;
    return discord;
  }

  async #firstReply(commands: readonly Command[]): Promise<Discord | null> {
    const [redis, keyrex] = this.#clients;
    for (let index = 0; index < commands.length; index++) {
      const outcomes = [await outcomeOf(redis), await outcomeOf(keyrex)];
      if (!sameOutcome(outcomes[0], outcomes[1], commands[index].normaliser)) {
        return { index, outcomes };
      }
    }
    return null;
  }

  async #firstEvent(index: number): Promise<Discord | null> {
    const [redis, keyrex] = this.#listeners;
    for (;;) {
      const outcomes = [await eventOf(redis), await eventOf(keyrex)];
      if (!sameOutcome(outcomes[0], outcomes[1], null)) return { index, outcomes };
      if (typeof outcomes[0] === "string" || latin1Text(outcomes[0]).includes(END_CHANNEL)) {
        return null;
      }
    }
  }

  [Symbol.dispose](): void {
    for (const client of [...this.#clients, ...this.#listeners]) client.close();
  }
}

function encoded({ args }: Command): string {
  let text = `*${args.length}\r\n`;
  for (const arg of args) text += `$${arg.length}\r\n${arg}\r\n`;
  return text;
}

async function sendWhileOpen(client: RespClient, bytes: Uint8Array): Promise<void> {
  try {
    await client.sendBytes(bytes);
  } catch (error) {
    if (!isDisconnection(error)) throw error;
  }
}

/** The next event that both servers send. */
async function eventOf(client: RespClient): Promise<Outcome> {
  for (;;) {
    const outcome = await outcomeOf(client);
    if (typeof outcome === "string" || !isNewerEvent(outcome)) return outcome;
  }
}

async function outcomeOf(client: RespClient): Promise<Outcome> {
  try {
    return await client.readReplyBytes() ?? "closed";
  } catch (error) {
    if (error instanceof ReplyTimeout) return "silent";
    if (isDisconnection(error)) return "closed";
    throw error;
  }
}
