/** How the commands of hashes find and make them. */
import { EventClass } from "../../keyspace/events.ts";
import { createHash, hashLength } from "../../keyspace/types/hash.ts";
import { Encoding } from "../../keyspace/types/type.ts";
import type { Args } from "../../resp/args.ts";
import { TypeId } from "../../structures/entry.ts";
import type { Client } from "../context.ts";
import { lookupRead, lookupWrite, wrote } from "../lookup.ts";

/** The hash at argument 1 for reading; 0 when missing. Throws WRONGTYPE. */
export function readHash(client: Client, args: Args): number {
  return lookupRead(client, args, 1, TypeId.HASH);
}

/** The hash at argument 1 for writing; 0 when missing. Throws WRONGTYPE. */
export function writeHash(client: Client, args: Args): number {
  return lookupWrite(client, args, 1, TypeId.HASH);
}

/**
 * Makes the key at argument 1, which is missing, a hash without fields; the caller gives it some,
 * which will take about so many `bytes`.
 */
export function addHash(client: Client, args: Args, bytes = 0): number {
  const { db } = client;
  const { slabs } = db.keyspace;
  const hash = createHash(slabs, bytes);
  try {
    return db.createValue(
      args.bufs[1],
      args.starts[1],
      args.ends[1],
      TypeId.HASH,
      Encoding.LISTPACK,
      hash,
      0,
    );
  } catch (failure) {
    slabs.free(hash);
    throw failure;
  }
}

/** Removes the key of a hash that has no fields left; returns whether it has. */
export function dropIfEmpty(client: Client, entry: number): boolean {
  const { db } = client;
  if (hashLength(db.keyspace, entry) > 0) return false;
  db.removeEntry(entry, false);
  return true;
}

/** Reports that `count` fields of the hash at argument 1 have changed. */
export function wroteFields(client: Client, args: Args, count: number, event: string): void {
  client.db.keyspace.counters.dirty += count - 1;
  wrote(client, args, 1, EventClass.HASH, event);
}

/** Tells that the key at argument 1 has gone with its last field. */
export function notifyGone(client: Client, args: Args): void {
  client.db.notify(args.bufs[1], args.starts[1], args.ends[1], EventClass.GENERIC, "del");
}
