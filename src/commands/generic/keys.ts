/** Commands on keys whatever they hold: existence, names, databases. */
import type { Database } from "../../keyspace/database.ts";
import { EventClass } from "../../keyspace/events.ts";
import { VALUE_TYPES } from "../../keyspace/types/mod.ts";
import { equalBytes } from "../../memory/bytes.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { int32 } from "../arguments.ts";
import type { Client } from "../context.ts";
import { DB_INDEX_OUT_OF_RANGE, NO_SUCH_KEY, SAME_OBJECT, SYNTAX } from "../errors.ts";
import { arg, commandTable, key } from "../spec.ts";

const DB = keyword("DB");
const REPLACE = keyword("REPLACE");

// ---------------------------------------------------------------- handlers

function deleteKeys(client: Client, args: Args, lazily: boolean): void {
  let deleted = 0;
  for (let i = 1; i < args.count; i++) {
    if (!client.db.delete(args.bufs[i], args.starts[i], args.ends[i], lazily)) continue;
    client.db.changed(args.bufs[i], args.starts[i], args.ends[i], EventClass.GENERIC, "del");
    deleted++;
  }
  client.reply.integer(deleted);
}

function delCommand(client: Client, args: Args): void {
  deleteKeys(client, args, client.server.settings.lazyfreeLazyUserDel);
}

function unlinkCommand(client: Client, args: Args): void {
  deleteKeys(client, args, true);
}

function existsCommand(client: Client, args: Args): void {
  let count = 0;
  for (let i = 1; i < args.count; i++) {
    if (client.db.lookupUntouched(args.bufs[i], args.starts[i], args.ends[i]) !== 0) count++;
  }
  client.reply.integer(count);
}

function touchCommand(client: Client, args: Args): void {
  let count = 0;
  for (let i = 1; i < args.count; i++) {
    if (client.db.lookupRead(args.bufs[i], args.starts[i], args.ends[i]) !== 0) count++;
  }
  client.reply.integer(count);
}

function typeCommand(client: Client, args: Args): void {
  const { db } = client;
  const entry = db.lookupUntouched(args.bufs[1], args.starts[1], args.ends[1]);
  client.reply.simple(entry === 0 ? "none" : VALUE_TYPES[db.type(entry)]!.name);
}

function randomkeyCommand(client: Client, _args: Args): void {
  const entry = client.db.randomEntry();
  if (entry === 0) return client.reply.nullBulk();
  const { buf, start, end } = client.db.key(entry);
  client.reply.bulk(buf, start, end);
}

function renameCommand(client: Client, args: Args): void {
  if (rename(client, args, true)) client.reply.ok();
}

function renamenxCommand(client: Client, args: Args): void {
  client.reply.integer(rename(client, args, false) ? 1 : 0);
}

/** Whether the key has its new name now; it may take it from another key when `replace`. */
function rename(client: Client, args: Args, replace: boolean): boolean {
  const { db } = client;
  const [buf, start, end] = [args.bufs[2], args.starts[2], args.ends[2]];
  const entry = db.lookupWrite(args.bufs[1], args.starts[1], args.ends[1]);
  if (entry === 0) throw NO_SUCH_KEY;
  const inTheWay = db.lookupWrite(buf, start, end);
  if (inTheWay === entry) return replace;
  if (inTheWay !== 0) {
    if (!replace) return false;
    db.removeEntry(inTheWay, client.server.settings.lazyfreeLazyServerDel);
  }
  db.moveTo(db, buf, start, end, entry);
  db.changed(args.bufs[1], args.starts[1], args.ends[1], EventClass.GENERIC, "rename_from");
  db.modified(buf, start, end);
  db.notify(buf, start, end, EventClass.GENERIC, "rename_to");
  return true;
}

function moveCommand(client: Client, args: Args): void {
  const { db } = client;
  const target = databaseArgument(client, args, 2);
  if (target === db) throw SAME_OBJECT;
  const [buf, start, end] = [args.bufs[1], args.starts[1], args.ends[1]];
  const entry = db.lookupWrite(buf, start, end);
  if (entry === 0 || target.peek(buf, start, end) !== 0) return client.reply.integer(0);
  db.moveTo(target, buf, start, end, entry);
  db.changed(buf, start, end, EventClass.GENERIC, "move_from");
  target.modified(buf, start, end);
  target.notify(buf, start, end, EventClass.GENERIC, "move_to");
  client.reply.integer(1);
}

function copyCommand(client: Client, args: Args): void {
  const { db } = client;
  let target = db;
  let replace = false;
  for (let i = 3; i < args.count; i++) {
    if (args.is(i, REPLACE)) replace = true;
    else if (args.is(i, DB) && i + 1 < args.count) target = databaseArgument(client, args, ++i);
    else throw SYNTAX;
  }
  const [buf, start, end] = [args.bufs[2], args.starts[2], args.ends[2]];
  if (target === db && isSameKey(args, 1, 2)) throw SAME_OBJECT;
  const entry = db.lookupRead(args.bufs[1], args.starts[1], args.ends[1]);
  if (entry === 0) return client.reply.integer(0);
  const inTheWay = target.lookupWrite(buf, start, end);
  if (inTheWay !== 0) {
    if (!replace) return client.reply.integer(0);
    target.removeEntry(inTheWay, false);
  }
  db.copyTo(target, buf, start, end, entry);
  target.changed(buf, start, end, EventClass.GENERIC, "copy_to");
  client.reply.integer(1);
}

