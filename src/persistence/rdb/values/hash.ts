/**
 * Hashes in dumps.
 *
 *   HASH            count, then field and value as strings
 *   HASH_ZIPMAP     a zipmap
 *   HASH_ZIPLIST    a ziplist of field, value …
 *   HASH_LISTPACK   a listpack of the same
 *
 * Those with fields that expire are told of in hash_due.ts.
 */
import type { Database } from "../../../keyspace/database.ts";
import type { Keyspace } from "../../../keyspace/keyspace.ts";
import {
  createHash,
  forEachField,
  hashLength,
  isPacked,
  scanFields,
  setHashField,
  visitEntry,
  type VisitField,
} from "../../../keyspace/types/hash.ts";
import { Encoding } from "../../../keyspace/types/type.ts";
import type { Slabs } from "../../../memory/slab.ts";
import { TypeId } from "../../../structures/entry.ts";
import {
  Element,
  firstElement,
  listpackLength,
  nextElement,
  readElement,
} from "../../../structures/listpack.ts";
import type { RdbInput, RdbSlice } from "../input.ts";
import { KeptBytes } from "../kept_bytes.ts";
import { RdbType } from "../opcodes.ts";
import type { RdbOutput } from "../output.ts";
import { ZiplistReader } from "../ziplist.ts";
import { ZipmapReader } from "../zipmap.ts";
import { writeListpack } from "./list.ts";
import { PORTION_ELEMENTS, type Portions, writeAll } from "./portions.ts";
import { copyToBlock, draftWithBlock, filled, listpackString, type RdbTarget } from "./target.ts";
import { hasTwice } from "./twice.ts";

/** A listpack's elements for each field. */
const PAIR = 2;

const ziplist = new ZiplistReader();
const zipmap = new ZipmapReader();
const field = new KeptBytes();
const packedField = new Element();
const packedValue = new Element();

// ---------------------------------------------------------------- reading

/** Reads a hash; see {@link ReadValue}. */
export function readHash(
  input: RdbInput,
  type: number,
  target: RdbTarget,
  key: RdbSlice,
): number {
  if (type === RdbType.HASH_LISTPACK) return readListpack(input, target, key);
  const draft = emptyHash(target.db, key);
  return filled(target.db, draft, () => {
    if (type === RdbType.HASH_ZIPMAP) readZipmap(input, target, draft);
    else if (type === RdbType.HASH_ZIPLIST) readZiplist(input, target, draft);
    else readFields(input, target, draft);
  });
}

function readFields(input: RdbInput, target: RdbTarget, draft: number): void {
  for (let left = input.count(2); left > 0; left--) {
    field.keep(input.string());
    addField(input, target, draft, field, input.string());
  }
}

function readZipmap(input: RdbInput, target: RdbTarget, draft: number): void {
  const { buf, start, end } = input.string();
  zipmap.begin(buf, start, end);
  while (zipmap.next()) addField(input, target, draft, zipmap.field, zipmap.value);
  if (zipmap.isDamaged) throw input.damaged("Zipmap integrity check failed");
}

function readZiplist(input: RdbInput, target: RdbTarget, draft: number): void {
  const { buf, start, end } = input.string();
  ziplist.begin(buf, start, end);
  while (ziplist.next()) {
    field.keep(ziplist.element);
    if (!ziplist.next()) throw input.damaged("a field of the hash has no value");
    addField(input, target, draft, field, ziplist.element);
  }
  if (ziplist.isDamaged) throw input.damaged("Hash ziplist integrity check failed");
}

function readListpack(input: RdbInput, target: RdbTarget, key: RdbSlice): number {
  const { db, settings } = target;
  const { slabs } = db.keyspace;
  const lp = copyToBlock(slabs, listpackString(input));
  const packed = draftWithBlock(db, key, TypeId.HASH, Encoding.LISTPACK, lp);
  const count = listpackLength(slabs, lp);
  if (count % PAIR !== 0) {
    db.discard(packed);
    throw input.damaged("a field of the hash has no value");
  }
  if (count > PAIR * settings.hashMaxListpackEntries) return rebuilt(input, target, key, packed);
  return filled(db, packed, () => {
    if (hasTwice(slabs, lp, PAIR)) throw twice(input);
  });
}

