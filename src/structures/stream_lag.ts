/**
 * How far a group has come in its stream, counted in entries, and how far it is behind.
 *
 * Entries have no numbers, so the count is known at some places only: at both ends of the stream, and
 * from there on as long as a group reads entry after entry of which none has been removed by its ID.
 * What a stream remembers for this is how many entries there have been in all, and the greatest ID
 * that was removed from within.
 */
import type { Stream } from "./stream.ts";
import { type StreamGroup, UNKNOWN_ENTRIES_READ } from "./stream_group.ts";
import { compareIds, type StreamId } from "./stream_id.ts";

/** Notes that a group has been given an entry with a greater ID than all before. */
export function moveGroupTo(stream: Stream, group: StreamGroup, id: StreamId): void {
  const { lastId } = group;
  const goesOn = group.entriesRead !== UNKNOWN_ENTRIES_READ &&
    compareIds(lastId, stream.firstId) >= 0 && !hasGapFrom(stream, lastId);
  if (goesOn) group.entriesRead++;
  else if (stream.entriesAdded > 0) group.entriesRead = entriesReadAt(stream, id);
  lastId.copy(id);
}

/** How many entries a group has yet to read; null when that cannot be told. */
export function lagOf(stream: Stream, group: StreamGroup): number | null {
  const { entriesAdded, length, firstId, maxDeletedId } = stream;
  const { lastId } = group;
  if (entriesAdded === 0 || length === 0) return 0;
  if (compareIds(lastId, firstId) < 0 && compareIds(maxDeletedId, firstId) < 0) return length;
  const isCounted = group.entriesRead !== UNKNOWN_ENTRIES_READ;
  if (isCounted && !hasGapFrom(stream, lastId)) return entriesAdded - group.entriesRead;
  const entriesRead = entriesReadAt(stream, lastId);
  return entriesRead === UNKNOWN_ENTRIES_READ ? null : entriesAdded - entriesRead;
}

/** Whether an entry may have been removed by its ID from an ID on. */
function hasGapFrom(stream: Stream, id: StreamId): boolean {
  const { length, maxDeletedId } = stream;
  return length > 0 && !maxDeletedId.isMin && compareIds(id, maxDeletedId) <= 0;
}

/** How many entries there have been up to an ID, or UNKNOWN_ENTRIES_READ. */
export function entriesReadAt(stream: Stream, id: StreamId): number {
  const { entriesAdded, length, firstId, lastId, maxDeletedId } = stream;
  if (entriesAdded === 0) return 0;
  const order = compareIds(id, lastId);
  if (length === 0 && order <= 0) return entriesAdded;
  if (!id.isMin && compareIds(id, maxDeletedId) < 0) return UNKNOWN_ENTRIES_READ;
  if (order === 0) return entriesAdded;
  if (order > 0) return UNKNOWN_ENTRIES_READ;
  if (!maxDeletedId.isMin && compareIds(maxDeletedId, firstId) >= 0) return UNKNOWN_ENTRIES_READ;
  const orderToFirst = compareIds(id, firstId);
  if (orderToFirst > 0) return UNKNOWN_ENTRIES_READ;
  return entriesAdded - length + (orderToFirst === 0 ? 1 : 0);
}
