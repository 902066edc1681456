/** The options of XREAD and XREADGROUP. */
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { roundedInteger } from "../arguments.ts";
import { SYNTAX } from "../errors.ts";

const COUNT = keyword("COUNT");
const BLOCK = keyword("BLOCK");
const STREAMS = keyword("STREAMS");
const GROUP = keyword("GROUP");
const NOACK = keyword("NOACK");

const UNBALANCED = new ReplyError(
  "ERR Unbalanced 'xread' list of streams: for each stream key an ID or '$' must be specified.",
);
const UNBALANCED_IN_GROUP = new ReplyError(
  "ERR Unbalanced 'xreadgroup' list of streams: for each stream key an ID or '>' must be specified.",
);
const GROUP_IN_XREAD = new ReplyError(
  "ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.",
);
const NOACK_IN_XREAD = new ReplyError(
  "ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.",
);

/** What the options say; filled by {@link readReadOptions}. */
export interface ReadOptions {
  /** How many entries of each stream at most; 0 for all of them. */
  count: number;
  /** For how long to wait for an entry, ms; 0 for ever; -1: not at all. */
  blockMs: number;
  /** Which argument names the group, the next one being the consumer; 0: there is none. */
  groupArg: number;
  /** Whether what is delivered is not to be pending. */
  noAck: boolean;
  /** The first of the arguments that name the streams, as many of which there are IDs behind them. */
  firstKey: number;
  /** How many streams there are. */
  streams: number;
}

/** Options to be filled again and again. */
export function newReadOptions(): ReadOptions {
  return { count: 0, blockMs: -1, groupArg: 0, noAck: false, firstKey: 0, streams: 0 };
}

/** Reads the options, those of groups if `isGroup`. */
export function readReadOptions(args: Args, isGroup: boolean, options: ReadOptions): void {
  options.count =
    options.groupArg =
    options.streams =
    options.firstKey =
      0;
  options.blockMs = -1;
  options.noAck = false;
  let i = 1;
  for (; i < args.count && !isStreams(args, i); i++) {
    const more = args.count - i - 1;
    if (more >= 1 && args.is(i, BLOCK)) {
      options.blockMs = args.timeoutMilliseconds(++i);
    } else if (more >= 1 && args.is(i, COUNT)) {
      options.count = Math.max(roundedInteger(args, ++i), 0);
    } else if (more >= 2 && args.is(i, GROUP)) {
      if (!isGroup) throw GROUP_IN_XREAD;
      options.groupArg = i + 1;
      i += 2;
    } else if (more >= 1 && args.is(i, NOACK)) {
      if (!isGroup) throw NOACK_IN_XREAD;
      options.noAck = true;
    } else {
      throw SYNTAX;
    }
  }
  if (i >= args.count) throw SYNTAX;
  options.firstKey = i + 1;
  options.streams = (args.count - options.firstKey) / 2;
  if (!Number.isInteger(options.streams)) throw isGroup ? UNBALANCED_IN_GROUP : UNBALANCED;
}

function isStreams(args: Args, i: number): boolean {
  return i + 1 < args.count && args.is(i, STREAMS);
}
