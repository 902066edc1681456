/**
 * The ID tree: stream IDs in order, each with a value of some words. A B+ tree in the slabs, so that
 * a million of them are nothing to the garbage collector; finding, adding and removing one is
 * O(log n), going on to the next O(1). Nodes are drawn in `id_tree_node.ts`.
 *
 * A tree is named by the handle of its root, 0 being the empty one; a change may give it another
 * root. All items of a tree have values of the same number of words.
 *
 * A full node is split in halves, but at the right end, where growing IDs arrive, it stays full.
 * Neighbours that would fill at most three quarters of a node when taken together are merged.
 */
import { pageOf } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";
import {
  capacityOf,
  childAt,
  closeSlot,
  compareAt,
  copySlotId,
  createNode,
  firstLeafBytes,
  ID_WORDS,
  levelOf,
  moveSlots,
  neighbour,
  NEXT_WORD,
  NODE_BYTES,
  openSlot,
  PREVIOUS_WORD,
  setChild,
  setNeighbour,
  setSlotCount,
  slotAt,
  slotCount,
  slotsBelow,
  valueWordsOf,
} from "./id_tree_node.ts";
import { StreamId } from "./stream_id.ts";

/** More levels than any tree can have. */
const MAX_LEVELS = 32;
/** Two nodes are merged when they fill no more than this share of one. */
const MERGE_SHARE = 3 / 4;

/** The way from the root to a slot, by level; never survives a call. */
const pathNodes = new Int32Array(MAX_LEVELS);
const pathSlots = new Int32Array(MAX_LEVELS);
/** Nodes made ahead of a split, by level. */
const spareNodes = new Int32Array(MAX_LEVELS);

/** An item's place in a tree; valid until the tree changes. */
export class IdTreePosition {
  leaf = 0;
  slot = 0;
  /** Whether {@link insertId} has added the item. */
  isNew = false;
}

// ---------------------------------------------------------------- looking

/** Goes to the item of an ID; false when there is none. */
export function findId(
  slabs: Slabs,
  root: number,
  id: StreamId,
  position: IdTreePosition,
): boolean {
  return seekId(slabs, root, id, position) && isAt(slabs, position, id);
}

/** Whether a position, which may be behind the last item of its leaf, is that of an ID. */
function isAt(slabs: Slabs, { leaf, slot }: IdTreePosition, id: StreamId): boolean {
  if (slot >= slotCount(slabs, leaf)) return false;
  return compareAt(slabs.words[pageOf(leaf)], slotAt(slabs, leaf, slot), id) === 0;
}

/** Goes to the first item whose ID is not smaller; false when there is none. */
export function seekId(
  slabs: Slabs,
  root: number,
  id: StreamId,
  position: IdTreePosition,
): boolean {
  if (root === 0) return false;
  let node = root;
  for (let level = levelOf(slabs, root); level > 0; level--) {
    node = childAt(slabs, node, Math.max(slotsBelow(slabs, node, id, true) - 1, 0));
  }
  position.leaf = node;
  position.slot = slotsBelow(slabs, node, id, false) - 1;
  return nextId(slabs, position);
}

/** Goes to the item behind; false at the end. */
export function nextId(slabs: Slabs, position: IdTreePosition): boolean {
  if (++position.slot < slotCount(slabs, position.leaf)) return true;
  position.leaf = neighbour(slabs, position.leaf, NEXT_WORD);
  position.slot = 0;
  return position.leaf !== 0;
}

/** Goes to the last item of a tree that is not empty. */
export function lastId(slabs: Slabs, root: number, position: IdTreePosition): void {
  let node = root;
  for (let level = levelOf(slabs, root); level > 0; level--) {
    node = childAt(slabs, node, slotCount(slabs, node) - 1);
  }
  position.leaf = node;
  position.slot = slotCount(slabs, node) - 1;
}

/** Reads the ID of an item. */
export function readIdAt(slabs: Slabs, { leaf, slot }: IdTreePosition, id: StreamId): void {
  const words = slabs.words[pageOf(leaf)];
  const at = slotAt(slabs, leaf, slot);
  id.set(words[at], words[at + 1], words[at + 2], words[at + 3]);
}

