/** Commands that set, read and remove single fields of a hash. */
import {
  expectFields,
  hashLength,
  removeHashField,
  setHashField,
  trimHash,
} from "../../keyspace/types/hash.ts";
import type { Args } from "../../resp/args.ts";
import { Element } from "../../structures/listpack.ts";
import type { Client } from "../context.ts";
import { wrongArity } from "../errors.ts";
import { arg, commandTable } from "../spec.ts";
import { DELETES, FIELD, FIELDS, INSERTS, INSPECTS, PAIRS, READS, UPDATES } from "./keys.ts";
import {
  addHash,
  dropIfEmpty,
  notifyGone,
  readHash,
  showField,
  withoutDue,
  writeHash,
  wroteFields,
} from "./lookup.ts";

/** Bytes of a listpack's element beyond its text, of a short one. */
const ELEMENT_OVERHEAD = 2;

/** Shows the value that is being looked at. */
const shown = new Element();

// ---------------------------------------------------------------- setting

function hsetCommand(client: Client, args: Args): void {
  if (args.count % 2 === 1) throw wrongArity("hset");
  client.reply.integer(setPairs(client, args));
}

function hmsetCommand(client: Client, args: Args): void {
  if (args.count % 2 === 1) throw wrongArity("hmset");
  setPairs(client, args);
  client.reply.ok();
}

function hsetnxCommand(client: Client, args: Args): void {
  const found = withoutDue(client, args, writeHash(client, args), 2, args.count);
  const exists = showField(client, args, found, 2, shown);
  if (!exists) setPairs(client, args);
  client.reply.integer(exists ? 0 : 1);
}

/** Sets the fields from argument 2 on, each followed by its value; returns how many are new. */
function setPairs(client: Client, args: Args): number {
  const { db: { keyspace }, server: { settings } } = client;
  const found = writeHash(client, args);
  let longest = 0;
  let total = 0;
  for (let i = 2; i < args.count; i++) {
    const length = args.ends[i] - args.starts[i];
    if (length > longest) longest = length;
    total += length;
  }
  const fits = longest <= settings.hashMaxListpackValue &&
    args.count <= 2 * settings.hashMaxListpackEntries;
  const room = fits ? total + (args.count - 2) * ELEMENT_OVERHEAD : 0;
  const entry = found === 0 ? addHash(client, args, room) : found;
  let created = 0;
  try {
    expectFields(keyspace, entry, settings, longest, total);
    for (let i = 2; i < args.count; i += 2) {
      const isNew = setHashField(
        keyspace,
        entry,
        settings,
        args.bufs[i],
        args.starts[i],
        args.ends[i],
        args.bufs[i + 1],
        args.starts[i + 1],
        args.ends[i + 1],
      );
      if (isNew) created++;
    }
    if (found === 0) trimHash(keyspace, entry);
    else client.db.fields.track(entry);
  } catch (failure) {
    dropIfEmpty(client, entry);
    throw failure;
  }
  wroteFields(client, args, (args.count - 2) / 2, "hset");
  return created;
}

// ---------------------------------------------------------------- reading

function hgetCommand(client: Client, args: Args): void {
  replyField(client, args, withoutDue(client, args, readHash(client, args), 2), 2);
}

function hmgetCommand(client: Client, args: Args): void {
  const entry = withoutDue(client, args, readHash(client, args), 2);
  client.reply.array(args.count - 2);
  for (let i = 2; i < args.count; i++) replyField(client, args, entry, i);
}

/** Replies with the value of the field that argument `i` names; null where there is none, or `entry` is 0. */
function replyField(client: Client, args: Args, entry: number, i: number): void {
  const { reply } = client;
  if (showField(client, args, entry, i, shown)) reply.bulk(shown.buf, shown.start, shown.end);
  else reply.nullBulk();
}

function hlenCommand(client: Client, args: Args): void {
  const entry = readHash(client, args);
  client.reply.integer(entry === 0 ? 0 : hashLength(client.db.keyspace, entry));
}

function hexistsCommand(client: Client, args: Args): void {
  const entry = withoutDue(client, args, readHash(client, args), 2);
  client.reply.integer(showField(client, args, entry, 2, shown) ? 1 : 0);
}

