/** One server during one scenario: its connections, and what to put back afterwards. */
import { latin1Bytes } from "../support/latin1.ts";
import type { ServerProcess } from "../support/processes.ts";
import { encodeCommand, ReplyTimeout, type RespClient } from "../support/resp_client.ts";
import type { Step } from "./command_notation.ts";
import type { Protocol } from "./reply_notation.ts";

/** What a step came to: a reply's bytes, or that there was none. */
export type Outcome = Uint8Array | "closed" | "silent" | "sent";

/** How long a case waits for its reply before that counts as silence. */
const REPLY_TIMEOUT_MS = 5_000;

/** A command that changes nothing and that MONITOR does not show. */
const SETTLE = ["SLOWLOG", "LEN"];

export class Stage {
  #server: ServerProcess;
  #protocol: Protocol;
  #control: RespClient;
  #clients = new Map<string, RespClient>();
  #restore: readonly (readonly string[])[] = [];

  private constructor(server: ServerProcess, protocol: Protocol, control: RespClient) {
    this.#server = server;
    this.#protocol = protocol;
    this.#control = control;
  }

  /**
   * Empties the server.
   *
   * @param protocol In which connections begin.
   * @param directives Names of those that {@link clear} is to restore.
   */
  static async set(
    server: ServerProcess,
    protocol: Protocol,
    directives: readonly string[],
  ): Promise<Stage> {
    const stage = new Stage(server, protocol, await server.connect());
    await stage.#control.command("FLUSHALL");
    const restore: string[][] = [];
    for (const directive of directives) {
      const [reply] = await stage.#control.pipeline([["CONFIG", "GET", directive]]);
      if (!Array.isArray(reply) || reply.length !== 2) continue;
      restore.push(["CONFIG", "SET", directive, String(reply[1])]);
    }
    stage.#restore = restore;
    return stage;
  }

  async perform(step: Step): Promise<Outcome> {
    const client = await this.#client(step.connection);
    try {
      if (step.raw !== null) await client.sendBytes(latin1Bytes(step.raw));
      if (step.args.length > 0) {
        const args: string[] = [];
        for (const word of step.args) args.push(await this.#filledIn(word));
        await client.sendBytes(encodeCommand(args.map(latin1Bytes)));
      }
      if (step.reads) return await client.readReplyBytes(REPLY_TIMEOUT_MS) ?? "closed";
      // What comes next on another connection is to come later.
      await this.#control.pipeline([SETTLE]);
      return "sent";
    } catch (error) {
      if (error instanceof ReplyTimeout) return "silent";
      if (isDisconnection(error)) return "closed";
      throw error;
    }
  }

  /** Closes the connections and restores the configuration. */
  async clear(): Promise<void> {
    for (const client of this.#clients.values()) client.close();
    try {
      for (const command of this.#restore) await this.#control.pipeline([command]);
    } catch (error) {
      if (this.#server.running) throw error;
    }
    this.#control.close();
  }

  async #client(name: string): Promise<RespClient> {
    const known = this.#clients.get(name);
    if (known) return known;
    const client = await this.#server.connect();
    this.#clients.set(name, client);
    if (this.#protocol === 3) await client.command("HELLO", 3);
    return client;
  }

  /** The word with `{b.id}` and the like replaced. */
  async #filledIn(word: string): Promise<string> {
    const match = /^\{([a-z])\.(id|addr|laddr)\}$/.exec(word);
    if (!match) return word;
    const { local, remote } = (await this.#client(match[1])).ends;
    if (match[2] === "addr") return local;
    if (match[2] === "laddr") return remote;
    return await this.#idOf(local);
  }

  /** The id of the connection from that address; the server may have to accept it first. */
  async #idOf(address: string): Promise<string> {
    for (const deadline = Date.now() + REPLY_TIMEOUT_MS; Date.now() < deadline;) {
      const list = String(await this.#control.command("CLIENT", "LIST"));
      const line = list.split("\n").find((line) => line.includes(` addr=${address} `));
      if (line !== undefined) return line.match(/^id=(\d+)/)?.[1] ?? line;
    }
    throw new Error(`Cannot find ${address} in the CLIENT LIST of ${this.#server.name}`);
  }
}

/** Errors of a socket whose other side has gone, and of one given up earlier in the scenario. */
export function isDisconnection(error: unknown): boolean {
  return error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionRefused || error instanceof Deno.errors.BadResource;
}
