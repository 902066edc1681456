/**
 * Sorted sets in dumps.
 *
 *   ZSET            count, then member and score as text
 *   ZSET_2          count, then member and score as a double
 *   ZSET_ZIPLIST    a ziplist of member, score as text …, in the order of the set
 *   ZSET_LISTPACK   a listpack of the same
 *
 * The text of a score is one byte of length and so many bytes, where 253 to 255 stand for "not a
 * number" and the two infinities.
 */
import type { Database } from "../../../keyspace/database.ts";
import { addMember, memberScore, sortedSetLength } from "../../../keyspace/types/sorted_set.ts";
import { packedScore } from "../../../keyspace/types/sorted_set_packed.ts";
import { RankedMembers } from "../../../keyspace/types/sorted_set_ranked.ts";
import { SortedSetWalk } from "../../../keyspace/types/sorted_set_walk.ts";
import { Encoding } from "../../../keyspace/types/type.ts";
import { compareBytes } from "../../../memory/bytes.ts";
import { parseDouble } from "../../../memory/double.ts";
import type { Slabs } from "../../../memory/slab.ts";
import { TypeId } from "../../../structures/entry.ts";
import {
  createListpack,
  Element,
  firstElement,
  listpackLength,
  nextElement,
  readElement,
} from "../../../structures/listpack.ts";
import type { RdbInput, RdbSlice } from "../input.ts";
import { KeptBytes } from "../kept_bytes.ts";
import { RdbType } from "../opcodes.ts";
import type { RdbOutput } from "../output.ts";
import { ZiplistReader } from "../ziplist.ts";
import { writeListpack } from "./list.ts";
import { PORTION_ELEMENTS, type Portions, writeAll } from "./portions.ts";
import {
  copyToBlock,
  draftWithBlock,
  draftWithObject,
  filled,
  listpackString,
  type RdbTarget,
} from "./target.ts";
import { hasTwice } from "./twice.ts";

/** Lengths of a score's text that stand for a score. */
const NOT_A_NUMBER = 253;
const INFINITY = 254;
const MINUS_INFINITY = 255;

/** A listpack's elements for each member. */
const PAIR = 2;

const ziplist = new ZiplistReader();
const member = new KeptBytes();
const walk = new SortedSetWalk();
const packedMember = new Element();
const memberBefore = new KeptBytes();

// ---------------------------------------------------------------- reading

/** Reads a sorted set; see {@link ReadValue}. */
export function readSortedSet(
  input: RdbInput,
  type: number,
  target: RdbTarget,
  key: RdbSlice,
): number {
  switch (type) {
    case RdbType.ZSET_LISTPACK:
      return readListpack(input, target, key);
    case RdbType.ZSET_ZIPLIST:
      return readZiplist(input, target, key);
    default:
      return readMembers(input, type === RdbType.ZSET_2, target, key);
  }
}

function readMembers(
  input: RdbInput,
  isBinary: boolean,
  target: RdbTarget,
  key: RdbSlice,
): number {
  const { db, settings } = target;
  const count = input.count(2);
  if (count <= settings.zsetMaxListpackEntries) {
    const draft = emptyDraft(db, key);
    return filled(db, draft, () => {
      for (let left = count; left > 0; left--) {
        member.keep(input.string());
        add(input, target, draft, member, readScore(input, isBinary));
      }
    });
  }
  const ranked = new RankedMembers(db.keyspace.slabs, db.keyspace.seed);
  const draft = draftWithObject(db, key, TypeId.ZSET, Encoding.SKIPLIST, ranked);
  return filled(db, draft, () => {
    for (let left = count; left > 0; left--) {
      member.keep(input.string());
      const score = readScore(input, isBinary);
      if (ranked.find(member.buf, 0, member.end) !== 0) throw twice(input);
      ranked.insert(member.buf, 0, member.end, score);
    }
  });
}

function readScore(input: RdbInput, isBinary: boolean): number {
  const score = isBinary ? input.double() : readScoreText(input);
  if (score !== score) throw input.damaged("a score is not a number");
  return score;
}

function readScoreText(input: RdbInput): number {
  const length = input.byte();
  if (length === NOT_A_NUMBER) return NaN;
  if (length === INFINITY) return Infinity;
  if (length === MINUS_INFINITY) return -Infinity;
  const { buf, start, end } = input.bytes(length);
  return parseDouble(buf, start, end);
}

function readZiplist(input: RdbInput, target: RdbTarget, key: RdbSlice): number {
  const { db } = target;
  const draft = emptyDraft(db, key);
  return filled(db, draft, () => {
    const { buf, start, end } = input.string();
    const { element } = ziplist;
    ziplist.begin(buf, start, end);
    while (ziplist.next()) {
      member.keep(element);
      if (!ziplist.next()) throw input.damaged("a member of the sorted set has no score");
      const score = parseDouble(element.buf, element.start, element.end);
      if (score !== score) throw input.damaged("a score is not a number");
      add(input, target, draft, member, score);
    }
    if (ziplist.isDamaged) throw input.damaged("Zset ziplist integrity check failed");
  });
}

