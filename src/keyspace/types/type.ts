/**
 * What the keyspace must know of each type of value, whatever its encoding.
 *
 * A database moves, copies, measures and frees entries without knowing what is in them; what lies
 * outside the entry's block is a matter of its type.
 */
import type { HashSeed } from "../../memory/hash.ts";
import type { CompactionQueue } from "../compaction_queue.ts";
import type { LazyFree } from "../lazy_free.ts";
import type { ObjectTable } from "../objects.ts";
import type { Slabs } from "../../memory/slab.ts";
import type { Digest } from "../digest.ts";

/** Redis's numbers of encodings (`OBJ_ENCODING_*`) and one of our own, kept in the entry's header. */
export const Encoding = {
  RAW: 0,
  INT: 1,
  HASHTABLE: 2,
  INTSET: 6,
  SKIPLIST: 7,
  EMBSTR: 8,
  QUICKLIST: 9,
  STREAM: 10,
  LISTPACK: 11,
  LISTPACK_EX: 12,
  /** A dict some of whose entries may expire; for clients a HASHTABLE. */
  HASHTABLE_EX: 13,
} as const;

/** OBJECT ENCODING's names, by number. */
export const ENCODING_NAMES: readonly string[] = [
  "raw",
  "int",
  "hashtable",
  "zipmap",
  "linkedlist",
  "ziplist",
  "intset",
  "skiplist",
  "embstr",
  "quicklist",
  "stream",
  "listpack",
  "listpackex",
  "hashtable",
];

/** What values live in; the keyspace is one. */
export interface ValueContext {
  readonly slabs: Slabs;
  readonly objects: ObjectTable;
  readonly lazyFree: LazyFree;
  readonly compaction: CompactionQueue;
  readonly seed: HashSeed;
}

/** One type of value. */
export interface ValueType {
  /** As TYPE replies it. */
  readonly name: string;
  /** Frees what the value holds outside the entry's own block; the entry itself is not touched. */
  release(context: ValueContext, entry: number): void;
  /** Bytes that the value holds outside the entry's own block; `samples` bounds the work, 0 = all. */
  outsideBytes(context: ValueContext, entry: number, samples: number): number;
  /**
   * Gives `copy`, an entry whose block was copied from `entry`, a value of its own.
   * Throws OutOfMemory with `copy` unchanged.
   */
  duplicate(context: ValueContext, entry: number, copy: number): void;
  /** Adds or mixes the value's content to a digest, as Redis does for its type; see digest.ts. */
  digest(context: ValueContext, entry: number, digest: Digest): void;
  /**
   * Moves what lies outside the entry to denser blocks where that is worth it; returns how many moved.
   * A structure of the object table is not walked at once, but put into the queue of `compaction`.
   */
  compact(context: ValueContext, entry: number): number;
}
