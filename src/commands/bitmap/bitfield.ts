/** BITFIELD and BITFIELD_RO: integers of any width at any bit of a string. */
import { EventClass } from "../../keyspace/events.ts";
import {
  FIELD_NUMBER_BITS,
  FIELD_NUMBER_MAX,
  fitsField,
  fitSum,
  fitSumBig,
  fitValue,
  fitValueBig,
  Overflow,
  readField,
  readFieldBig,
  writeField,
  writeFieldBig,
} from "../../memory/bitfield.ts";
import { parseSafeInteger } from "../../memory/numbers.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import { lookupReadString, lookupWriteString, wrote } from "../lookup.ts";
import { arg, commandTable, type FoundKey, key } from "../spec.ts";
import { bytesForBit, fieldOffset, growTo } from "./positions.ts";

const INVALID_TYPE = new ReplyError(
  "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but " +
    "i64 is.",
);
const INVALID_OVERFLOW = new ReplyError("ERR Invalid OVERFLOW type specified");
const ONLY_GET = new ReplyError("ERR BITFIELD_RO only supports the GET subcommand");

const GET = keyword("GET");
const SET = keyword("SET");
const INCRBY = keyword("INCRBY");
const OVERFLOW = keyword("OVERFLOW");
const WRAP = keyword("WRAP");
const SAT = keyword("SAT");
const FAIL = keyword("FAIL");

const SIGNED = 0x69; // i
const UNSIGNED = 0x75; // u
const WIDEST_SIGNED = 64;
const WIDEST_UNSIGNED = 63;

const NOTHING = new Uint8Array(0);

const Kind = { GET: 0, SET: 1, INCRBY: 2, OVERFLOW: 3 } as const;

/** One operation; the arguments are read into it, once to check them and once to execute. */
class Operation {
  kind: typeof Kind[keyof typeof Kind] = Kind.GET;
  signed = false;
  width = 0;
  /** Of the field's first bit. */
  offset = 0;
  /** The argument that is the value of SET and INCRBY. */
  valueArg = 0;
  /** Holds for the operations that follow, too. */
  overflow: Overflow = Overflow.WRAP;

  /** Reads the operation that begins at argument `i`, and returns where the next one begins. */
  read(client: Client, args: Args, i: number): number {
    const left = args.count - i - 1;
    if (args.is(i, GET) && left >= 2) this.kind = Kind.GET;
    else if (args.is(i, SET) && left >= 3) this.kind = Kind.SET;
    else if (args.is(i, INCRBY) && left >= 3) this.kind = Kind.INCRBY;
    else if (args.is(i, OVERFLOW) && left >= 1) {
      this.kind = Kind.OVERFLOW;
      this.overflow = overflowArgument(args, i + 1);
      return i + 2;
    } else throw SYNTAX;

    this.#readType(args, i + 1);
    this.offset = fieldOffset(client, args, i + 2, this.width);
    this.valueArg = i + 3;
    return this.kind === Kind.GET ? i + 3 : i + 4;
  }

  /** A letter and a width: i1 to i64, u1 to u63. */
  #readType(args: Args, i: number): void {
    const buf = args.bufs[i];
    const start = args.starts[i];
    const letter = start < args.ends[i] ? buf[start] : 0;
    this.signed = letter === SIGNED;
    this.width = parseSafeInteger(buf, start + 1, args.ends[i]);
    const widest = this.signed ? WIDEST_SIGNED : WIDEST_UNSIGNED;
    const isValid = (this.signed || letter === UNSIGNED) && this.width >= 1 &&
      this.width <= widest;
    if (!isValid) throw INVALID_TYPE;
  }
}

function overflowArgument(args: Args, i: number): Overflow {
  if (args.is(i, WRAP)) return Overflow.WRAP;
  if (args.is(i, SAT)) return Overflow.SATURATE;
  if (args.is(i, FAIL)) return Overflow.FAIL;
  throw INVALID_OVERFLOW;
}

/** Read anew by each step of each command. */
const operation = new Operation();

/** What the first look at a command's operations has found; filled in anew by each command. */
const plan = { replies: 0, lastWritten: -1 };

function bitfieldCommand(client: Client, args: Args): void {
  checkOperations(client, args);
  if (plan.lastWritten === -1) return readFields(client, args);
  const { db, reply } = client;
  const found = lookupWriteString(client, args, 1);
  const byteCount = bytesForBit(plan.lastWritten);
  const grows = found === 0 || db.valueLength(found) < byteCount;
  const entry = growTo(client, args, found, byteCount);
  const { buf, start, end } = db.value(entry);

  reply.array(plan.replies);
  operation.overflow = Overflow.WRAP;
  let changes = 0;
  for (let i = 2; i < args.count;) {
    i = operation.read(client, args, i);
    if (operation.kind === Kind.OVERFLOW) continue;
    if (operation.kind === Kind.GET) replyField(client, buf, start, end);
    else if (writeNumber(client, args, buf, start, end, grows)) changes++;
  }
  if (changes === 0) {
    // Zeros that nobody has asked for have come, of which nobody is told but the log.
    if (grows) db.keyspace.counters.dirty++;
    return;
  }
  wrote(client, args, 1, EventClass.STRING, "setbit");
  db.keyspace.counters.dirty += changes - 1;
}

function bitfieldRoCommand(client: Client, args: Args): void {
  checkOperations(client, args);
  if (plan.lastWritten !== -1) throw ONLY_GET;
  readFields(client, args);
}

