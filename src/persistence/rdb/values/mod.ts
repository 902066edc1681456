/** Values in dumps: what reads and writes them, by type. */
import type { Database } from "../../../keyspace/database.ts";
import type { Keyspace } from "../../../keyspace/keyspace.ts";
import { hashLength } from "../../../keyspace/types/hash.ts";
import { listLength } from "../../../keyspace/types/list_value.ts";
import { setSize } from "../../../keyspace/types/set_members.ts";
import { SetWalk } from "../../../keyspace/types/set_walk.ts";
import { sortedSetLength } from "../../../keyspace/types/sorted_set.ts";
import { SortedSetWalk } from "../../../keyspace/types/sorted_set_walk.ts";
import { streamOf } from "../../../keyspace/types/stream.ts";
import { Encoding } from "../../../keyspace/types/type.ts";
import { TypeId } from "../../../structures/entry.ts";
import { nodeCount } from "../../../structures/quicklist.ts";
import type { RdbInput, RdbSlice } from "../input.ts";
import { OLDEST_WRITTEN_VERSION, RdbType, typeName, VALKEY_HASH_2 } from "../opcodes.ts";
import type { RdbOutput } from "../output.ts";
import { hashRdbType, pairPortions, readHash, writeHash } from "./hash.ts";
import {
  expiringHashRdbType,
  FIELDS_EXPIRE_SINCE,
  hasExpiringFields,
  readExpiringHash,
  readValkeyHash,
  triplePortions,
  writeExpiringHash,
} from "./hash_due.ts";
import {
  elementPortions,
  listRdbType,
  nodePortions,
  QUICKLIST_2_SINCE,
  readList,
  writeList,
} from "./list.ts";
import type { Portions } from "./portions.ts";
import { memberPortions, readSet, setRdbType, writeSet } from "./set.ts";
import { readSortedSet, scoredPortions, sortedSetRdbType, writeSortedSet } from "./sorted_set.ts";
import { readStream, streamPortions, streamRdbType, writeStream } from "./stream.ts";
import type { RdbTarget, ReadValue } from "./target.ts";

export { skipModuleAux, skipModuleValue } from "./module.ts";
export { type Portions, writeAll } from "./portions.ts";
export type { EncodingSettings, RdbTarget } from "./target.ts";

const readers: ReadValue[] = [];
readers[RdbType.LIST] = readList;
readers[RdbType.LIST_ZIPLIST] = readList;
readers[RdbType.LIST_QUICKLIST] = readList;
readers[RdbType.LIST_QUICKLIST_2] = readList;
readers[RdbType.SET] = readSet;
readers[RdbType.SET_INTSET] = readSet;
readers[RdbType.SET_LISTPACK] = readSet;
readers[RdbType.ZSET] = readSortedSet;
readers[RdbType.ZSET_2] = readSortedSet;
readers[RdbType.ZSET_ZIPLIST] = readSortedSet;
readers[RdbType.ZSET_LISTPACK] = readSortedSet;
readers[RdbType.HASH] = readHash;
readers[RdbType.HASH_ZIPMAP] = readHash;
readers[RdbType.HASH_ZIPLIST] = readHash;
readers[RdbType.HASH_LISTPACK] = readHash;
readers[RdbType.HASH_METADATA_PRE_GA] = readExpiringHash;
readers[RdbType.HASH_LISTPACK_EX_PRE_GA] = readExpiringHash;
readers[RdbType.HASH_METADATA] = readExpiringHash;
readers[RdbType.HASH_LISTPACK_EX] = readExpiringHash;
readers[RdbType.STREAM_LISTPACKS] = readStream;
readers[RdbType.STREAM_LISTPACKS_2] = readStream;
readers[RdbType.STREAM_LISTPACKS_3] = readStream;

/** Strings of more bytes, and collections of more elements or nodes, are giants. */
const GIANT_STRING_BYTES = 1 << 20;
const GIANT_ELEMENTS = 2000;
const GIANT_NODES = 32;
const PORTION_BYTES = 128 << 10;

/** The same for Valkey 9, which has left the ways of Redis at version 12. */
const valkeyReaders = readers.slice(0, RdbType.STREAM_LISTPACKS_3 + 1);
valkeyReaders[VALKEY_HASH_2] = readValkeyHash;

/**
 * Reads a value that is not a string.
 *
 * @param isValkey Whether types are numbered as in Valkey 9.
 * @param key Where the value is to go; must not be a slice of the input itself.
 * @returns A draft of its entry (see `Database.draft`), or 0 for a collection without elements, which
 *   no key may hold. Throws an RdbError, or OutOfMemory, with nothing kept.
 */
export function readValue(
  input: RdbInput,
  type: number,
  isValkey: boolean,
  target: RdbTarget,
  key: RdbSlice,
): number {
  const read = (isValkey ? valkeyReaders : readers)[type];
  if (read === undefined) {
    throw input.unsupported(`a value of the type ${typeName(type, isValkey)}`);
  }
  const { db } = target;
  const draft = read(input, type, target, key);
  if (!isEmpty(db, draft)) return draft;
  db.discard(draft);
  return 0;
}

