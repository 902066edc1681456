/** Arguments that several groups of commands read alike. */
import { parseSafeInteger } from "../memory/numbers.ts";
import type { Args } from "../resp/args.ts";

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
