/** Where values go when they are read, and how their parts come into being. */
import { copyBytes } from "../../../memory/bytes.ts";
import { byteOffset, pageOf } from "../../../memory/handle.ts";
import type { Slabs } from "../../../memory/slab.ts";
import type { Database } from "../../../keyspace/database.ts";
import type { HashLimits } from "../../../keyspace/types/hash.ts";
import type { SortedSetLimits } from "../../../keyspace/types/sorted_set.ts";
import { isValidListpack } from "../../../structures/listpack.ts";
import type { RdbInput, RdbSlice } from "../input.ts";

/** The settings that say in which encoding a value is kept. */
export type EncodingSettings = HashLimits & SortedSetLimits;

/** What a reader of values builds in. */
export interface RdbTarget {
  readonly db: Database;
  readonly settings: EncodingSettings;
}

/** Reads the value of a key: a draft of its entry, see `Database.draft`. */
export type ReadValue = (
  input: RdbInput,
  type: number,
  target: RdbTarget,
  key: RdbSlice,
) => number;

/** A copy of a slice in a block of its own. Throws OutOfMemory. */
export function copyToBlock(slabs: Slabs, { buf, start, end }: RdbSlice): number {
  const block = slabs.alloc(end - start);
  copyBytes(slabs.bytes[pageOf(block)], byteOffset(block), buf, start, end);
  return block;
}

/** A draft whose value is a block, which is freed when there is no memory for the draft. */
export function draftWithBlock(
  db: Database,
  { buf, start, end }: RdbSlice,
  typeId: number,
  encoding: number,
  block: number,
): number {
  try {
    return db.draft(buf, start, end, typeId, encoding, block, 0);
  } catch (failure) {
    db.keyspace.slabs.free(block);
    throw failure;
  }
}

/** A draft whose value is a new, empty structure among the keyspace's objects. */
export function draftWithObject(
  db: Database,
  { buf, start, end }: RdbSlice,
  typeId: number,
  encoding: number,
  object: object,
): number {
  const { objects } = db.keyspace;
  const id = objects.add(object);
  try {
    return db.draft(buf, start, end, typeId, encoding, id, 0);
  } catch (failure) {
    objects.remove(id);
    throw failure;
  }
}

/** A string that must be a listpack, all of which is checked; `name` is for the message that it is not. */
export function listpackString(input: RdbInput, name = "listpack"): RdbSlice {
  const slice = input.string();
  if (!isValidListpack(slice.buf, slice.start, slice.end)) {
    throw input.damaged(`${name} integrity check failed`);
  }
  return slice;
}

/** The draft of a value: `fill` fills it, and where that fails it is discarded. */
export function filled(db: Database, draft: number, fill: () => void): number {
  try {
    fill();
    return draft;
  } catch (failure) {
    db.discard(draft);
    throw failure;
  }
}
