/** Sends the same sequence of commands to both servers and finds the first reply that differs. */
import { latin1Bytes } from "../../support/latin1.ts";
import { ReplyTimeout, type RespClient } from "../../support/resp_client.ts";
import type { Pair } from "../pair.ts";
import type { Protocol } from "../reply_notation.ts";
import { sameOutcome } from "../runner.ts";
import { isDisconnection, type Outcome } from "../stage.ts";
import type { Command } from "./generator.ts";

/** The first command on which the servers differ. */
export interface Discord {
  readonly index: number;
  /** What each said, in the order of the pair. */
  readonly outcomes: readonly Outcome[];
}

/** A connection to each server, beginning on empty databases. */
export class Duel implements Disposable {
  #clients: readonly RespClient[];

  private constructor(clients: readonly RespClient[]) {
    this.#clients = clients;
  }

  /** Connects, empties, and chooses the protocol. Starts a server under test that has ended. */
  static async begin(pair: Pair, protocol: Protocol): Promise<Duel> {
    await pair.revive();
    const clients = await Promise.all(pair.servers.map((server) => server.connect()));
    for (const client of clients) {
      await client.command("FLUSHALL");
      if (protocol === 3) await client.command("HELLO", 3);
    }
    return new Duel(clients);
  }

  /** Sends all commands at once and compares reply by reply; null when all are the same. */
  async play(commands: readonly Command[]): Promise<Discord | null> {
    const bytes = latin1Bytes(commands.map(encoded).join(""));
    const sent = Promise.all(this.#clients.map((client) => sendWhileOpen(client, bytes)));
    const discord = await this.#firstDiscord(commands);
    // What a server still says to the rest nobody reads; so it may never take all of it.
    if (discord !== null) this[Symbol.dispose]();
    await sent;
    return discord;
  }

  async #firstDiscord(commands: readonly Command[]): Promise<Discord | null> {
    const [redis, keyrex] = this.#clients;
    for (let index = 0; index < commands.length; index++) {
      const outcomes = [await outcomeOf(redis), await outcomeOf(keyrex)];
      if (!sameOutcome(outcomes[0], outcomes[1], commands[index].normaliser)) {
        return { index, outcomes };
      }
    }
    return null;
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients) client.close();
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

async function outcomeOf(client: RespClient): Promise<Outcome> {
  try {
    return await client.readReplyBytes() ?? "closed";
  } catch (error) {
    if (error instanceof ReplyTimeout) return "silent";
    if (isDisconnection(error)) return "closed";
    throw error;
  }
}
