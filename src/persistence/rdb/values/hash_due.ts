/**
 * Hashes in dumps whose fields may expire (source: `rdb.c` of Redis 7.4).
 *
 *   HASH_METADATA      the earliest due time in 8 bytes; count; then for each field a number, the field
 *                      and the value: 0 for a field that does not expire, else its due time minus the
 *                      earliest one, plus 1
 *   HASH_LISTPACK_EX   the earliest due time in 8 bytes, 0 for none; a listpack of field, value, due
 *                      time … in the order of due times, 0 for none, which come last
 *
 * The two that came before 7.4 was finished lack the earliest due time; the numbers of
 * HASH_METADATA_PRE_GA are due times. Valkey 9 has a form of its own:
 *
 *   HASH_2             count; then for each field its name, its value, and its due time in 8 bytes, -1
 *                      for none
 *
 * All times are in ms since 1970.
 */
import type { Database } from "../../../keyspace/database.ts";
import { hashLength, isExpirable, isPacked } from "../../../keyspace/types/hash.ts";
import {
  earliestDue,
  makeExpirable,
  NEVER,
  setFieldDue,
} from "../../../keyspace/types/hash_due.ts";
import { duePacked, nextPacked, TRIPLE } from "../../../keyspace/types/hash_packed.ts";
import { Encoding } from "../../../keyspace/types/type.ts";
import { TypeId } from "../../../structures/entry.ts";
import {
  Element,
  elementInteger,
  firstElement,
  listpackLength,
  nextElement,
  readElement,
} from "../../../structures/listpack.ts";
import type { RdbInput, RdbSlice } from "../input.ts";
import { KeptBytes } from "../kept_bytes.ts";
import { RdbType } from "../opcodes.ts";
import type { RdbOutput } from "../output.ts";
import { addField, emptyHash, fieldPortions, twice } from "./hash.ts";
import { writeListpack } from "./list.ts";
import { type Portions, writeAll } from "./portions.ts";
import { copyToBlock, draftWithBlock, filled, listpackString, type RdbTarget } from "./target.ts";
import { hasTwice } from "./twice.ts";

/** The oldest version that knows of fields that expire. */
export const FIELDS_EXPIRE_SINCE = 12;

/** In HASH_2: a field that does not expire; and the least that a field takes. */
const VALKEY_NEVER = -1;
const VALKEY_FIELD_BYTES = 10;

const field = new KeptBytes();
const value = new KeptBytes();
const packedField = new Element();
const packedValue = new Element();

/** Reads a hash; see {@link ReadValue}. */
export function readExpiringHash(
  input: RdbInput,
  type: number,
  target: RdbTarget,
  key: RdbSlice,
): number {
  const isFinal = type === RdbType.HASH_METADATA || type === RdbType.HASH_LISTPACK_EX;
  const earliestMs = isFinal ? input.int64() : 1;
  if (type === RdbType.HASH_LISTPACK_EX || type === RdbType.HASH_LISTPACK_EX_PRE_GA) {
    return readTriples(input, target, key);
  }
  const draft = emptyHash(target.db, key);
  return filled(target.db, draft, () => {
    for (let left = input.count(3); left > 0; left--) {
      const number = input.length();
      field.keep(input.string());
      addField(input, target, draft, field, input.string());
      if (number !== 0) setDue(input, target, draft, field, earliestMs + number - 1);
    }
  });
}

/** Reads a hash in the form of Valkey 9; see {@link ReadValue}. */
export function readValkeyHash(
  input: RdbInput,
  _type: number,
  target: RdbTarget,
  key: RdbSlice,
): number {
  const draft = emptyHash(target.db, key);
  return filled(target.db, draft, () => {
    for (let left = input.count(VALKEY_FIELD_BYTES); left > 0; left--) {
      field.keep(input.string());
      value.keep(input.string());
      const dueMs = input.int64();
      addField(input, target, draft, field, value);
      if (dueMs !== VALKEY_NEVER) setDue(input, target, draft, field, dueMs);
    }
  });
}

