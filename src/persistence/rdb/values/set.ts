/**
 * Sets in dumps.
 *
 *   SET            count, then the members as strings
 *   SET_INTSET     an intset
 *   SET_LISTPACK   a listpack
 */
import type { Database } from "../../../keyspace/database.ts";
import {
  createEmptySet,
  EMPTY_SET_ENCODING,
  setAdd,
  setSize,
} from "../../../keyspace/types/set_members.ts";
import { SetWalk } from "../../../keyspace/types/set_walk.ts";
import { Encoding } from "../../../keyspace/types/type.ts";
import { byteOffset, pageOf } from "../../../memory/handle.ts";
import { TypeId } from "../../../structures/entry.ts";
import { intsetBytes, isIntsetMember, isValidIntset } from "../../../structures/intset.ts";
import { appendElement, createListpack, trimListpack } from "../../../structures/listpack.ts";
import type { RdbInput, RdbSlice } from "../input.ts";
import { RdbType } from "../opcodes.ts";
import type { RdbOutput } from "../output.ts";
import { writeListpack } from "./list.ts";
import { PORTION_ELEMENTS, type Portions, writeAll } from "./portions.ts";
import { copyToBlock, draftWithBlock, filled, listpackString, type RdbTarget } from "./target.ts";
import { hasTwice } from "./twice.ts";

/** Room that is made for a member, bytes; what is not needed is given back. */
const USUAL_MEMBER_BYTES = 16;

const walk = new SetWalk();

// ---------------------------------------------------------------- reading

/** Reads a set; see {@link ReadValue}. */
export function readSet(
  input: RdbInput,
  type: number,
  { db }: RdbTarget,
  key: RdbSlice,
): number {
  const { settings } = db.keyspace;
  if (type === RdbType.SET) {
    const count = input.count(1);
    if (count <= settings.setMaxListpackEntries) return readFew(input, db, key, count);
    const draft = emptyDraft(db, key);
    return filled(db, draft, () => {
      for (let left = count; left > 0; left--) add(input, db, draft, input.string());
    });
  }
  const isIntset = type === RdbType.SET_INTSET;
  const slice = isIntset ? intsetString(input) : listpackString(input);
  const packed = packedDraft(db, key, isIntset ? Encoding.INTSET : Encoding.LISTPACK, slice);
  const limit = isIntset ? settings.setMaxIntsetEntries : settings.setMaxListpackEntries;
  if (setSize(db.keyspace, packed) > limit) return rebuilt(input, db, key, packed);
  if (isIntset) return packed;
  return filled(db, packed, () => {
    if (hasTwice(db.keyspace.slabs, db.outsideValue(packed), 1)) throw twice(input);
  });
}

/** So few members that they may be a listpack: looking for doubled ones once is faster than each time. */
function readFew(input: RdbInput, db: Database, key: RdbSlice, count: number): number {
  const { slabs, settings } = db.keyspace;
  const room = createListpack(slabs, count * USUAL_MEMBER_BYTES);
  const packed = draftWithBlock(db, key, TypeId.SET, Encoding.LISTPACK, room);
  let isListpack = false;
  filled(db, packed, () => {
    let lp = room;
    let longest = 0;
    for (let left = count; left > 0; left--) {
      const { buf, start, end } = input.string();
      isListpack ||= !isIntsetMember(buf, start, end);
      longest = Math.max(longest, end - start);
      lp = appendElement(slabs, lp, buf, start, end);
      db.setOutsideValue(packed, Encoding.LISTPACK, lp, 0);
    }
    isListpack &&= longest <= settings.setMaxListpackValue;
    if (!isListpack) return;
    if (hasTwice(slabs, lp, 1)) throw twice(input);
    db.setOutsideValue(packed, Encoding.LISTPACK, trimListpack(slabs, lp), 0);
  });
  return isListpack ? packed : rebuilt(input, db, key, packed);
}

function intsetString(input: RdbInput): RdbSlice {
  const slice = input.string();
  if (!isValidIntset(slice.buf, slice.start, slice.end)) {
    throw input.damaged("intset integrity check failed");
  }
  return slice;
}

function emptyDraft(db: Database, key: RdbSlice): number {
  const set = createEmptySet(db.keyspace.slabs);
  return draftWithBlock(db, key, TypeId.SET, EMPTY_SET_ENCODING, set);
}

function packedDraft(db: Database, key: RdbSlice, encoding: number, content: RdbSlice): number {
  const block = copyToBlock(db.keyspace.slabs, content);
  return draftWithBlock(db, key, TypeId.SET, encoding, block);
}

/** The same set with its members put in one by one, for what is too big for its encoding. */
function rebuilt(input: RdbInput, db: Database, key: RdbSlice, packed: number): number {
  try {
    const draft = emptyDraft(db, key);
    return filled(db, draft, () => {
      walk.begin(db.keyspace, packed);
      while (walk.next()) add(input, db, draft, walk);
    });
  } finally {
    db.discard(packed);
  }
}

function add(input: RdbInput, db: Database, draft: number, member: RdbSlice): void {
  if (!setAdd(db.keyspace, draft, member.buf, member.start, member.end)) {
    throw twice(input);
  }
}

function twice(input: RdbInput): Error {
  return input.damaged("a member of the set comes twice");
}

// ---------------------------------------------------------------- writing

/** Listpacks of members are known from this version on. */
const LISTPACK_SINCE = 11;

/** The type under which the set of an entry is written. */
export function setRdbType(db: Database, entry: number, version: number): number {
  const encoding = db.encoding(entry);
  if (encoding === Encoding.INTSET) return RdbType.SET_INTSET;
  const isPacked = encoding === Encoding.LISTPACK && version >= LISTPACK_SINCE;
  return isPacked ? RdbType.SET_LISTPACK : RdbType.SET;
}

/** Writes the set of an entry. */
export function writeSet(output: RdbOutput, db: Database, entry: number, version: number): void {
  const { slabs } = db.keyspace;
  const value = db.outsideValue(entry);
  switch (setRdbType(db, entry, version)) {
    case RdbType.SET_INTSET: {
      const start = byteOffset(value);
      output.string(slabs.bytes[pageOf(value)], start, start + intsetBytes(slabs, value));
      return;
    }
    case RdbType.SET_LISTPACK:
      return writeListpack(output, slabs, value);
    default:
      writeAll(memberPortions(output, db, entry, walk));
  }
}

/** Writes the members of a set; `walk` must not be used for anything else meanwhile. */
export function* memberPortions(
  output: RdbOutput,
  { keyspace }: Database,
  entry: number,
  walk: SetWalk,
): Portions {
  output.length(setSize(keyspace, entry));
  walk.begin(keyspace, entry);
  for (let count = 1; walk.next(); count++) {
    output.string(walk.buf, walk.start, walk.end);
    if (count % PORTION_ELEMENTS === 0) yield;
  }
}
