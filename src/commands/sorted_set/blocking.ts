/** The commands of sorted sets that wait for a member: BZPOPMIN, BZPOPMAX and BZMPOP. */
import type { Args } from "../../resp/args.ts";
import { TypeId } from "../../structures/entry.ts";
import type { Client, KeyWait } from "../context.ts";
import { arg, commandTable, key } from "../spec.ts";
import { popOrWait, replyNullArray } from "../waiting.ts";
import { popFirstOf, popSingle, readMultiPop } from "./removal.ts";

// ---------------------------------------------------------------- one member

const bzpopminCommand = popOrWait(
  TypeId.ZSET,
  (client, args, i) => popSingle(client, args, i, false),
);
const bzpopmaxCommand = popOrWait(
  TypeId.ZSET,
  (client, args, i) => popSingle(client, args, i, true),
);

// ---------------------------------------------------------------- several members

const NUMKEYS = 2;

const bzmpopWait: KeyWait = {
  typeId: TypeId.ZSET,
  serve: (client, args) => popFirstOf(client, args, readMultiPop(args, NUMKEYS)),
  atTimeout: replyNullArray,
};

function bzmpopCommand(client: Client, args: Args): void {
  const pop = readMultiPop(args, NUMKEYS);
  const timeoutMs = args.timeoutSeconds(1);
  if (popFirstOf(client, args, pop)) return;
  const { firstKey, numKeys } = pop;
  client.server.blocking.blockOnKeys(client, args, firstKey, numKeys, timeoutMs, bzmpopWait);
}

// ---------------------------------------------------------------- the table

const KEYS = [key({ at: 1, last: -2, step: 1, access: "rw", does: ["access", "delete"] })];
const ARGS = [arg.key("key", { multiple: true }), arg.double("timeout")];
const FRACTIONS = [["6.0.0", "The timeout may have a fraction."]] as const;

export const blockingSortedSetCommands = commandTable("sorted-set", [
  {
    name: "bzmpop",
    arity: -5,
    flags: ["write", "blocking"],
    keys: [key({ at: 2, count: 0, first: 1, access: "rw", does: ["access", "delete"] })],
    args: [
      arg.double("timeout"),
      arg.integer("numkeys"),
      arg.key("key", { multiple: true }),
      arg.oneOf("where", [arg.token("MIN"), arg.token("MAX")]),
      arg.integer("count", { token: "COUNT", optional: true }),
    ],
    since: "7.0.0",
    complexity:
      "O(K + M log N), K being the number of keys, N the size of the set and M the number of members taken out",
    summary: "As ZMPOP, but waits for a sorted set.",
    handler: bzmpopCommand,
  },
  {
    name: "bzpopmax",
    arity: -3,
    flags: ["write", "noscript", "fast", "blocking"],
    keys: KEYS,
    args: ARGS,
    since: "5.0.0",
    complexity: "O(log N), N being the size of the set",
    summary:
      "Takes the member with the highest score out of the first of several sorted sets, or waits for one.",
    history: FRACTIONS,
    handler: bzpopmaxCommand,
  },
  {
    name: "bzpopmin",
    arity: -3,
    flags: ["write", "noscript", "fast", "blocking"],
    keys: KEYS,
    args: ARGS,
    since: "5.0.0",
    complexity: "O(log N), N being the size of the set",
    summary:
      "Takes the member with the lowest score out of the first of several sorted sets, or waits for one.",
    history: FRACTIONS,
    handler: bzpopminCommand,
  },
]);