function readListpack(input: RdbInput, target: RdbTarget, key: RdbSlice): number {
  const { db, settings } = target;
  const { slabs } = db.keyspace;
  const lp = copyToBlock(slabs, listpackString(input));
  const packed = draftWithBlock(db, key, TypeId.ZSET, Encoding.LISTPACK, lp);
  filled(db, packed, () => checkPacked(input, slabs, lp));
  if (listpackLength(slabs, lp) > PAIR * settings.zsetMaxListpackEntries) {
    return rebuilt(input, target, key, packed);
  }
  return filled(db, packed, () => {
    if (hasTwice(slabs, lp, PAIR)) throw twice(input);
  });
}

/** Members come with scores that are numbers, in the order of the set. */
function checkPacked(input: RdbInput, slabs: Slabs, lp: number): void {
  if (listpackLength(slabs, lp) % PAIR !== 0) {
    throw input.damaged("a member of the sorted set has no score");
  }
  let before = -Infinity;
  memberBefore.end = 0;
  for (let pos = firstElement(slabs, lp); pos !== 0;) {
    const score = packedScore(slabs, lp, pos);
    readElement(slabs, lp, pos, packedMember);
    if (score !== score) throw input.damaged("a score is not a number");
    if (score < before || (score === before && isBelow(packedMember, memberBefore))) {
      throw input.damaged("the sorted set is not in order");
    }
    before = score;
    memberBefore.keep(packedMember);
    pos = nextElement(slabs, lp, nextElement(slabs, lp, pos));
  }
}

function isBelow(a: RdbSlice, b: RdbSlice): boolean {
  return compareBytes(a.buf, a.start, a.end, b.buf, b.start, b.end) < 0;
}

/** The same set with its members put in one by one, for what is too big for a listpack. */
function rebuilt(input: RdbInput, target: RdbTarget, key: RdbSlice, packed: number): number {
  const { db } = target;
  try {
    const draft = emptyDraft(db, key);
    return filled(db, draft, () => {
      walk.begin(db.keyspace, packed, 0, false);
      while (walk.next()) add(input, target, draft, walk, walk.score);
    });
  } finally {
    db.discard(packed);
  }
}

function emptyDraft(db: Database, key: RdbSlice): number {
  const lp = createListpack(db.keyspace.slabs);
  return draftWithBlock(db, key, TypeId.ZSET, Encoding.LISTPACK, lp);
}

function add(
  input: RdbInput,
  { db, settings }: RdbTarget,
  draft: number,
  { buf, start, end }: RdbSlice,
  score: number,
): void {
  const old = memberScore(db.keyspace, draft, buf, start, end);
  if (old === old) throw twice(input);
  addMember(db.keyspace, draft, settings, buf, start, end, score);
}

function twice(input: RdbInput): Error {
  return input.damaged("a member of the sorted set comes twice");
}

// ---------------------------------------------------------------- writing

/** Listpacks are known from this version on. */
const LISTPACK_SINCE = 10;

/** The type under which the sorted set of an entry is written. */
export function sortedSetRdbType(db: Database, entry: number, version: number): number {
  const isPacked = db.encoding(entry) === Encoding.LISTPACK && version >= LISTPACK_SINCE;
  return isPacked ? RdbType.ZSET_LISTPACK : RdbType.ZSET_2;
}

/**
 * Writes the sorted set of an entry: from the greatest member to the smallest, as Redis does, whose
 * skip list takes them in faster so.
 */
export function writeSortedSet(
  output: RdbOutput,
  db: Database,
  entry: number,
  version: number,
): void {
  if (sortedSetRdbType(db, entry, version) === RdbType.ZSET_LISTPACK) {
    return writeListpack(output, db.keyspace.slabs, db.outsideValue(entry));
  }
  writeAll(scoredPortions(output, db, entry, walk));
}

/** Writes the members of a sorted set; `walk` must not be used for anything else meanwhile. */
export function* scoredPortions(
  output: RdbOutput,
  { keyspace }: Database,
  entry: number,
  walk: SortedSetWalk,
): Portions {
  const length = sortedSetLength(keyspace, entry);
  output.length(length);
  walk.begin(keyspace, entry, length - 1, true);
  for (let count = 1; walk.next(); count++) {
    output.string(walk.buf, walk.start, walk.end);
    output.double(walk.score);
    if (count % PORTION_ELEMENTS === 0) yield;
  }
}
