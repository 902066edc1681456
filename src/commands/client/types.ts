/** The kinds of clients that CLIENT LIST and CLIENT KILL tell apart. */
import type { Args } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { type Client, ClientFlag } from "../context.ts";

export type ClientType = "normal" | "master" | "replica" | "pubsub";

const BY_NAME: Readonly<Record<string, ClientType>> = {
  normal: "normal",
  master: "master",
  replica: "replica",
  slave: "replica",
  pubsub: "pubsub",
};

/** Argument `i` as a type of clients, in any case. */
export function readClientType(args: Args, i: number): ClientType {
  const type = BY_NAME[args.latin1(i).toLowerCase()];
  if (type === undefined) throw new ReplyError(`ERR Unknown client type '${args.quoted(i)}'`);
  return type;
}

/** A client that has sent MONITOR is a normal one. */
export function typeOf(client: Client): ClientType {
  return client.flags & ClientFlag.PUBSUB ? "pubsub" : "normal";
}
