/** Commands on several sets: intersection, union and difference. */
import { EventClass } from "../../keyspace/events.ts";
import type { Keyspace } from "../../keyspace/keyspace.ts";
import { setAdd, setHas, setRemove, setSize } from "../../keyspace/types/set_members.ts";
import { SetWalk } from "../../keyspace/types/set_walk.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { Element } from "../../structures/listpack.ts";
import { readInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import { wrote } from "../lookup.ts";
import { arg, commandTable, key } from "../spec.ts";
import { draftSet, lookupReadSet } from "./lookup.ts";

const LIMIT = keyword("LIMIT");

const NO_KEYS = new ReplyError("ERR numkeys should be greater than 0");
const TOO_FEW_KEYS = new ReplyError("ERR Number of keys can't be greater than number of args");
const NEGATIVE_LIMIT = new ReplyError("ERR LIMIT can't be negative");

const walk = new SetWalk();

/** The sets at `count` arguments from `first` on, 0 for each that is missing. Throws WRONGTYPE for any that is none. */
function lookupSets(client: Client, args: Args, first: number, count: number): number[] {
  const sets: number[] = [];
  for (let i = first; i < first + count; i++) sets.push(lookupReadSet(client, args, i));
  return sets;
}

// ---------------------------------------------------------------- intersection

function sinterCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  const sets = lookupSets(client, args, 1, args.count - 1);
  const header = reply.deferLength();
  let found = 0;
  forEachCommon(db.keyspace, sets, ({ buf, start, end }) => {
    reply.bulk(buf, start, end);
    found++;
    return true;
  });
  reply.setSetLength(header, found);
}

function sinterstoreCommand(client: Client, args: Args): void {
  const { keyspace } = client.db;
  const sets = lookupSets(client, args, 2, args.count - 2);
  const draft = filledDraft(client, args, (draft) => {
    forEachCommon(keyspace, sets, ({ buf, start, end }) => {
      setAdd(keyspace, draft, buf, start, end);
      return true;
    });
  });
  storeDraft(client, args, draft, "sinterstore");
}

function sintercardCommand(client: Client, args: Args): void {
  const count = readInteger(args, 1, NO_KEYS, 1);
  if (count > args.count - 2) throw TOO_FEW_KEYS;
  let limit = 0;
  for (let i = 2 + count; i < args.count; i += 2) {
    if (!args.is(i, LIMIT) || i + 1 === args.count) throw SYNTAX;
    limit = readInteger(args, i + 1, NEGATIVE_LIMIT, 0);
  }
  const sets = lookupSets(client, args, 2, count);
  let found = 0;
  forEachCommon(client.db.keyspace, sets, () => ++found !== limit);
  client.reply.integer(found);
}

/** Visits the members that all sets have, walking through the smallest, until `visit` returns false. */
function forEachCommon(
  keyspace: Keyspace,
  sets: number[],
  visit: (member: Element) => boolean,
): void {
  if (sets.includes(0)) return;
  sortBySize(keyspace, sets);
  walk.begin(keyspace, sets[0]);
  while (walk.next()) {
    if (isInAll(keyspace, sets) && !visit(walk)) return;
  }
}

/** Whether all sets but the first have the member that the walk shows. */
function isInAll(keyspace: Keyspace, sets: readonly number[]): boolean {
  for (let i = 1; i < sets.length; i++) {
    if (sets[i] !== sets[0] && !setHas(keyspace, sets[i], walk.buf, walk.start, walk.end)) {
      return false;
    }
  }
  return true;
}

function sortBySize(keyspace: Keyspace, sets: number[]): void {
  sets.sort((a, b) => setSize(keyspace, a) - setSize(keyspace, b));
}

// ---------------------------------------------------------------- union

function sunionCommand(client: Client, args: Args): void {
  const sets = lookupSets(client, args, 1, args.count - 1);
  replyDraft(client, filledDraft(client, args, (draft) => unite(client.db.keyspace, draft, sets)));
}

function sunionstoreCommand(client: Client, args: Args): void {
  const sets = lookupSets(client, args, 2, args.count - 2);
  const draft = filledDraft(client, args, (draft) => unite(client.db.keyspace, draft, sets));
  storeDraft(client, args, draft, "sunionstore");
}

function unite(keyspace: Keyspace, draft: number, sets: readonly number[]): void {
  for (const set of sets) if (set !== 0) addAll(keyspace, draft, set);
}

function addAll(keyspace: Keyspace, draft: number, set: number): void {
  walk.begin(keyspace, set);
  while (walk.next()) setAdd(keyspace, draft, walk.buf, walk.start, walk.end);
}

// ---------------------------------------------------------------- difference

function sdiffCommand(client: Client, args: Args): void {
  const sets = lookupSets(client, args, 1, args.count - 1);
  const draft = filledDraft(client, args, (draft) => subtract(client.db.keyspace, draft, sets));
  replyDraft(client, draft);
}

function sdiffstoreCommand(client: Client, args: Args): void {
  const sets = lookupSets(client, args, 2, args.count - 2);
  const draft = filledDraft(client, args, (draft) => subtract(client.db.keyspace, draft, sets));
  storeDraft(client, args, draft, "sdiffstore");
}

/**
 * Adds the members of the first set that no other one has. Either each of them is looked for in the
 * others, or all of them are added and the others' members then removed: whichever is less work.
 */