/** A word of an item's value. */
export function valueWord(slabs: Slabs, { leaf, slot }: IdTreePosition, word: number): number {
  return slabs.words[pageOf(leaf)][slotAt(slabs, leaf, slot) + ID_WORDS + word];
}

export function setValueWord(
  slabs: Slabs,
  { leaf, slot }: IdTreePosition,
  word: number,
  value: number,
): void {
  slabs.words[pageOf(leaf)][slotAt(slabs, leaf, slot) + ID_WORDS + word] = value;
}

// ---------------------------------------------------------------- adding

/**
 * Adds an ID, unless it is there.
 *
 * @param position Where the item then is, and whether it is new; the words of the value of a new one
 *   are the caller's matter.
 * @returns The root. Throws OutOfMemory with nothing changed.
 */
export function insertId(
  slabs: Slabs,
  root: number,
  valueWords: number,
  id: StreamId,
  position: IdTreePosition,
): number {
  let top = root;
  if (top === 0) top = createNode(slabs, 0, valueWords, firstLeafBytes(valueWords));
  const height = levelOf(slabs, top);
  descend(slabs, top, id);
  position.leaf = pathNodes[0];
  position.slot = pathSlots[0];
  position.isNew = !isAt(slabs, position, id);
  if (!position.isNew) return top;
  if (height === 0) pathNodes[0] = top = withRoom(slabs, top);
  makeSpareNodes(slabs, height, valueWords);
  let right = openAt(slabs, 0, pathSlots[0]);
  position.leaf = pathNodes[0];
  position.slot = pathSlots[0];
  writeId(slabs, position, id);
  for (let level = 1; right !== 0; level++) {
    if (level > height) return newRoot(slabs, spareNodes[level], top, right);
    const added = right;
    right = openAt(slabs, level, pathSlots[level] + 1);
    describeChild(slabs, pathNodes[level], pathSlots[level], added);
  }
  return top;
}

function writeId(slabs: Slabs, { leaf, slot }: IdTreePosition, id: StreamId): void {
  const words = slabs.words[pageOf(leaf)];
  const at = slotAt(slabs, leaf, slot);
  words[at] = id.msHigh;
  words[at + 1] = id.msLow;
  words[at + 2] = id.seqHigh;
  words[at + 3] = id.seqLow;
}

/** The leaf, which is the root, with room for one more, unless it is a full node. */
function withRoom(slabs: Slabs, leaf: number): number {
  if (slotCount(slabs, leaf) < capacityOf(slabs, leaf)) return leaf;
  return slabs.resize(leaf, Math.min(2 * slabs.sizeOf(leaf), NODE_BYTES));
}

/** Leads the path to the first item whose ID is not smaller, or the place behind all in its leaf. */
function descend(slabs: Slabs, root: number, id: StreamId): void {
  let node = root;
  for (let level = levelOf(slabs, root); level > 0; level--) {
    const slot = Math.max(slotsBelow(slabs, node, id, true) - 1, 0);
    pathNodes[level] = node;
    pathSlots[level] = slot;
    node = childAt(slabs, node, slot);
  }
  pathNodes[0] = node;
  pathSlots[0] = slotsBelow(slabs, node, id, false);
}

/** Makes the nodes that splitting the full nodes at the path's end will need, or none at all. */
function makeSpareNodes(slabs: Slabs, height: number, valueWords: number): void {
  let level = 0;
  try {
    for (; level <= height; level++) {
      if (slotCount(slabs, pathNodes[level]) < capacityOf(slabs, pathNodes[level])) return;
      spareNodes[level] = createNode(slabs, level, valueWords, NODE_BYTES);
    }
    spareNodes[level] = createNode(slabs, level, valueWords, NODE_BYTES);
  } catch (failure) {
    while (level-- > 0) slabs.free(spareNodes[level]);
    throw failure;
  }
}

/**
 * Opens a slot in the path's node of a level, to which the path then leads, splitting the node when
 * it is full. Returns the new node behind the split one, 0 when there was room.
 */
