/**
 * Transactions: commands that are queued and then run together, and the watch over keys that makes
 * them conditional.
 */
import type { Args } from "../resp/args.ts";
import { ReplyError } from "../resp/errors.ts";
import { type Client, ClientFlag } from "./context.ts";
import { arg, commandTable, key } from "./spec.ts";

const NESTED_MULTI = new ReplyError("ERR MULTI calls can not be nested");
const EXEC_WITHOUT_MULTI = new ReplyError("ERR EXEC without MULTI");
const DISCARD_WITHOUT_MULTI = new ReplyError("ERR DISCARD without MULTI");
const WATCH_INSIDE_MULTI = new ReplyError("ERR WATCH inside MULTI is not allowed");
const ABORTED = new ReplyError("EXECABORT Transaction discarded because of previous errors.");

// ---------------------------------------------------------------- handlers

function multiCommand(client: Client, _args: Args): void {
  if ((client.flags & ClientFlag.MULTI) !== 0) throw NESTED_MULTI;
  client.server.transactions.begin(client);
  client.reply.ok();
}

/** Exported because dispatch treats EXEC as whatever is queued. */
export function execCommand(client: Client, _args: Args): void {
  if ((client.flags & ClientFlag.MULTI) === 0) throw EXEC_WITHOUT_MULTI;
  const { transactions } = client.server;
  const isStale = transactions.isStale(client);
  if ((client.flags & ClientFlag.DIRTY_EXEC) !== 0) {
    transactions.discard(client);
    throw ABORTED;
  }
  if (!isStale) return transactions.exec(client);
  transactions.discard(client);
  client.reply.nullArray();
}

function discardCommand(client: Client, _args: Args): void {
  if ((client.flags & ClientFlag.MULTI) === 0) throw DISCARD_WITHOUT_MULTI;
  client.server.transactions.discard(client);
  client.reply.ok();
}

function watchCommand(client: Client, args: Args): void {
  if ((client.flags & ClientFlag.MULTI) !== 0) throw WATCH_INSIDE_MULTI;
  const { transactions } = client.server;
  for (let i = 1; i < args.count; i++) {
    transactions.watch(client, args.bufs[i], args.starts[i], args.ends[i]);
  }
  client.reply.ok();
}

function unwatchCommand(client: Client, _args: Args): void {
  client.server.transactions.unwatch(client);
  client.reply.ok();
}

// ---------------------------------------------------------------- the table

const FLAGS = ["noscript", "loading", "stale", "fast", "allow_busy"] as const;

export const transactionCommands = commandTable("transactions", [
  {
    name: "discard",
    arity: 1,
    flags: FLAGS,
    since: "2.0.0",
    complexity: "O(N) where N is the number of queued commands",
    summary: "Drops the queued commands and ends the transaction.",
    neverQueued: true,
    handler: discardCommand,
  },
  {
    name: "exec",
    arity: 1,
    flags: ["noscript", "loading", "stale", "skip_slowlog"],
    since: "1.2.0",
    complexity: "That of the queued commands",
    summary: "Runs the queued commands, unless a watched key has changed.",
    neverQueued: true,
    handler: execCommand,
  },
  {
    name: "multi",
    arity: 1,
    flags: FLAGS,
    since: "1.2.0",
    complexity: "O(1)",
    summary: "Begins a transaction: what follows is queued.",
    neverQueued: true,
    handler: multiCommand,
  },
  {
    name: "unwatch",
    arity: 1,
    flags: FLAGS,
    since: "2.2.0",
    complexity: "O(1) for each watched key",
    summary: "Forgets the watched keys.",
    handler: unwatchCommand,
  },
  {
    name: "watch",
    arity: -2,
    flags: FLAGS,
    keys: [key({ at: 1, last: -1, access: "ro" })],
    args: [arg.key("key", { multiple: true })],
    since: "2.2.0",
    complexity: "O(1) for each key",
    summary: "Makes the next transaction conditional on keys that nobody changes until then.",
    neverQueued: true,
    handler: watchCommand,
  },
]);
