/** Commands that walk the keys of a database. */
import type { Database } from "../../keyspace/database.ts";
import { VALUE_TYPES } from "../../keyspace/types/mod.ts";
import { globMatch } from "../../memory/glob.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import { arg, commandTable } from "../spec.ts";

const MATCH = keyword("MATCH");
const COUNT = keyword("COUNT");
const TYPE = keyword("TYPE");

const INVALID_CURSOR = new ReplyError("ERR invalid cursor");

const STAR = 0x2a;
const DEFAULT_COUNT = 10;
/** A nearly empty table is walked for this many buckets per element asked for, at most. */
const BUCKETS_PER_COUNT = 10;
/** Cursors that tables of this size can give; the bits above are ignored, as Redis ignores them. */
const CURSOR_MASK = 0xffffffffn;

/** What a SCAN asks for. */
interface ScanOptions {
  readonly cursor: number;
  readonly count: number;
  /** Index of the argument with the pattern; 0 when every name will do. */
  readonly patternArg: number;
  /** Type number; ANY_TYPE, or NO_TYPE for a name that no type has. */
  readonly type: number;
}

const ANY_TYPE = -1;
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
  const options = readOptions(args);
  const entries: number[] = [];
  const collect = (entry: number) => {
    entries.push(entry);
  };
  let { cursor } = options;
  let bucketsLeft = options.count * BUCKETS_PER_COUNT;
  do {
    cursor = db.dict.scan(cursor, collect);
  } while (cursor !== 0 && entries.length < options.count && --bucketsLeft > 0);

  reply.array(2);
  reply.bulkInteger(cursor);
  const header = reply.deferLength();
  let found = 0;
  for (const entry of entries) {
    if (!isWanted(db, entry, options, args)) continue;
    const key = db.key(entry);
    reply.bulk(key.buf, key.start, key.end);
    found++;
  }
  reply.setArrayLength(header, found);
}

/** Whether a pattern is a lone `*`, which stands for every key, the one without characters included. */
function isStar(args: Args, i: number): boolean {
  return args.length(i) === 1 && args.bufs[i][args.starts[i]] === STAR;
}

function readOptions(args: Args): ScanOptions {
  const cursor = readCursor(args.latin1(1));
  let count = DEFAULT_COUNT;
  let patternArg = 0;
  let type = ANY_TYPE;
  for (let i = 2; i < args.count; i += 2) {
    if (i + 1 === args.count) throw SYNTAX;
    if (args.is(i, COUNT)) {
      count = args.integer(i + 1);
      if (count < 1) throw SYNTAX;
    } else if (args.is(i, MATCH)) {
      patternArg = isStar(args, i + 1) ? 0 : i + 1;
    } else if (args.is(i, TYPE)) {
      const name = args.text(i + 1).toLowerCase();
      const found = VALUE_TYPES.findIndex((type) => type?.name === name);
      type = found === -1 ? NO_TYPE : found;
    } else throw SYNTAX;
  }
  return { cursor, count, patternArg, type };
}

/** A cursor as strtoul reads it, which lets a sign pass; white space and what exceeds 64 bits are refused. */
function readCursor(text: string): number {
  if (!/^[-+]?\d+$/.test(text)) throw INVALID_CURSOR;
  const magnitude = BigInt(text.replace(/^[-+]/, ""));
  if (magnitude >= 2n ** 64n) throw INVALID_CURSOR;
  return Number((text.startsWith("-") ? -magnitude : magnitude) & CURSOR_MASK);
}

function isWanted(db: Database, entry: number, options: ScanOptions, args: Args): boolean {
  const { patternArg, type } = options;
  if (type !== ANY_TYPE && db.type(entry) !== type) return false;
  if (patternArg !== 0) {
    const { buf, start, end } = db.key(entry);
    const pattern = args.bufs[patternArg];
    if (
      !globMatch(pattern, args.starts[patternArg], args.ends[patternArg], buf, start, end, false)
    ) {
      return false;
    }
  }
  return !db.removeIfDue(entry);
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
