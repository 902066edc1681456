/** Commands that give fields of a hash and change them at once. */
import { removeHashField } from "../../keyspace/types/hash.ts";
import type { Args } from "../../resp/args.ts";
import { Element } from "../../structures/listpack.ts";
import type { Client } from "../context.ts";
import { arg, commandTable, key } from "../spec.ts";
import { FIELDS_BLOCK, readFields } from "./due.ts";
import {
  dropIfEmpty,
  notifyGone,
  showField,
  tellFields,
  withoutDue,
  writeHash,
  wroteFields,
} from "./lookup.ts";

/** Shows the value that is given. */
const shown = new Element();

function hgetdelCommand(client: Client, args: Args): void {
  const { db: { keyspace }, reply } = client;
  const found = writeHash(client, args);
  const first = readFields(args, 2);
  const entry = withoutDue(client, args, found, first);
  reply.array(args.count - first);
  let removed = 0;
  let isGone = entry === 0;
  for (let i = first; i < args.count; i++) {
    if (isGone || !showField(client, args, entry, i, shown)) {
      reply.nullBulk();
      continue;
    }
    reply.bulk(shown.buf, shown.start, shown.end);
    removeHashField(keyspace, entry, args.bufs[i], args.starts[i], args.ends[i]);
    removed++;
    isGone = dropIfEmpty(client, entry);
  }
  if (removed === 0) return;
  if (!isGone) client.db.fields.track(entry);
  wroteFields(client, args, removed, "hdel");
  tellFields(client, args, "HDEL", first);
  if (isGone) notifyGone(client, args);
}

export const hashTakeCommands = commandTable("hash", [
  {
    name: "hgetdel",
    arity: -5,
    flags: ["write", "fast"],
    keys: [key({ at: 1, access: "rw", does: ["access", "delete"] })],
    args: [arg.key(), FIELDS_BLOCK],
    since: "8.0.0",
    complexity: "O(N) where N is the number of fields to be removed",
    summary: "Gives the values of fields of a hash and removes the fields.",
    handler: hgetdelCommand,
  },
]);
