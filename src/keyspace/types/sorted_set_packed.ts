/**
 * Small sorted sets: listpacks of member, score, member, score …, in the order of the set. A score
 * that is a whole number is an integer element, any other the text that Redis prints for it.
 */
import { compareBytes } from "../../memory/bytes.ts";
import { formatDoubleShortest, parseDouble } from "../../memory/double.ts";
import { writeInteger } from "../../memory/numbers.ts";
import type { Slabs } from "../../memory/slab.ts";
import {
  appendPair,
  Element,
  elementInteger,
  findElement,
  firstElement,
  insertPair,
  lastElement,
  nextElement,
  previousElement,
  readElement,
  replaceElement,
} from "../../structures/listpack.ts";
import {
  isAboveMinKey,
  isAboveMinScore,
  isBelowMaxKey,
  isBelowMaxScore,
  type KeyRange,
  type RankRange,
  type ScoreRange,
} from "./sorted_set_range.ts";

/** Every other element is a member. */
const STEP = 2;
/** Room for any score's text. */
const SCORE_TEXT_BYTES = 32;

/** Whole scores up to here, on either side, are kept as integers, as in Redis. */
const MAX_WHOLE_SCORE = 2 ** 62;

const scoreText = new Uint8Array(SCORE_TEXT_BYTES);
const member = new Element();
const scoreElement = new Element();

/** Spells a score in `scoreText`; returns how many bytes it takes. */
function spellScore(score: number): number {
  if (Number.isSafeInteger(score)) return writeInteger(scoreText, 0, score + 0); // -0 becomes 0
  const text = packedScoreText(score);
  for (let i = 0; i < text.length; i++) scoreText[i] = text.charCodeAt(i);
  return text.length;
}

/** A score as a listpack has it, which ZSCAN shows. */
export function packedScoreText(score: number): string {
  const isWhole = Number.isInteger(score) && Math.abs(score) <= MAX_WHOLE_SCORE;
  return isWhole ? String(BigInt(score)) : formatDoubleShortest(score);
}

/** The position of a member; 0 when it is missing. */
export function findPacked(
  slabs: Slabs,
  lp: number,
  buf: Uint8Array,
  start: number,
  end: number,
): number {
  return findElement(slabs, lp, firstElement(slabs, lp), buf, start, end, STEP);
}

/** The score of the member at a position. */
export function packedScore(slabs: Slabs, lp: number, pos: number): number {
  return scoreAt(slabs, lp, nextElement(slabs, lp, pos));
}

/** The score that is the element at a position. */
function scoreAt(slabs: Slabs, lp: number, at: number): number {
  const integer = elementInteger(slabs, lp, at);
  if (integer === integer) return integer;
  readElement(slabs, lp, at, scoreElement);
  return parseDouble(scoreElement.buf, scoreElement.start, scoreElement.end);
}

/** The position of the member behind that at `pos`; 0 at the end. */
export function nextPacked(slabs: Slabs, lp: number, pos: number): number {
  return nextElement(slabs, lp, nextElement(slabs, lp, pos));
}

/** Adds a member that is not there. Returns the listpack, which may have moved. Throws OutOfMemory with nothing changed. */
export function insertPacked(
  slabs: Slabs,
  lp: number,
  buf: Uint8Array,
  start: number,
  end: number,
  score: number,
): number {
  const pos = placeOf(slabs, lp, buf, start, end, score);
  return insertPair(slabs, lp, pos, buf, start, end, scoreText, 0, spellScore(score));
}

/** Adds a member that comes after all others, as {@link insertPacked} does. */
export function appendPacked(
  slabs: Slabs,
  lp: number,
  buf: Uint8Array,
  start: number,
  end: number,
  score: number,
): number {
  return appendPair(slabs, lp, buf, start, end, scoreText, 0, spellScore(score));
}

/**
 * Where a new member belongs: the position of the first behind it, 0 when it comes last, as it mostly
 * does where scores are times or counters.
 */
function placeOf(
  slabs: Slabs,
  lp: number,
  buf: Uint8Array,
  start: number,
  end: number,
  score: number,
): number {
  let pos = firstElement(slabs, lp);
  if (pos !== 0 && scoreAt(slabs, lp, lastElement(slabs, lp)) < score) return 0;
  while (pos !== 0) {
    const scorePos = nextElement(slabs, lp, pos);
    const other = scoreAt(slabs, lp, scorePos);
    if (other > score) return pos;
    if (other === score) {
      readElement(slabs, lp, pos, member);
      if (compareBytes(member.buf, member.start, member.end, buf, start, end) > 0) return pos;
    }
    pos = nextElement(slabs, lp, scorePos);
  }
  return 0;
}

