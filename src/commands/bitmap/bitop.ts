/** BITOP: combines whole strings bit by bit. */
import { MAX_INLINE_VALUE, NO_EXPIRY } from "../../keyspace/database.ts";
import { EventClass } from "../../keyspace/events.ts";
import { Encoding } from "../../keyspace/types/type.ts";
import { BitOp, combineBits, invertBits, type Slices } from "../../memory/bitop.ts";
import { byteOffset, pageOf } from "../../memory/handle.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { TypeId } from "../../structures/entry.ts";
import type { Client } from "../context.ts";
import { SYNTAX, WRONG_TYPE } from "../errors.ts";
import { wrote } from "../lookup.ts";
import { arg, commandTable, key } from "../spec.ts";

const ONE_SOURCE = new ReplyError("ERR BITOP NOT must be called with a single source key.");

/** What combineBits does not know. */
const NOT = -1;

const OPERATIONS = [
  { name: keyword("AND"), op: BitOp.AND },
  { name: keyword("OR"), op: BitOp.OR },
  { name: keyword("XOR"), op: BitOp.XOR },
  { name: keyword("NOT"), op: NOT },
] as const;
type Operation = typeof OPERATIONS[number]["op"];

const NOTHING = new Uint8Array(0);

/** Where results are computed that are short enough to lie within their entry. */
const shortResult = new Uint8Array(MAX_INLINE_VALUE);

function bitopCommand(client: Client, args: Args): void {
  const { db } = client;
  const op = operationArgument(args, 1);
  if (op === NOT && args.count !== 4) throw ONE_SOURCE;
  const sources = readSources(client, args);
  const { length } = sources;
  if (length > 0) {
    storeResult(client, args, op, sources);
    wrote(client, args, 2, EventClass.STRING, "set");
  } else if (db.delete(args.bufs[2], args.starts[2], args.ends[2])) {
    wrote(client, args, 2, EventClass.GENERIC, "del");
  }
  client.reply.integer(length);
}

function operationArgument(args: Args, i: number): Operation {
  for (const { name, op } of OPERATIONS) if (args.is(i, name)) return op;
  throw SYNTAX;
}

interface Sources extends Slices {
  readonly bufs: Uint8Array[];
  readonly starts: number[];
  readonly ends: number[];
  /** Of the longest. */
  length: number;
}

/** The values of the keys from argument 3 on; missing keys are empty strings. Throws WRONGTYPE. */
function readSources(client: Client, args: Args): Sources {
  const { db } = client;
  const sources: Sources = { bufs: [], starts: [], ends: [], length: 0 };
  for (let i = 3; i < args.count; i++) {
    const entry = db.lookupRead(args.bufs[i], args.starts[i], args.ends[i]);
    if (entry === 0) {
      sources.bufs.push(NOTHING);
      sources.starts.push(0);
      sources.ends.push(0);
      continue;
    }
    if (db.type(entry) !== TypeId.STRING) throw WRONG_TYPE;
    const { buf, start, end } = db.value(entry);
    sources.bufs.push(buf);
    sources.starts.push(start);
    sources.ends.push(end);
    if (end - start > sources.length) sources.length = end - start;
  }
  return sources;
}

/** Makes the result the value of the key at argument 2. A long one is computed where it will lie. */
function storeResult(client: Client, args: Args, op: Operation, sources: Sources): void {
  const { db } = client;
  const { length } = sources;
  const keyBuf = args.bufs[2];
  const keyStart = args.starts[2];
  const keyEnd = args.ends[2];
  if (length <= MAX_INLINE_VALUE) {
    compute(op, shortResult, 0, sources);
    db.setString(keyBuf, keyStart, keyEnd, shortResult, 0, length, Encoding.RAW, NO_EXPIRY);
    return;
  }
  const { slabs } = db.keyspace;
  const block = slabs.alloc(length);
  compute(op, slabs.bytes[pageOf(block)], byteOffset(block), sources);
  try {
    db.setBlock(keyBuf, keyStart, keyEnd, block, length, NO_EXPIRY);
  } catch (failure) {
    slabs.free(block);
    throw failure;
  }
}

function compute(op: Operation, dst: Uint8Array, at: number, sources: Sources): void {
  const { bufs, starts, ends, length } = sources;
  if (op === NOT) invertBits(dst, at, bufs[0], starts[0], ends[0]);
  else combineBits(op, dst, at, length, sources, bufs.length);
}

export const bitopCommands = commandTable("bitmap", [
  {
    name: "bitop",
    arity: -4,
    flags: ["write", "denyoom"],
    keys: [
      key({ at: 2, access: "ow", does: "update" }),
      key({ at: 3, last: -1, access: "ro", does: "access" }),
    ],
    args: [
      arg.string("operation"),
      arg.key("destkey"),
      arg.key("key", { keySpec: 1, multiple: true }),
    ],
    since: "2.6.0",
    complexity: "O(N) where N is the length of all sources",
    summary: "Stores what AND, OR, XOR or NOT makes of the bits of strings.",
    handler: bitopCommand,
  },
]);
