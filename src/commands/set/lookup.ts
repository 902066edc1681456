/** Sets by their keys: finding, making and emptying them. */
import { EventClass } from "../../keyspace/events.ts";
import { createEmptySet, EMPTY_SET_ENCODING, setSize } from "../../keyspace/types/set_members.ts";
import type { Args } from "../../resp/args.ts";
import { TypeId } from "../../structures/entry.ts";
import type { Client } from "../context.ts";
import { lookupRead, lookupWrite } from "../lookup.ts";

/** The set at argument `i` for reading; 0 when missing. Throws WRONGTYPE. */
export function lookupReadSet(client: Client, args: Args, i: number): number {
  return lookupRead(client, args, i, TypeId.SET);
}

/** The set at argument `i` for writing; 0 when missing. Throws WRONGTYPE. */
export function lookupWriteSet(client: Client, args: Args, i: number): number {
  return lookupWrite(client, args, i, TypeId.SET);
}

/** A set without members for the key at argument `i`, as a draft (see Database). Throws OutOfMemory. */
export function draftSet({ db }: Client, args: Args, i: number): number {
  const { slabs } = db.keyspace;
  const value = createEmptySet(slabs);
  try {
    return db.draft(
      args.bufs[i],
      args.starts[i],
      args.ends[i],
      TypeId.SET,
      EMPTY_SET_ENCODING,
      value,
      0,
    );
  } catch (failure) {
    slabs.free(value);
    throw failure;
  }
}

/** Removes the key at argument `i` when its set, from which something was taken, has become empty. */
export function removeIfEmpty({ db }: Client, args: Args, i: number, entry: number): void {
  if (setSize(db.keyspace, entry) > 0) return;
  db.removeEntry(entry, false);
  db.notify(args.bufs[i], args.starts[i], args.ends[i], EventClass.GENERIC, "del");
}
