/** What the range commands of sorted sets ask for: bounds, options, and the ranks that come out. */
import { keyRanks, scoreRanks, sortedSetLength } from "../../keyspace/types/sorted_set.ts";
import type { RankRange } from "../../keyspace/types/sorted_set_range.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { roundedInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import {
  fitRanks,
  newKeyRange,
  newScoreRange,
  readKeyRange,
  readRanks,
  readScoreRange,
} from "./bounds.ts";

const BYSCORE = keyword("BYSCORE");
const BYLEX = keyword("BYLEX");
const REV = keyword("REV");
const LIMIT = keyword("LIMIT");
const WITHSCORES = keyword("WITHSCORES");

const LIMIT_BY_RANK = new ReplyError(
  "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX",
);
const SCORES_BY_KEY = new ReplyError(
  "ERR syntax error, WITHSCORES not supported in combination with BYLEX",
);

/** How a range is meant; OPEN: as the options say, and by rank when they say nothing. */
export const By = { OPEN: 0, RANK: 1, SCORE: 2, KEY: 3 } as const;

/** What a range command asks for. */
export interface RangeQuery {
  by: number;
  isReverse: boolean;
  withScores: boolean;
  /** Members left out at the start; all when negative. */
  offset: number;
  /** Members shown at most; no limit when negative. */
  limit: number;
}

const scores = newScoreRange();
const keys = newKeyRange();
const ranks: RankRange = { from: 0, to: 0 };
const query: RangeQuery = {
  by: By.RANK,
  isReverse: false,
  withScores: false,
  offset: 0,
  limit: -1,
};

/**
 * Reads a whole query: key at argument `keyArg`, two bounds, options; the bounds stay where only
 * {@link findRange} sees them.
 *
 * @param by One of {@link By}; with OPEN the options may choose.
 * @param isReverse True or false, or null where the option REV may say.
 * @param isStore Whether WITHSCORES is none of the options.
 */
export function readRangeQuery(
  args: Args,
  keyArg: number,
  by: number,
  isReverse: boolean | null,
  isStore: boolean,
): RangeQuery {
  query.by = by;
  query.isReverse = isReverse === true;
  query.withScores = false;
  query.offset = 0;
  query.limit = -1;
  let mayReverse = isReverse === null;
  for (let i = keyArg + 3; i < args.count; i++) {
    if (!isStore && args.is(i, WITHSCORES)) {
      query.withScores = true;
    } else if (args.is(i, LIMIT) && i + 2 < args.count) {
      query.offset = roundedInteger(args, i + 1);
      query.limit = roundedInteger(args, i + 2);
      i += 2;
    } else if (mayReverse && args.is(i, REV)) {
      query.isReverse = true;
      mayReverse = false;
    } else if (query.by === By.OPEN && args.is(i, BYLEX)) {
      query.by = By.KEY;
    } else if (query.by === By.OPEN && args.is(i, BYSCORE)) {
      query.by = By.SCORE;
    } else {
      throw SYNTAX;
    }
  }
  if (query.by === By.OPEN) query.by = By.RANK;
  if (query.limit !== -1 && query.by === By.RANK) throw LIMIT_BY_RANK;
  if (query.withScores && query.by === By.KEY) throw SCORES_BY_KEY;
  const swaps = query.isReverse && query.by !== By.RANK;
  readBounds(args, query.by, keyArg + (swaps ? 2 : 1), keyArg + (swaps ? 1 : 2));
  return query;
}

/** Reads the bounds at two arguments, as ranks, scores or keys; {@link findBounds} uses them. */
export function readBounds(args: Args, by: number, minArg: number, maxArg: number): void {
  if (by === By.SCORE) readScoreRange(args, minArg, maxArg, scores);
  else if (by === By.KEY) readKeyRange(args, minArg, maxArg, keys);
  else readRanks(args, minArg, maxArg, ranks);
}

/** The ranks that the query read last asks for; valid until the next. */
export function findRange(client: Client, entry: number, query: RangeQuery): RankRange {
  findBounds(client, entry, query.by, query.isReverse);
  if (query.by === By.RANK) return ranks;
  const found = Math.max(0, ranks.to - ranks.from);
  const skipped = query.offset < 0 ? found : Math.min(found, query.offset);
  const count = query.limit < 0 ? found - skipped : Math.min(found - skipped, query.limit);
  ranks.from = query.isReverse ? ranks.from + found - skipped - count : ranks.from + skipped;
  ranks.to = ranks.from + count;
  return ranks;
}

/** The ranks between the bounds read last, at least from `from` to `from`; valid until the next are read. */
export function findBounds(
  client: Client,
  entry: number,
  by: number,
  isReverse: boolean,
): RankRange {
  const { keyspace } = client.db;
  if (by === By.SCORE) scoreRanks(keyspace, entry, scores, ranks);
  else if (by === By.KEY) keyRanks(keyspace, entry, keys, isReverse, ranks);
  else fitRanks(ranks, sortedSetLength(keyspace, entry), isReverse);
  ranks.to = Math.max(ranks.from, ranks.to);
  return ranks;
}
