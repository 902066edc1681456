/**
 * Sorted sets: members with a score each, in the order of scores and, where these are equal, of the
 * members' bytes. A small one is a listpack (see sorted_set_packed.ts); one with many or long members
 * a dict and a tree (see sorted_set_ranked.ts), which the entry names by its number in the object
 * table. The length beside the value in the entry is not used.
 *
 * Ranks count from 0, the lowest. A member that is put in must not lie in the set itself.
 */
import { copyBytes, latin1 } from "../../memory/bytes.ts";
import { formatDouble17 } from "../../memory/double.ts";
import { byteOffset, pageOf } from "../../memory/handle.ts";
import type { Slabs } from "../../memory/slab.ts";
import * as Entry from "../../structures/entry.ts";
import {
  createListpack,
  Element,
  elementAt,
  firstElement,
  listpackBytes,
  listpackLength,
  MAX_LISTPACK_BYTES,
  readElement,
  removeElements,
} from "../../structures/listpack.ts";
import { Digest } from "../digest.ts";
import {
  appendPacked,
  findPacked,
  insertPacked,
  nextPacked,
  packedKeyRanks,
  packedScore,
  packedScoreRanks,
  rescorePacked,
} from "./sorted_set_packed.ts";
import {
  BoundKind,
  isEmptyKeyRange,
  isEmptyScoreRange,
  type KeyRange,
  type RankRange,
  type ScoreRange,
} from "./sorted_set_range.ts";
import { RankedMembers } from "./sorted_set_ranked.ts";
import { SortedSetWalk } from "./sorted_set_walk.ts";
import { Encoding, type ValueContext, type ValueType } from "./type.ts";

/** Up to where a sorted set stays a listpack. */
export interface SortedSetLimits {
  /** Number of members. */
  readonly zsetMaxListpackEntries: number;
  /** Bytes of a member. */
  readonly zsetMaxListpackValue: number;
}

/** A listpack's elements for each member. */
const PAIR = 2;

// ---------------------------------------------------------------- reading

/** Number of members. */
export function sortedSetLength(context: ValueContext, entry: number): number {
  const { slabs } = context;
  return isPacked(slabs, entry)
    ? listpackLength(slabs, Entry.valueHandle(slabs, entry)) / PAIR
    : rankedOf(context, entry).dict.size;
}

/** The score of a member; NaN when it is missing. */
export function memberScore(
  context: ValueContext,
  entry: number,
  buf: Uint8Array,
  start: number,
  end: number,
): number {
  const { slabs } = context;
  if (isPacked(slabs, entry)) {
    const lp = Entry.valueHandle(slabs, entry);
    const pos = findPacked(slabs, lp, buf, start, end);
    return pos === 0 ? NaN : packedScore(slabs, lp, pos);
  }
  const ranked = rankedOf(context, entry);
  const found = ranked.find(buf, start, end);
  return found === 0 ? NaN : ranked.scoreOf(found);
}

/** The rank of a member that has the score given. */
export function memberRank(
  context: ValueContext,
  entry: number,
  buf: Uint8Array,
  start: number,
  end: number,
  score: number,
): number {
  const { slabs } = context;
  if (!isPacked(slabs, entry)) return rankedOf(context, entry).tree.rankOf(score, buf, start, end);
  const lp = Entry.valueHandle(slabs, entry);
  const found = findPacked(slabs, lp, buf, start, end);
  let rank = 0;
  for (let pos = firstElement(slabs, lp); pos !== found; pos = nextPacked(slabs, lp, pos)) rank++;
  return rank;
}

/** Sets `ranks` to the members whose scores are in a range. */
export function scoreRanks(
  context: ValueContext,
  entry: number,
  range: ScoreRange,
  ranks: RankRange,
): void {
  const { slabs } = context;
  ranks.from = ranks.to = 0;
  if (isEmptyScoreRange(range)) return;
  if (isPacked(slabs, entry)) {
    return packedScoreRanks(slabs, Entry.valueHandle(slabs, entry), range, ranks);
  }
  const { tree } = rankedOf(context, entry);
  ranks.from = tree.countBelowScore(range.min, range.isMinOut);
  ranks.to = tree.countBelowScore(range.max, !range.isMaxOut);
}

/**
 * Sets `ranks` to the members that are in a range of keys. That is well defined where all scores are
 * equal; where they are not, `isReverse` has the range looked for from the end, as Redis does.
 */
export function keyRanks(
  context: ValueContext,
  entry: number,
  range: KeyRange,
  isReverse: boolean,
  ranks: RankRange,
): void {
  const { slabs } = context;
  ranks.from = ranks.to = 0;
  if (isEmptyKeyRange(range)) return;
  if (isPacked(slabs, entry)) {
    return packedKeyRanks(slabs, Entry.valueHandle(slabs, entry), range, isReverse, ranks);
  }
  const { min, max } = range;
  const { tree } = rankedOf(context, entry);
  ranks.from = min.kind === BoundKind.LOWEST
    ? 0
    : tree.countBelowKey(min.buf, min.start, min.end, min.isOut);
  ranks.to = max.kind === BoundKind.HIGHEST
    ? tree.size
    : tree.countBelowKey(max.buf, max.start, max.end, !max.isOut);
}

