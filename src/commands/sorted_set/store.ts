/** New sorted sets as results of commands, and ZRANGESTORE. */
import { EventClass } from "../../keyspace/events.ts";
import { emptyEncoding, packedCopy } from "../../keyspace/types/sorted_set.ts";
import { RankedMembers } from "../../keyspace/types/sorted_set_ranked.ts";
import { SortedSetWalk } from "../../keyspace/types/sorted_set_walk.ts";
import type { Args } from "../../resp/args.ts";
import { TypeId } from "../../structures/entry.ts";
import type { Client } from "../context.ts";
import { arg, commandTable, key } from "../spec.ts";
import { readSortedSet } from "./lookup.ts";
import { By, findRange, readRangeQuery } from "./range_query.ts";

const walk = new SortedSetWalk();

/** A new set that `fill` has filled; freed when that fails. */
export function makeResult<T>(
  { db }: Client,
  fill: (result: RankedMembers, target: T) => void,
  target: T,
): RankedMembers {
  const { slabs, seed, lazyFree } = db.keyspace;
  const result = new RankedMembers(slabs, seed);
  try {
    fill(result, target);
  } catch (failure) {
    result.release(lazyFree);
    throw failure;
  }
  return result;
}

/**
 * Makes a set the value of the key at argument `keyArg`, whatever that holds, or removes the key when
 * the set has no members; replies with their number. The set is the key's afterwards, or freed.
 *
 * @param event As which the key's change is told.
 */
export function storeResult(
  client: Client,
  args: Args,
  keyArg: number,
  result: RankedMembers,
  event: string,
): void {
  const { db } = client;
  const buf = args.bufs[keyArg];
  const start = args.starts[keyArg];
  const end = args.ends[keyArg];
  const { size } = result.tree;
  if (size > 0) {
    db.put(draftOf(client, args, keyArg, result));
    db.changed(buf, start, end, EventClass.ZSET, event);
  } else if (db.delete(buf, start, end)) {
    db.changed(buf, start, end, EventClass.GENERIC, "del");
  }
  client.reply.integer(size);
}

/** A draft for the key at argument `i`, which takes the set over, or frees it where it becomes a listpack. */
function draftOf({ db, server }: Client, args: Args, i: number, result: RankedMembers): number {
  const { slabs, objects, lazyFree } = db.keyspace;
  let value = 0;
  let isPacked = false;
  let isTaken = false;
  try {
    value = packedCopy(slabs, result, server.settings);
    isPacked = value !== 0;
    if (!isPacked) value = objects.add(result);
    const draft = db.draft(
      args.bufs[i],
      args.starts[i],
      args.ends[i],
      TypeId.ZSET,
      emptyEncoding(!isPacked),
      value,
      0,
    );
    isTaken = true;
    return draft;
  } finally {
    if (isPacked || !isTaken) result.release(lazyFree);
    if (!isTaken && isPacked) slabs.free(value);
    else if (!isTaken && value !== 0) objects.remove(value);
  }
}

// ---------------------------------------------------------------- ZRANGESTORE

function zrangestoreCommand(client: Client, args: Args): void {
  const query = readRangeQuery(args, 2, By.OPEN, null, true);
  const entry = readSortedSet(client, args, 2);
  const result = makeResult(client, (result) => {
    if (entry === 0) return;
    const { from, to } = findRange(client, entry, query);
    walk.begin(client.db.keyspace, entry, from, false);
    for (let left = to - from; left > 0; left--) {
      walk.next();
      result.insert(walk.buf, walk.start, walk.end, walk.score);
    }
  }, null);
  storeResult(client, args, 1, result, "zrangestore");
}

// ---------------------------------------------------------------- the table

export const sortedSetStoreCommands = commandTable("sorted-set", [
  {
    name: "zrangestore",
    arity: -5,
    flags: ["write", "denyoom"],
    keys: [
      key({ at: 1, access: "ow", does: "update" }),
      key({ at: 2, access: "ro", does: "access" }),
    ],
    args: [
      arg.key("dst"),
      arg.key("src", { keySpec: 1 }),
      arg.string("min"),
      arg.string("max"),
      arg.oneOf("sortby", [arg.token("BYSCORE"), arg.token("BYLEX")], { optional: true }),
      arg.token("REV", { optional: true }),
      arg.block("limit", [arg.integer("offset"), arg.integer("count")], {
        token: "LIMIT",
        optional: true,
      }),
    ],
    since: "6.2.0",
    complexity: "O(log N + M), N being the size of the set and M the number of members stored",
    summary: "Makes a range of a sorted set the value of another key.",
    handler: zrangestoreCommand,
  },
]);
