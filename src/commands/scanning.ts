/** What the SCAN commands share: cursor, options, and which names are wanted. */
import { globMatch } from "../memory/glob.ts";
import { type Args, keyword } from "../resp/args.ts";
import { ReplyError } from "../resp/errors.ts";
import { SYNTAX } from "./errors.ts";

const MATCH = keyword("MATCH");
const COUNT = keyword("COUNT");

/** Known to HSCAN alone, which the others say. */
export const NOVALUES = keyword("NOVALUES");

const ONLY_HSCAN = new ReplyError("ERR NOVALUES option can only be used in HSCAN");
const INVALID_CURSOR = new ReplyError("ERR invalid cursor");

const STAR = 0x2a;
const DEFAULT_COUNT = 10;
/** A nearly empty table is walked for this many buckets per element asked for, at most. */
export const BUCKETS_PER_COUNT = 10;
/** Cursors that tables of this size can give; the bits above are ignored, as Redis ignores them. */
const CURSOR_MASK = 0xffffffffn;

/** What any of the SCAN commands may ask for. */
export interface ScanOptions {
  /** How many elements are wanted, about. */
  count: number;
  /** Index of the argument with the pattern; 0 when every name will do. */
  patternArg: number;
}

/**
 * Reads the options from argument `from` on.
 *
 * @param extra Is shown an option that is neither MATCH nor COUNT; returns how many arguments it has
 *   taken, 0 when it does not know it.
 * @throws {ReplyError} A syntax error, or COUNT's.
 */
export function readScanOptions(
  args: Args,
  from: number,
  extra: (args: Args, i: number) => number = () => 0,
): ScanOptions {
  const options = { count: DEFAULT_COUNT, patternArg: 0 };
  let i = from;
  while (i < args.count) {
    const hasValue = i + 1 < args.count;
    if (args.is(i, COUNT) && hasValue) {
      options.count = args.integer(i + 1);
      if (options.count < 1) throw SYNTAX;
      i += 2;
    } else if (args.is(i, MATCH) && hasValue) {
      options.patternArg = isStar(args, i + 1) ? 0 : i + 1;
      i += 2;
    } else {
      const taken = extra(args, i);
      if (taken === 0) throw args.is(i, NOVALUES) ? ONLY_HSCAN : SYNTAX;
      i += taken;
    }
  }
  return options;
}

/** Argument `i` as a cursor. It is read as strtoul does, which lets a sign pass; white space and what exceeds 64 bits are refused. */
export function readCursor(args: Args, i: number): number {
  const text = args.latin1(i);
  if (!/^[-+]?\d+$/.test(text)) throw INVALID_CURSOR;
  const magnitude = BigInt(text.replace(/^[-+]/, ""));
  if (magnitude >= 2n ** 64n) throw INVALID_CURSOR;
  return Number((text.startsWith("-") ? -magnitude : magnitude) & CURSOR_MASK);
}

/** Whether a name matches the pattern at argument `patternArg`; every name does when that is 0. */
export function matchesPattern(
  args: Args,
  patternArg: number,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  if (patternArg === 0) return true;
  const { bufs, starts, ends } = args;
  return globMatch(
    bufs[patternArg],
    starts[patternArg],
    ends[patternArg],
    buf,
    start,
    end,
    false,
  );
}

/** Whether a pattern is a lone `*`, which stands for every name, the one without characters included. */
export function isStar(args: Args, i: number): boolean {
  return args.length(i) === 1 && args.bufs[i][args.starts[i]] === STAR;
}
