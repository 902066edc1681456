/** What the commands on due times of fields share: how they read their arguments, and their errors. */
import { parseInt64 } from "../../memory/numbers.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { NOT_AN_INTEGER, ReplyError } from "../../resp/errors.ts";
import { readInteger } from "../arguments.ts";
import { invalidExpire } from "../errors.ts";
import type { ExpiryUnit } from "../expiry.ts";
import { arg } from "../spec.ts";
import { FIELDS } from "./keys.ts";

/** The latest moment at which a field can expire, in ms since 1970: in the year 4199. */
const MAX_FIELD_DUE_MS = 2 ** 46 - 1;

const FIELDS_KEYWORD = keyword("FIELDS");

const NEGATIVE_EXPIRE = new ReplyError("ERR invalid expire time, must be >= 0");
const FIELDS_MISSING = new ReplyError(
  "ERR Mandatory argument FIELDS is missing or not at the right position",
);
const COUNT_MISMATCH = new ReplyError(
  "ERR The `numfields` parameter must match the number of arguments",
);
const COUNT_NOT_POSITIVE = new ReplyError(
  "ERR Number of fields must be a positive integer",
);

/**
 * Argument `i` as the due time of fields.
 *
 * @param command Its name, for the error.
 * @returns Wall clock in ms, which may lie in the past.
 * @throws {ReplyError} When it is no integer, negative, or too far away.
 */
export function readFieldDue(
  args: Args,
  i: number,
  unit: ExpiryUnit,
  nowMs: number,
  command: string,
): number {
  const exact = parseInt64(args.bufs[i], args.starts[i], args.ends[i]);
  if (exact === null) throw NOT_AN_INTEGER;
  if (exact < 0n) throw NEGATIVE_EXPIRE;
  const dueMs = Number(exact) * (unit.seconds ? 1000 : 1) + (unit.absolute ? 0 : nowMs);
  if (dueMs > MAX_FIELD_DUE_MS) throw invalidExpire(command);
  return dueMs;
}

/**
 * Reads `FIELDS numfields field …`, FIELDS being argument `i`.
 *
 * @param notPositive What is said of a number that is none, or less than 1.
 * @returns Which argument the first field is; the fields are all that follows.
 */
export function readFields(args: Args, i: number, notPositive = COUNT_NOT_POSITIVE): number {
  if (i >= args.count || !args.is(i, FIELDS_KEYWORD)) throw FIELDS_MISSING;
  if (i + 1 >= args.count) throw notPositive;
  const first = i + 2;
  if (readInteger(args, i + 1, notPositive, 1) !== args.count - first) throw COUNT_MISMATCH;
  return first;
}

/** `FIELDS numfields field …` in the argument tree. */
export const FIELDS_BLOCK = arg.block("fields", [arg.integer("numfields"), FIELDS], {
  token: "FIELDS",
});
