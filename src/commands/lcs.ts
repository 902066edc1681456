/** LCS: what two strings have in common. */
import { type Args, keyword } from "../resp/args.ts";
import { ReplyError } from "../resp/errors.ts";
import { TypeId } from "../structures/entry.ts";
import { lcsLength, type LcsRange, lcsRanges, lcsTransientBytes } from "../structures/lcs.ts";
import { roundedInteger } from "./arguments.ts";
import type { Client } from "./context.ts";
import { SYNTAX } from "./errors.ts";
import { arg, commandTable, key } from "./spec.ts";

const NOT_STRINGS = new ReplyError("ERR The specified keys must contain string values");
const LEN_AND_IDX = new ReplyError(
  "ERR If you want both the length and indexes, please just use IDX.",
);
const STRING_TOO_LONG = new ReplyError("ERR String too long for LCS");
const OUT_OF_MEMORY = new ReplyError(
  "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len",
);

const LEN = keyword("LEN");
const IDX = keyword("IDX");
const MINMATCHLEN = keyword("MINMATCHLEN");
const WITHMATCHLEN = keyword("WITHMATCHLEN");

const STRING_MAX_BYTES = 2 ** 32 - 2;
const NOTHING = new Uint8Array(0);

/** The bytes of a value. */
interface Bytes {
  readonly buf: Uint8Array;
  readonly start: number;
  readonly end: number;
}

interface Options {
  len: boolean;
  idx: boolean;
  withMatchLength: boolean;
  /** Shorter ranges are not shown. */
  minMatchLength: number;
}

function lcsCommand(client: Client, args: Args): void {
  const { db } = client;
  const first = db.lookupRead(args.bufs[1], args.starts[1], args.ends[1]);
  const second = db.lookupRead(args.bufs[2], args.starts[2], args.ends[2]);
  if (isNoString(client, first) || isNoString(client, second)) throw NOT_STRINGS;
  const a = stringOf(client, first);
  const b = stringOf(client, second);
  const { len, idx, withMatchLength, minMatchLength } = readOptions(args);
  checkLengths(client, a.end - a.start, b.end - b.start);
  if (len) {
    client.reply.integer(lcsLength(a.buf, a.start, a.end, b.buf, b.start, b.end));
    return;
  }
  const ranges = lcsRanges(a.buf, a.start, a.end, b.buf, b.start, b.end);
  if (idx) replyRanges(client, ranges, minMatchLength, withMatchLength);
  else replySubsequence(client, a, ranges);
}

/** The value of an entry, empty when that is 0. */
function stringOf({ db }: Client, entry: number): Bytes {
  return entry === 0 ? { buf: NOTHING, start: 0, end: 0 } : { ...db.value(entry) };
}

function isNoString({ db }: Client, entry: number): boolean {
  return entry !== 0 && db.type(entry) !== TypeId.STRING;
}

function readOptions(args: Args): Options {
  const options = { len: false, idx: false, withMatchLength: false, minMatchLength: 0 };
  for (let i = 3; i < args.count; i++) {
    if (args.is(i, IDX)) options.idx = true;
    else if (args.is(i, LEN)) options.len = true;
    else if (args.is(i, WITHMATCHLEN)) options.withMatchLength = true;
    else if (args.is(i, MINMATCHLEN) && i + 1 < args.count) {
      options.minMatchLength = roundedInteger(args, ++i);
    } else throw SYNTAX;
  }
  if (options.idx && options.len) throw LEN_AND_IDX;
  return options;
}

/** Refuses what Redis refuses, although less memory would do here. */
function checkLengths(client: Client, aLength: number, bLength: number): void {
  if (aLength > STRING_MAX_BYTES || bLength > STRING_MAX_BYTES) throw STRING_TOO_LONG;
  const { protoMaxBulkLen } = client.server.settings;
  if (lcsTransientBytes(aLength, bLength) > protoMaxBulkLen) throw OUT_OF_MEMORY;
}

function replySubsequence(client: Client, a: Bytes, ranges: readonly LcsRange[]): void {
  const text = new Uint8Array(totalLength(ranges));
  let end = text.length;
  for (const { aStart, length } of ranges) {
    end -= length;
    const from = a.start + aStart;
    text.set(a.buf.subarray(from, from + length), end);
  }
  client.reply.bulkBytes(text);
}

function replyRanges(
  client: Client,
  ranges: readonly LcsRange[],
  minMatchLength: number,
  withMatchLength: boolean,
): void {
  const { reply } = client;
  const shown = ranges.filter(({ length }) => length >= minMatchLength);
  reply.map(2);
  reply.bulkText("matches");
  reply.array(shown.length);
  for (const { aStart, bStart, length } of shown) {
    reply.array(withMatchLength ? 3 : 2);
    for (const first of [aStart, bStart]) {
      reply.array(2);
      reply.integer(first);
      reply.integer(first + length - 1);
    }
    if (withMatchLength) reply.integer(length);
  }
  reply.bulkText("len");
  reply.integer(totalLength(ranges));
}

function totalLength(ranges: readonly LcsRange[]): number {
  let total = 0;
  for (const { length } of ranges) total += length;
  return total;
}

export const lcsCommands = commandTable("string", [
  {
    name: "lcs",
    arity: -3,
    flags: ["readonly"],
    keys: [key({ at: 1, last: 1, access: "ro", does: "access" })],
    args: [
      arg.key("key1"),
      arg.key("key2"),
      arg.token("LEN", { optional: true }),
      arg.token("IDX", { optional: true }),
      arg.integer("len", { token: "MINMATCHLEN", optional: true }),
      arg.token("WITHMATCHLEN", { optional: true }),
    ],
    since: "7.0.0",
    complexity: "O(N*M) where N and M are the lengths of the strings",
    summary: "Finds the longest common subsequence of two strings.",
    handler: lcsCommand,
  },
]);
