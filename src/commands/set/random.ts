/** Commands that choose members of a set at random. */
import { EventClass } from "../../keyspace/events.ts";
import { setRemove, setSize } from "../../keyspace/types/set_members.ts";
import { sampleMembers, showRandomMember } from "../../keyspace/types/set_random.ts";
import { SetWalk } from "../../keyspace/types/set_walk.ts";
import type { Args } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { Element } from "../../structures/listpack.ts";
import { readInteger, roundedInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import { tellRemoved } from "../effects.ts";
import { wrote } from "../lookup.ts";
import { arg, commandTable, key } from "../spec.ts";
import { lookupReadSet, lookupWriteSet, removeIfEmpty } from "./lookup.ts";

const NOT_POSITIVE = new ReplyError("ERR value is out of range, must be positive");
const COUNT_OUT_OF_RANGE = new ReplyError(
  "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807",
);
const INT64_MIN = -(2n ** 63n);

const chosen = new Element();
const walk = new SetWalk();

// ---------------------------------------------------------------- SPOP

function spopCommand(client: Client, args: Args): void {
  if (args.count > 3) throw SYNTAX;
  if (args.count === 3) return popSeveral(client, args);
  const entry = lookupWriteSet(client, args, 1);
  if (entry === 0) return client.reply.nullBulk();
  tellRemovedMembers(client, args, 1);
  popOne(client, entry);
  wrote(client, args, 1, EventClass.SET, "spop");
  removeIfEmpty(client, args, 1, entry);
}

function popSeveral(client: Client, args: Args): void {
  const { db, reply } = client;
  const count = readInteger(args, 2, NOT_POSITIVE, 0);
  const entry = lookupWriteSet(client, args, 1);
  if (entry === 0 || count === 0) return reply.set(0);
  const size = setSize(db.keyspace, entry);
  const popped = Math.min(count, size);
  wrote(client, args, 1, EventClass.SET, "spop");
  db.keyspace.counters.dirty += popped - 1;
  reply.set(popped);
  if (count < size) {
    tellRemovedMembers(client, args, count);
    for (let i = 0; i < count; i++) popOne(client, entry);
    return;
  }
  walk.begin(db.keyspace, entry);
  while (walk.next()) reply.bulk(walk.buf, walk.start, walk.end);
  db.removeEntry(entry, client.server.settings.lazyfreeLazyServerDel);
  tellRemoved(client, args, 1);
  db.notify(args.bufs[1], args.starts[1], args.ends[1], EventClass.GENERIC, "del");
}

/** Begins to tell which members were taken out; so many of them follow. */
function tellRemovedMembers({ db, server: { effects } }: Client, args: Args, count: number): void {
  if (effects.active) effects.command(db.index, 2 + count).word("SREM").argument(args, 1);
}

/** Replies with a random member, takes it out, and tells it. */
function popOne({ db, reply, server: { effects } }: Client, entry: number): void {
  showRandomMember(db.keyspace, entry, chosen);
  reply.bulk(chosen.buf, chosen.start, chosen.end);
  if (effects.active) effects.bytes(chosen.buf, chosen.start, chosen.end);
  setRemove(db.keyspace, entry, chosen.buf, chosen.start, chosen.end);
}

// ---------------------------------------------------------------- SRANDMEMBER

function srandmemberCommand(client: Client, args: Args): void {
  if (args.count > 3) throw SYNTAX;
  if (args.count === 3) return showSeveral(client, args);
  const { db, reply } = client;
  const entry = lookupReadSet(client, args, 1);
  if (entry === 0) return reply.nullBulk();
  showRandomMember(db.keyspace, entry, chosen);
  reply.bulk(chosen.buf, chosen.start, chosen.end);
}

/** A positive count asks for so many different members, a negative one for so many that may be the same. */
function showSeveral(client: Client, args: Args): void {
  const { db, reply } = client;
  const { keyspace } = db;
  const count = readCount(args, 2);
  const entry = lookupReadSet(client, args, 1);
  if (entry === 0 || count === 0) return reply.emptyArray();
  const size = setSize(keyspace, entry);
  if (count < 0) {
    reply.array(-count);
    for (let i = 0; i < -count; i++) {
      showRandomMember(keyspace, entry, chosen);
      reply.bulk(chosen.buf, chosen.start, chosen.end);
    }
  } else if (count >= size) {
    reply.array(size);
    walk.begin(keyspace, entry);
    while (walk.next()) reply.bulk(walk.buf, walk.start, walk.end);
  } else {
    reply.array(count);
    sampleMembers(keyspace, entry, count, (member) => {
      reply.bulk(member.buf, member.start, member.end);
    });
  }
}

/** Argument `i` as a number of members, whose sign has a meaning, too. */
function readCount(args: Args, i: number): number {
  const count = roundedInteger(args, i);
  if (count === Number(INT64_MIN) && args.int64(i) === INT64_MIN) throw COUNT_OUT_OF_RANGE;
  return count;
}

// ---------------------------------------------------------------- the table

export const setRandomCommands = commandTable("set", [
  {
    name: "spop",
    arity: -2,
    flags: ["write", "fast"],
    keys: [key({ at: 1, access: "rw", does: ["access", "delete"] })],
    args: [arg.key(), arg.integer("count", { optional: true, since: "3.2.0" })],
    tips: ["nondeterministic_output"],
    since: "1.0.0",
    complexity: "O(1) for one member, O(N) for a count of N",
    summary: "Takes random members out of a set and gives them.",
    history: [["3.2.0", "Takes a count."]],
    handler: spopCommand,
  },
  {
    name: "srandmember",
    arity: -2,
    flags: ["readonly"],
    keys: [key({ at: 1, access: "ro", does: "access" })],
    args: [arg.key(), arg.integer("count", { optional: true, since: "2.6.0" })],
    tips: ["nondeterministic_output"],
    since: "1.0.0",
    complexity: "O(1) for one member, O(N) for a count of N, whatever its sign",
    summary: "Gives random members of a set, which keeps them.",
    history: [["2.6.0", "Takes a count."]],
    handler: srandmemberCommand,
  },
]);
