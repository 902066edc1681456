/**
 * The ordered tree: entries with scores, sorted by score and then by their keys' bytes. A B+ tree
 * whose inner nodes count the items below them, so that an item is found by its rank as fast as by
 * its score, and the rank of any score or key: all in O(log n).
 *
 * Nodes are drawn in `ordered_node.ts`. An inner node's slot repeats the first item below it, so a
 * search looks at one node of each level and, where scores are equal, at some entries. Leaves are
 * linked both ways, for walks.
 *
 * A full node is split in halves, but at the right end, where rising scores arrive, it stays full.
 * Neighbours that would fill at most three quarters of a node when taken together are merged.
 *
 * The entries belong to somebody else, and so does the score of each of them: the tree keeps a form
 * of its own, see `score.ts`.
 */
import { compareBytes } from "../memory/bytes.ts";
import { pageOf, wordOffset } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";
import { keyLengthAt, keyOffsetAt } from "./entry.ts";
import {
  BELOW,
  capacityAt,
  CHILD,
  closeSlots,
  copyFirst,
  createNode,
  describeChild,
  ENTRY,
  HIGH,
  LOW,
  moveSlots,
  neighbour,
  NEXT_WORD,
  nodeBytes,
  openSlot,
  PREVIOUS_WORD,
  setNeighbour,
  slotAt,
  slotCount,
  slotWord,
  slotWordsAt,
} from "./ordered_node.ts";
import { scoreOfKey, setSortKey } from "./score.ts";

/** More levels than any tree can have. */
const MAX_LEVELS = 32;
/** Two nodes are merged when they fill no more than this share of one. */
const MERGE_SHARE = 3 / 4;

const NOTHING: Uint8Array = new Uint8Array(0);

/** Where equal scores are on a search's way: all before, all behind, or as their keys say. */
const Ties = { BEHIND: 0, BEFORE: 1, BY_KEY: 2 } as const;

/** What is searched for; never survives a call. */
const target = {
  high: 0,
  low: 0,
  ties: Ties.BEHIND as number,
  /** Whether only keys count, and scores do not. */
  isLexical: false,
  /** Whether an item with the very key is before the target. */
  isInclusive: false,
  buf: NOTHING,
  start: 0,
  end: 0,
};

/** The way from the root to a slot, by level; never survives a call. */
const pathNodes = new Int32Array(MAX_LEVELS);
const pathSlots = new Int32Array(MAX_LEVELS);
/** Nodes made ahead of a split, by level. */
const spareNodes = new Int32Array(MAX_LEVELS);

/** A place in a tree: valid until the tree changes. */
export interface TreePosition {
  leaf: number;
  slot: number;
}

export class OrderedTree {
  readonly #slabs: Slabs;
  #root = 0;
  /** The root's level. */
  #height = 0;
  #size = 0;
  #memoryBytes = 0;

  constructor(slabs: Slabs) {
    this.#slabs = slabs;
  }

  /** How many items there are. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of the nodes; entries are not counted. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  // -------------------------------------------------------------- ranks

  /** How many items have a lower score, or with `isInclusive` one that is not higher. */
  countBelowScore(score: number, isInclusive: boolean): number {
    setSortKey(target, score);
    target.ties = isInclusive ? Ties.BEFORE : Ties.BEHIND;
    target.isLexical = false;
    return this.#seek();
  }

  /**
   * How many items have a lower key, or with `isInclusive` one that is not higher; all scores must
   * be equal, or else the number is none in particular.
   */
  countBelowKey(buf: Uint8Array, start: number, end: number, isInclusive: boolean): number {
    target.isLexical = true;
    target.isInclusive = isInclusive;
    setTargetKey(buf, start, end);
    const rank = this.#seek();
    target.buf = NOTHING;
    return rank;
  }

  /** The rank of an item, from 0; for one that is not there, the rank it would have. */
  rankOf(score: number, buf: Uint8Array, start: number, end: number): number {
    this.#aimAt(score, buf, start, end);
    const rank = this.#seek();
    target.buf = NOTHING;
    return rank;
  }

  /** Sets `position` to the item of a rank, 0 <= rank < size. */
  select(rank: number, position: TreePosition): void {
    this.#seekRank(rank);
    position.leaf = pathNodes[0];
    position.slot = pathSlots[0];
  }

