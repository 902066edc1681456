/** Commands that concern the server as a whole: its databases, its time, its end. */
import { type Args, keyword } from "../resp/args.ts";
import { ReplyError } from "../resp/errors.ts";
import { int32 } from "./arguments.ts";
import type { Client } from "./context.ts";
import { DB_INDEX_OUT_OF_RANGE, SYNTAX } from "./errors.ts";
import { arg, commandTable } from "./spec.ts";

const ASYNC = keyword("ASYNC");
const SYNC = keyword("SYNC");

// ---------------------------------------------------------------- handlers

function dbsizeCommand(client: Client, _args: Args): void {
  client.reply.integer(client.db.size);
}

function flushdbCommand(client: Client, args: Args): void {
  const { effects } = client.server;
  const lazily = readFlushMode(client, args);
  if (effects.active) effects.request(client.db.index, args);
  flush(client, client.db.index, lazily);
  client.reply.ok();
}

function flushallCommand(client: Client, args: Args): void {
  const { effects, persistence } = client.server;
  const lazily = readFlushMode(client, args);
  // Told also when there is nothing to flush, as Redis does, and before the dump is saved.
  if (effects.active) effects.request(client.db.index, args);
  persistence.beforeFlushAll();
  flush(client, -1, lazily);
  persistence.afterFlushAll();
  client.reply.ok();
}

/** Whether memory may be freed later. */
function readFlushMode(client: Client, args: Args): boolean {
  if (args.count > 2) throw SYNTAX;
  if (args.count === 1) return client.server.settings.lazyfreeLazyUserFlush;
  if (args.is(1, ASYNC)) return true;
  if (args.is(1, SYNC)) return false;
  throw SYNTAX;
}

function flush({ server: { keyspace } }: Client, db: number, lazily: boolean): void {
  keyspace.counters.dirty += keyspace.flush(db, lazily);
}

function swapdbCommand(client: Client, args: Args): void {
  const { keyspace } = client.server;
  const first = databaseIndex(args, 1, "ERR invalid first DB index");
  const second = databaseIndex(args, 2, "ERR invalid second DB index");
  if (Math.min(first, second) < 0 || Math.max(first, second) >= keyspace.databaseCount) {
    throw DB_INDEX_OUT_OF_RANGE;
  }
  keyspace.swap(first, second);
  keyspace.counters.dirty++;
  client.reply.ok();
}

function databaseIndex(args: Args, i: number, message: string): number {
  try {
    return int32(args, i);
  } catch {
    throw new ReplyError(message);
  }
}

function timeCommand(client: Client, _args: Args): void {
  const us = client.server.nowUs();
  client.reply.array(2);
  client.reply.bulkInteger(Math.floor(us / 1e6));
  client.reply.bulkInteger(us % 1e6);
}

// ---------------------------------------------------------------- the table

const FLUSH_TYPE = arg.oneOf("flush-type", [
  arg.token("ASYNC", { since: "4.0.0" }),
  arg.token("SYNC", { since: "6.2.0" }),
], { optional: true });

export const serverCommands = commandTable("server", [
  {
    name: "dbsize",
    arity: 1,
    flags: ["readonly", "fast"],
    acl: ["keyspace"],
    tips: ["request_policy:all_shards", "response_policy:agg_sum"],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Counts the keys of the database.",
    handler: dbsizeCommand,
  },
  {
    name: "flushall",
    arity: -1,
    flags: ["write"],
    acl: ["keyspace", "dangerous"],
    args: [FLUSH_TYPE],
    tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
    since: "1.0.0",
    complexity: "O(N) where N is the number of keys; with ASYNC they are freed in slices",
    summary: "Removes all keys of all databases.",
    handler: flushallCommand,
  },
  {
    name: "flushdb",
    arity: -1,
    flags: ["write"],
    acl: ["keyspace", "dangerous"],
    args: [FLUSH_TYPE],
    tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
    since: "1.0.0",
    complexity: "O(N) where N is the number of keys; with ASYNC they are freed in slices",
    summary: "Removes all keys of the database.",
    handler: flushdbCommand,
  },
  {
    name: "swapdb",
    arity: 3,
    flags: ["write", "fast"],
    acl: ["keyspace", "dangerous"],
    args: [arg.integer("index1"), arg.integer("index2")],
    since: "4.0.0",
    complexity: "O(N) where N is the number of clients that watch keys of either database",
    summary: "Exchanges two databases.",
    handler: swapdbCommand,
  },
  {
    name: "time",
    arity: 1,
    flags: ["loading", "stale", "fast"],
    tips: ["nondeterministic_output"],
    since: "2.6.0",
    complexity: "O(1)",
    summary: "Tells the server's time, in seconds and microseconds.",
    handler: timeCommand,
  },
]);
