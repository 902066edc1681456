/** GETBIT, SETBIT, BITCOUNT and BITPOS: a string as a row of bits. */
import { EventClass } from "../../keyspace/events.ts";
import { countOnesOfBits, findBit, getBit, setBit } from "../../memory/bits.ts";
import { parseSafeInteger } from "../../memory/numbers.ts";
import type { Args } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { roundedInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import { lookupReadString, lookupWriteString, wrote } from "../lookup.ts";
import { arg, commandTable, key } from "../spec.ts";
import {
  bitOffset,
  type BitRange,
  bytesForBit,
  countsBits,
  growTo,
  resolveRange,
} from "./positions.ts";

const NOT_A_BIT = new ReplyError("ERR bit is not an integer or out of range");
const BIT_NOT_0_OR_1 = new ReplyError("ERR The bit argument must be 1 or 0.");

/** Filled in anew by each command that needs it. */
const range: BitRange = { from: 0, to: 0 };

function getbitCommand(client: Client, args: Args): void {
  const offset = bitOffset(client, args, 2);
  const entry = lookupReadString(client, args, 1);
  if (entry === 0) return client.reply.integer(0);
  const { buf, start, end } = client.db.value(entry);
  client.reply.integer(getBit(buf, start, end, offset));
}

function setbitCommand(client: Client, args: Args): void {
  const { db } = client;
  const offset = bitOffset(client, args, 2);
  const bit = parseSafeInteger(args.bufs[3], args.starts[3], args.ends[3]);
  if (bit !== 0 && bit !== 1) throw NOT_A_BIT;
  const found = lookupWriteString(client, args, 1);
  const byteCount = bytesForBit(offset);
  const grows = found === 0 || db.valueLength(found) < byteCount;
  const entry = growTo(client, args, found, byteCount);
  const { buf, start } = db.value(entry);
  const old = setBit(buf, start, offset, bit);
  if (grows || old !== bit) wrote(client, args, 1, EventClass.STRING, "setbit");
  client.reply.integer(old);
}

function bitcountCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  const hasRange = args.count === 4 || args.count === 5;
  if (!hasRange && args.count !== 2) throw SYNTAX;
  const first = hasRange ? roundedInteger(args, 2) : 0;
  const last = hasRange ? roundedInteger(args, 3) : -1;
  const isInBits = args.count === 5 && countsBits(args, 4);
  const entry = lookupReadString(client, args, 1);
  // What lies before the string altogether would be cut off to its first byte.
  if (entry === 0 || (first < 0 && last < 0 && first > last)) return reply.integer(0);
  const isEmpty = !resolveRange(range, first, last, db.valueLength(entry), isInBits);
  if (isEmpty) return reply.integer(0);
  const { buf, start } = db.value(entry);
  reply.integer(countOnesOfBits(buf, start, range.from, range.to));
}

function bitposCommand(client: Client, args: Args): void {
  const { db, reply } = client;
  const bit = roundedInteger(args, 2);
  if (bit !== 0 && bit !== 1) throw BIT_NOT_0_OR_1;
  if (args.count > 6) throw SYNTAX;
  const first = args.count >= 4 ? roundedInteger(args, 3) : 0;
  const isInBits = args.count === 6 && countsBits(args, 5);
  const hasEnd = args.count >= 5;
  const last = hasEnd ? roundedInteger(args, 4) : -1;
  const entry = lookupReadString(client, args, 1);
  // A missing key is an endless row of zeros.
  if (entry === 0) return reply.integer(bit === 0 ? 0 : -1);
  const byteCount = db.valueLength(entry);
  if (!resolveRange(range, first, last, byteCount, isInBits)) return reply.integer(-1);
  const { buf, start } = db.value(entry);
  const position = findBit(buf, start, range.from, range.to, bit);
  // Without an end, zeros follow the string.
  reply.integer(position === -1 && bit === 0 && !hasEnd ? byteCount * 8 : position);
}

const READ_KEY = [key({ at: 1, access: "ro", does: "access" })];
const UNIT = arg.oneOf("index_unit", [arg.token("BYTE"), arg.token("BIT")], {
  since: "7.0.0",
  optional: true,
});

export const bitCommands = commandTable("bitmap", [
  {
    name: "bitcount",
    arity: -2,
    flags: ["readonly"],
    keys: READ_KEY,
    args: [
      arg.key(),
      arg.block("index", [arg.integer("start"), arg.integer("end"), UNIT], { optional: true }),
    ],
    since: "2.6.0",
    complexity: "O(N) where N is the length of the range",
    summary: "Counts the bits of a string that are 1, in all of it or in a range.",
    history: [["7.0.0", "A range can count bits, by the option `BIT`."]],
    handler: bitcountCommand,
  },
  {
    name: "bitpos",
    arity: -3,
    flags: ["readonly"],
    keys: READ_KEY,
    args: [
      arg.key(),
      arg.integer("bit"),
      arg.block("index", [
        arg.integer("start"),
        arg.block("end_index", [arg.integer("end"), UNIT], { optional: true }),
      ], { optional: true }),
    ],
    since: "2.8.7",
    complexity: "O(N) where N is the length of the range",
    summary: "Finds the first bit of a string that is 1, or 0.",
    history: [["7.0.0", "A range can count bits, by the option `BIT`."]],
    handler: bitposCommand,
  },
  {
    name: "getbit",
    arity: 3,
    flags: ["readonly", "fast"],
    keys: READ_KEY,
    args: [arg.key(), arg.integer("offset")],
    since: "2.2.0",
    complexity: "O(1)",
    summary: "Gives one bit of a string; beyond its end there are zeros.",
    handler: getbitCommand,
  },
  {
    name: "setbit",
    arity: 4,
    flags: ["write", "denyoom"],
    keys: [key({ at: 1, access: "rw", does: ["access", "update"] })],
    args: [arg.key(), arg.integer("offset"), arg.integer("value")],
    since: "2.2.0",
    complexity: "O(1)",
    summary: "Sets one bit of a string, which grows as needed, and gives what the bit was.",
    handler: setbitCommand,
  },
]);
