/** The commands of HyperLogLog: strings that estimate how many distinct elements they have seen. */
import { EventClass } from "../keyspace/events.ts";
import { type Args, keyword } from "../resp/args.ts";
import { ReplyError } from "../resp/errors.ts";
import {
  cacheCardinality,
  cachedCardinality,
  cachedCardinalityBig,
  denseRank,
  hasCachedCardinality,
  HLL_CORRUPT,
  HLL_REGISTERS,
  hllCount,
  hllMerge,
  isDenseHll,
  isHll,
  registersCount,
  sparseText,
} from "../structures/hyperloglog/mod.ts";
import { hllSelfTest } from "../structures/hyperloglog/selftest.ts";
import type { Client } from "./context.ts";
import { CORRUPT_HLL, NOT_A_HLL } from "./errors.ts";
import { HllEdit } from "./hyperloglog_edit.ts";
import { lookupReadString, lookupWriteString, wrote } from "./lookup.ts";
import { arg, commandTable, key } from "./spec.ts";

const NO_KEY = new ReplyError("ERR The specified key does not exist");
const NOT_SPARSE = new ReplyError("ERR HLL encoding is not sparse");

const DECODE = keyword("DECODE");
const ENCODING = keyword("ENCODING");
const GETREG = keyword("GETREG");
const TODENSE = keyword("TODENSE");

const edit = new HllEdit();

/** Where the union of several values is gathered, one byte a register. */
const registers = new Uint8Array(HLL_REGISTERS);

function pfaddCommand(client: Client, args: Args): void {
  const { db, server } = client;
  const { hllSparseMaxBytes } = server.settings;
  const entry = lookupWriteString(client, args, 1);
  edit.open(db, entry);
  let changes = entry === 0 ? 1 : 0;
  for (let i = 2; i < args.count; i++) {
    const result = edit.add(args, i, hllSparseMaxBytes);
    if (result === HLL_CORRUPT) {
      // What could be added before stays added.
      edit.close(db, args, 1);
      throw CORRUPT_HLL;
    }
    changes += result;
  }
  if (changes > 0) {
    edit.dropCache();
    edit.close(db, args, 1);
    wrote(client, args, 1, EventClass.STRING, "pfadd");
    db.keyspace.counters.dirty += changes - 1;
  }
  client.reply.integer(changes > 0 ? 1 : 0);
}

function pfcountCommand(client: Client, args: Args): void {
  if (args.count === 2) return countOne(client, args);
  registers.fill(0);
  for (let i = 1; i < args.count; i++) gather(client, args, i);
  replyCardinality(client, registersCount(registers));
}

/** Counts one value, unless its header still knows the result. */
function countOne(client: Client, args: Args): void {
  const { db, reply } = client;
  const entry = lookupReadString(client, args, 1);
  if (entry === 0) return reply.integer(0);
  edit.open(db, entry);
  const { buf, start, length } = edit;
  if (hasCachedCardinality(buf, start)) {
    const cached = cachedCardinality(buf, start);
    if (cached === cached) reply.integer(cached);
    else reply.int64(cachedCardinalityBig(buf, start));
    return;
  }
  const cardinality = hllCount(buf, start, length);
  if (cardinality !== cardinality) throw CORRUPT_HLL;
  db.aboutToChange(entry);
  cacheCardinality(buf, start, cardinality);
  // What is stored has changed, what it means has not: there is no event.
  db.modified(args.bufs[1], args.starts[1], args.ends[1]);
  db.keyspace.counters.dirty++;
  replyCardinality(client, cardinality);
}

/** Replies with an integer up to 2^63, which comes from forged registers, and is the lowest int64. */
function replyCardinality(client: Client, cardinality: number): void {
  if (cardinality <= Number.MAX_SAFE_INTEGER) client.reply.integer(cardinality);
  else client.reply.int64(BigInt.asIntN(64, BigInt(cardinality)));
}

/** Raises `registers` by the value at argument `i`, if there is one; whether that is dense. */
function gather(client: Client, args: Args, i: number): boolean {
  const entry = lookupReadString(client, args, i);
  if (entry === 0) return false;
  const { buf, start, end } = client.db.value(entry);
  if (!isHll(buf, start, end)) throw NOT_A_HLL;
  if (!hllMerge(buf, start, end - start, registers)) throw CORRUPT_HLL;
  return isDenseHll(buf, start);
}

