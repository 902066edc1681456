/**
 * A stream: entries with IDs that only grow, each a list of fields with values. The entries lie in
 * nodes (stream_node.ts) of some thousand bytes, which an index (stream_index.ts) keeps in order; both
 * lie in the slabs, as do the consumer groups (stream_groups.ts). What is known of the stream as a
 * whole is in this object.
 */
import type { Args } from "../resp/args.ts";
import { copyBytes } from "../memory/bytes.ts";
import { byteOffset, pageOf } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";
import { listpackBytes } from "./listpack.ts";
import { compareIds, StreamId } from "./stream_id.ts";
import { StreamGroups } from "./stream_groups.ts";
import { StreamIndex } from "./stream_index.ts";
import {
  addToCounts,
  allEntries,
  appendEntry,
  createNode,
  entryBytes,
  flagDeleted,
  liveEntries,
  mostEntryBytes,
  shrunk,
} from "./stream_node.ts";
import type { StreamReader } from "./stream_reader.ts";

/** Up to where a node grows. */
export interface StreamLimits {
  /** Bytes; 0 for any. */
  readonly streamNodeMaxBytes: number;
  /** Entries; 0 for any. */
  readonly streamNodeMaxEntries: number;
}

/** Bytes that the fields and values of an entry, or a node, may have at most. */
export const MAX_STREAM_NODE_BYTES = 1 << 30;

/** Nodes that are looked at by one call of {@link Stream.compact}. */
const NODES_PER_COMPACTION = 64;

/** Blocks of nodes double up to here, and to the size that a node may have. */
const FULL_NODE_BYTES = 4096;

/** Which entries are to be removed from the start. */
export interface TrimRule {
  /** Whether `minId` counts, or `maxLength`. */
  isById: boolean;
  /** How many entries may stay. */
  maxLength: number;
  /** Entries with smaller IDs are to go. */
  readonly minId: StreamId;
  /** Whether only whole nodes are removed. */
  isApproximate: boolean;
  /** How many entries may be removed; 0 for any number. */
  limit: number;
}

const MIN_ID = new StreamId();
const MAX_ID = new StreamId();
MAX_ID.setMax();

export class Stream {
  readonly slabs: Slabs;
  readonly index: StreamIndex;
  /** The greatest ID that there has been. */
  readonly lastId = new StreamId();
  /** The ID of the first entry; 0-0 when there is none. */
  readonly firstId = new StreamId();
  /** The greatest ID of an entry removed by its ID. */
  readonly maxDeletedId = new StreamId();
  /** Number of entries. */
  length = 0;
  /** How many entries have been added in all. */
  entriesAdded = 0;
  /** The consumer groups; null as long as there has been none. */
  groups: StreamGroups | null = null;

  constructor(slabs: Slabs) {
    this.slabs = slabs;
    this.index = new StreamIndex(slabs);
  }

  /** Shows the entries from the first to the last, or the other way round. */
  walk(reader: StreamReader, isReverse = false): void {
    reader.seek(this.index, MIN_ID, MAX_ID, isReverse);
  }

  /**
   * Adds an entry with the fields and values from argument `first` on.
   *
   * @param id Greater than `lastId`. @param bytes The length of all fields and values together.
   * Throws OutOfMemory with nothing changed.
   */
  append(id: StreamId, args: Args, first: number, bytes: number, limits: StreamLimits): void {
    const { slabs, index } = this;
    const last = index.count - 1;
    const node = last >= 0 && hasRoom(slabs, index.listpack(last), bytes, limits) ? last : -1;
    if (node >= 0) {
      let lp = index.listpack(node);
      const most = mostEntryBytes(bytes, args.count - first);
      if (slabs.sizeOf(lp) < listpackBytes(slabs, lp) + most) {
        lp = withRoom(slabs, lp, entryBytes(args, first), limits);
        index.setListpack(node, lp);
      }
      index.readId(node, masterId);
      appendEntry(slabs, lp, masterId, id, args, first);
    } else {
      const lp = createNode(slabs, args, first);
      try {
        if (last >= 0) index.setListpack(last, shrunk(slabs, index.listpack(last)));
        index.push(id, lp);
      } catch (failure) {
        slabs.free(lp);
        throw failure;
      }
      appendEntry(slabs, lp, id, id, args, first);
    }
    this.length++;
    this.entriesAdded++;
    this.lastId.copy(id);
    if (this.length === 1) this.firstId.copy(id);
  }

  /** Removes an entry; false when there is none of this ID. */
  remove(id: StreamId, reader: StreamReader): boolean {
    const { slabs, index } = this;
    reader.seek(index, id, id, false);
    if (!reader.next()) return false;
    const { node, lp, flagsAt } = reader;
    if (liveEntries(slabs, lp) === 1) {
      slabs.free(lp);
      index.remove(node);
    } else {
      flagDeleted(slabs, lp, flagsAt);
      index.setListpack(node, addToCounts(slabs, lp, -1, 1));
    }
    this.length--;
    if (compareIds(id, this.maxDeletedId) > 0) this.maxDeletedId.copy(id);
    if (compareIds(id, this.firstId) === 0) this.readFirstId(reader);
    return true;
  }

  /** Looks up `firstId` anew. */
  readFirstId(reader: StreamReader): void {
    this.walk(reader);
    if (reader.next()) this.firstId.copy(reader.id);
    else this.firstId.setMin();
  }

