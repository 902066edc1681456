/** Commands that walk the keys of a database. */
import type { Database } from "../../keyspace/database.ts";
import { VALUE_TYPES } from "../../keyspace/types/mod.ts";
import { globMatch } from "../../memory/glob.ts";
import { type Args, keyword } from "../../resp/args.ts";
import type { Client } from "../context.ts";
import {
  BUCKETS_PER_COUNT,
  isStar,
  matchesPattern,
  readCursor,
  readScanOptions,
} from "../scanning.ts";
import { arg, commandTable } from "../spec.ts";

const TYPE = keyword("TYPE");

/** Instead of a type number. */
const ANY_TYPE = -1;
/** For a name that no type has. */
const NO_TYPE = -2;

// ---------------------------------------------------------------- handlers

function keysCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  const buf = args.bufs[1];
  const start = args.starts[1];
  const end = args.ends[1];
  const all = isStar(args, 1);
  const header = reply.deferLength();
  let found = 0;
  db.forEachLive((entry) => {
    const key = db.key(entry);
    if (!all && !globMatch(buf, start, end, key.buf, key.start, key.end, false)) return;
    reply.bulk(key.buf, key.start, key.end);
    found++;
  });
  reply.setArrayLength(header, found);
}

function scanCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  let cursor = readCursor(args, 1);
  let type = ANY_TYPE;
  const options = readScanOptions(args, 2, (args, i) => {
    if (!args.is(i, TYPE) || i + 1 === args.count) return 0;
    const name = args.text(i + 1).toLowerCase();
    const found = VALUE_TYPES.findIndex((type) => type?.name === name);
    type = found === -1 ? NO_TYPE : found;
    return 2;
  });
  const entries: number[] = [];
  const collect = (entry: number) => {
    entries.push(entry);
  };
  let bucketsLeft = options.count * BUCKETS_PER_COUNT;
  do {
    cursor = db.dict.scan(cursor, collect);
  } while (cursor !== 0 && entries.length < options.count && --bucketsLeft > 0);

  reply.array(2);
  reply.bulkInteger(cursor);
  const header = reply.deferLength();
  let found = 0;
  for (const entry of entries) {
    if (!isWanted(db, entry, type, options.patternArg, args)) continue;
    const key = db.key(entry);
    reply.bulk(key.buf, key.start, key.end);
    found++;
  }
  reply.setArrayLength(header, found);
}

function isWanted(
  db: Database,
  entry: number,
  type: number,
  patternArg: number,
  args: Args,
): boolean {
  if (type !== ANY_TYPE && db.type(entry) !== type) return false;
  const { buf, start, end } = db.key(entry);
  return matchesPattern(args, patternArg, buf, start, end) && !db.removeIfDue(entry);
}

// ---------------------------------------------------------------- the table

export const scanCommands = commandTable("generic", [
  {
    name: "keys",
    arity: 2,
    flags: ["readonly"],
    acl: ["dangerous"],
    args: [arg.pattern("pattern")],
    tips: ["request_policy:all_shards", "nondeterministic_output_order"],
    since: "1.0.0",
    complexity: "O(N) where N is the number of keys in the database",
    summary: "Lists the keys whose names match a pattern.",
    handler: keysCommand,
  },
  {
    name: "scan",
    arity: -2,
    flags: ["readonly"],
    args: [
      arg.integer("cursor"),
      arg.pattern("pattern", { token: "MATCH", optional: true }),
      arg.integer("count", { token: "COUNT", optional: true }),
      arg.string("type", { token: "TYPE", optional: true, since: "6.0.0" }),
    ],
    tips: ["nondeterministic_output", "request_policy:special"],
    since: "2.8.0",
    complexity: "O(1) for a call, O(N) for a whole walk over N keys",
    summary: "Walks the keys of the database, some with each call.",
    history: [["6.0.0", "Takes `TYPE`."]],
    handler: scanCommand,
  },
]);
