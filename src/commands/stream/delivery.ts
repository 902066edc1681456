/**
 * What becomes of the entries that a group is given. All changes of what is pending and of what a
 * group was given last, but for those that XGROUP and XACK are asked for in so many words, are made
 * here: who wants to know what XREADGROUP, XCLAIM and XAUTOCLAIM have done learns it in this file.
 */
import type { Args } from "../../resp/args.ts";
import type { Stream } from "../../structures/stream.ts";
import type { PendingEntry, StreamGroup } from "../../structures/stream_group.ts";
import { compareIds, type StreamId } from "../../structures/stream_id.ts";
import { moveGroupTo } from "../../structures/stream_lag.ts";
import { StreamReader } from "../../structures/stream_reader.ts";
import type { Client } from "../context.ts";
import { tellConsumer } from "./effects.ts";
import { wroteAround } from "./lookup.ts";

const exact = new StreamReader();

/** Adds a consumer that is not there, of the name at argument `i`, to a group of the stream at `keyArg`. */
export function addConsumer(
  client: Client,
  args: Args,
  keyArg: number,
  group: StreamGroup,
  i: number,
): number {
  const { nowMs } = client.db;
  const consumer = group.consumers.add(args.bufs[i], args.starts[i], args.ends[i], nowMs);
  wroteAround(client, args, keyArg, "xgroup-createconsumer");
  return consumer;
}

/** The consumer of the name at argument `i`, seen now; one that is not there is added. */
export function someConsumer(
  client: Client,
  args: Args,
  keyArg: number,
  group: StreamGroup,
  i: number,
): number {
  const { consumers } = group;
  const consumer = consumers.find(args.bufs[i], args.starts[i], args.ends[i]);
  if (consumer < 0) {
    tellConsumer(client, args, keyArg, i - 1);
    return addConsumer(client, args, keyArg, group, i);
  }
  consumers.setSeenMs(consumer, client.db.nowMs);
  return consumer;
}

/** Gives a consumer an entry for the first time. Unless `noAck`, it is pending then. */
export function deliver(
  stream: Stream,
  group: StreamGroup,
  consumer: number,
  id: StreamId,
  nowMs: number,
  noAck: boolean,
): void {
  if (!noAck) {
    group.assign(id, consumer, nowMs, 1);
    group.consumers.setActiveMs(consumer, nowMs);
  }
  if (compareIds(id, group.lastId) > 0) moveGroupTo(stream, group, id);
}

/** Notes that a consumer was shown an entry again that is pending for it. */
export function deliverAgain(group: StreamGroup, entry: PendingEntry, nowMs: number): void {
  group.redeliver(entry, nowMs);
}

/** Gives an entry to a consumer, whether or not it is pending for anybody, with this as its last delivery. */
export function claim(
  group: StreamGroup,
  consumer: number,
  id: StreamId,
  deliveryMs: number,
  deliveryCount: number,
  nowMs: number,
): void {
  group.assign(id, consumer, deliveryMs, deliveryCount);
  group.consumers.setActiveMs(consumer, nowMs);
}

/** Forgets a pending entry of which the stream has nothing any more. */
export function forget(group: StreamGroup, id: StreamId): void {
  group.acknowledge(id);
}

/** Moves a group on to an ID, if that is greater than what it was given last; returns whether it is. */
export function moveOn(group: StreamGroup, id: StreamId): boolean {
  if (compareIds(id, group.lastId) <= 0) return false;
  group.lastId.copy(id);
  return true;
}

/**
 * A reader at the entry of an ID; null when the stream does not have it.
 *
 * @param goesOn Whether the last call was for the same stream, in which nothing has changed since:
 *   for rising IDs, the way through a node is then gone once.
 */
export function findEntry(stream: Stream, id: StreamId, goesOn = false): StreamReader | null {
  if (goesOn) exact.seekOn(id);
  else exact.seek(stream.index, id, id, false);
  return exact.next() ? exact : null;
}
