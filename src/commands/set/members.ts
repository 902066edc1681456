/** Commands on the members of one set, and SMOVE between two. */
import { EventClass } from "../../keyspace/events.ts";
import { setAdd, setHas, setRemove, setSize } from "../../keyspace/types/set_members.ts";
import { SetWalk } from "../../keyspace/types/set_walk.ts";
import { Encoding } from "../../keyspace/types/type.ts";
import type { Args } from "../../resp/args.ts";
import type { Dict } from "../../structures/dict.ts";
import { TypeId } from "../../structures/entry.ts";
import type { Client } from "../context.ts";
import { WRONG_TYPE } from "../errors.ts";
import { wrote } from "../lookup.ts";
import { BUCKETS_PER_COUNT, matchesPattern, readCursor, readScanOptions } from "../scanning.ts";
import { arg, commandTable, key } from "../spec.ts";
import { draftSet, lookupReadSet, lookupWriteSet, removeIfEmpty } from "./lookup.ts";

const walk = new SetWalk();

// ---------------------------------------------------------------- adding and removing

function saddCommand(client: Client, args: Args): void {
  const { db } = client;
  const entry = lookupWriteSet(client, args, 1);
  const added = entry === 0 ? addToNew(client, args) : addMembers(client, args, entry);
  if (added > 0) {
    wrote(client, args, 1, EventClass.SET, "sadd");
    db.keyspace.counters.dirty += added - 1;
  }
  client.reply.integer(added);
}

function addToNew(client: Client, args: Args): number {
  const { db } = client;
  const draft = draftSet(client, args, 1);
  let added: number;
  try {
    added = addMembers(client, args, draft);
  } catch (failure) {
    db.discard(draft);
    throw failure;
  }
  db.put(draft);
  return added;
}

/** Adds arguments 2 and up; returns how many have not been there. */
function addMembers({ db }: Client, args: Args, entry: number): number {
  let added = 0;
  for (let i = 2; i < args.count; i++) {
    if (setAdd(db.keyspace, entry, args.bufs[i], args.starts[i], args.ends[i])) added++;
  }
  return added;
}

function sremCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  const entry = lookupWriteSet(client, args, 1);
  if (entry === 0) return reply.integer(0);
  let removed = 0;
  for (let i = 2; i < args.count && setSize(db.keyspace, entry) > 0; i++) {
    if (setRemove(db.keyspace, entry, args.bufs[i], args.starts[i], args.ends[i])) removed++;
  }
  if (removed > 0) {
    wrote(client, args, 1, EventClass.SET, "srem");
    db.keyspace.counters.dirty += removed - 1;
    removeIfEmpty(client, args, 1, entry);
  }
  reply.integer(removed);
}

function smoveCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  const { keyspace } = db;
  const buf = args.bufs[3];
  const start = args.starts[3];
  const end = args.ends[3];
  const source = db.lookupWrite(args.bufs[1], args.starts[1], args.ends[1]);
  const target = db.lookupWrite(args.bufs[2], args.starts[2], args.ends[2]);
  if (source === 0) return reply.integer(0);
  if (db.type(source) !== TypeId.SET) throw WRONG_TYPE;
  if (target !== 0 && db.type(target) !== TypeId.SET) throw WRONG_TYPE;
  const isThere = setHas(keyspace, source, buf, start, end);
  if (!isThere || source === target) return reply.integer(isThere ? 1 : 0);

  // What may run out of memory comes first, so that the member cannot get lost on its way.
  const draft = target === 0 ? draftSet(client, args, 2) : 0;
  let added: boolean;
  try {
    added = setAdd(keyspace, target === 0 ? draft : target, buf, start, end);
  } catch (failure) {
    if (draft !== 0) db.discard(draft);
    throw failure;
  }
  setRemove(keyspace, source, buf, start, end);
  wrote(client, args, 1, EventClass.SET, "srem");
  removeIfEmpty(client, args, 1, source);
  if (draft !== 0) db.put(draft);
  if (added) wrote(client, args, 2, EventClass.SET, "sadd");
  reply.integer(1);
}

// ---------------------------------------------------------------- reading

function scardCommand(client: Client, args: Args): void {
  const entry = lookupReadSet(client, args, 1);
  client.reply.integer(entry === 0 ? 0 : setSize(client.db.keyspace, entry));
}

function sismemberCommand(client: Client, args: Args): void {
  const entry = lookupReadSet(client, args, 1);
  replyIsMember(client, args, entry, 2);
}

function smismemberCommand(client: Client, args: Args): void {
  const entry = lookupReadSet(client, args, 1);
  client.reply.array(args.count - 2);
  for (let i = 2; i < args.count; i++) replyIsMember(client, args, entry, i);
}

function replyIsMember({ db, reply }: Client, args: Args, entry: number, i: number): void {
  const isMember = entry !== 0 &&
    setHas(db.keyspace, entry, args.bufs[i], args.starts[i], args.ends[i]);
  reply.integer(isMember ? 1 : 0);
}

function smembersCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  const entry = lookupReadSet(client, args, 1);
  if (entry === 0) return reply.set(0);
  reply.set(setSize(db.keyspace, entry));
  walk.begin(db.keyspace, entry);
  while (walk.next()) reply.bulk(walk.buf, walk.start, walk.end);
}

function sscanCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  const cursor = readCursor(args, 2);
  const entry = lookupReadSet(client, args, 1);
  if (entry === 0) {
    reply.array(2);
    reply.bulkInteger(0);
    return reply.emptyArray();
  }
  const { count, patternArg } = readScanOptions(args, 3);
  if (db.encoding(entry) === Encoding.HASHTABLE) {
    scanDict(client, args, entry, cursor, count, patternArg);
    return;
  }
  reply.array(2);
  reply.bulkInteger(0);
  const header = reply.deferLength();
  let found = 0;
  walk.begin(db.keyspace, entry);
  while (walk.next()) {
    if (!matchesPattern(args, patternArg, walk.buf, walk.start, walk.end)) continue;
    reply.bulk(walk.buf, walk.start, walk.end);
    found++;
  }
  reply.setArrayLength(header, found);
}

function scanDict(
  { db, reply }: Client,
  args: Args,
  entry: number,
  cursor: number,
  count: number,
  patternArg: number,
): void {
  const dict = db.keyspace.objects.get<Dict>(db.outsideValue(entry));
  const members: number[] = [];
  const collect = (member: number) => {
    members.push(member);
  };
  let bucketsLeft = count * BUCKETS_PER_COUNT;
  let next = cursor;
  do {
    next = dict.scan(next, collect);
  } while (next !== 0 && members.length < count && --bucketsLeft > 0);

  reply.array(2);
  reply.bulkInteger(next);
  const header = reply.deferLength();
  let found = 0;
  for (const member of members) {
    const name = db.key(member);
    if (!matchesPattern(args, patternArg, name.buf, name.start, name.end)) continue;
    reply.bulk(name.buf, name.start, name.end);
    found++;
  }
  reply.setArrayLength(header, found);
}

// ---------------------------------------------------------------- the table

const MANY_MEMBERS = arg.string("member", { multiple: true });

export const setMemberCommands = commandTable("set", [
  {
    name: "sadd",
    arity: -3,
    flags: ["write", "denyoom", "fast"],
    keys: [key({ at: 1, access: "rw", does: "insert" })],
    args: [arg.key(), MANY_MEMBERS],
    since: "1.0.0",
    complexity: "O(1) for each member",
    summary: "Adds members to a set, creating the set when it is missing.",
    history: [["2.4.0", "Takes several members."]],
    handler: saddCommand,
  },
  {
    name: "scard",
    arity: 2,
    flags: ["readonly", "fast"],
    keys: [key({ at: 1, access: "ro" })],
    args: [arg.key()],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Counts the members of a set.",
    handler: scardCommand,
  },
  {
    name: "sismember",
    arity: 3,
    flags: ["readonly", "fast"],
    keys: [key({ at: 1, access: "ro" })],
    args: [arg.key(), arg.string("member")],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Tells whether a set has a member.",
    handler: sismemberCommand,
  },
  {
    name: "smembers",
    arity: 2,
    flags: ["readonly"],
    keys: [key({ at: 1, access: "ro", does: "access" })],
    args: [arg.key()],
    tips: ["nondeterministic_output_order"],
    since: "1.0.0",
    complexity: "O(N) where N is the number of members",
    summary: "Gives all members of a set.",
    costsItsReply: true,
    handler: smembersCommand,
  },
  {
    name: "smismember",
    arity: -3,
    flags: ["readonly", "fast"],
    keys: [key({ at: 1, access: "ro", does: "access" })],
    args: [arg.key(), MANY_MEMBERS],
    since: "6.2.0",
    complexity: "O(N) where N is the number of members asked for",
    summary: "Tells of several members whether a set has them.",
    handler: smismemberCommand,
  },
  {
    name: "smove",
    arity: 4,
    flags: ["write", "fast"],
    keys: [
      key({ at: 1, access: "rw", does: ["access", "delete"] }),
      key({ at: 2, access: "rw", does: "insert" }),
    ],
    args: [arg.key("source"), arg.key("destination", { keySpec: 1 }), arg.string("member")],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Moves a member from one set to another.",
    handler: smoveCommand,
  },
  {
    name: "srem",
    arity: -3,
    flags: ["write", "fast"],
    keys: [key({ at: 1, access: "rw", does: "delete" })],
    args: [arg.key(), MANY_MEMBERS],
    since: "1.0.0",
    complexity: "O(N) where N is the number of members to remove",
    summary: "Removes members from a set, and the set when none is left.",
    history: [["2.4.0", "Takes several members."]],
    handler: sremCommand,
  },
  {
    name: "sscan",
    arity: -3,
    flags: ["readonly"],
    keys: [key({ at: 1, access: "ro", does: "access" })],
    args: [
      arg.key(),
      arg.integer("cursor"),
      arg.pattern("pattern", { token: "MATCH", optional: true }),
      arg.integer("count", { token: "COUNT", optional: true }),
    ],
    tips: ["nondeterministic_output"],
    since: "2.8.0",
    complexity: "O(1) for a call, O(N) for a whole walk over N members",
    summary: "Walks the members of a set, some with each call.",
    handler: sscanCommand,
  },
]);
