/**
 * What the keyspace must know of each type of value, whatever its encoding.
 *
 * A database moves, copies, measures and frees entries without knowing what is in them; what lies
 * outside the entry's block is a matter of its type.
 */
import type { Slabs } from "../../memory/slab.ts";
import type { Digest } from "../digest.ts";

/** Redis's numbers of encodings (`OBJ_ENCODING_*`), kept in the entry's header. */
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
];

/** One type of value. */
export interface ValueType {
  /** As TYPE replies it. */
  readonly name: string;
  /** Frees what the value holds outside the entry's own block; the entry itself is not touched. */
  release(slabs: Slabs, entry: number): void;
  /** Bytes that the value holds outside the entry's own block; `samples` bounds the work, 0 = all. */
  outsideBytes(slabs: Slabs, entry: number, samples: number): number;
  /**
   * Gives `copy`, an entry whose block was copied from `entry`, a value of its own.
   * Throws OutOfMemory with `copy` unchanged.
   */
  duplicate(slabs: Slabs, entry: number, copy: number): void;
  /** Adds or mixes the value's content to a digest, as Redis does for its type; see digest.ts. */
  digest(slabs: Slabs, entry: number, digest: Digest): void;
  /** Moves what lies outside the entry to denser blocks where that is worth it; returns how many moved. */
  compact(slabs: Slabs, entry: number): number;
}
