/** IDs of stream entries among the arguments. */
import type { Args } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { ReplyWriter } from "../../resp/writer.ts";
import {
  MissingSeq,
  parseId,
  STREAM_ID_TEXT_BYTES,
  type StreamId,
  writeId,
} from "../../structures/stream_id.ts";

const INVALID_ID = new ReplyError("ERR Invalid stream ID specified as stream command argument");
const INVALID_START = new ReplyError("ERR invalid start ID for the interval");
const INVALID_END = new ReplyError("ERR invalid end ID for the interval");

/** What Redis takes for too long to be an ID. */
const MAX_ID_TEXT = 127;

const MINUS = 0x2d;
const PLUS = 0x2b;
const STAR = 0x2a;
const PARENTHESIS = 0x28;

const text = new Uint8Array(STREAM_ID_TEXT_BYTES);

/**
 * Reads argument `i`, an ID whose sequence number is 0 when it is not there.
 *
 * @throws {ReplyError} "Invalid stream ID".
 */
export function readId(args: Args, i: number, id: StreamId): void {
  readFrom(args, i, args.starts[i], MissingSeq.ZERO, id);
}

/** As {@link readId}, but returns false when it is no ID. */
export function tryReadId(args: Args, i: number, id: StreamId): boolean {
  return isReadFrom(args, i, args.starts[i], MissingSeq.ZERO, id);
}

/** Reads argument `i`: `-`, `+`, or an ID as {@link readId} does. */
export function readBoundedId(args: Args, i: number, id: StreamId): void {
  const first = args.bufs[i][args.starts[i]];
  if (args.length(i) === 1 && first === MINUS) id.setMin();
  else if (args.length(i) === 1 && first === PLUS) id.setMax();
  else readId(args, i, id);
}

/** Reads argument `i`, `ms-*` or an ID as {@link readId} does; returns whether it had no star. */
export function readNewId(args: Args, i: number, id: StreamId): boolean {
  const buf = args.bufs[i];
  const end = args.ends[i];
  const isOpen = args.length(i) > 2 && buf[end - 1] === STAR && buf[end - 2] === MINUS;
  if (!isOpen) {
    readId(args, i, id);
    return true;
  }
  const hasDash = args.bufs[i].subarray(args.starts[i], end - 2).includes(MINUS);
  if (hasDash || !parseId(buf, args.starts[i], end - 2, MissingSeq.ZERO, id)) throw INVALID_ID;
  return false;
}

/** Reads argument `i`, where an interval begins: `-`, `+`, an ID, or `(` and an ID that is left out. */
export function readStart(args: Args, i: number, id: StreamId): void {
  if (readBound(args, i, MissingSeq.ZERO, id) && !id.increment()) throw INVALID_START;
}

/** As {@link readStart}, where an interval ends. */
export function readEnd(args: Args, i: number, id: StreamId): void {
  if (readBound(args, i, MissingSeq.MAX, id) && !id.decrement()) throw INVALID_END;
}

/** Returns whether the ID itself is to be left out. */
function readBound(args: Args, i: number, missingSeq: number, id: StreamId): boolean {
  const first = args.bufs[i][args.starts[i]];
  const length = args.length(i);
  if (length > 1 && first === PARENTHESIS) {
    readFrom(args, i, args.starts[i] + 1, missingSeq, id);
    return true;
  }
  if (length === 1 && first === MINUS) id.setMin();
  else if (length === 1 && first === PLUS) id.setMax();
  else readFrom(args, i, args.starts[i], missingSeq, id);
  return false;
}

function readFrom(args: Args, i: number, start: number, missingSeq: number, id: StreamId): void {
  if (!isReadFrom(args, i, start, missingSeq, id)) throw INVALID_ID;
}

function isReadFrom(
  args: Args,
  i: number,
  start: number,
  missingSeq: number,
  id: StreamId,
): boolean {
  const end = args.ends[i];
  return end - start <= MAX_ID_TEXT && parseId(args.bufs[i], start, end, missingSeq, id);
}

/** Replies with an ID as a bulk string. */
export function replyId(reply: ReplyWriter, id: StreamId): void {
  reply.bulk(text, 0, writeId(text, 0, id));
}
