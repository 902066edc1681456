/** How the commands of hashes find and make them, and their fields. */
import { EventClass } from "../../keyspace/events.ts";
import { expireField, haveExpired } from "../../keyspace/field_expiry.ts";
import { createHash, getField, hashLength } from "../../keyspace/types/hash.ts";
import { fieldDue } from "../../keyspace/types/hash_due.ts";
import { Encoding } from "../../keyspace/types/type.ts";
import type { Args } from "../../resp/args.ts";
import { TypeId } from "../../structures/entry.ts";
import type { Element } from "../../structures/listpack.ts";
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

// ---------------------------------------------------------------- fields that may be due

/**
 * Removes what is due of the fields at the arguments `first`, `first + step` and so on, and the hash
 * with its last field.
 *
 * @returns The hash, 0 when it is missing or has gone.
 */
export function withoutDue(
  client: Client,
  args: Args,
  entry: number,
  first: number,
  step = 1,
): number {
  const { db, db: { keyspace } } = client;
  if (entry === 0 || !db.fields.hasDue(entry, keyspace.nowMs) || keyspace.expiryPaused) {
    return entry;
  }
  let count = 0;
  for (let i = first; i < args.count; i += step) {
    if (expireField(db, entry, args.bufs[i], args.starts[i], args.ends[i])) count++;
  }
  return haveExpired(db, entry, count) ? entry : 0;
}

/** Whether a hash has the field at argument `i`, and it is not due; its value is shown then. */
export function showField(
  client: Client,
  args: Args,
  entry: number,
  i: number,
  value: Element,
): boolean {
  const { db, db: { keyspace } } = client;
  const buf = args.bufs[i];
  const start = args.starts[i];
  const end = args.ends[i];
  if (entry === 0 || !getField(keyspace, entry, buf, start, end, value)) return false;
  if (!db.fields.hasDue(entry, keyspace.nowMs)) return true;
  return fieldDue(keyspace, entry, buf, start, end) > keyspace.nowMs;
}

/** Tells a command about all fields from argument `first` on, whether or not they were there. */
export function tellFields(client: Client, args: Args, name: string, first: number): void {
  const { db, server: { effects } } = client;
  if (!effects.active) return;
  effects.command(db.index, 2 + args.count - first).word(name).argument(args, 1);
  for (let i = first; i < args.count; i++) effects.argument(args, i);
}
