/** How the commands of sorted sets find, make and empty them, and how they show members. */
import { EventClass } from "../../keyspace/events.ts";
import {
  createSortedSet,
  emptyEncoding,
  removeRanks,
  sortedSetLength,
} from "../../keyspace/types/sorted_set.ts";
import type { RankRange } from "../../keyspace/types/sorted_set_range.ts";
import type { SortedSetWalk } from "../../keyspace/types/sorted_set_walk.ts";
import type { Args } from "../../resp/args.ts";
import type { ReplyWriter } from "../../resp/writer.ts";
import { TypeId } from "../../structures/entry.ts";
import type { Client } from "../context.ts";
import { lookupRead, lookupWrite } from "../lookup.ts";
import { key } from "../spec.ts";

/** Key specs that several commands share. */
export const READS = [key({ at: 1, access: "ro", does: "access" })];
export const DELETES = [key({ at: 1, access: "rw", does: "delete" })];
export const POPS = [key({ at: 1, access: "rw", does: ["access", "delete"] })];

/** The sorted set at argument `i` for reading; 0 when missing. Throws WRONGTYPE. */
export function readSortedSet(client: Client, args: Args, i: number): number {
  return lookupRead(client, args, i, TypeId.ZSET);
}

/** The sorted set at argument `i` for writing; 0 when missing. Throws WRONGTYPE. */
export function writeSortedSet(client: Client, args: Args, i: number): number {
  return lookupWrite(client, args, i, TypeId.ZSET);
}

/** Makes the key at argument 1, which is missing, a sorted set without members; the caller adds some. */
export function addSortedSet({ db }: Client, args: Args, isBig: boolean): number {
  const { keyspace } = db;
  const value = createSortedSet(keyspace, isBig);
  try {
    return db.createValue(
      args.bufs[1],
      args.starts[1],
      args.ends[1],
      TypeId.ZSET,
      emptyEncoding(isBig),
      value,
      0,
    );
  } catch (failure) {
    if (isBig) keyspace.objects.remove(value);
    else keyspace.slabs.free(value);
    throw failure;
  }
}

/**
 * Reports that `count` members of the sorted set at argument `i` have changed, and removes its key
 * when none are left.
 */
export function wroteMembers(
  client: Client,
  args: Args,
  i: number,
  entry: number,
  count: number,
  event: string,
): void {
  const { db } = client;
  const buf = args.bufs[i];
  const start = args.starts[i];
  const end = args.ends[i];
  const isEmpty = sortedSetLength(db.keyspace, entry) === 0;
  if (isEmpty) db.removeEntry(entry, false);
  db.keyspace.counters.dirty += count - 1;
  db.changed(buf, start, end, EventClass.ZSET, event);
  if (isEmpty) db.notify(buf, start, end, EventClass.GENERIC, "del");
}

/** Takes out members by rank, of the sorted set at argument `i`, and reports that; there must be some. */
export function removeAndReport(
  client: Client,
  args: Args,
  i: number,
  entry: number,
  ranks: RankRange,
  event: string,
): void {
  removeRanks(client.db.keyspace, entry, ranks);
  wroteMembers(client, args, i, entry, ranks.to - ranks.from, event);
}

/**
 * The header of a reply of `count` members: of pairs under RESP3, of members and scores in turn
 * under RESP2.
 */
export function replyHeader(reply: ReplyWriter, count: number, withScores: boolean): void {
  reply.array(withScores && reply.proto === 2 ? 2 * count : count);
}

/** A member, with its score where that is wanted, as {@link replyHeader} has announced it. */
export function replyMember(reply: ReplyWriter, walk: SortedSetWalk, withScores: boolean): void {
  if (withScores && reply.proto === 3) reply.array(2);
  reply.bulk(walk.buf, walk.start, walk.end);
  if (withScores) reply.double(walk.score);
}