/**
 * Visits some members, as SCAN does: a listpack's all at once, of a dict those of one bucket.
 *
 * @param visit Gets the member's bytes and score; must not change the set.
 * @returns The next cursor; 0: done.
 */
export function scanMembers(
  context: ValueContext,
  entry: number,
  cursor: number,
  visit: (buf: Uint8Array, start: number, end: number, score: number) => void,
): number {
  const { slabs } = context;
  if (isPacked(slabs, entry)) {
    walk.begin(context, entry, 0, false);
    while (walk.next()) visit(walk.buf, walk.start, walk.end, walk.score);
    return 0;
  }
  const ranked = rankedOf(context, entry);
  return ranked.dict.scan(cursor, (found) => {
    const start = Entry.keyOffset(slabs, found);
    const end = start + Entry.keyLength(slabs, found);
    visit(slabs.bytes[pageOf(found)], start, end, ranked.scoreOf(found));
  });
}

// ---------------------------------------------------------------- writing

/**
 * A new sorted set without members: a listpack's handle, or an object's number when `isBig`, as
 * {@link emptyEncoding} says. Throws OutOfMemory.
 */
export function createSortedSet({ slabs, objects, seed }: ValueContext, isBig: boolean): number {
  return isBig ? objects.add(new RankedMembers(slabs, seed)) : createListpack(slabs);
}

/** The encoding of what {@link createSortedSet} gives. */
export function emptyEncoding(isBig: boolean): number {
  return isBig ? Encoding.SKIPLIST : Encoding.LISTPACK;
}

/** Adds a member that is not there. Throws OutOfMemory with the members unchanged. */
export function addMember(
  context: ValueContext,
  entry: number,
  limits: SortedSetLimits,
  buf: Uint8Array,
  start: number,
  end: number,
  score: number,
): void {
  const { slabs } = context;
  if (isPacked(slabs, entry)) {
    const lp = Entry.valueHandle(slabs, entry);
    const isSmall = listpackLength(slabs, lp) / PAIR < limits.zsetMaxListpackEntries &&
      end - start <= limits.zsetMaxListpackValue &&
      listpackBytes(slabs, lp) + end - start < MAX_LISTPACK_BYTES;
    if (isSmall) {
      Entry.setValueHandle(slabs, entry, insertPacked(slabs, lp, buf, start, end, score));
      return;
    }
    unpack(context, entry);
  }
  rankedOf(context, entry).insert(buf, start, end, score);
}

/** Gives a member that is there another score, not the one it has. Throws OutOfMemory with the members unchanged. */
export function setMemberScore(
  context: ValueContext,
  entry: number,
  buf: Uint8Array,
  start: number,
  end: number,
  score: number,
): void {
  const { slabs } = context;
  if (!isPacked(slabs, entry)) {
    const ranked = rankedOf(context, entry);
    ranked.rescore(ranked.find(buf, start, end), score);
    return;
  }
  const lp = Entry.valueHandle(slabs, entry);
  const pos = findPacked(slabs, lp, buf, start, end);
  const rescored = rescorePacked(slabs, lp, pos, score);
  if (rescored !== 0) return Entry.setValueHandle(slabs, entry, rescored);
  // Put in again before the old pair goes: until then nothing is lost.
  const isLower = score < packedScore(slabs, lp, pos);
  const bytes = listpackBytes(slabs, lp);
  const inserted = insertPacked(slabs, lp, buf, start, end, score);
  const oldPos = isLower ? pos + listpackBytes(slabs, inserted) - bytes : pos;
  Entry.setValueHandle(slabs, entry, removeElements(slabs, inserted, oldPos, PAIR));
}

/** Takes out a member; false when it is missing. */
export function removeMember(
  context: ValueContext,
  entry: number,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  const { slabs } = context;
  if (isPacked(slabs, entry)) {
    const lp = Entry.valueHandle(slabs, entry);
    const pos = findPacked(slabs, lp, buf, start, end);
    if (pos === 0) return false;
    Entry.setValueHandle(slabs, entry, removeElements(slabs, lp, pos, PAIR));
    return true;
  }
  const ranked = rankedOf(context, entry);
  const found = ranked.find(buf, start, end);
  if (found !== 0) ranked.remove(found);
  return found !== 0;
}

