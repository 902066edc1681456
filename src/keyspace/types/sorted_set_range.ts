/** Ranges of a sorted set: by score, by key, and by rank, to which the other two come down. */
import { compareBytes } from "../../memory/bytes.ts";

/** Members from one rank up to, but not with, another; none when `to` is not above `from`. */
export interface RankRange {
  from: number;
  to: number;
}

/** Members with a score from `min` to `max`, either of which may be left out. */
export interface ScoreRange {
  min: number;
  max: number;
  isMinOut: boolean;
  isMaxOut: boolean;
}

/** What a bound of a range of keys can be: below all keys, a key, above all keys. */
export const BoundKind = { LOWEST: -1, KEY: 0, HIGHEST: 1 } as const;

/** One end of a range of keys. The bytes are valid during a command. */
export interface KeyBound {
  kind: number;
  /** Whether the key itself is left out. */
  isOut: boolean;
  buf: Uint8Array;
  start: number;
  end: number;
}

/** Members whose bytes are from `min` to `max`. */
export interface KeyRange {
  min: KeyBound;
  max: KeyBound;
}

export function isAboveMinScore(range: ScoreRange, score: number): boolean {
  return range.isMinOut ? score > range.min : score >= range.min;
}

export function isBelowMaxScore(range: ScoreRange, score: number): boolean {
  return range.isMaxOut ? score < range.max : score <= range.max;
}

/** Whether no score at all can be in the range. */
export function isEmptyScoreRange(range: ScoreRange): boolean {
  return range.min > range.max ||
    (range.min === range.max && (range.isMinOut || range.isMaxOut));
}

/** Whether no key at all can be in the range. */
export function isEmptyKeyRange({ min, max }: KeyRange): boolean {
  if (min.kind !== BoundKind.KEY || max.kind !== BoundKind.KEY) {
    return min.kind > max.kind || (min.kind === max.kind && min.kind !== BoundKind.KEY);
  }
  const order = compareBytes(min.buf, min.start, min.end, max.buf, max.start, max.end);
  return order > 0 || (order === 0 && (min.isOut || max.isOut));
}

export function isAboveMinKey(
  { min }: KeyRange,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  if (min.kind !== BoundKind.KEY) return min.kind === BoundKind.LOWEST;
  const order = compareBytes(buf, start, end, min.buf, min.start, min.end);
  return order > 0 || (order === 0 && !min.isOut);
}

export function isBelowMaxKey(
  { max }: KeyRange,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  if (max.kind !== BoundKind.KEY) return max.kind === BoundKind.HIGHEST;
  const order = compareBytes(buf, start, end, max.buf, max.start, max.end);
  return order < 0 || (order === 0 && !max.isOut);
}
