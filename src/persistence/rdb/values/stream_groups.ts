/**
 * The consumer groups of a stream in a dump.
 *
 *   number of groups; for each
 *     name, last ID; from STREAM_LISTPACKS_2 on: number of entries read, 2^64-1 when not known
 *     number of pending entries; for each its ID, the time of its delivery, number of deliveries
 *     number of consumers; for each
 *       name, when it was seen; from STREAM_LISTPACKS_3 on: when it was active
 *       number of entries pending for it; for each its ID
 *
 * Times are milliseconds in 64 bits, low byte first.
 */
import type { NameView } from "../../../structures/name_table.ts";
import type { Stream } from "../../../structures/stream.ts";
import {
  PendingEntry,
  type StreamGroup,
  UNKNOWN_ENTRIES_READ,
} from "../../../structures/stream_group.ts";
import { StreamGroups } from "../../../structures/stream_groups.ts";
import { StreamId } from "../../../structures/stream_id.ts";
import { entriesReadAt } from "../../../structures/stream_lag.ts";
import type { RdbInput } from "../input.ts";
import { RdbType } from "../opcodes.ts";
import type { RdbOutput } from "../output.ts";
import type { Portions } from "./portions.ts";
import {
  readIdBytes,
  readIdNumbers,
  STREAM_ID_BYTES,
  writeIdBytes,
  writeIdNumbers,
} from "./stream_id.ts";

const TIME_BYTES = 8;
/** What a group takes at least: four lengths and its last ID. */
const MIN_GROUP_BYTES = 6;
/** A pending entry: ID, time and count. */
const MIN_PENDING_BYTES = STREAM_ID_BYTES + TIME_BYTES + 1;
/** A consumer: two lengths and a time. */
const MIN_CONSUMER_BYTES = TIME_BYTES + 2;

const id = new StreamId();
const pending = new PendingEntry();
const name: NameView = { buf: new Uint8Array(0), start: 0, end: 0 };

// ---------------------------------------------------------------- reading

/** Reads the groups of a stream whose other properties are set. */
export function readGroups(input: RdbInput, type: number, stream: Stream): void {
  for (let left = input.count(MIN_GROUP_BYTES); left > 0; left--) {
    stream.groups ??= new StreamGroups(stream.slabs);
    const { buf, start, end } = input.string();
    if (stream.groups.find(buf, start, end) !== null) {
      throw input.damaged("a consumer group is there twice");
    }
    const group = stream.groups.add(buf, start, end);
    readIdNumbers(input, group.lastId);
    group.entriesRead = type === RdbType.STREAM_LISTPACKS
      ? entriesReadAt(stream, group.lastId)
      : readEntriesRead(input);
    readPending(input, group);
    for (let left = input.count(MIN_CONSUMER_BYTES); left > 0; left--) {
      readConsumer(input, type, group);
    }
    checkOwners(input, group);
  }
}

function readEntriesRead(input: RdbInput): number {
  const count = input.length();
  const isUnknown = (input.high & input.low) === -1;
  return isUnknown ? UNKNOWN_ENTRIES_READ : Math.min(count, Number.MAX_SAFE_INTEGER);
}

function readPending(input: RdbInput, group: StreamGroup): void {
  for (let left = input.count(MIN_PENDING_BYTES); left > 0; left--) {
    const { buf, start } = input.bytes(STREAM_ID_BYTES);
    readIdBytes(buf, start, id);
    const deliveryMs = input.int64();
    const deliveryCount = Math.min(input.length(), Number.MAX_SAFE_INTEGER);
    if (!group.addUnowned(id, deliveryMs, deliveryCount)) {
      throw input.damaged("an entry is pending twice");
    }
  }
}

function readConsumer(input: RdbInput, type: number, group: StreamGroup): void {
  const { consumers } = group;
  const { buf, start, end } = input.string();
  if (consumers.find(buf, start, end) >= 0) {
    throw input.damaged("Duplicate stream consumer detected");
  }
  const consumer = consumers.add(buf, start, end, 0);
  const seenMs = input.int64();
  consumers.setSeenMs(consumer, seenMs);
  consumers.setActiveMs(
    consumer,
    type === RdbType.STREAM_LISTPACKS_3 ? input.int64() : seenMs,
  );
  for (let left = input.count(STREAM_ID_BYTES); left > 0; left--) {
    const { buf, start } = input.bytes(STREAM_ID_BYTES);
    readIdBytes(buf, start, id);
    if (!group.own(id, consumer)) {
      throw input.damaged("an entry is pending for a consumer, but not for its group alone");
    }
  }
}

/** Each pending entry must have got its consumer. */
function checkOwners(input: RdbInput, { consumers, pendingCount }: StreamGroup): void {
  let owned = 0;
  for (let rank = 0; rank < consumers.size; rank++) {
    owned += consumers.pendingCount(consumers.numberAt(rank));
  }
  if (owned !== pendingCount) throw input.damaged("an entry is pending for nobody");
}

// ---------------------------------------------------------------- writing

/** Writes the groups of a stream of a type, each group and each consumer as a portion. */
export function* groupPortions(output: RdbOutput, { groups }: Stream, type: number): Portions {
  const count = groups?.size ?? 0;
  output.length(count);
  for (let rank = 0; rank < count; rank++) {
    const group = groups!.at(rank);
    groups!.showName(rank, name);
    output.string(name.buf, name.start, name.end);
    writeIdNumbers(output, group.lastId);
    if (type !== RdbType.STREAM_LISTPACKS) writeEntriesRead(output, group.entriesRead);
    writePending(output, group);
    yield;
    const { consumers } = group;
    output.length(consumers.size);
    for (let i = 0; i < consumers.size; i++) {
      writeConsumer(output, type, group, consumers.numberAt(i));
      yield;
    }
  }
}

function writeEntriesRead(output: RdbOutput, entriesRead: number): void {
  if (entriesRead === UNKNOWN_ENTRIES_READ) output.length64(-1, -1);
  else output.length(entriesRead);
}

function writePending(output: RdbOutput, group: StreamGroup): void {
  output.length(group.pendingCount);
  id.setMin();
  for (let more = group.seek(id, pending); more; more = group.next(pending)) {
    writeIdBytes(output, pending.id);
    output.int64(pending.deliveryMs);
    output.length(pending.deliveryCount);
  }
}

function writeConsumer(
  output: RdbOutput,
  type: number,
  group: StreamGroup,
  consumer: number,
): void {
  const { consumers } = group;
  consumers.showName(consumer, name);
  output.string(name.buf, name.start, name.end);
  output.int64(consumers.seenMs(consumer));
  if (type === RdbType.STREAM_LISTPACKS_3) output.int64(consumers.activeMs(consumer));
  output.length(consumers.pendingCount(consumer));
  id.setMin();
  let more = consumers.pendingCount(consumer) > 0 && group.seekOwn(consumer, id, pending);
  for (; more; more = group.nextOwn(consumer, pending)) writeIdBytes(output, pending.id);
}