/** The same hash with its fields put in one by one, for what is too big for a listpack. */
function rebuilt(input: RdbInput, target: RdbTarget, key: RdbSlice, packed: number): number {
  const { db } = target;
  try {
    const draft = emptyHash(db, key);
    return filled(db, draft, () => addPacked(input, target, draft, db.outsideValue(packed)));
  } finally {
    db.discard(packed);
  }
}

function addPacked(input: RdbInput, target: RdbTarget, draft: number, lp: number): void {
  const slabs: Slabs = target.db.keyspace.slabs;
  for (let pos = firstElement(slabs, lp); pos !== 0; pos = nextElement(slabs, lp, pos)) {
    readElement(slabs, lp, pos, packedField);
    pos = nextElement(slabs, lp, pos);
    readElement(slabs, lp, pos, packedValue);
    addField(input, target, draft, packedField, packedValue);
  }
}

/** The draft of a hash without fields. */
export function emptyHash(db: Database, key: RdbSlice): number {
  return draftWithBlock(db, key, TypeId.HASH, Encoding.LISTPACK, createHash(db.keyspace.slabs));
}

/** Adds a field, which must not be there. */
export function addField(
  input: RdbInput,
  { db, settings }: RdbTarget,
  draft: number,
  name: RdbSlice,
  value: RdbSlice,
): void {
  const isNew = setHashField(
    db.keyspace,
    draft,
    settings,
    name.buf,
    name.start,
    name.end,
    value.buf,
    value.start,
    value.end,
  );
  if (!isNew) throw twice(input);
}

/** To be thrown where a field comes twice. */
export function twice(input: RdbInput): Error {
  return input.damaged("a field of the hash comes twice");
}

// ---------------------------------------------------------------- writing

/** Listpacks are known from this version on. */
const LISTPACK_SINCE = 10;

/** The type under which a hash without fields that expire is written. */
export function hashRdbType(db: Database, entry: number, version: number): number {
  const isPacked = db.encoding(entry) === Encoding.LISTPACK && version >= LISTPACK_SINCE;
  return isPacked ? RdbType.HASH_LISTPACK : RdbType.HASH;
}

/** Writes a hash without fields that expire. */
export function writeHash(output: RdbOutput, db: Database, entry: number, version: number): void {
  if (hashRdbType(db, entry, version) === RdbType.HASH_LISTPACK) {
    return writeListpack(output, db.keyspace.slabs, db.outsideValue(entry));
  }
  writeAll(pairPortions(output, db, entry));
}

/** Writes the fields of a hash and their values. */
export function* pairPortions(output: RdbOutput, { keyspace }: Database, entry: number): Portions {
  output.length(hashLength(keyspace, entry));
  yield* fieldPortions(keyspace, entry, writeField, output);
}

/** Has all fields of a hash visited that is about to be written. */
export function* fieldPortions<T>(
  keyspace: Keyspace,
  entry: number,
  visit: VisitField<T>,
  target: T,
): Portions {
  if (isPacked(keyspace.slabs, entry)) return forEachField(keyspace, entry, visit, target);
  const fields: number[] = [];
  let cursor = 0;
  do {
    fields.length = 0;
    cursor = scanFields(keyspace, entry, cursor, PORTION_ELEMENTS, PORTION_ELEMENTS, fields);
    for (const field of fields) visitEntry(keyspace.slabs, field, visit, target);
    yield;
  } while (cursor !== 0);
}

function writeField(name: Element, value: Element, output: RdbOutput): void {
  output.string(name.buf, name.start, name.end);
  output.string(value.buf, value.start, value.end);
}