function isEmpty(db: Database, draft: number): boolean {
  switch (db.type(draft)) {
    case TypeId.LIST:
      return listLength(db, draft) === 0;
    case TypeId.SET:
      return setSize(db.keyspace, draft) === 0;
    case TypeId.ZSET:
      return sortedSetLength(db.keyspace, draft) === 0;
    case TypeId.HASH:
      return hashLength(db.keyspace, draft) === 0;
    default:
      return false; // streams may be empty
  }
}

/** The oldest version that can hold the value of an entry. */
export function oldestVersionFor(db: Database, entry: number): number {
  return db.type(entry) === TypeId.HASH && hasExpiringFields(db, entry)
    ? FIELDS_EXPIRE_SINCE
    : OLDEST_WRITTEN_VERSION;
}

/** The oldest version that can hold all keys. */
export function oldestVersionForAll({ used }: Keyspace): number {
  return used.some((db) => db.fields.size > 0) ? FIELDS_EXPIRE_SINCE : OLDEST_WRITTEN_VERSION;
}

/** The type under which the value of an entry is written; the version must be able to hold it. */
export function rdbTypeOf(db: Database, entry: number, version: number): number {
  switch (db.type(entry)) {
    case TypeId.STRING:
      return RdbType.STRING;
    case TypeId.LIST:
      return listRdbType(version);
    case TypeId.SET:
      return setRdbType(db, entry, version);
    case TypeId.ZSET:
      return sortedSetRdbType(db, entry, version);
    case TypeId.HASH:
      return hasExpiringFields(db, entry)
        ? expiringHashRdbType(db, entry)
        : hashRdbType(db, entry, version);
    default:
      return streamRdbType(version);
  }
}

/**
 * Whether writing the value of an entry takes so long, half a millisecond or more, that it is worth
 * doing in portions.
 */
export function isGiant(db: Database, entry: number): boolean {
  const { keyspace, keyspace: { slabs } } = db;
  switch (db.encoding(entry)) {
    case Encoding.RAW:
      return db.type(entry) === TypeId.STRING && db.valueLength(entry) > GIANT_STRING_BYTES;
    case Encoding.HASHTABLE:
    case Encoding.HASHTABLE_EX:
      return (db.type(entry) === TypeId.SET
        ? setSize(keyspace, entry)
        : hashLength(keyspace, entry)) > GIANT_ELEMENTS;
    case Encoding.SKIPLIST:
      return sortedSetLength(keyspace, entry) > GIANT_ELEMENTS;
    case Encoding.QUICKLIST:
      return nodeCount(slabs, db.outsideValue(entry)) > GIANT_NODES;
    case Encoding.STREAM:
      return streamOf(keyspace, entry).index.count > GIANT_NODES;
    default:
      return false;
  }
}

/** Writes the value of a giant, without its type. */
export function valuePortions(
  output: RdbOutput,
  db: Database,
  entry: number,
  version: number,
): Portions {
  switch (db.type(entry)) {
    case TypeId.STRING:
      return bytePortions(output, db, entry);
    case TypeId.LIST:
      return version < QUICKLIST_2_SINCE
        ? elementPortions(output, db, entry)
        : nodePortions(output, db, entry);
    case TypeId.SET:
      return memberPortions(output, db, entry, new SetWalk());
    case TypeId.ZSET:
      return scoredPortions(output, db, entry, new SortedSetWalk());
    case TypeId.HASH:
      return hasExpiringFields(db, entry)
        ? triplePortions(output, db, entry)
        : pairPortions(output, db, entry);
    default:
      return streamPortions(output, db, entry, version);
  }
}

/** Writes a string as it is: compressing it would have to be done in one go. */
function* bytePortions(output: RdbOutput, db: Database, entry: number): Portions {
  const length = db.valueLength(entry);
  output.length(length);
  for (let at = 0; at < length; at += PORTION_BYTES) {
    const { buf, start } = db.value(entry);
    output.bytes(buf, start + at, start + Math.min(length, at + PORTION_BYTES));
    yield;
  }
}

/** Writes the value of an entry, without its type. */
export function writeValue(
  output: RdbOutput,
  db: Database,
  entry: number,
  version: number,
): void {
  switch (db.type(entry)) {
    case TypeId.STRING: {
      const { buf, start, end } = db.value(entry);
      return output.string(buf, start, end);
    }
    case TypeId.LIST:
      return writeList(output, db, entry, version);
    case TypeId.SET:
      return writeSet(output, db, entry, version);
    case TypeId.ZSET:
      return writeSortedSet(output, db, entry, version);
    case TypeId.HASH:
      return hasExpiringFields(db, entry)
        ? writeExpiringHash(output, db, entry)
        : writeHash(output, db, entry, version);
    default:
      return writeStream(output, db, entry, version);
  }
}