/** Takes out the members of a range of ranks, all of which must be there. */
export function removeRanks(context: ValueContext, entry: number, ranks: RankRange): void {
  const { slabs } = context;
  const { from, to } = ranks;
  if (to <= from) return;
  if (!isPacked(slabs, entry)) return rankedOf(context, entry).removeRanks(from, to);
  const lp = Entry.valueHandle(slabs, entry);
  const pos = elementAt(slabs, lp, from * PAIR);
  Entry.setValueHandle(slabs, entry, removeElements(slabs, lp, pos, (to - from) * PAIR));
}

/**
 * A new listpack with the members of a big set; 0 when they are too many or too long for one.
 * Throws OutOfMemory.
 */
export function packedCopy(slabs: Slabs, ranked: RankedMembers, limits: SortedSetLimits): number {
  if (ranked.tree.size > limits.zsetMaxListpackEntries) return 0;
  walk.beginRanked(slabs, ranked, 0, false);
  while (walk.next()) if (walk.end - walk.start > limits.zsetMaxListpackValue) return 0;
  let lp = createListpack(slabs);
  try {
    walk.beginRanked(slabs, ranked, 0, false);
    while (walk.next()) {
      lp = appendPacked(slabs, lp, walk.buf, walk.start, walk.end, walk.score);
    }
  } catch (failure) {
    slabs.free(lp);
    throw failure;
  }
  return lp;
}

/** Makes a dict and a tree of a listpack. Throws OutOfMemory with nothing changed. */
function unpack(context: ValueContext, entry: number): void {
  const { slabs, objects, seed } = context;
  const lp = Entry.valueHandle(slabs, entry);
  const ranked = new RankedMembers(slabs, seed);
  try {
    for (let pos = firstElement(slabs, lp); pos !== 0; pos = nextPacked(slabs, lp, pos)) {
      readElement(slabs, lp, pos, member);
      ranked.insert(member.buf, member.start, member.end, packedScore(slabs, lp, pos));
    }
  } catch (failure) {
    ranked.removeRanks(0, ranked.tree.size);
    throw failure;
  }
  slabs.free(lp);
  Entry.setEncoding(slabs, entry, Encoding.SKIPLIST);
  Entry.setValueHandle(slabs, entry, objects.add(ranked));
}

const member = new Element();
const walk = new SortedSetWalk();
const memberDigest = new Digest();

function isPacked(slabs: Slabs, entry: number): boolean {
  return Entry.encoding(slabs, entry) === Encoding.LISTPACK;
}

function rankedOf({ slabs, objects }: ValueContext, entry: number): RankedMembers {
  return objects.get<RankedMembers>(Entry.valueHandle(slabs, entry));
}

// ---------------------------------------------------------------- the type

export const sortedSetType: ValueType = {
  name: "zset",

  release(context: ValueContext, entry: number): void {
    const { slabs, objects, lazyFree } = context;
    const value = Entry.valueHandle(slabs, entry);
    if (isPacked(slabs, entry)) return slabs.free(value);
    rankedOf(context, entry).release(lazyFree);
    objects.remove(value);
  },

  outsideBytes(context: ValueContext, entry: number, samples: number): number {
    const { slabs } = context;
    return isPacked(slabs, entry)
      ? slabs.sizeOf(Entry.valueHandle(slabs, entry))
      : rankedOf(context, entry).memoryBytes(samples);
  },

  duplicate(context: ValueContext, entry: number, copy: number): void {
    const { slabs, objects } = context;
    if (!isPacked(slabs, entry)) {
      Entry.setValueHandle(slabs, copy, objects.add(rankedOf(context, entry).copy()));
      return;
    }
    const lp = Entry.valueHandle(slabs, entry);
    const length = listpackBytes(slabs, lp);
    const block = slabs.alloc(length);
    const start = byteOffset(lp);
    const target = slabs.bytes[pageOf(block)];
    copyBytes(target, byteOffset(block), slabs.bytes[pageOf(lp)], start, start + length);
    Entry.setValueHandle(slabs, copy, block);
  },

  digest(context: ValueContext, entry: number, digest: Digest): void {
    walk.begin(context, entry, 0, false);
    while (walk.next()) {
      const score = latin1(formatDouble17(walk.score));
      memberDigest.reset();
      memberDigest.mix(walk.buf, walk.start, walk.end);
      memberDigest.mix(score, 0, score.length);
      digest.addDigest(memberDigest);
    }
  },

  compact(context: ValueContext, entry: number): number {
    const { slabs } = context;
    const value = Entry.valueHandle(slabs, entry);
    if (!isPacked(slabs, entry)) {
      const ranked = rankedOf(context, entry);
      context.compaction.add(value, (cursor, tally) => ranked.compactMembers(cursor, tally));
      context.compaction.add(value, (part, tally) => ranked.tree.compact(part, tally));
      return 0;
    }
    const lp = value;
    if (!slabs.shouldMove(lp)) return 0;
    Entry.setValueHandle(slabs, entry, slabs.move(lp));
    return 1;
  },
};
