/** Readers of arguments that Args has not: rounded ones, and those whose errors are a command's own. */
import { parseInt64, parseSafeInteger } from "../memory/numbers.ts";
import type { Args } from "../resp/args.ts";
import { ReplyError } from "../resp/errors.ts";

/**
 * Argument `i` as an integer of 64 bits, rounded beyond 2^53: for positions and lengths, which are
 * cut off at the end of some value anyway.
 *
 * @throws {ReplyError} NOT_AN_INTEGER.
 */
export function roundedInteger(args: Args, i: number): number {
  const value = parseSafeInteger(args.bufs[i], args.starts[i], args.ends[i]);
  return value === value ? value : Number(args.int64(i));
}

/**
 * Argument `i` as an integer of 64 bits; beyond ±2^53 it is rounded, which is no matter where it is
 * only compared with smaller ones. Allocates.
 *
 * @throws `error` when it is none, or below `min`.
 */
export function readInteger(args: Args, i: number, error: ReplyError, min = -Infinity): number {
  const value = parseInt64(args.bufs[i], args.starts[i], args.ends[i]);
  if (value === null || Number(value) < min) throw error;
  return Number(value);
}

const OUT_OF_INT32 = new ReplyError(
  "ERR value is out of range, value must between -2147483648 and 2147483647",
);

/** Argument `i` as a 32-bit integer, as the numbers of databases are read. */
export function int32(args: Args, i: number): number {
  const value = roundedInteger(args, i);
  if (value !== (value | 0)) throw OUT_OF_INT32;
  return value;
}