  /** Removes entries from the start, as many as the rule says; returns their number. */
  trim(rule: TrimRule, reader: StreamReader): number {
    const { slabs, index } = this;
    const before = this.length;
    while (index.count > 0 && (rule.isById || this.length > rule.maxLength)) {
      const lp = index.listpack(0);
      const entries = liveEntries(slabs, lp);
      if (rule.limit > 0 && before - this.length + entries > rule.limit) break;
      if (!this.#mayGo(rule, entries, reader)) {
        if (!rule.isApproximate) this.#trimNode(rule, reader);
        break;
      }
      slabs.free(lp);
      index.remove(0);
      this.length -= entries;
    }
    if (this.length < before) this.readFirstId(reader);
    return before - this.length;
  }

  /** Gives an empty stream copies of all that another has. Throws OutOfMemory, with some of it here. */
  copy(other: Stream): void {
    const { slabs } = this;
    for (let node = 0; node < other.index.count; node++) {
      const lp = copyNode(slabs, other.index.listpack(node));
      other.index.readId(node, masterId);
      try {
        this.index.push(masterId, lp);
      } catch (failure) {
        slabs.free(lp);
        throw failure;
      }
    }
    this.lastId.copy(other.lastId);
    this.firstId.copy(other.firstId);
    this.maxDeletedId.copy(other.maxDeletedId);
    this.length = other.length;
    this.entriesAdded = other.entriesAdded;
    if (other.groups === null) return;
    this.groups = new StreamGroups(slabs);
    this.groups.copy(other.groups);
  }

  /** Frees up to so many nodes; true when nothing is left. The stream must not be used any more. */
  freeNodes(most: number): boolean {
    for (let i = 0; i < most && this.index.count > 0; i++) {
      this.slabs.free(this.index.listpack(0));
      this.index.remove(0);
    }
    if (this.index.count > 0) return false;
    return this.groups === null || this.groups.freeSome(most);
  }

  /** Bytes of nodes, index and groups, those of nodes estimated from so many of them; 0: from all. */
  bytes(samples: number): number {
    const { slabs, index } = this;
    const looked = samples === 0 ? index.count : Math.min(samples, index.count);
    let bytes = 0;
    for (let node = 0; node < looked; node++) bytes += slabs.sizeOf(index.listpack(node));
    const nodes = looked === 0 ? 0 : Math.round(bytes / looked * index.count);
    return index.bytes + nodes + (this.groups?.bytes ?? 0);
  }

  /**
   * Moves some nodes, and before the first the index and the groups, to denser places where that is
   * worth it, and counts them.
   *
   * @param first The node to begin with.
   * @returns The node to go on with; 0 at the end.
   */
  compact(first: number, tally: { moved: number }): number {
    const { slabs, index } = this;
    if (first === 0) tally.moved += index.compact() + (this.groups?.compact() ?? 0);
    const end = Math.min(index.count, first + NODES_PER_COMPACTION);
    for (let node = first; node < end; node++) {
      const lp = index.listpack(node);
      if (!slabs.shouldMove(lp)) continue;
      index.setListpack(node, slabs.move(lp));
      tally.moved++;
    }
    return end < index.count ? end : 0;
  }

  /** Whether all of the first node, which has so many entries, may be removed. */
  #mayGo(rule: TrimRule, entries: number, reader: StreamReader): boolean {
    if (!rule.isById) return this.length - entries >= rule.maxLength;
    reader.toEndOf(this.index, 0);
    return compareIds(reader.id, rule.minId) < 0;
  }

  /** Removes entries of the first node, of which some stay. */
  #trimNode(rule: TrimRule, reader: StreamReader): void {
    const { slabs, index } = this;
    const lp = index.listpack(0);
    let removed = 0;
    this.walk(reader);
    while (reader.next() && reader.lp === lp) {
      const isEnough = rule.isById
        ? compareIds(reader.id, rule.minId) >= 0
        : this.length <= rule.maxLength;
      if (isEnough) break;
      flagDeleted(slabs, lp, reader.flagsAt);
      this.length--;
      removed++;
    }
    if (removed > 0) index.setListpack(0, addToCounts(slabs, lp, -removed, removed));
  }
}

const masterId = new StreamId();

/** Whether an entry of so many bytes goes into a node, or begins another. */
function hasRoom(slabs: Slabs, lp: number, bytes: number, limits: StreamLimits): boolean {
  const { streamNodeMaxBytes, streamNodeMaxEntries } = limits;
  const isBounded = streamNodeMaxBytes > 0 && streamNodeMaxBytes <= MAX_STREAM_NODE_BYTES;
  const maxBytes = isBounded ? streamNodeMaxBytes : MAX_STREAM_NODE_BYTES;
  if (listpackBytes(slabs, lp) + bytes >= maxBytes) return false;
  return streamNodeMaxEntries === 0 || allEntries(slabs, lp) < streamNodeMaxEntries;
}

/** The node in a block with so many bytes to spare, which doubles up to the size of a full node. */
function withRoom(slabs: Slabs, lp: number, bytes: number, limits: StreamLimits): number {
  const used = listpackBytes(slabs, lp);
  const size = slabs.sizeOf(lp);
  if (size >= used + bytes) return lp;
  const roomy = Math.min(2 * size, Math.max(limits.streamNodeMaxBytes, FULL_NODE_BYTES));
  return slabs.resize(lp, Math.max(used + bytes, roomy));
}

function copyNode(slabs: Slabs, lp: number): number {
  const bytes = listpackBytes(slabs, lp);
  const copy = slabs.alloc(bytes);
  const from = byteOffset(lp);
  copyBytes(
    slabs.bytes[pageOf(copy)],
    byteOffset(copy),
    slabs.bytes[pageOf(lp)],
    from,
    from + bytes,
  );
  return copy;
}