/** Reads all operations, so that none is executed when one is wrong. */
function checkOperations(client: Client, args: Args): void {
  plan.replies = 0;
  plan.lastWritten = -1;
  for (let i = 2; i < args.count;) {
    i = operation.read(client, args, i);
    if (operation.kind === Kind.OVERFLOW) continue;
    plan.replies++;
    if (operation.kind === Kind.GET) continue;
    const { valueArg } = operation;
    const value = parseSafeInteger(args.bufs[valueArg], args.starts[valueArg], args.ends[valueArg]);
    if (value !== value) args.int64(valueArg);
    const last = operation.offset + operation.width - 1;
    if (last > plan.lastWritten) plan.lastWritten = last;
  }
}

/** Executes operations of which all are GET. */
function readFields(client: Client, args: Args): void {
  const { db, reply } = client;
  const entry = lookupReadString(client, args, 1);
  let buf: Uint8Array = NOTHING;
  let start = 0;
  let end = 0;
  if (entry !== 0) ({ buf, start, end } = db.value(entry));
  reply.array(plan.replies);
  for (let i = 2; i < args.count;) {
    i = operation.read(client, args, i);
    if (operation.kind === Kind.GET) replyField(client, buf, start, end);
  }
}

function replyField(client: Client, buf: Uint8Array, start: number, end: number): void {
  const { offset, width, signed } = operation;
  const value = readField(buf, start, end, offset, width, signed);
  if (value === value) client.reply.integer(value);
  else client.reply.int64(readFieldBig(buf, start, end, offset, width, signed));
}

/** Executes SET or INCRBY; whether the field changed, or `grows` and it was written. */
function writeNumber(
  client: Client,
  args: Args,
  buf: Uint8Array,
  start: number,
  end: number,
  grows: boolean,
): boolean {
  const { kind, offset, width, signed, valueArg, overflow } = operation;
  const value = parseSafeInteger(args.bufs[valueArg], args.starts[valueArg], args.ends[valueArg]);
  const old = readField(buf, start, end, offset, width, signed);
  const sum = kind === Kind.SET ? value : old + value;
  const isExact = old === old && value >= -FIELD_NUMBER_MAX && value <= FIELD_NUMBER_MAX &&
    (width <= FIELD_NUMBER_BITS || fitsField(sum, width, signed));
  if (!isExact) return writeBig(client, args, buf, start, end, grows);

  const fitted = kind === Kind.SET
    ? fitValue(value, width, signed, overflow)
    : fitSum(sum, width, signed, overflow);
  if (fitted !== fitted) {
    client.reply.nullBulk();
    return false;
  }
  client.reply.integer(kind === Kind.SET ? old : fitted);
  writeField(buf, start, offset, width, fitted);
  return grows || old !== fitted;
}

/** As {@link writeNumber}, for fields and values of all 64 bits. */
function writeBig(
  client: Client,
  args: Args,
  buf: Uint8Array,
  start: number,
  end: number,
  grows: boolean,
): boolean {
  const { kind, offset, width, signed, valueArg, overflow } = operation;
  const value = args.int64(valueArg);
  const old = readFieldBig(buf, start, end, offset, width, signed);
  const fitted = kind === Kind.SET
    ? fitValueBig(value, width, signed, overflow)
    : fitSumBig(old + value, width, signed, overflow);
  if (fitted === null) {
    client.reply.nullBulk();
    return false;
  }
  client.reply.int64(kind === Kind.SET ? old : fitted);
  writeFieldBig(buf, start, offset, width, fitted);
  return grows || old !== fitted;
}

const FIELD = [arg.string("encoding"), arg.integer("offset")];
const KEY_READ = key({ at: 1, access: "ro", does: "access" });
const KEY_CHANGED = key({ at: 1, access: "rw", does: ["access", "update"] });

/** BITFIELD changes its key unless all it is told is GET. */
function findBitfieldKeys(args: Args): FoundKey[] {
  let i = 2;
  while (i < args.count && (args.is(i, GET) || args.is(i, OVERFLOW))) i += args.is(i, GET) ? 3 : 2;
  return [{ index: 1, spec: i < args.count ? KEY_CHANGED : KEY_READ }];
}

export const bitfieldCommands = commandTable("bitmap", [
  {
    name: "bitfield",
    arity: -2,
    flags: ["write", "denyoom"],
    keys: [
      key({
        at: 1,
        access: "rw",
        does: ["access", "update"],
        other: ["variable_flags"],
        notes: "This command allows both access and modification of the key",
      }),
    ],
    findKeys: findBitfieldKeys,
    args: [
      arg.key(),
      arg.oneOf("operation", [
        arg.block("encoding_offset", FIELD, { token: "GET" }),
        arg.block("write", [
          arg.oneOf("wrap_sat_fail", [arg.token("WRAP"), arg.token("SAT"), arg.token("FAIL")], {
            token: "OVERFLOW",
            optional: true,
          }),
          arg.oneOf("write_operation", [
            arg.block("encoding_offset_value", [...FIELD, arg.integer("value")], {
              token: "SET",
            }),
            arg.block("encoding_offset_increment", [...FIELD, arg.integer("increment")], {
              token: "INCRBY",
            }),
          ]),
        ]),
      ], { optional: true, multiple: true }),
    ],
    since: "3.2.0",
    complexity: "O(1) for each operation",
    summary: "Gets, sets and increments integers of any width within a string.",
    handler: bitfieldCommand,
  },
  {
    name: "bitfield_ro",
    arity: -2,
    flags: ["readonly", "fast"],
    keys: [key({ at: 1, access: "ro", does: "access" })],
    args: [
      arg.key(),
      arg.block("encoding_offset", FIELD, {
        token: "GET",
        optional: true,
        multiple: true,
        multipleToken: true,
      }),
    ],
    since: "6.0.0",
    complexity: "O(1) for each operation",
    summary: "Gets integers of any width within a string; changes nothing.",
    handler: bitfieldRoCommand,
  },
]);