function hstrlenCommand(client: Client, args: Args): void {
  const entry = withoutDue(client, args, readHash(client, args), 2);
  const found = showField(client, args, entry, 2, shown);
  client.reply.integer(found ? shown.end - shown.start : 0);
}

// ---------------------------------------------------------------- removing

function hdelCommand(client: Client, args: Args): void {
  const { db: { keyspace }, reply } = client;
  const entry = writeHash(client, args);
  if (entry === 0) return reply.integer(0);
  let removed = 0;
  let isEmpty = false;
  for (let i = 2; i < args.count && !isEmpty; i++) {
    if (!removeHashField(keyspace, entry, args.bufs[i], args.starts[i], args.ends[i])) continue;
    removed++;
    isEmpty = dropIfEmpty(client, entry);
  }
  if (removed > 0 && !isEmpty) client.db.fields.track(entry);
  if (removed > 0) wroteFields(client, args, removed, "hdel");
  if (isEmpty) notifyGone(client, args);
  reply.integer(removed);
}

// ---------------------------------------------------------------- the table

export const hashFieldCommands = commandTable("hash", [
  {
    name: "hdel",
    arity: -3,
    flags: ["write", "fast"],
    keys: DELETES,
    args: [arg.key(), FIELDS],
    since: "2.0.0",
    complexity: "O(N) where N is the number of fields to be removed",
    summary: "Removes fields of a hash, and the hash with its last field.",
    history: [["2.4.0", "Takes more than one field."]],
    handler: hdelCommand,
  },
  {
    name: "hexists",
    arity: 3,
    flags: ["readonly", "fast"],
    keys: INSPECTS,
    args: [arg.key(), FIELD],
    since: "2.0.0",
    complexity: "O(1)",
    summary: "Tells whether a hash has a field.",
    handler: hexistsCommand,
  },
  {
    name: "hget",
    arity: 3,
    flags: ["readonly", "fast"],
    keys: READS,
    args: [arg.key(), FIELD],
    since: "2.0.0",
    complexity: "O(1)",
    summary: "Gives the value of a field of a hash.",
    handler: hgetCommand,
  },
  {
    name: "hlen",
    arity: 2,
    flags: ["readonly", "fast"],
    keys: INSPECTS,
    args: [arg.key()],
    since: "2.0.0",
    complexity: "O(1)",
    summary: "Counts the fields of a hash.",
    handler: hlenCommand,
  },
  {
    name: "hmget",
    arity: -3,
    flags: ["readonly", "fast"],
    keys: READS,
    args: [arg.key(), FIELDS],
    since: "2.0.0",
    complexity: "O(N) where N is the number of fields asked for",
    summary: "Gives the values of several fields of a hash.",
    handler: hmgetCommand,
  },
  {
    name: "hmset",
    arity: -4,
    flags: ["write", "denyoom", "fast"],
    keys: UPDATES,
    args: [arg.key(), PAIRS],
    since: "2.0.0",
    complexity: "O(N) where N is the number of fields to be set",
    summary: "Sets fields of a hash, creating the hash when it is missing.",
    deprecated: { since: "4.0.0", replacedBy: "`HSET` with multiple field-value pairs" },
    handler: hmsetCommand,
  },
  {
    name: "hset",
    arity: -4,
    flags: ["write", "denyoom", "fast"],
    keys: UPDATES,
    args: [arg.key(), PAIRS],
    since: "2.0.0",
    complexity: "O(N) where N is the number of fields to be set",
    summary: "Sets fields of a hash, creating the hash when it is missing; counts the new ones.",
    history: [["4.0.0", "Takes more than one field with its value."]],
    handler: hsetCommand,
  },
  {
    name: "hsetnx",
    arity: 4,
    flags: ["write", "denyoom", "fast"],
    keys: INSERTS,
    args: [arg.key(), FIELD, arg.string("value")],
    since: "2.0.0",
    complexity: "O(1)",
    summary: "Sets a field of a hash that the hash does not have yet.",
    handler: hsetnxCommand,
  },
  {
    name: "hstrlen",
    arity: 3,
    flags: ["readonly", "fast"],
    keys: INSPECTS,
    args: [arg.key(), FIELD],
    since: "3.2.0",
    complexity: "O(1)",
    summary: "Tells the length of the value of a field of a hash.",
    handler: hstrlenCommand,
  },
]);
