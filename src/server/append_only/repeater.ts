/** Repeats logged commands, for nobody. */
import { ClientFlag } from "../../commands/context.ts";
import { AofError } from "../../persistence/aof/errors.ts";
import type { Repeater } from "../../persistence/aof/load.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { Client } from "../client.ts";
import type { Connection } from "../connection.ts";
import { repeatLogged } from "../dispatch.ts";
import type { Server } from "../server.ts";

const MULTI = keyword("MULTI");
const EXEC = keyword("EXEC");

/** A connection to nobody. */
const NOWHERE: Connection = {
  address: "",
  localAddress: "",
  fd: -1,
  isUnix: false,
  isLocal: true,
  receiveBufferBytes: 0,
  receivedBytes: 0,
  flush() {},
  closeAfterFlush() {},
  close() {},
  resume() {},
};

/** Of a client that nobody can see. */
const CLIENT_ID = 0;

/** What has been logged may be refused now, for instance for another `maxmemory`: so often it is told. */
const TOLD_REFUSALS = 10;

export class LogRepeater implements Repeater {
  /** How many commands have been refused. */
  refusals = 0;
  readonly #server: Server;
  readonly #client: Client;
  /** Where the commands come from, for messages. */
  readonly #origin: string;
  #queue: Args[] | null = null;

  constructor(server: Server, origin: string) {
    this.#server = server;
    this.#origin = origin;
    this.#client = new Client(CLIENT_ID, server, NOWHERE);
    this.#client.flags |= ClientFlag.DENY_BLOCKING | ClientFlag.AUTHENTICATED;
  }

  get isInTransaction(): boolean {
    return this.#queue !== null;
  }

  repeat(args: Args): void {
    if (args.is(0, MULTI)) {
      this.#queue = [];
    } else if (this.#queue === null) {
      this.#run(args);
    } else if (args.is(0, EXEC)) {
      const queue = this.#queue;
      this.#queue = null;
      for (const queued of queue) this.#run(queued);
    } else {
      this.#queue.push(args.detach());
    }
  }

  discard(): void {
    this.#queue = null;
  }

  /** The end: what the client has held is given back. */
  close(): void {
    this.discard();
    this.#client.reply.discard();
  }

  #run(args: Args): void {
    const { log, registry } = this.#server;
    const command = registry.resolve(args);
    if (command === null) {
      throw new AofError(
        `Unknown command '${args.quoted(0)}' reading the append only file ${this.#origin}`,
      );
    }
    const { arity } = command;
    if (arity > 0 ? args.count !== arity : args.count < -arity) {
      throw new AofError(
        `Wrong number of arguments for '${command.fullName}' reading the append only file ` +
          this.#origin,
      );
    }
    const refusal = repeatLogged(this.#server, this.#client, command, args);
    if (refusal === null || this.refusals++ >= TOLD_REFUSALS) return;
    log.warning(
      `A command of the append only file ${this.#origin} is refused, '${command.fullName}': ` +
        refusal.text,
    );
  }
}
