/** What XINFO STREAM FULL tells of a group. */
import type { ReplyWriter } from "../../resp/writer.ts";
import type { NameView } from "../../structures/name_table.ts";
import type { Stream } from "../../structures/stream.ts";
import {
  PendingEntry,
  type StreamGroup,
  UNKNOWN_ENTRIES_READ,
} from "../../structures/stream_group.ts";
import { StreamId } from "../../structures/stream_id.ts";
import { lagOf } from "../../structures/stream_lag.ts";
import { replyId } from "./ids.ts";

const GROUP_PROPERTIES = 7;
const CONSUMER_PROPERTIES = 5;
const ALL_CONSUMERS = -1;

const start = new StreamId();
const pending = new PendingEntry();
const name: NameView = { buf: new Uint8Array(0), start: 0, end: 0 };

/**
 * Replies with all there is to say of the group of a rank.
 *
 * @param count How many pending entries are shown of the group and of each consumer; 0 for all.
 */
export function replyGroupInFull(
  reply: ReplyWriter,
  stream: Stream,
  rank: number,
  count: number,
): void {
  const group = stream.groups!.at(rank);
  stream.groups!.showName(rank, name);
  reply.map(GROUP_PROPERTIES);
  reply.bulkText("name");
  reply.bulk(name.buf, name.start, name.end);
  reply.bulkText("last-delivered-id");
  replyId(reply, group.lastId);
  replyProgress(reply, stream, group);
  reply.bulkText("pel-count");
  reply.integer(group.pendingCount);
  reply.bulkText("pending");
  replyPending(reply, group, ALL_CONSUMERS, count);
  reply.bulkText("consumers");
  reply.array(group.consumers.size);
  for (let i = 0; i < group.consumers.size; i++) {
    replyConsumer(reply, group, group.consumers.numberAt(i), count);
  }
}

/** Replies with two properties: how many entries a group has read, and has yet to read; null where that is not known. */
export function replyProgress(reply: ReplyWriter, stream: Stream, group: StreamGroup): void {
  reply.bulkText("entries-read");
  if (group.entriesRead === UNKNOWN_ENTRIES_READ) reply.nullBulk();
  else reply.integer(group.entriesRead);
  const lag = lagOf(stream, group);
  reply.bulkText("lag");
  if (lag === null) reply.nullBulk();
  else reply.integer(lag);
}

function replyConsumer(
  reply: ReplyWriter,
  group: StreamGroup,
  consumer: number,
  count: number,
): void {
  const { consumers } = group;
  consumers.showName(consumer, name);
  reply.map(CONSUMER_PROPERTIES);
  reply.bulkText("name");
  reply.bulk(name.buf, name.start, name.end);
  reply.bulkText("seen-time");
  reply.integer(consumers.seenMs(consumer));
  reply.bulkText("active-time");
  reply.integer(consumers.activeMs(consumer));
  reply.bulkText("pel-count");
  reply.integer(consumers.pendingCount(consumer));
  reply.bulkText("pending");
  replyPending(reply, group, consumer, count);
}

/** Replies with what is pending, for all consumers with their names, or for one without. */
function replyPending(
  reply: ReplyWriter,
  group: StreamGroup,
  consumer: number,
  count: number,
): void {
  const header = reply.deferLength();
  let shown = 0;
  start.setMin();
  let more = consumer === ALL_CONSUMERS
    ? group.seek(start, pending)
    : group.seekOwn(consumer, start, pending);
  while (more && !reply.overflowed) {
    reply.array(consumer === ALL_CONSUMERS ? 4 : 3);
    replyId(reply, pending.id);
    if (consumer === ALL_CONSUMERS) {
      group.consumers.showName(pending.consumer, name);
      reply.bulk(name.buf, name.start, name.end);
    }
    reply.integer(pending.deliveryMs);
    reply.integer(pending.deliveryCount);
    if (++shown === count) break;
    more = consumer === ALL_CONSUMERS ? group.next(pending) : group.nextOwn(consumer, pending);
  }
  reply.setArrayLength(header, shown);
}
