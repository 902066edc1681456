/** How entries of streams are shown. */
import type { ReplyWriter } from "../../resp/writer.ts";
import { Element } from "../../structures/listpack.ts";
import type { Stream } from "../../structures/stream.ts";
import type { StreamId } from "../../structures/stream_id.ts";
import type { StreamReader } from "../../structures/stream_reader.ts";
import { replyId } from "./ids.ts";
import { reader } from "./lookup.ts";

const field = new Element();
const value = new Element();

/**
 * Replies with an array of the entries from `start` to `end`, both included.
 *
 * @param count How many at most; 0 for all of them.
 */
export function replyRange(
  reply: ReplyWriter,
  stream: Stream,
  start: StreamId,
  end: StreamId,
  count: number,
  isReverse: boolean,
): void {
  reader.seek(stream.index, start, end, isReverse);
  replyEntries(reply, count);
}

/** Replies with an array of the stream's first entries, or all of them when `count` is 0. */
export function replyFirst(reply: ReplyWriter, stream: Stream, count: number): void {
  stream.walk(reader);
  replyEntries(reply, count);
}

function replyEntries(reply: ReplyWriter, count: number): void {
  const header = reply.deferLength();
  let shown = 0;
  while (!reply.overflowed && reader.next()) {
    replyEntry(reply, reader);
    shown++;
    if (shown === count) break;
  }
  reply.setArrayLength(header, shown);
}

/** Replies with the entry that a reader is at: its ID and an array of its fields and values. */
export function replyEntry(reply: ReplyWriter, at: StreamReader): void {
  reply.array(2);
  replyId(reply, at.id);
  const { fieldCount } = at;
  reply.array(2 * fieldCount);
  for (let i = 0; i < fieldCount; i++) {
    at.nextField(field, value);
    reply.bulk(field.buf, field.start, field.end);
    reply.bulk(value.buf, value.start, value.end);
  }
}
