/** LPOP, RPOP and LMPOP. */
import type { Args } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { TypeId } from "../../structures/entry.ts";
import { readInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { wrongArity } from "../errors.ts";
import { lookupWrite } from "../lookup.ts";
import { arg, commandTable, key } from "../spec.ts";
import {
  dropEnd,
  endArgument,
  type MultiPop,
  popRange,
  readMultiPop,
  replyEnd,
  tellPopped,
} from "./ends.ts";

const NOT_POSITIVE = new ReplyError("ERR value is out of range, must be positive");

function lpopCommand(client: Client, args: Args): void {
  if (args.count > 3) throw wrongArity("lpop");
  if (args.count === 2) popOne(client, args, true);
  else popSome(client, args, true);
}

function rpopCommand(client: Client, args: Args): void {
  if (args.count > 3) throw wrongArity("rpop");
  if (args.count === 2) popOne(client, args, false);
  else popSome(client, args, false);
}

function popOne(client: Client, args: Args, atHead: boolean): void {
  const entry = lookupWrite(client, args, 1, TypeId.LIST);
  if (entry === 0) return client.reply.nullBulk();
  replyEnd(client, entry, atHead);
  dropEnd(client, args, 1, entry, atHead, 1);
}

function popSome(client: Client, args: Args, atHead: boolean): void {
  const { reply } = client;
  const count = readInteger(args, 2, NOT_POSITIVE, 0);
  const entry = lookupWrite(client, args, 1, TypeId.LIST);
  if (entry === 0) reply.nullArray();
  else if (count === 0) reply.emptyArray();
  else popRange(client, args, 1, entry, atHead, count);
}

function lmpopCommand(client: Client, args: Args): void {
  if (!popFirstOf(client, args, readMultiPop(args, 1))) client.reply.nullArray();
}

/** Pops from the first of the keys that is a list; false when there is none. */
export function popFirstOf(client: Client, args: Args, pop: MultiPop): boolean {
  for (let i = pop.firstKey; i < pop.firstKey + pop.numKeys; i++) {
    if (popFrom(client, args, i, pop)) return true;
  }
  return false;
}

/** Pops from the list that argument `i` names, and replies with its name as well; false when there is none. */
function popFrom(client: Client, args: Args, i: number, pop: MultiPop): boolean {
  const { reply } = client;
  const entry = lookupWrite(client, args, i, TypeId.LIST);
  if (entry === 0) return false;
  reply.array(2);
  reply.bulk(args.bufs[i], args.starts[i], args.ends[i]);
  popRange(client, args, i, entry, pop.atHead, pop.count);
  tellPopped(client, args, i, pop.atHead, pop.count);
  return true;
}

const KEYS = [key({ at: 1, access: "rw", does: ["access", "delete"] })];
const ARGS = [arg.key(), arg.integer("count", { since: "6.2.0", optional: true })];
const COUNTED = [["6.2.0", "Takes a count."]] as const;

export const popCommands = commandTable("list", [
  {
    name: "lmpop",
    arity: -4,
    flags: ["write"],
    keys: [key({ at: 1, count: 0, first: 1, access: "rw", does: ["access", "delete"] })],
    args: [
      arg.integer("numkeys"),
      arg.key("key", { multiple: true }),
      endArgument("where"),
      arg.integer("count", { token: "COUNT", optional: true }),
    ],
    since: "7.0.0",
    complexity: "O(N+M) where N is the number of keys, M the number of elements returned",
    summary: "Removes and returns elements of one end of the first list that exists.",
    handler: lmpopCommand,
  },
  {
    name: "lpop",
    arity: -2,
    flags: ["write", "fast"],
    keys: KEYS,
    args: ARGS,
    since: "1.0.0",
    complexity: "O(N) where N is the number of elements returned",
    summary: "Removes and returns the first elements of a list.",
    history: COUNTED,
    handler: lpopCommand,
  },
  {
    name: "rpop",
    arity: -2,
    flags: ["write", "fast"],
    keys: KEYS,
    args: ARGS,
    since: "1.0.0",
    complexity: "O(N) where N is the number of elements returned",
    summary: "Removes and returns the last elements of a list.",
    history: COUNTED,
    handler: rpopCommand,
  },
]);
