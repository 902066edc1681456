/** The options of XADD and XTRIM. */
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { StreamId } from "../../structures/stream_id.ts";
import type { StreamLimits, TrimRule } from "../../structures/stream.ts";
import { roundedInteger } from "../arguments.ts";
import { SYNTAX } from "../errors.ts";
import { arg } from "../spec.ts";
import { readId, readNewId } from "./ids.ts";

const MAXLEN = keyword("MAXLEN");
const MINID = keyword("MINID");
const LIMIT = keyword("LIMIT");
const NOMKSTREAM = keyword("NOMKSTREAM");
const AUTO = keyword("*");
const APPROXIMATELY = keyword("~");
const EXACTLY = keyword("=");

const TWO_STRATEGIES = new ReplyError(
  "ERR syntax error, MAXLEN and MINID options at the same time are not compatible",
);
const LIMIT_WITHOUT_STRATEGY = new ReplyError(
  "ERR syntax error, LIMIT cannot be used without specifying a trimming strategy",
);
const LIMIT_WITHOUT_TILDE = new ReplyError(
  "ERR syntax error, LIMIT cannot be used without the special ~ option",
);
const NO_STRATEGY = new ReplyError(
  "ERR syntax error, XTRIM must be called with at least one trimming strategy",
);
const NEGATIVE_MAXLEN = new ReplyError("ERR The MAXLEN argument must be >= 0.");
const NEGATIVE_LIMIT = new ReplyError("ERR The LIMIT argument must be >= 0.");

/** An approximate trim without LIMIT removes so many full nodes at most, */
const NODES_PER_TRIM = 100;
/** this number of entries where nodes have no bound, */
const ENTRIES_PER_TRIM = 10_000;
/** and never more than this. */
const MAX_ENTRIES_PER_TRIM = 1_000_000;

/** Where the ID of XADD's new entry comes from. */
export const NewId = { AUTO: 0, AUTO_SEQ: 1, GIVEN: 2 } as const;

/** What the options say; filled by {@link readTrimOptions}. */
export interface TrimOptions extends TrimRule {
  /** Whether anything is to be trimmed. */
  trims: boolean;
  /** One of NewId. */
  newId: number;
  /** The ID that is given, as far as it is. */
  readonly id: StreamId;
  makesStream: boolean;
}

/** Options to be filled again and again. */
export function newTrimOptions(): TrimOptions {
  return {
    trims: false,
    isById: false,
    maxLength: 0,
    minId: new StreamId(),
    isApproximate: false,
    limit: 0,
    newId: NewId.AUTO,
    id: new StreamId(),
    makesStream: true,
  };
}

/**
 * Reads the options from argument 2 on.
 *
 * @param isXadd Whether the options end with the ID of a new entry.
 * @returns The index of that ID, or the number of arguments.
 */
export function readTrimOptions(
  args: Args,
  isXadd: boolean,
  limits: StreamLimits,
  options: TrimOptions,
): number {
  options.trims = false;
  options.isApproximate = false;
  options.makesStream = true;
  options.newId = NewId.AUTO;
  let limit = -1;
  let i = 2;
  for (; i < args.count; i++) {
    const hasMore = i + 1 < args.count;
    if (isXadd && args.is(i, AUTO)) break;
    if (hasMore && (args.is(i, MAXLEN) || args.is(i, MINID))) {
      i = readStrategy(args, i, options);
    } else if (hasMore && args.is(i, LIMIT)) {
      limit = roundedInteger(args, ++i);
      if (limit < 0) throw NEGATIVE_LIMIT;
    } else if (isXadd && args.is(i, NOMKSTREAM)) {
      options.makesStream = false;
    } else if (isXadd) {
      options.newId = readNewId(args, i, options.id) ? NewId.GIVEN : NewId.AUTO_SEQ;
      break;
    } else {
      throw SYNTAX;
    }
  }
  if (limit > 0 && !options.trims) throw LIMIT_WITHOUT_STRATEGY;
  if (!isXadd && !options.trims) throw NO_STRATEGY;
  if (limit >= 0 && !options.isApproximate) throw LIMIT_WITHOUT_TILDE;
  options.limit = limit >= 0 ? limit : options.isApproximate ? usualLimit(limits) : 0;
  return i;
}

/** Reads MAXLEN or MINID at `i` and what belongs to it; returns the index of its last argument. */
function readStrategy(args: Args, i: number, options: TrimOptions): number {
  if (options.trims) throw TWO_STRATEGIES;
  options.isById = args.is(i, MINID);
  let at = i + 1;
  const hasSign = at + 1 < args.count && (args.is(at, APPROXIMATELY) || args.is(at, EXACTLY));
  options.isApproximate = hasSign && args.is(at, APPROXIMATELY);
  if (hasSign) at++;
  if (options.isById) {
    readId(args, at, options.minId);
  } else {
    options.maxLength = roundedInteger(args, at);
    if (options.maxLength < 0) throw NEGATIVE_MAXLEN;
  }
  options.trims = true;
  return at;
}

function usualLimit({ streamNodeMaxEntries }: StreamLimits): number {
  if (streamNodeMaxEntries === 0) return ENTRIES_PER_TRIM;
  return Math.min(NODES_PER_TRIM * streamNodeMaxEntries, MAX_ENTRIES_PER_TRIM);
}

/** The arguments that say how a stream is trimmed. */
export const TRIM_ARGUMENTS = [
  arg.oneOf("strategy", [
    arg.token("MAXLEN"),
    arg.token("MINID", { since: "6.2.0" }),
  ]),
  arg.oneOf("operator", [
    arg.token("=", { name: "equal" }),
    arg.token("~", { name: "approximately" }),
  ], { optional: true }),
  arg.string("threshold"),
  arg.integer("count", { token: "LIMIT", optional: true, since: "6.2.0" }),
];
