/** How the commands of streams find and make them. */
import { streamOf } from "../../keyspace/types/stream.ts";
import { Encoding } from "../../keyspace/types/type.ts";
import type { Args } from "../../resp/args.ts";
import { TypeId } from "../../structures/entry.ts";
import { Stream } from "../../structures/stream.ts";
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

/** The stream at argument 1 for writing; null when missing. Throws WRONGTYPE. */
export function writeStream(client: Client, args: Args): Stream | null {
  const entry = lookupWrite(client, args, 1, TypeId.STREAM);
  return entry === 0 ? null : streamOf(client.db.keyspace, entry);
}

/** Makes the key at argument 1, which is missing, a stream without entries. Throws OutOfMemory. */
export function addStream(client: Client, args: Args): Stream {
  const { db } = client;
  const { slabs, objects } = db.keyspace;
  const stream = new Stream(slabs);
  const id = objects.add(stream);
  try {
    db.createValue(
      args.bufs[1],
      args.starts[1],
      args.ends[1],
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

/** Removes the key at argument 1, to which {@link addStream} has just given a stream. */
export function dropStream(client: Client, args: Args): void {
  const { db } = client;
  const entry = db.peek(args.bufs[1], args.starts[1], args.ends[1]);
  if (entry !== 0) db.removeEntry(entry, false);
}
