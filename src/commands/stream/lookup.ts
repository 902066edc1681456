/** How the commands of streams find and make them. */
import { EventClass } from "../../keyspace/events.ts";
import { streamOf } from "../../keyspace/types/stream.ts";
import { Encoding } from "../../keyspace/types/type.ts";
import type { Args } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { TypeId } from "../../structures/entry.ts";
import { Stream } from "../../structures/stream.ts";
import type { StreamGroup } from "../../structures/stream_group.ts";
import { StreamReader } from "../../structures/stream_reader.ts";
import type { Client } from "../context.ts";
import { lookupRead, lookupWrite } from "../lookup.ts";

/** For walks that end before the handler does. */
export const reader = new StreamReader();

/** The stream at argument `i` for reading; null when missing. Throws WRONGTYPE. */
export function readStream(client: Client, args: Args, i: number): Stream | null {
  const entry = lookupRead(client, args, i, TypeId.STREAM);
  return entry === 0 ? null : streamOf(client.db.keyspace, entry);
}

/** As {@link readStream}, for commands that count as reading but change the stream's groups. */
export function readStreamToChange(client: Client, args: Args, i: number): Stream | null {
  const entry = lookupRead(client, args, i, TypeId.STREAM);
  if (entry === 0) return null;
  client.db.aboutToChange(entry);
  return streamOf(client.db.keyspace, entry);
}

/** The stream at argument `i` for writing; null when missing. Throws WRONGTYPE. */
export function writeStream(client: Client, args: Args, i = 1): Stream | null {
  const entry = lookupWrite(client, args, i, TypeId.STREAM);
  return entry === 0 ? null : streamOf(client.db.keyspace, entry);
}

/** The group of the name at argument `i`; null when there is none, or no stream. */
export function groupOf(stream: Stream | null, args: Args, i: number): StreamGroup | null {
  if (stream === null || stream.groups === null) return null;
  return stream.groups.find(args.bufs[i], args.starts[i], args.ends[i]);
}

/**
 * The group of the name at argument `groupArg`, of the stream at argument `keyArg`. Throws NOGROUP
 * when there is none, or no stream.
 */
export function requireGroup(
  args: Args,
  stream: Stream | null,
  keyArg: number,
  groupArg: number,
): StreamGroup {
  const group = groupOf(stream, args, groupArg);
  if (group !== null) return group;
  throw new ReplyError(
    `NOGROUP No such key '${args.quoted(keyArg)}' or consumer group '${args.quoted(groupArg)}'`,
  );
}

/** What is said when the stream at argument `keyArg` is there, but not the group at `groupArg`. */
export function noSuchGroup(args: Args, keyArg: number, groupArg: number): ReplyError {
  const group = args.quoted(groupArg);
  return new ReplyError(
    `NOGROUP No such consumer group '${group}' for key name '${args.quoted(keyArg)}'`,
  );
}

/**
 * Reports a change of the stream at argument `i` beside its entries, of a group or an ID, as an event
 * and as dirt. Watchers and caches are not told.
 */
export function wroteAround(client: Client, args: Args, i: number, event: string): void {
  client.db.keyspace.counters.dirty++;
  client.db.notify(args.bufs[i], args.starts[i], args.ends[i], EventClass.STREAM, event);
}

/** Makes the key at argument `i`, which is missing, a stream without entries. Throws OutOfMemory. */
export function addStream(client: Client, args: Args, i = 1): Stream {
  const { db } = client;
  const { slabs, objects } = db.keyspace;
  const stream = new Stream(slabs);
  const id = objects.add(stream);
  try {
    db.createValue(
      args.bufs[i],
      args.starts[i],
      args.ends[i],
      TypeId.STREAM,
      Encoding.STREAM,
      id,
      0,
    );
  } catch (failure) {
    objects.remove(id);
    throw failure;
  }
  return stream;
}

/** Removes the key at argument `i`, to which {@link addStream} has just given a stream. */
export function dropStream(client: Client, args: Args, i = 1): void {
  const { db } = client;
  const entry = db.peek(args.bufs[i], args.starts[i], args.ends[i]);
  if (entry !== 0) db.removeEntry(entry, false);
}