function readTriples(input: RdbInput, target: RdbTarget, key: RdbSlice): number {
  const { db, settings } = target;
  const { slabs } = db.keyspace;
  const lp = copyToBlock(slabs, listpackString(input));
  const packed = draftWithBlock(db, key, TypeId.HASH, Encoding.LISTPACK_EX, lp);
  filled(db, packed, () => checkTriples(input, target, lp));
  if (listpackLength(slabs, lp) <= TRIPLE * settings.hashMaxListpackEntries) {
    return filled(db, packed, () => {
      if (hasTwice(slabs, lp, TRIPLE)) throw twice(input);
    });
  }
  try {
    const draft = emptyHash(db, key);
    return filled(db, draft, () => addTriples(input, target, draft, lp));
  } finally {
    db.discard(packed);
  }
}

/** Throws unless each field has a value and a due time, and they are in order. */
function checkTriples(input: RdbInput, { db }: RdbTarget, lp: number): void {
  const { slabs } = db.keyspace;
  if (listpackLength(slabs, lp) % TRIPLE !== 0) {
    throw input.damaged("a field of the hash has no value or no due time");
  }
  let lastMs = 0;
  for (let at = firstElement(slabs, lp); at !== 0; at = nextPacked(slabs, lp, TRIPLE, at)) {
    const due = elementInteger(slabs, lp, nextElement(slabs, lp, nextElement(slabs, lp, at)));
    if (!(due >= 0 && due <= Number.MAX_SAFE_INTEGER)) {
      throw input.damaged("a due time of the hash is none");
    }
    if ((due || NEVER) < lastMs) throw input.damaged("the due times of the hash are not in order");
    lastMs = due || NEVER;
  }
}

function addTriples(input: RdbInput, target: RdbTarget, draft: number, lp: number): void {
  const { slabs } = target.db.keyspace;
  for (let at = firstElement(slabs, lp); at !== 0; at = nextPacked(slabs, lp, TRIPLE, at)) {
    readElement(slabs, lp, at, packedField);
    readElement(slabs, lp, nextElement(slabs, lp, at), packedValue);
    addField(input, target, draft, packedField, packedValue);
    const dueMs = duePacked(slabs, lp, at);
    if (dueMs !== NEVER) setDue(input, target, draft, packedField, dueMs);
  }
}

function setDue(
  input: RdbInput,
  { db: { keyspace } }: RdbTarget,
  draft: number,
  { buf, start, end }: RdbSlice,
  dueMs: number,
): void {
  if (!(dueMs > 0 && dueMs <= Number.MAX_SAFE_INTEGER)) {
    throw input.damaged("a due time of the hash is none");
  }
  makeExpirable(keyspace, draft);
  setFieldDue(keyspace, draft, buf, start, end, dueMs);
}

// ---------------------------------------------------------------- writing

/** Whether a hash has fields that expire. */
export function hasExpiringFields({ keyspace }: Database, entry: number): boolean {
  return isExpirable(keyspace.slabs, entry) && earliestDue(keyspace, entry) !== NEVER;
}

/** The type under which a hash that has fields that expire is written. */
export function expiringHashRdbType({ keyspace }: Database, entry: number): number {
  return isPacked(keyspace.slabs, entry) ? RdbType.HASH_LISTPACK_EX : RdbType.HASH_METADATA;
}

/** Writes a hash that has fields that expire. */
export function writeExpiringHash(output: RdbOutput, db: Database, entry: number): void {
  const { keyspace } = db;
  if (!isPacked(keyspace.slabs, entry)) return writeAll(triplePortions(output, db, entry));
  output.int64(earliestDue(keyspace, entry));
  writeListpack(output, keyspace.slabs, db.outsideValue(entry));
}

/** Writes the fields of a big hash, some of which expire, with their due times. */
export function* triplePortions(
  output: RdbOutput,
  { keyspace }: Database,
  entry: number,
): Portions {
  const earliest = earliestDue(keyspace, entry);
  output.int64(earliest);
  output.length(hashLength(keyspace, entry));
  yield* fieldPortions(keyspace, entry, (name, content, target, dueMs) => {
    target.length(dueMs === NEVER ? 0 : dueMs - earliest + 1);
    target.string(name.buf, name.start, name.end);
    target.string(content.buf, content.start, content.end);
  }, output);
}