/**
 * Gives the member at `pos` another score without moving it, if it stays between its neighbours.
 *
 * @returns The listpack, which may have moved; 0 when the member belongs elsewhere. Throws OutOfMemory.
 */
export function rescorePacked(slabs: Slabs, lp: number, pos: number, score: number): number {
  const scorePos = nextElement(slabs, lp, pos);
  const next = nextElement(slabs, lp, scorePos);
  // Equal scores go by members; that case is left to taking it out and putting it in again.
  if (next !== 0 && packedScore(slabs, lp, next) <= score) return 0;
  if (pos !== firstElement(slabs, lp) && scoreBefore(slabs, lp, pos) >= score) return 0;
  return replaceElement(slabs, lp, scorePos, scoreText, 0, spellScore(score));
}

/** The score of the member before that at `pos`, which is not the first. */
function scoreBefore(slabs: Slabs, lp: number, pos: number): number {
  return packedScore(slabs, lp, previousElement(slabs, lp, previousElement(slabs, lp, pos)));
}

// ---------------------------------------------------------------- ranges

/** Sets `ranks` to the members whose scores are in a range. O(n). */
export function packedScoreRanks(
  slabs: Slabs,
  lp: number,
  range: ScoreRange,
  ranks: RankRange,
): void {
  let rank = 0;
  ranks.from = ranks.to = 0;
  for (let pos = firstElement(slabs, lp); pos !== 0; pos = nextPacked(slabs, lp, pos)) {
    const score = packedScore(slabs, lp, pos);
    if (!isBelowMaxScore(range, score)) break;
    rank++;
    if (!isAboveMinScore(range, score)) ranks.from = rank;
    ranks.to = rank;
  }
}

/**
 * Sets `ranks` to the members that are in a range of keys, with the first of them found from the
 * start or, with `isReverse`, the last from the end. Where scores differ, so that members are in no
 * order of their own, it is the run of members in the range that begins (or ends) there, and none
 * unless the set's two ends allow for one. O(n).
 */
export function packedKeyRanks(
  slabs: Slabs,
  lp: number,
  range: KeyRange,
  isReverse: boolean,
  ranks: RankRange,
): void {
  ranks.from = ranks.to = 0;
  if (!mayHold(slabs, lp, range)) return;
  if (isReverse) lastRun(slabs, lp, range, ranks);
  else firstRun(slabs, lp, range, ranks);
}

/** Whether the last member is above the minimum and the first below the maximum. */
function mayHold(slabs: Slabs, lp: number, range: KeyRange): boolean {
  const first = firstElement(slabs, lp);
  if (first === 0) return false;
  readElement(slabs, lp, first, member);
  if (!isBelowMaxKey(range, member.buf, member.start, member.end)) return false;
  readElement(slabs, lp, previousElement(slabs, lp, lastElement(slabs, lp)), member);
  return isAboveMinKey(range, member.buf, member.start, member.end);
}

function firstRun(slabs: Slabs, lp: number, range: KeyRange, ranks: RankRange): void {
  let rank = 0;
  for (let pos = firstElement(slabs, lp); pos !== 0; pos = nextPacked(slabs, lp, pos), rank++) {
    readElement(slabs, lp, pos, member);
    const { buf, start, end } = member;
    if (ranks.to === 0 && !isAboveMinKey(range, buf, start, end)) continue;
    if (!isBelowMaxKey(range, buf, start, end)) return;
    if (ranks.to === 0) ranks.from = rank;
    ranks.to = rank + 1;
  }
}

function lastRun(slabs: Slabs, lp: number, range: KeyRange, ranks: RankRange): void {
  let rank = 0;
  let runStart = 0;
  for (let pos = firstElement(slabs, lp); pos !== 0; pos = nextPacked(slabs, lp, pos), rank++) {
    readElement(slabs, lp, pos, member);
    const { buf, start, end } = member;
    if (!isAboveMinKey(range, buf, start, end)) runStart = rank + 1;
    if (!isBelowMaxKey(range, buf, start, end)) continue;
    ranks.from = runStart;
    ranks.to = rank + 1;
  }
}