function subtract(keyspace: Keyspace, draft: number, [first, ...rest]: readonly number[]): void {
  if (first === 0) return;
  const others = rest.filter((set) => set !== 0);
  if (others.includes(first)) return;
  const size = setSize(keyspace, first);
  const sizeOfOthers = others.reduce((sum, set) => sum + setSize(keyspace, set), 0);
  // Looking for a member ends with the first set that has it, on average half-way.
  const lookups = Math.floor(size * (others.length + 1) / 2);
  if (lookups <= size + sizeOfOthers) {
    // The biggest is the most likely to have a member.
    sortBySize(keyspace, others);
    others.reverse();
    addMissing(keyspace, draft, first, others);
    return;
  }
  addAll(keyspace, draft, first);
  for (const set of others) {
    if (setSize(keyspace, draft) === 0) return;
    walk.begin(keyspace, set);
    while (walk.next()) setRemove(keyspace, draft, walk.buf, walk.start, walk.end);
  }
}

/** Adds the members of a set that none of the others has. */
function addMissing(
  keyspace: Keyspace,
  draft: number,
  set: number,
  others: readonly number[],
): void {
  walk.begin(keyspace, set);
  while (walk.next()) {
    const { buf, start, end } = walk;
    if (!others.some((other) => setHas(keyspace, other, buf, start, end))) {
      setAdd(keyspace, draft, buf, start, end);
    }
  }
}

// ---------------------------------------------------------------- results

/** A draft of a set for the key at argument 1, filled by `fill`. */
function filledDraft(client: Client, args: Args, fill: (draft: number) => void): number {
  const draft = draftSet(client, args, 1);
  try {
    fill(draft);
  } catch (failure) {
    client.db.discard(draft);
    throw failure;
  }
  return draft;
}

/** Replies with the members of a draft and gives it up. */
function replyDraft({ db, reply }: Client, draft: number): void {
  reply.set(setSize(db.keyspace, draft));
  walk.begin(db.keyspace, draft);
  while (walk.next()) reply.bulk(walk.buf, walk.start, walk.end);
  db.discard(draft);
}

/** Puts a draft in the place of its key, which is removed when the draft is empty; replies with its size. */
function storeDraft(client: Client, args: Args, draft: number, event: string): void {
  const { db } = client;
  const size = setSize(db.keyspace, draft);
  if (size > 0) {
    db.put(draft);
    wrote(client, args, 1, EventClass.SET, event);
  } else {
    db.discard(draft);
    const { lazyfreeLazyServerDel } = client.server.settings;
    if (db.delete(args.bufs[1], args.starts[1], args.ends[1], lazyfreeLazyServerDel)) {
      wrote(client, args, 1, EventClass.GENERIC, "del");
    }
  }
  client.reply.integer(size);
}

// ---------------------------------------------------------------- the table

const SETS = [key({ at: 1, last: -1, access: "ro", does: "access" })];
const SETS_ARGS = [arg.key("key", { multiple: true })];
const SETS_BEHIND = key({ at: 2, last: -1, access: "ro", does: "access" });
const STORE_ARGS = [arg.key("destination"), arg.key("key", { keySpec: 1, multiple: true })];

const INTERSECTION_COST = "O(N*M) where N is the size of the smallest of M sets";
const TOTAL_COST = "O(N) where N is the number of members of all sets";

export const setAlgebraCommands = commandTable("set", [
  {
    name: "sdiff",
    arity: -2,
    flags: ["readonly"],
    keys: SETS,
    args: SETS_ARGS,
    tips: ["nondeterministic_output_order"],
    since: "1.0.0",
    complexity: TOTAL_COST,
    summary: "Gives the members of the first set that no other one has.",
    handler: sdiffCommand,
  },
  {
    name: "sdiffstore",
    arity: -3,
    flags: ["write", "denyoom"],
    keys: [key({ at: 1, access: "ow", does: "update" }), SETS_BEHIND],
    args: STORE_ARGS,
    since: "1.0.0",
    complexity: TOTAL_COST,
    summary: "Stores the members of the first set that no other one has.",
    handler: sdiffstoreCommand,
  },
  {
    name: "sinter",
    arity: -2,
    flags: ["readonly"],
    keys: SETS,
    args: SETS_ARGS,
    tips: ["nondeterministic_output_order"],
    since: "1.0.0",
    complexity: INTERSECTION_COST,
    summary: "Gives the members that all sets have.",
    handler: sinterCommand,
  },
  {
    name: "sintercard",
    arity: -3,
    flags: ["readonly"],
    keys: [key({ at: 1, count: 0, first: 1, access: "ro", does: "access" })],
    args: [
      arg.integer("numkeys"),
      arg.key("key", { multiple: true }),
      arg.integer("limit", { token: "LIMIT", optional: true }),
    ],
    since: "7.0.0",
    complexity: INTERSECTION_COST,
    summary: "Counts the members that all sets have, up to a limit.",
    handler: sintercardCommand,
  },
  {
    name: "sinterstore",
    arity: -3,
    flags: ["write", "denyoom"],
    keys: [key({ at: 1, access: "rw", does: "update" }), SETS_BEHIND],
    args: STORE_ARGS,
    since: "1.0.0",
    complexity: INTERSECTION_COST,
    summary: "Stores the members that all sets have.",
    handler: sinterstoreCommand,
  },
  {
    name: "sunion",
    arity: -2,
    flags: ["readonly"],
    keys: SETS,
    args: SETS_ARGS,
    tips: ["nondeterministic_output_order"],
    since: "1.0.0",
    complexity: TOTAL_COST,
    summary: "Gives the members that any of the sets has.",
    handler: sunionCommand,
  },
  {
    name: "sunionstore",
    arity: -3,
    flags: ["write", "denyoom"],
    keys: [key({ at: 1, access: "ow", does: "update" }), SETS_BEHIND],
    args: STORE_ARGS,
    since: "1.0.0",
    complexity: TOTAL_COST,
    summary: "Stores the members that any of the sets has.",
    handler: sunionstoreCommand,
  },
]);