  /** The entry at a position. */
  entryAt(position: TreePosition): number {
    return slotWord(this.#slabs, position.leaf, position.slot, 0, ENTRY);
  }

  /** The score of the entry at a position; 0 for -0. */
  scoreAt({ leaf, slot }: TreePosition): number {
    const slabs = this.#slabs;
    return scoreOfKey(slotWord(slabs, leaf, slot, 0, HIGH), slotWord(slabs, leaf, slot, 0, LOW));
  }

  /** Moves a position to the item behind; false at the end. */
  next(position: TreePosition): boolean {
    if (++position.slot < slotCount(this.#slabs, position.leaf)) return true;
    position.leaf = neighbour(this.#slabs, position.leaf, NEXT_WORD);
    position.slot = 0;
    return position.leaf !== 0;
  }

  /** Moves a position to the item before; false at the start. */
  previous(position: TreePosition): boolean {
    if (--position.slot >= 0) return true;
    position.leaf = neighbour(this.#slabs, position.leaf, PREVIOUS_WORD);
    if (position.leaf === 0) return false;
    position.slot = slotCount(this.#slabs, position.leaf) - 1;
    return true;
  }

  // -------------------------------------------------------------- changes

  /** Adds an entry with a score (not NaN) under which its key is not there yet. Throws OutOfMemory with nothing changed. */
  insert(score: number, entry: number): void {
    const slabs = this.#slabs;
    if (this.#root === 0) this.#root = this.#createNode(0);
    this.#aimAtEntry(score, entry);
    this.#seek();
    this.#makeSpareNodes();
    let level = 0;
    let right = this.#openAt(0, pathSlots[0]);
    const words = slabs.words[pageOf(pathNodes[0])];
    const at = slotAt(pathNodes[0], pathSlots[0], 0);
    words[at] = target.high;
    words[at + LOW] = target.low;
    words[at + ENTRY] = entry;
    target.buf = NOTHING;
    this.#size++;
    while (right !== 0) {
      const left = this.#leftOf(level, right);
      level++;
      if (level > this.#height) this.#addRoot(level);
      describeChild(slabs, pathNodes[level], pathSlots[level], level, left);
      const added = right;
      right = this.#openAt(level, pathSlots[level] + 1);
      describeChild(slabs, pathNodes[level], pathSlots[level], level, added);
    }
    this.#changeAbove(level, 1);
  }

  /** Takes out an item, which must be there. The entry is not freed, and must not have been. */
  remove(score: number, entry: number): void {
    this.#aimAtEntry(score, entry);
    this.#seek();
    target.buf = NOTHING;
    this.#removeHere(1);
  }

  /**
   * Takes out `count` items from a rank on.
   *
   * @param visit Gets each entry before it goes, and may free it when it returns.
   */
  removeRanks(rank: number, count: number, visit: (entry: number) => void): void {
    const slabs = this.#slabs;
    const entries: number[] = [];
    for (let left = count; left > 0;) {
      this.#seekRank(rank);
      const leaf = pathNodes[0];
      const slot = pathSlots[0];
      const removed = Math.min(left, slotCount(slabs, leaf) - slot);
      for (let i = 0; i < removed; i++) entries.push(slotWord(slabs, leaf, slot + i, 0, ENTRY));
      this.#removeHere(removed);
      left -= removed;
      // Now that no node names them any more, they may be freed.
      for (const entry of entries) visit(entry);
      entries.length = 0;
    }
  }

  /** Moves an entry's block to another place; see {@link Slabs.move}. Returns its handle. */
  moveEntry(score: number, entry: number): number {
    const slabs = this.#slabs;
    this.#aimAtEntry(score, entry);
    this.#seek();
    target.buf = NOTHING;
    const moved = slabs.move(entry);
    slabs.words[pageOf(pathNodes[0])][slotAt(pathNodes[0], pathSlots[0], 0) + ENTRY] = moved;
    this.#changeAbove(0, 0);
    return moved;
  }

  /**
   * Moves the nodes that compaction wants away, and counts them: the root with part 0, and below its
   * slots a part each. The tree may change between parts; what has changed its place is then left out.
   *
   * @returns The next part; 0 at the end.
   */
  compact(part: number, tally: { moved: number }): number {
    if (this.#root === 0) return 0;
    const slabs = this.#slabs;
    if (part === 0) {
      const before = this.#root;
      this.#root = moveNode(slabs, before, this.#height);
      if (this.#root !== before) tally.moved++;
    }
    if (this.#height === 0 || part >= slotCount(slabs, this.#root)) return 0;
    tally.moved += compactChild(slabs, this.#root, part, this.#height);
    return part + 1;
  }

  /**
   * Leaves the tree empty.
   *
   * @param take Gets the parts of it, at most as many as a node has children, each to be freed
   *   by {@link freeSubtree}.
   */
  detach(take: (node: number, level: number) => void): void {
    const slabs = this.#slabs;
    const root = this.#root;
    const height = this.#height;
    this.#root =
      this.#height =
      this.#size =
      this.#memoryBytes =
        0;
    if (root === 0) return;
    if (height === 0) return take(root, 0);
    const count = slotCount(slabs, root);
    for (let slot = 0; slot < count; slot++) {
      take(slotWord(slabs, root, slot, height, CHILD), height - 1);
    }
    slabs.free(root);
  }

  // -------------------------------------------------------------- searching

  #aimAt(score: number, buf: Uint8Array, start: number, end: number): void {
    setSortKey(target, score);
    target.ties = Ties.BY_KEY;
    target.isLexical = false;
    target.isInclusive = false;
    setTargetKey(buf, start, end);
  }

  #aimAtEntry(score: number, entry: number): void {
    const words = this.#slabs.words[pageOf(entry)];
    const at = wordOffset(entry);
    const start = keyOffsetAt(words, at);
    this.#aimAt(score, this.#slabs.bytes[pageOf(entry)], start, start + keyLengthAt(words, at));
  }

  /** Leads the path to the first item that is not before the target, or the place behind all; returns its rank. */
  #seek(): number {
    const slabs = this.#slabs;
    let node = this.#root;
    if (node === 0) return 0;
    let rank = 0;
    const { isInclusive } = target;
    target.isInclusive = true; // an item that is the first below a slot is to be found there
    for (let level = this.#height; level > 0; level--) {
      const slot = Math.max(0, slotsBefore(slabs, node, level) - 1);
      const words = slabs.words[pageOf(node)];
      const at = slotAt(node, slot, level);
      for (let i = slotAt(node, 0, level); i < at; i += slotWordsAt(level)) {
        rank += words[i + BELOW];
      }
      pathNodes[level] = node;
      pathSlots[level] = slot;
      node = words[at + CHILD];
    }
    target.isInclusive = isInclusive;
    const slot = slotsBefore(slabs, node, 0);
    pathNodes[0] = node;
    pathSlots[0] = slot;
    return rank + slot;
  }

  /** Leads the path to the item of a rank. */
  #seekRank(rank: number): void {
    const slabs = this.#slabs;
    let node = this.#root;
    let left = rank;
    for (let level = this.#height; level > 0; level--) {
      const words = slabs.words[pageOf(node)];
      const step = slotWordsAt(level);
      let at = slotAt(node, 0, level);
      let slot = 0;
      for (; left >= words[at + BELOW]; at += step, slot++) left -= words[at + BELOW];
      pathNodes[level] = node;
      pathSlots[level] = slot;
      node = words[at + CHILD];
    }
    pathNodes[0] = node;
    pathSlots[0] = left;
  }

  // -------------------------------------------------------------- growing

  #createNode(level: number): number {
    const node = createNode(this.#slabs, level);
    this.#memoryBytes += nodeBytes(level);
    return node;
  }

  #freeNode(node: number, level: number): void {
    this.#slabs.free(node);
    this.#memoryBytes -= nodeBytes(level);
  }

  /** Makes the nodes that splitting the full nodes at the path's end will need, or none at all. */
  #makeSpareNodes(): void {
    let level = 0;
    try {
      for (; level <= this.#height; level++) {
        if (slotCount(this.#slabs, pathNodes[level]) < capacityAt(level)) return;
        spareNodes[level] = this.#createNode(level);
      }
      spareNodes[level] = this.#createNode(level);
    } catch (failure) {
      while (level-- > 0) this.#freeNode(spareNodes[level], level);
      throw failure;
    }
  }

  /**
   * Opens a slot in the path's node of a level, to which the path then leads, splitting the node
   * when it is full.
   *
   * @returns The new node behind the split one, 0 when there was room.
   */
  #openAt(level: number, slot: number): number {
    const slabs = this.#slabs;
    const node = pathNodes[level];
    const count = slotCount(slabs, node);
    if (count < capacityAt(level)) {
      openSlot(slabs, node, slot, level);
      pathSlots[level] = slot;
      return 0;
    }
    const right = spareNodes[level];
    const isLast = slot === count && (level > 0 || neighbour(slabs, node, NEXT_WORD) === 0);
    const kept = isLast ? count : (count + 1) >>> 1;
    moveSlots(slabs, node, kept, right, level);
    if (level === 0) this.#linkBehind(node, right);
    const goesRight = slot > kept || isLast;
    pathNodes[level] = goesRight ? right : node;
    pathSlots[level] = goesRight ? slot - kept : slot;
    openSlot(slabs, pathNodes[level], pathSlots[level], level);
    return right;
  }

  #linkBehind(leaf: number, added: number): void {
    const slabs = this.#slabs;
    const next = neighbour(slabs, leaf, NEXT_WORD);
    setNeighbour(slabs, added, PREVIOUS_WORD, leaf);
    setNeighbour(slabs, added, NEXT_WORD, next);
    setNeighbour(slabs, leaf, NEXT_WORD, added);
    if (next !== 0) setNeighbour(slabs, next, PREVIOUS_WORD, added);
  }

  /** The node of a level that has been split into itself and `right`. */
  #leftOf(level: number, right: number): number {
    if (pathNodes[level] !== right) return pathNodes[level];
    if (level === this.#height) return this.#root;
    const parentLevel = level + 1;
    const slot = pathSlots[parentLevel];
    return slotWord(this.#slabs, pathNodes[parentLevel], slot, parentLevel, CHILD);
  }

  #addRoot(level: number): void {
    const root = spareNodes[level];
    openSlot(this.#slabs, root, 0, level);
    this.#root = root;
    this.#height = level;
    pathNodes[level] = root;
    pathSlots[level] = 0;
  }

  /** Tells the path's nodes above `level` that there are more items below them, or another first one. */
  #changeAbove(level: number, added: number): void {
    const slabs = this.#slabs;
    for (let above = level + 1; above <= this.#height; above++) {
      const node = pathNodes[above];
      const slot = pathSlots[above];
      slabs.words[pageOf(node)][slotAt(node, slot, above) + BELOW] += added;
      copyFirst(slabs, node, slot, above, pathNodes[above - 1]);
    }
  }

  // -------------------------------------------------------------- shrinking

  /** Takes out items from the path's end on, all in one leaf, and then nodes that are not needed any more. */
  #removeHere(removed: number): void {
    const slabs = this.#slabs;
    closeSlots(slabs, pathNodes[0], pathSlots[0], removed, 0);
    this.#size -= removed;
    for (let level = 0; level < this.#height; level++) this.#repair(level, removed);
    while (this.#height > 0 && slotCount(slabs, this.#root) === 1) {
      const root = this.#root;
      this.#root = slotWord(slabs, root, 0, this.#height, CHILD);
      this.#freeNode(root, this.#height--);
    }
    if (this.#size > 0) return;
    this.#freeNode(this.#root, this.#height);
    this.#root = this.#height = 0;
  }

  /** Puts right what a parent says of the path's node of a level, which has lost items. */
  #repair(level: number, removed: number): void {
    const slabs = this.#slabs;
    const node = pathNodes[level];
    const above = level + 1;
    const parent = pathNodes[above];
    const slot = pathSlots[above];
    if (slotCount(slabs, node) === 0) {
      if (level === 0) this.#unlink(node);
      this.#freeNode(node, level);
      closeSlots(slabs, parent, slot, 1, above);
      return;
    }
    slabs.words[pageOf(parent)][slotAt(parent, slot, above) + BELOW] -= removed;
    copyFirst(slabs, parent, slot, above, node);
    this.#mergeWithNext(parent, slot, above);
    if (slot > 0) this.#mergeWithNext(parent, slot - 1, above);
  }

  /** Merges the child of a slot with that of the next slot, if there is one and they are small enough. */
  #mergeWithNext(parent: number, slot: number, level: number): void {
    const slabs = this.#slabs;
    if (slot + 1 >= slotCount(slabs, parent)) return;
    const below = level - 1;
    const left = slotWord(slabs, parent, slot, level, CHILD);
    const right = slotWord(slabs, parent, slot + 1, level, CHILD);
    const together = slotCount(slabs, left) + slotCount(slabs, right);
    if (together > capacityAt(below) * MERGE_SHARE) return;
    moveSlots(slabs, right, 0, left, below);
    if (below === 0) this.#unlink(right);
    this.#freeNode(right, below);
    const items = slotWord(slabs, parent, slot + 1, level, BELOW);
    slabs.words[pageOf(parent)][slotAt(parent, slot, level) + BELOW] += items;
    closeSlots(slabs, parent, slot + 1, 1, level);
  }

  #unlink(leaf: number): void {
    const slabs = this.#slabs;
    const previous = neighbour(slabs, leaf, PREVIOUS_WORD);
    const next = neighbour(slabs, leaf, NEXT_WORD);
    if (previous !== 0) setNeighbour(slabs, previous, NEXT_WORD, next);
    if (next !== 0) setNeighbour(slabs, next, PREVIOUS_WORD, previous);
  }
}

/** Frees a node and all below it; their entries stay. */
export function freeSubtree(slabs: Slabs, node: number, level: number): void {
  if (level > 0) {
    const count = slotCount(slabs, node);
    for (let slot = 0; slot < count; slot++) {
      freeSubtree(slabs, slotWord(slabs, node, slot, level, CHILD), level - 1);
    }
  }
  slabs.free(node);
}

/** Moves a node where that is wanted, and tells the neighbours of a leaf. Returns its handle. */
function moveNode(slabs: Slabs, node: number, level: number): number {
  if (!slabs.shouldMove(node)) return node;
  const moved = slabs.move(node);
  if (level > 0 || moved === node) return moved;
  const previous = neighbour(slabs, moved, PREVIOUS_WORD);
  const next = neighbour(slabs, moved, NEXT_WORD);
  if (previous !== 0) setNeighbour(slabs, previous, NEXT_WORD, moved);
  if (next !== 0) setNeighbour(slabs, next, PREVIOUS_WORD, moved);
  return moved;
}

function compactBelow(slabs: Slabs, node: number, level: number): number {
  if (level === 0) return 0;
  const count = slotCount(slabs, node);
  let moved = 0;
  for (let slot = 0; slot < count; slot++) moved += compactChild(slabs, node, slot, level);
  return moved;
}

/** Moves the node in a slot of another one, and those below. */
function compactChild(slabs: Slabs, node: number, slot: number, level: number): number {
  const at = slotAt(node, slot, level) + CHILD;
  const words = slabs.words[pageOf(node)];
  const child = words[at];
  const moved = moveNode(slabs, child, level - 1);
  words[at] = moved;
  return (moved === child ? 0 : 1) + compactBelow(slabs, moved, level - 1);
}

function setTargetKey(buf: Uint8Array, start: number, end: number): void {
  target.buf = buf;
  target.start = start;
  target.end = end;
}

/** How many of a node's slots have their first item before the target. */
function slotsBefore(slabs: Slabs, node: number, level: number): number {
  const words = slabs.words[pageOf(node)];
  const first = slotAt(node, 0, level);
  const step = slotWordsAt(level);
  let low = 0;
  let high = words[wordOffset(node)];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(slabs, words, first + middle * step)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether the item at a word offset comes before the target. */
function isBefore(slabs: Slabs, words: Int32Array, at: number): boolean {
  if (!target.isLexical) {
    const high = words[at];
    if (high !== target.high) return high < target.high;
    const low = words[at + LOW];
    if (low !== target.low) return low < target.low;
    if (target.ties !== Ties.BY_KEY) return target.ties === Ties.BEFORE;
  }
  const entry = words[at + ENTRY];
  const entryWords = slabs.words[pageOf(entry)];
  const entryAt = wordOffset(entry);
  const start = keyOffsetAt(entryWords, entryAt);
  const order = compareBytes(
    slabs.bytes[pageOf(entry)],
    start,
    start + keyLengthAt(entryWords, entryAt),
    target.buf,
    target.start,
    target.end,
  );
  return order < 0 || (order === 0 && target.isInclusive);
}
