/** The bounds of ranges in arguments: `1.5`, `(1.5`, `-inf` for scores; `[a`, `(a`, `-`, `+` for members. */
import {
  BoundKind,
  type KeyBound,
  type KeyRange,
  type RankRange,
  type ScoreRange,
} from "../../keyspace/types/sorted_set_range.ts";
import { latin1, latin1Text } from "../../memory/bytes.ts";
import { parseDouble } from "../../memory/double.ts";
import type { Args } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { roundedInteger } from "../arguments.ts";

const NOT_A_SCORE = new ReplyError("ERR min or max is not a float");
const NOT_A_KEY = new ReplyError("ERR min or max not valid string range item");

const EXCLUSIVE = 0x28; // (
const INCLUSIVE = 0x5b; // [
const LOWEST = 0x2d; // -
const HIGHEST = 0x2b; // +

const NOTHING: Uint8Array = new Uint8Array(0);

/** A range to be filled by {@link readScoreRange}. */
export function newScoreRange(): ScoreRange {
  return { min: 0, max: 0, isMinOut: false, isMaxOut: false };
}

/** A range to be filled by {@link readKeyRange}. */
export function newKeyRange(): KeyRange {
  return { min: newKeyBound(), max: newKeyBound() };
}

function newKeyBound(): KeyBound {
  return { kind: BoundKind.LOWEST, isOut: false, buf: NOTHING, start: 0, end: 0 };
}

/** Reads the bounds at two arguments. */
export function readScoreRange(
  args: Args,
  minArg: number,
  maxArg: number,
  range: ScoreRange,
): void {
  range.isMinOut = isExclusive(args, minArg);
  range.min = readScore(args, minArg);
  range.isMaxOut = isExclusive(args, maxArg);
  range.max = readScore(args, maxArg);
}

function isExclusive(args: Args, i: number): boolean {
  return args.length(i) > 0 && args.bufs[i][args.starts[i]] === EXCLUSIVE;
}

function readScore(args: Args, i: number): number {
  const buf = args.bufs[i];
  const start = args.starts[i] + (isExclusive(args, i) ? 1 : 0);
  const score = parseDouble(buf, start, args.ends[i]);
  return score === score ? score : readLooseScore(latin1Text(buf, start, args.ends[i]));
}

/**
 * A score of which strtod alone judges, as Redis has it here and nowhere else: nothing at all is 0,
 * spaces may come first, what a NUL ends may have anything behind it, and what is too big is infinite.
 */
function readLooseScore(text: string): number {
  const [number] = text.replace(/^[ \t-\r]+/, "").split("\0");
  if (text === "" || text.startsWith("\0")) return 0;
  const bytes = latin1(number);
  const score = parseDouble(bytes, 0, bytes.length);
  if (score === score) return score;
  const rounded = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(number) ? Number(number) : NaN;
  if (rounded !== rounded) throw NOT_A_SCORE;
  return rounded;
}

/** Reads the bounds at two arguments. */
export function readKeyRange(args: Args, minArg: number, maxArg: number, range: KeyRange): void {
  readKeyBound(args, minArg, range.min);
  readKeyBound(args, maxArg, range.max);
}

function readKeyBound(args: Args, i: number, bound: KeyBound): void {
  const buf = args.bufs[i];
  const start = args.starts[i];
  const end = args.ends[i];
  const sign = start < end ? buf[start] : 0;
  const isAlone = end - start === 1 || buf[start + 1] === 0;
  if (sign === INCLUSIVE || sign === EXCLUSIVE) {
    bound.kind = BoundKind.KEY;
    bound.isOut = sign === EXCLUSIVE;
    bound.buf = buf;
    bound.start = start + 1;
    bound.end = end;
  } else if (sign === LOWEST && isAlone) {
    bound.kind = BoundKind.LOWEST;
  } else if (sign === HIGHEST && isAlone) {
    bound.kind = BoundKind.HIGHEST;
  } else {
    throw NOT_A_KEY;
  }
}

/** Reads two arguments as first and last rank, from the end when negative; {@link fitRanks} goes on. */
export function readRanks(args: Args, startArg: number, stopArg: number, ranks: RankRange): void {
  ranks.from = roundedInteger(args, startArg);
  ranks.to = roundedInteger(args, stopArg);
}

/** Makes first and last rank a range of a set of `length` members, of rank `length - 1` first when `isReverse`. */
export function fitRanks(ranks: RankRange, length: number, isReverse: boolean): void {
  const first = Math.max(0, ranks.from < 0 ? ranks.from + length : ranks.from);
  const last = Math.min(length - 1, ranks.to < 0 ? ranks.to + length : ranks.to);
  const count = Math.max(0, last - first + 1);
  ranks.from = isReverse ? length - first - count : first;
  ranks.to = ranks.from + count;
}