function openAt(slabs: Slabs, level: number, slot: number): number {
  const node = pathNodes[level];
  const count = slotCount(slabs, node);
  if (count < capacityOf(slabs, node)) {
    openSlot(slabs, node, slot);
    pathSlots[level] = slot;
    return 0;
  }
  const right = spareNodes[level];
  const isLast = slot === count && (level > 0 || neighbour(slabs, node, NEXT_WORD) === 0);
  const kept = isLast ? count : (count + 1) >>> 1;
  moveSlots(slabs, node, kept, right);
  if (level === 0) linkBehind(slabs, node, right);
  const goesRight = slot > kept || isLast;
  pathNodes[level] = goesRight ? right : node;
  pathSlots[level] = goesRight ? slot - kept : slot;
  openSlot(slabs, pathNodes[level], pathSlots[level]);
  return right;
}

function linkBehind(slabs: Slabs, leaf: number, added: number): void {
  const next = neighbour(slabs, leaf, NEXT_WORD);
  setNeighbour(slabs, added, PREVIOUS_WORD, leaf);
  setNeighbour(slabs, added, NEXT_WORD, next);
  setNeighbour(slabs, leaf, NEXT_WORD, added);
  if (next !== 0) setNeighbour(slabs, next, PREVIOUS_WORD, added);
}

function newRoot(slabs: Slabs, root: number, left: number, right: number): number {
  setSlotCount(slabs, root, 2);
  describeChild(slabs, root, 0, left);
  describeChild(slabs, root, 1, right);
  return root;
}

function describeChild(slabs: Slabs, node: number, slot: number, child: number): void {
  setChild(slabs, node, slot, child);
  copySlotId(slabs, node, slot, child, 0);
}

// ---------------------------------------------------------------- removing

/** Takes out an ID, which must be there; returns the root. */
export function removeId(slabs: Slabs, root: number, id: StreamId): number {
  descend(slabs, root, id);
  return removeFound(slabs, root);
}

/** As {@link findId}, so that {@link removeFound} can take the item out. */
export function findToRemove(
  slabs: Slabs,
  root: number,
  id: StreamId,
  position: IdTreePosition,
): boolean {
  if (root === 0) return false;
  descend(slabs, root, id);
  position.leaf = pathNodes[0];
  position.slot = pathSlots[0];
  return isAt(slabs, position, id);
}

/** Takes out what {@link findToRemove} has found, if that was the last look into any ID tree; returns the root. */
export function removeFound(slabs: Slabs, root: number): number {
  closeSlot(slabs, pathNodes[0], pathSlots[0]);
  const height = levelOf(slabs, root);
  for (let level = 0; level < height && repair(slabs, level); level++);
  let top = root;
  while (levelOf(slabs, top) > 0 && slotCount(slabs, top) === 1) {
    const child = childAt(slabs, top, 0);
    slabs.free(top);
    top = child;
  }
  if (slotCount(slabs, top) > 0) return top;
  slabs.free(top);
  return 0;
}

/** Frees or merges the path's node of a level, which has lost a slot; returns whether its parent has lost one, too. */
function repair(slabs: Slabs, level: number): boolean {
  const node = pathNodes[level];
  const parent = pathNodes[level + 1];
  const slot = pathSlots[level + 1];
  if (slotCount(slabs, node) === 0) {
    if (level === 0) unlink(slabs, node);
    slabs.free(node);
    closeSlot(slabs, parent, slot);
    return true;
  }
  const isMerged = mergeWithNext(slabs, parent, slot);
  return (slot > 0 && mergeWithNext(slabs, parent, slot - 1)) || isMerged;
}

/** Merges the child of a slot with that of the next slot, if there is one and they are small enough. */
function mergeWithNext(slabs: Slabs, parent: number, slot: number): boolean {
  if (slot + 1 >= slotCount(slabs, parent)) return false;
  const left = childAt(slabs, parent, slot);
  const right = childAt(slabs, parent, slot + 1);
  const kept = slotCount(slabs, left);
  if (kept + slotCount(slabs, right) > capacityOf(slabs, left) * MERGE_SHARE) return false;
  moveSlots(slabs, right, 0, left);
  if (levelOf(slabs, right) === 0) unlink(slabs, right);
  // The bound of a node's first slot means nothing; that of the node itself takes its place.
  else copySlotId(slabs, left, kept, parent, slot + 1);
  slabs.free(right);
  closeSlot(slabs, parent, slot + 1);
  return true;
}