function pfmergeCommand(client: Client, args: Args): void {
  const { db, server } = client;
  registers.fill(0);
  let isDense = false;
  for (let i = 1; i < args.count; i++) if (gather(client, args, i)) isDense = true;
  edit.open(db, lookupWriteString(client, args, 1));
  if (isDense) {
    edit.setRegisters(registers);
  } else {
    const { hllSparseMaxBytes } = server.settings;
    for (let index = 0; index < HLL_REGISTERS; index++) {
      const rank = registers[index];
      if (rank !== 0) edit.raise(index, rank, hllSparseMaxBytes);
    }
  }
  edit.dropCache();
  edit.close(db, args, 1);
  wrote(client, args, 1, EventClass.STRING, "pfadd");
  client.reply.ok();
}

function pfdebugCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  const entry = lookupWriteString(client, args, 2);
  if (entry === 0) throw NO_KEY;
  edit.open(db, entry);
  if (args.is(1, GETREG)) {
    makeDense(client, args);
    reply.array(HLL_REGISTERS);
    for (let index = 0; index < HLL_REGISTERS; index++) {
      reply.integer(denseRank(edit.buf, edit.start, index));
    }
  } else if (args.is(1, DECODE)) {
    if (edit.isDense) throw NOT_SPARSE;
    reply.bulkText(sparseText(edit.buf, edit.start, edit.length));
  } else if (args.is(1, ENCODING)) {
    reply.simple(edit.isDense ? "dense" : "sparse");
  } else if (args.is(1, TODENSE)) {
    reply.integer(makeDense(client, args) ? 1 : 0);
  } else {
    throw new ReplyError(`ERR Unknown PFDEBUG subcommand '${args.quoted(1)}'`);
  }
}

/** Makes the value of PFDEBUG dense; false when it was. */
function makeDense(client: Client, args: Args): boolean {
  if (!edit.makeDense()) return false;
  edit.close(client.db, args, 2);
  client.db.keyspace.counters.dirty++;
  return true;
}

function pfselftestCommand(client: Client, _args: Args): void {
  const failure = hllSelfTest();
  if (failure === null) client.reply.ok();
  else client.reply.error(failure);
}

export const hyperloglogCommands = commandTable("hyperloglog", [
  {
    name: "pfadd",
    arity: -2,
    flags: ["write", "denyoom", "fast"],
    keys: [key({ at: 1, access: "rw", does: "insert" })],
    args: [arg.key(), arg.string("element", { optional: true, multiple: true })],
    since: "2.8.9",
    complexity: "O(1) for each element",
    summary: "Adds elements to a HyperLogLog, creating it when it is missing.",
    handler: pfaddCommand,
  },
  {
    name: "pfcount",
    arity: -2,
    flags: ["readonly", "may_replicate"],
    keys: [
      key({
        at: 1,
        last: -1,
        access: "rw",
        does: "access",
        notes:
          "RW because it may change the internal representation of the key, and propagate to " +
          "replicas",
      }),
    ],
    args: [arg.key("key", { multiple: true })],
    since: "2.8.9",
    complexity: "O(1) for one key, as a rule from a cache; O(N) for the union of N keys",
    summary: "Estimates how many distinct elements HyperLogLogs have seen together.",
    handler: pfcountCommand,
  },
  {
    name: "pfdebug",
    arity: 3,
    flags: ["write", "denyoom", "admin"],
    keys: [key({ at: 2, access: "rw", does: "access" })],
    args: [arg.string("subcommand"), arg.key()],
    since: "2.8.9",
    complexity: "N/A",
    summary: "Shows the inside of a HyperLogLog, for tests.",
    handler: pfdebugCommand,
  },
  {
    name: "pfmerge",
    arity: -2,
    flags: ["write", "denyoom"],
    keys: [
      key({ at: 1, access: "rw", does: ["access", "insert"] }),
      key({ at: 2, last: -1, access: "ro", does: "access" }),
    ],
    args: [arg.key("destkey"), arg.key("sourcekey", { keySpec: 1, multiple: true })],
    since: "2.8.9",
    complexity: "O(N) for N keys, each of them costly",
    summary: "Makes a HyperLogLog the union of itself and others.",
    handler: pfmergeCommand,
  },
  {
    name: "pfselftest",
    arity: 1,
    flags: ["admin"],
    since: "2.8.9",
    complexity: "N/A",
    summary: "Tests whether HyperLogLog works on this machine.",
    handler: pfselftestCommand,
  },
]);
