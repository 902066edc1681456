/**
 * Streams in dumps. IDs are 16 bytes, high byte first, or two numbers that are written like lengths.
 *
 *   count of nodes; for each the ID of its master entry as a string, and its listpack
 *   number of entries, last ID
 *   from STREAM_LISTPACKS_2 on: first ID, greatest ID deleted, number of entries ever added
 *   count of groups, see stream_groups.ts
 */
import type { Database } from "../../../keyspace/database.ts";
import { streamOf } from "../../../keyspace/types/stream.ts";
import { Encoding } from "../../../keyspace/types/type.ts";
import { TypeId } from "../../../structures/entry.ts";
import { Stream } from "../../../structures/stream.ts";
import { compareIds, StreamId } from "../../../structures/stream_id.ts";
import { liveEntries } from "../../../structures/stream_node.ts";
import { StreamReader } from "../../../structures/stream_reader.ts";
import type { RdbInput, RdbSlice } from "../input.ts";
import { RdbType } from "../opcodes.ts";
import type { RdbOutput } from "../output.ts";
import { writeListpack } from "./list.ts";
import { type Portions, writeAll } from "./portions.ts";
import { groupPortions, readGroups } from "./stream_groups.ts";
import {
  readIdBytes,
  readIdNumbers,
  STREAM_ID_BYTES,
  writeIdBytes,
  writeIdNumbers,
} from "./stream_id.ts";
import { isStreamNode } from "./stream_node.ts";
import { copyToBlock, draftWithObject, filled, listpackString, type RdbTarget } from "./target.ts";

const id = new StreamId();
const idBefore = new StreamId();
const reader = new StreamReader();

// ---------------------------------------------------------------- reading

/** Reads a stream; see {@link ReadValue}. */
export function readStream(
  input: RdbInput,
  type: number,
  { db }: RdbTarget,
  key: RdbSlice,
): number {
  const stream = new Stream(db.keyspace.slabs);
  const draft = draftWithObject(db, key, TypeId.STREAM, Encoding.STREAM, stream);
  return filled(db, draft, () => {
    const entries = readNodes(input, stream);
    stream.length = input.length();
    if (stream.length !== entries) {
      throw input.damaged(`the stream has ${entries} entries, not ${stream.length}`);
    }
    readIdNumbers(input, stream.lastId);
    if (stream.index.count > 0 && compareIds(idBefore, stream.lastId) > 0) {
      throw input.damaged("the stream goes on behind its last ID");
    }
    stream.readFirstId(reader);
    if (type === RdbType.STREAM_LISTPACKS) {
      stream.entriesAdded = stream.length;
    } else {
      readIdNumbers(input, id); // the first one, which has been looked up already
      readIdNumbers(input, stream.maxDeletedId);
      stream.entriesAdded = input.length();
    }
    readGroups(input, type, stream);
  });
}

/** Reads all nodes; returns how many entries they have, and leaves the last one's ID in `idBefore`. */
function readNodes(input: RdbInput, stream: Stream): number {
  const { slabs, index } = stream;
  let entries = 0;
  for (let left = input.count(STREAM_ID_BYTES); left > 0; left--) {
    const { buf, start, end } = input.string();
    if (end - start !== STREAM_ID_BYTES) throw input.damaged("the ID of a node has another size");
    readIdBytes(buf, start, id);
    if (index.count > 0 && compareIds(id, idBefore) <= 0) {
      throw input.damaged("the nodes of the stream are not in order");
    }
    idBefore.copy(id);
    const lp = copyToBlock(slabs, listpackString(input, "Stream listpack"));
    try {
      if (!isStreamNode(slabs, lp)) throw input.damaged("Stream listpack integrity check failed");
      entries += liveEntries(slabs, lp);
      index.push(id, lp);
    } catch (failure) {
      slabs.free(lp);
      throw failure;
    }
  }
  return entries;
}

// ---------------------------------------------------------------- writing

/** Deleted and added entries are counted from this version on, and consumers' activity from the other. */
const SECOND_FORM_SINCE = 10;
const THIRD_FORM_SINCE = 11;

/** The type under which a stream is written. */
export function streamRdbType(version: number): number {
  if (version >= THIRD_FORM_SINCE) return RdbType.STREAM_LISTPACKS_3;
  return version >= SECOND_FORM_SINCE ? RdbType.STREAM_LISTPACKS_2 : RdbType.STREAM_LISTPACKS;
}

/**
 * What a version does not tell of a stream beside its entries and groups; "" for nothing. Who loads it
 * makes that up: the counters from what is there, and activity from when a consumer was seen last.
 */
export function untoldOfStream(db: Database, entry: number, version: number): string {
  const stream = streamOf(db.keyspace, entry);
  const isCounted = stream.entriesAdded !== stream.length || !stream.maxDeletedId.isMin;
  if (version < SECOND_FORM_SINCE && isCounted) return "how many entries there ever were";
  return version < THIRD_FORM_SINCE && hasActivity(stream) ? "when consumers were active" : "";
}

function hasActivity({ groups }: Stream): boolean {
  for (let rank = 0; rank < (groups?.size ?? 0); rank++) {
    const { consumers } = groups!.at(rank);
    for (let i = 0; i < consumers.size; i++) {
      const consumer = consumers.numberAt(i);
      if (consumers.activeMs(consumer) !== consumers.seenMs(consumer)) return true;
    }
  }
  return false;
}

/** Writes the stream of an entry. */
export function writeStream(
  output: RdbOutput,
  db: Database,
  entry: number,
  version: number,
): void {
  writeAll(streamPortions(output, db, entry, version));
}

/** Writes a stream: its nodes one by one, then its groups one by one. */
export function* streamPortions(
  output: RdbOutput,
  { keyspace }: Database,
  entry: number,
  version: number,
): Portions {
  const stream = streamOf(keyspace, entry);
  const { slabs, index } = stream;
  output.length(index.count);
  for (let node = 0; node < index.count; node++) {
    index.readId(node, id);
    output.length(STREAM_ID_BYTES);
    writeIdBytes(output, id);
    writeListpack(output, slabs, index.listpack(node));
    yield;
  }
  output.length(stream.length);
  writeIdNumbers(output, stream.lastId);
  if (version >= SECOND_FORM_SINCE) {
    writeIdNumbers(output, stream.firstId);
    writeIdNumbers(output, stream.maxDeletedId);
    output.length(stream.entriesAdded);
  }
  yield* groupPortions(output, stream, streamRdbType(version));
}
