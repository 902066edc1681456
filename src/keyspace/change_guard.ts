/**
 * Who must see keys as they are before they change: a snapshot that is under way. There is one guard
 * for the table of each database; where databases are swapped, it stays with the table.
 */
import type { Dict } from "../structures/dict.ts";

export interface ChangeGuard {
  /**
   * A key whose hash is `hash` is about to change in any way, to come or to go. May read the keyspace,
   * changes nothing in it, and never throws.
   */
  beforeChange(hash: number): void;

  /**
   * All keys of the table are about to go. The guard may take it over; it frees it when it has seen
   * all keys that it wants to see.
   *
   * @param freeEntry Frees one of its entries.
   * @returns Whether it has: then the caller leaves the table alone. The guard is through either way.
   */
  takeOver(dict: Dict, freeEntry: (entry: number) => void): boolean;
}