function unlink(slabs: Slabs, leaf: number): void {
  const previous = neighbour(slabs, leaf, PREVIOUS_WORD);
  const next = neighbour(slabs, leaf, NEXT_WORD);
  if (previous !== 0) setNeighbour(slabs, previous, NEXT_WORD, next);
  if (next !== 0) setNeighbour(slabs, next, PREVIOUS_WORD, previous);
}

// ---------------------------------------------------------------- the whole

/** A copy of a tree. Throws OutOfMemory with nothing left behind. */
export function copyTree(slabs: Slabs, root: number): number {
  if (root === 0) return 0;
  const valueWords = valueWordsOf(slabs, root);
  let copy = 0;
  copyId.setMin();
  try {
    for (let more = seekId(slabs, root, copyId, source); more; more = nextId(slabs, source)) {
      readIdAt(slabs, source, copyId);
      copy = insertId(slabs, copy, valueWords, copyId, target);
      for (let i = 0; i < valueWords; i++) {
        setValueWord(slabs, target, i, valueWord(slabs, source, i));
      }
    }
  } catch (failure) {
    freeNodes(slabs, copy, Infinity);
    throw failure;
  }
  return copy;
}

const copyId = new StreamId();
const source = new IdTreePosition();
const target = new IdTreePosition();

/**
 * Frees up to so many nodes of a tree that is not used any more.
 *
 * @returns What is left of it, to be freed by further calls.
 */
export function freeNodes(slabs: Slabs, root: number, most: number): number {
  let left = root;
  for (let freed = 0; freed < most && left !== 0; freed++) {
    let parent = 0;
    let node = left;
    while (levelOf(slabs, node) > 0 && slotCount(slabs, node) > 0) {
      parent = node;
      node = childAt(slabs, node, slotCount(slabs, node) - 1);
    }
    slabs.free(node);
    if (parent === 0) left = 0;
    else setSlotCount(slabs, parent, slotCount(slabs, parent) - 1);
  }
  return left;
}

/** Bytes of all nodes. O(inner nodes). */
export function treeBytes(slabs: Slabs, root: number): number {
  if (root === 0) return 0;
  const level = levelOf(slabs, root);
  if (level === 0) return slabs.sizeOf(root);
  const count = slotCount(slabs, root);
  if (level === 1) return (count + 1) * NODE_BYTES;
  let bytes = NODE_BYTES;
  for (let slot = 0; slot < count; slot++) bytes += treeBytes(slabs, childAt(slabs, root, slot));
  return bytes;
}

/** Moves nodes to denser places where that is worth it, and counts them; returns the root. */
export function compactTree(slabs: Slabs, root: number, tally: { moved: number }): number {
  if (root === 0) return 0;
  const moved = moveNode(slabs, root, tally);
  if (levelOf(slabs, moved) === 0) return moved;
  const count = slotCount(slabs, moved);
  for (let slot = 0; slot < count; slot++) {
    setChild(slabs, moved, slot, compactTree(slabs, childAt(slabs, moved, slot), tally));
  }
  return moved;
}

function moveNode(slabs: Slabs, node: number, tally: { moved: number }): number {
  if (!slabs.shouldMove(node)) return node;
  const moved = slabs.move(node);
  if (moved === node) return node;
  tally.moved++;
  if (levelOf(slabs, moved) > 0) return moved;
  const previous = neighbour(slabs, moved, PREVIOUS_WORD);
  const next = neighbour(slabs, moved, NEXT_WORD);
  if (previous !== 0) setNeighbour(slabs, previous, NEXT_WORD, moved);
  if (next !== 0) setNeighbour(slabs, next, PREVIOUS_WORD, moved);
  return moved;
}
