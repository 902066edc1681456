/** How handlers find keys and report changes; the steps that most of them share. */
import type { Database, Slice } from "../keyspace/database.ts";
import { stringEncoding } from "../keyspace/types/string.ts";
import { TypeId } from "../structures/entry.ts";
import type { Args } from "../resp/args.ts";
import type { Client } from "./context.ts";
import { WRONG_TYPE } from "./errors.ts";

/**
 * The entry of the key at argument `i` for reading, counted as hit or miss; 0 when missing.
 *
 * @param typeId What it must be, one of TypeId; else WRONGTYPE is thrown.
 */
export function lookupRead(client: Client, args: Args, i: number, typeId: number): number {
  const { db } = client;
  const entry = db.lookupRead(args.bufs[i], args.starts[i], args.ends[i]);
  if (entry !== 0 && db.type(entry) !== typeId) throw WRONG_TYPE;
  return entry;
}

/** The entry of the key at argument `i` for writing; 0 when missing. Throws WRONGTYPE. */
export function lookupWrite(client: Client, args: Args, i: number, typeId: number): number {
  const { db } = client;
  const entry = db.lookupWrite(args.bufs[i], args.starts[i], args.ends[i]);
  if (entry !== 0 && db.type(entry) !== typeId) throw WRONG_TYPE;
  return entry;
}

/** {@link lookupRead} of a string. */
export function lookupReadString(client: Client, args: Args, i: number): number {
  return lookupRead(client, args, i, TypeId.STRING);
}

/** {@link lookupWrite} of a string. */
export function lookupWriteString(client: Client, args: Args, i: number): number {
  return lookupWrite(client, args, i, TypeId.STRING);
}

/**
 * Makes argument `valueArg` the value of the key at argument `keyArg`, whatever the key was before.
 * A big value that was received into a block of its own stays there.
 *
 * @param dueMs Wall clock in ms, or NO_EXPIRY or KEEP_EXPIRY.
 */
export function storeArgument(
  client: Client,
  args: Args,
  keyArg: number,
  valueArg: number,
  dueMs: number,
): void {
  const { db } = client;
  const start = args.starts[valueArg];
  const end = args.ends[valueArg];
  const buf = args.bufs[valueArg];
  const block = args.adopt(valueArg);
  if (block !== 0) {
    try {
      db.setBlock(
        args.bufs[keyArg],
        args.starts[keyArg],
        args.ends[keyArg],
        block,
        end - start,
        dueMs,
      );
    } catch (failure) {
      args.own(valueArg, block);
      throw failure;
    }
    return;
  }
  const encoding = stringEncoding(buf, start, end);
  db.setString(
    args.bufs[keyArg],
    args.starts[keyArg],
    args.ends[keyArg],
    buf,
    start,
    end,
    encoding,
    dueMs,
  );
}

/** Reports a change of the key at argument `i`: to watchers and caches, as an event, and as dirt. */
export function wrote(
  client: Client,
  args: Args,
  i: number,
  eventClass: number,
  event: string,
): void {
  client.db.changed(args.bufs[i], args.starts[i], args.ends[i], eventClass, event);
}

/** Replies with the bytes of a string entry. */
export function replyValue(client: Client, db: Database, entry: number): void {
  const value: Slice = db.value(entry);
  client.reply.bulk(value.buf, value.start, value.end);
}
