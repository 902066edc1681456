/** Commands that give fields of a hash and change them at once. */
import { getField, removeHashField } from "../../keyspace/types/hash.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { Element } from "../../structures/listpack.ts";
import { readInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { arg, commandTable, key } from "../spec.ts";
import { FIELDS } from "./keys.ts";
import { dropIfEmpty, notifyGone, writeHash, wroteFields } from "./lookup.ts";

const FIELDS_KEYWORD = keyword("FIELDS");

const FIELDS_MISSING = new ReplyError(
  "ERR Mandatory argument FIELDS is missing or not at the right position",
);
const NOT_POSITIVE = new ReplyError("ERR Number of fields must be a positive integer");
const COUNT_MISMATCH = new ReplyError(
  "ERR The `numfields` parameter must match the number of arguments",
);

/** The first field's argument: before it come key, FIELDS and their number. */
const FIRST_FIELD = 4;

/** Shows the value that is given. */
const shown = new Element();

function hgetdelCommand(client: Client, args: Args): void {
  const { db: { keyspace }, reply } = client;
  const entry = writeHash(client, args);
  if (!args.is(2, FIELDS_KEYWORD)) throw FIELDS_MISSING;
  const count = readInteger(args, 3, NOT_POSITIVE, 1);
  if (count !== args.count - FIRST_FIELD) throw COUNT_MISMATCH;
  reply.array(count);
  let removed = 0;
  let isGone = entry === 0;
  for (let i = FIRST_FIELD; i < args.count; i++) {
    const buf = args.bufs[i];
    const start = args.starts[i];
    const end = args.ends[i];
    if (isGone || !getField(keyspace, entry, buf, start, end, shown)) {
      reply.nullBulk();
      continue;
    }
    reply.bulk(shown.buf, shown.start, shown.end);
    removeHashField(keyspace, entry, buf, start, end);
    removed++;
    isGone = dropIfEmpty(client, entry);
  }
  if (removed === 0) return;
  wroteFields(client, args, removed, "hdel");
  if (isGone) notifyGone(client, args);
}

export const hashTakeCommands = commandTable("hash", [
  {
    name: "hgetdel",
    arity: -5,
    flags: ["write", "fast"],
    keys: [key({ at: 1, access: "rw", does: ["access", "delete"] })],
    args: [
      arg.key(),
      arg.block("fields", [arg.integer("numfields"), FIELDS], { token: "FIELDS" }),
    ],
    since: "8.0.0",
    complexity: "O(N) where N is the number of fields to be removed",
    summary: "Gives the values of fields of a hash and removes the fields.",
    handler: hgetdelCommand,
  },
]);
