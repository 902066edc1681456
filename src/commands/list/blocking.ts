/** The commands of lists that wait for an element: BLPOP, BRPOP, BLMPOP, BLMOVE and BRPOPLPUSH. */
import type { Args } from "../../resp/args.ts";
import { TypeId } from "../../structures/entry.ts";
import { type Client, ClientFlag, type KeyWait } from "../context.ts";
import { lookupWrite } from "../lookup.ts";
import { arg, commandTable, key } from "../spec.ts";
import { popOrWait, replyNullArray } from "../waiting.ts";
import { dropEnd, endArgument, isLeft, readMultiPop, replyEnd, tellPopped } from "./ends.ts";
import { move, MOVE_KEYS, MOVE_LISTS } from "./move.ts";
import { popFirstOf } from "./pop.ts";

// ---------------------------------------------------------------- BLPOP and BRPOP

const blpopCommand = popOrWait(TypeId.LIST, (client, args, i) => popFromKey(client, args, i, true));
const brpopCommand = popOrWait(
  TypeId.LIST,
  (client, args, i) => popFromKey(client, args, i, false),
);

/** Replies with the key and the element taken; false when the key is missing. */
function popFromKey(client: Client, args: Args, i: number, atHead: boolean): boolean {
  const { reply } = client;
  const entry = lookupWrite(client, args, i, TypeId.LIST);
  if (entry === 0) return false;
  reply.array(2);
  reply.bulk(args.bufs[i], args.starts[i], args.ends[i]);
  replyEnd(client, entry, atHead);
  dropEnd(client, args, i, entry, atHead, 1);
  tellPopped(client, args, i, atHead, 1);
  return true;
}

// ---------------------------------------------------------------- BLMPOP

const NUMKEYS = 2;

const blmpopWait: KeyWait = {
  typeId: TypeId.LIST,
  serve: (client, args) => popFirstOf(client, args, readMultiPop(args, NUMKEYS)),
  atTimeout: replyNullArray,
};

function blmpopCommand(client: Client, args: Args): void {
  const pop = readMultiPop(args, NUMKEYS);
  const timeoutMs = args.timeoutSeconds(1);
  if (popFirstOf(client, args, pop)) return;
  client.server.blocking.blockOnKeys(
    client,
    args,
    pop.firstKey,
    pop.numKeys,
    timeoutMs,
    blmpopWait,
  );
}

// ---------------------------------------------------------------- BLMOVE and BRPOPLPUSH

const blmoveWait: KeyWait = {
  typeId: TypeId.LIST,
  serve: (client, args) => move(client, args, isLeft(args, 3), isLeft(args, 4)),
  atTimeout: replyNullArray,
};

const brpoplpushWait: KeyWait = {
  typeId: TypeId.LIST,
  serve: (client, args) => move(client, args, false, true),
  atTimeout: replyNullArray,
};

function blmoveCommand(client: Client, args: Args): void {
  const fromHead = isLeft(args, 3);
  const toHead = isLeft(args, 4);
  moveOrWait(client, args, fromHead, toHead, args.timeoutSeconds(5), blmoveWait);
}

function brpoplpushCommand(client: Client, args: Args): void {
  moveOrWait(client, args, false, true, args.timeoutSeconds(3), brpoplpushWait);
}

function moveOrWait(
  client: Client,
  args: Args,
  fromHead: boolean,
  toHead: boolean,
  timeoutMs: number,
  how: KeyWait,
): void {
  if (move(client, args, fromHead, toHead)) return;
  // What is said in EXEC is not what is said when the time is over.
  if ((client.flags & ClientFlag.DENY_BLOCKING) !== 0) client.reply.nullBulk();
  else client.server.blocking.blockOnKeys(client, args, 1, 1, timeoutMs, how);
}

// ---------------------------------------------------------------- the table

const POP_KEYS = [
  key({ at: 1, last: -2, step: 1, access: "rw", does: ["access", "delete"] }),
];
const FRACTIONS = [["6.0.0", "The timeout may have a fraction."]] as const;

export const blockingListCommands = commandTable("list", [
  {
    name: "blmove",
    arity: 6,
    flags: ["write", "denyoom", "noscript", "blocking"],
    keys: MOVE_KEYS,
    args: [
      ...MOVE_LISTS,
      endArgument("wherefrom"),
      endArgument("whereto"),
      arg.double("timeout"),
    ],
    since: "6.2.0",
    complexity: "O(1)",
    summary: "As LMOVE, but waits for an element.",
    handler: blmoveCommand,
  },
  {
    name: "blmpop",
    arity: -5,
    flags: ["write", "blocking"],
    keys: [key({ at: 2, count: 0, first: 1, access: "rw", does: ["access", "delete"] })],
    args: [
      arg.double("timeout"),
      arg.integer("numkeys"),
      arg.key("key", { multiple: true }),
      endArgument("where"),
      arg.integer("count", { token: "COUNT", optional: true }),
    ],
    since: "7.0.0",
    complexity: "O(N+M) where N is the number of keys, M the number of elements returned",
    summary: "As LMPOP, but waits for a list.",
    handler: blmpopCommand,
  },
  {
    name: "blpop",
    arity: -3,
    flags: ["write", "noscript", "blocking"],
    keys: POP_KEYS,
    args: [arg.key("key", { multiple: true }), arg.double("timeout")],
    since: "2.0.0",
    complexity: "O(N) where N is the number of keys",
    summary: "Takes the first element of the first list that has one, or waits for one.",
    history: FRACTIONS,
    handler: blpopCommand,
  },
  {
    name: "brpop",
    arity: -3,
    flags: ["write", "noscript", "blocking"],
    keys: POP_KEYS,
    args: [arg.key("key", { multiple: true }), arg.double("timeout")],
    since: "2.0.0",
    complexity: "O(N) where N is the number of keys",
    summary: "Takes the last element of the first list that has one, or waits for one.",
    history: FRACTIONS,
    handler: brpopCommand,
  },
  {
    name: "brpoplpush",
    arity: 4,
    flags: ["write", "denyoom", "noscript", "blocking"],
    keys: MOVE_KEYS,
    args: [...MOVE_LISTS, arg.double("timeout")],
    since: "2.2.0",
    complexity: "O(1)",
    summary: "As RPOPLPUSH, but waits for an element.",
    deprecated: { since: "6.2.0", replacedBy: "`BLMOVE` with the `RIGHT` and `LEFT` arguments" },
    history: FRACTIONS,
    handler: brpoplpushCommand,
  },
]);
