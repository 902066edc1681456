/** Commands that take a field of a hash for a number. */
import { fieldDue, NEVER } from "../../keyspace/types/hash_due.ts";
import { setHashField } from "../../keyspace/types/hash.ts";
import { latin1 } from "../../memory/bytes.ts";
import {
  addLongDoubles,
  formatLongDouble,
  isFiniteLongDouble,
  type LongDouble,
  parseLongDouble,
} from "../../memory/long_double.ts";
import {
  addInt64,
  addSafeIntegers,
  INT64_TEXT_BYTES,
  parseInt64,
  parseSafeInteger,
  writeInt64,
  writeInteger,
} from "../../memory/numbers.ts";
import type { Args } from "../../resp/args.ts";
import { NOT_A_FLOAT, ReplyError } from "../../resp/errors.ts";
import { Element } from "../../structures/listpack.ts";
import type { Client } from "../context.ts";
import { INCREMENT_OVERFLOW, NAN_OR_INFINITY } from "../errors.ts";
import { arg, commandTable } from "../spec.ts";
import { COUNTS, FIELD } from "./keys.ts";
import { addHash, dropIfEmpty, showField, withoutDue, writeHash, wroteFields } from "./lookup.ts";

const NOT_AN_INTEGER = new ReplyError("ERR hash value is not an integer");
const NOT_A_FLOAT_VALUE = new ReplyError("ERR hash value is not a float");
const NOT_FINITE = new ReplyError("ERR value is NaN or Infinity");

const ZERO: LongDouble = { mantissa: 0n, exponent: 0 };

/** Shows the number that is being looked at. */
const shown = new Element();
const numberText = new Uint8Array(INT64_TEXT_BYTES);

/** HINCRBY in plain numbers, as long as they are exact; beyond them {@link addExactly} takes over. */
function hincrbyCommand(client: Client, args: Args): void {
  const by = parseSafeInteger(args.bufs[3], args.starts[3], args.ends[3]);
  if (by !== by) return addExactly(client, args, args.int64(3));
  const entry = counterHash(client, args);
  const old = showField(client, args, entry, 2, shown)
    ? parseSafeInteger(shown.buf, shown.start, shown.end)
    : 0;
  const sum = addSafeIntegers(old, by);
  if (sum !== sum) return addExactly(client, args, BigInt(by));
  storeField(client, args, entry, numberText, writeInteger(numberText, 0, sum));
  wroteFields(client, args, 1, "hincrby");
  client.reply.integer(sum);
}

function addExactly(client: Client, args: Args, by: bigint): void {
  const entry = counterHash(client, args);
  const old = showField(client, args, entry, 2, shown)
    ? parseInt64(shown.buf, shown.start, shown.end)
    : 0n;
  if (old === null) throw NOT_AN_INTEGER;
  const sum = addInt64(old, by);
  if (sum === null) throw INCREMENT_OVERFLOW;
  storeField(client, args, entry, numberText, writeInt64(numberText, 0, sum));
  wroteFields(client, args, 1, "hincrby");
  client.reply.int64(sum);
}

function hincrbyfloatCommand(client: Client, args: Args): void {
  const by = parseLongDouble(args.bufs[3], args.starts[3], args.ends[3]);
  if (by === null) throw NOT_A_FLOAT;
  if (!isFiniteLongDouble(by)) throw NOT_FINITE;
  const entry = counterHash(client, args);
  const old = showField(client, args, entry, 2, shown)
    ? parseLongDouble(shown.buf, shown.start, shown.end)
    : ZERO;
  if (old === null) throw NOT_A_FLOAT_VALUE;
  const sum = addLongDoubles(old, by);
  if (sum === null) throw NAN_OR_INFINITY;
  const text = latin1(formatLongDouble(sum));
  storeField(client, args, entry, text, text.length);
  wroteFields(client, args, 1, "hincrbyfloat");
  tellSum(client, args, text);
  client.reply.bulk(text, 0, text.length);
}

/** Tells the sum, not the summand: another machine may round otherwise. The field keeps its due time. */
function tellSum({ db, server: { effects } }: Client, args: Args, text: Uint8Array): void {
  if (!effects.active) return;
  const entry = db.peek(args.bufs[1], args.starts[1], args.ends[1]);
  const dueMs = fieldDue(db.keyspace, entry, args.bufs[2], args.starts[2], args.ends[2]);
  if (dueMs === NEVER) effects.command(db.index, 4).word("HSET").argument(args, 1);
  else {
    effects.command(db.index, 7).word("HSETEX").argument(args, 1).word("KEEPTTL").word("FIELDS")
      .word("1");
  }
  effects.argument(args, 2).bytes(text, 0, text.length);
}

/** The hash at argument 1, without the field at argument 2 if that is due; 0 when missing. */
function counterHash(client: Client, args: Args): number {
  return withoutDue(client, args, writeHash(client, args), 2, args.count);
}

/** Makes the first `length` bytes of `text` the value of the field at argument 2, which keeps its due time. */
function storeField(
  client: Client,
  args: Args,
  found: number,
  text: Uint8Array,
  length: number,
): void {
  const entry = found === 0 ? addHash(client, args) : found;
  try {
    setHashField(
      client.db.keyspace,
      entry,
      client.server.settings,
      args.bufs[2],
      args.starts[2],
      args.ends[2],
      text,
      0,
      length,
      true,
    );
  } catch (failure) {
    dropIfEmpty(client, entry);
    throw failure;
  }
}

export const hashCounterCommands = commandTable("hash", [
  {
    name: "hincrby",
    arity: 4,
    flags: ["write", "denyoom", "fast"],
    keys: COUNTS,
    args: [arg.key(), FIELD, arg.integer("increment")],
    since: "2.0.0",
    complexity: "O(1)",
    summary: "Adds to the integer in a field of a hash; a missing field counts as 0.",
    handler: hincrbyCommand,
  },
  {
    name: "hincrbyfloat",
    arity: 4,
    flags: ["write", "denyoom", "fast"],
    keys: COUNTS,
    args: [arg.key(), FIELD, arg.double("increment")],
    since: "2.6.0",
    complexity: "O(1)",
    summary: "Adds to the number in a field of a hash; a missing field counts as 0.",
    handler: hincrbyfloatCommand,
  },
]);