/** The database that argument `i` names by its number. */
function databaseArgument(client: Client, args: Args, i: number): Database {
  const { keyspace } = client.server;
  const index = int32(args, i);
  if (index < 0 || index >= keyspace.databaseCount) throw DB_INDEX_OUT_OF_RANGE;
  return keyspace.database(index);
}

function isSameKey(args: Args, a: number, b: number): boolean {
  return equalBytes(
    args.bufs[a],
    args.starts[a],
    args.ends[a],
    args.bufs[b],
    args.starts[b],
    args.ends[b],
  );
}

// ---------------------------------------------------------------- the table

const MANY_KEYS = arg.key("key", { multiple: true });

export const keyCommands = commandTable("generic", [
  {
    name: "copy",
    arity: -3,
    flags: ["write", "denyoom"],
    keys: [
      key({ at: 1, access: "ro", does: "access" }),
      key({ at: 2, access: "ow", does: "update" }),
    ],
    args: [
      arg.key("source"),
      arg.key("destination", { keySpec: 1 }),
      arg.integer("destination-db", { token: "DB", optional: true }),
      arg.token("REPLACE", { optional: true }),
    ],
    since: "6.2.0",
    complexity: "O(N) where N is the number of elements in the value",
    summary: "Copies the value of a key, with its expiry, to another key.",
    handler: copyCommand,
  },
  {
    name: "del",
    arity: -2,
    flags: ["write"],
    keys: [key({ at: 1, last: -1, access: "rm", does: "delete" })],
    args: [MANY_KEYS],
    tips: ["request_policy:multi_shard", "response_policy:agg_sum"],
    since: "1.0.0",
    complexity:
      "O(N) where N is the number of keys, and the number of elements in those that hold collections",
    summary: "Removes keys.",
    handler: delCommand,
  },
  {
    name: "exists",
    arity: -2,
    flags: ["readonly", "fast"],
    keys: [key({ at: 1, last: -1, access: "ro" })],
    args: [MANY_KEYS],
    tips: ["request_policy:multi_shard", "response_policy:agg_sum"],
    since: "1.0.0",
    complexity: "O(N) where N is the number of keys",
    summary: "Counts how many of the keys exist.",
    history: [["3.0.3", "Takes several keys."]],
    handler: existsCommand,
  },
  {
    name: "move",
    arity: 3,
    flags: ["write", "fast"],
    keys: [key({ at: 1, access: "rw", does: ["access", "update"] })],
    args: [arg.key(), arg.integer("db")],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Moves a key to another database, where it must not exist.",
    handler: moveCommand,
  },
  {
    name: "randomkey",
    arity: 1,
    flags: ["readonly"],
    tips: ["request_policy:all_shards", "response_policy:special", "nondeterministic_output"],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Gives one key of the database, each equally likely.",
    handler: randomkeyCommand,
  },
  {
    name: "rename",
    arity: 3,
    flags: ["write"],
    keys: [
      key({ at: 1, access: "rw", does: ["access", "delete"] }),
      key({ at: 2, access: "ow", does: "update" }),
    ],
    args: [arg.key(), arg.key("newkey", { keySpec: 1 })],
    since: "1.0.0",
    complexity: "O(1), and the removal of a value that the new name held before",
    summary: "Gives a key another name, replacing the key that has it.",
    handler: renameCommand,
  },
  {
    name: "renamenx",
    arity: 3,
    flags: ["write", "fast"],
    keys: [
      key({ at: 1, access: "rw", does: ["access", "delete"] }),
      key({ at: 2, access: "ow", does: "insert" }),
    ],
    args: [arg.key(), arg.key("newkey", { keySpec: 1 })],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Gives a key another name, provided that no key has it.",
    handler: renamenxCommand,
  },
  {
    name: "touch",
    arity: -2,
    flags: ["readonly", "fast"],
    keys: [key({ at: 1, last: -1, access: "ro" })],
    args: [MANY_KEYS],
    tips: ["request_policy:multi_shard", "response_policy:agg_sum"],
    since: "3.2.1",
    complexity: "O(N) where N is the number of keys",
    summary: "Notes a use of keys, as reading them would, and counts those that exist.",
    handler: touchCommand,
  },
  {
    name: "type",
    arity: 2,
    flags: ["readonly", "fast"],
    keys: [key({ at: 1, access: "ro" })],
    args: [arg.key()],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Tells what type of value a key holds.",
    handler: typeCommand,
  },
  {
    name: "unlink",
    arity: -2,
    flags: ["write", "fast"],
    keys: [key({ at: 1, last: -1, access: "rm", does: "delete" })],
    args: [MANY_KEYS],
    tips: ["request_policy:multi_shard", "response_policy:agg_sum"],
    since: "4.0.0",
    complexity: "O(N) where N is the number of keys; what is big is freed in slices afterwards",
    summary: "Removes keys, and frees what they held in the background.",
    handler: unlinkCommand,
  },
]);
