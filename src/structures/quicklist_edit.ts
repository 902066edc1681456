/**
 * Changing quicklists: elements come and go at the ends and in the middle, nodes are begun, split,
 * joined and dropped. See quicklist.ts for the layout.
 *
 * `fill` is `list-max-listpack-size`: so many elements in a node (and 8 KiB at most), or with -1 to
 * -5 as much as fits into 4, 8, 16, 32 or 64 KiB. A text to be put in must not lie in the list. Nodes
 * that are compressed are opened to be changed, and settled at the end (see quicklist_compress.ts).
 * What throws OutOfMemory leaves the list's elements as they were.
 */
import type { Slabs } from "../memory/slab.ts";
import {
  appendElement,
  createListpack,
  elementSize,
  EMPTY_LISTPACK_BYTES,
  firstElement,
  insertElement,
  lastElement,
  LISTPACK_HEADER_BYTES,
  nextElement,
  previousElement,
  removeElements,
  replaceElement,
  reserveListpack,
  trimListpack,
} from "./listpack.ts";
import { appendListpack, copyElements } from "./listpack_parts.ts";
import {
  addLength,
  createPackedNode,
  createPlainNode,
  type Cursor,
  dataOf,
  dropNode,
  elementsOf,
  endNode,
  enter,
  freeNode,
  isCompressed,
  isPlain,
  linkNode,
  neighbour,
  rawBytes,
  seek,
  setListpack,
} from "./quicklist.ts";
import {
  leaveNode,
  openForChange,
  openNode,
  readableData,
  settle,
  settleRest,
} from "./quicklist_compress.ts";

/** The bytes of a node when `fill` is a number of elements. */
const SAFE_BYTES = 8192;
/** The bytes of a node for a fill of -1; each one less doubles them. */
const LEAST_BYTES = 4096;
const LOWEST_FILL = -5;

/** What loses its elements one by one keeps its block until it is half empty. */
const POP_SLACK_SHIFT = 0;

/** How many bytes the listpack of a node may have. */
export function nodeBytesLimit(fill: number): number {
  return fill >= 0 ? SAFE_BYTES : LEAST_BYTES << (-Math.max(fill, LOWEST_FILL) - 1);
}

/** How many elements a node may have. */
export function nodeCountLimit(fill: number): number {
  return fill >= 0 ? Math.max(fill, 1) : Infinity;
}

/** Whether a listpack of so many bytes and elements is more than a node may have. */
export function exceedsNode(fill: number, bytes: number, count: number): boolean {
  return bytes > nodeBytesLimit(fill) || count > nodeCountLimit(fill);
}

// ---------------------------------------------------------------- at the ends

/** Adds an element at the head, or at the tail. */
export function push(
  slabs: Slabs,
  list: number,
  fill: number,
  atHead: boolean,
  buf: Uint8Array,
  start: number,
  end: number,
): void {
  const node = endNode(slabs, list, atHead);
  const bytes = elementSize(buf, start, end);
  if (node !== 0 && accepts(slabs, node, fill, bytes)) {
    const lp = withRoomFor(slabs, node, bytes, fill);
    const pos = atHead ? firstElement(slabs, lp) : 0;
    setListpack(slabs, node, insertElement(slabs, lp, pos, buf, start, end), 1);
  } else {
    linkNode(slabs, list, createNode(slabs, fill, buf, start, end), atHead ? 0 : node);
    if (node !== 0) trim(slabs, node);
    settle(slabs, list, 0);
  }
  addLength(slabs, list, 1);
}

/**
 * The listpack of a node at an end, with room for so many bytes more. Its block grows by doubling, up
 * to what a node may have; what is left of that is given back when the next node is begun.
 */
function withRoomFor(slabs: Slabs, node: number, bytes: number, fill: number): number {
  const lp = openNode(slabs, node);
  const length = rawBytes(slabs, node);
  if (slabs.sizeOf(lp) >= length + bytes) return lp;
  const room = Math.max(bytes, Math.min(length, nodeBytesLimit(fill) - length));
  const moved = reserveListpack(slabs, lp, room);
  setListpack(slabs, node, moved, 0);
  return moved;
}

/** A node that is full for now keeps no room. */
function trim(slabs: Slabs, node: number): void {
  if (isPlain(slabs, node) || isCompressed(slabs, node)) return;
  setListpack(slabs, node, trimListpack(slabs, dataOf(slabs, node)), 0);
}

/** Removes the first element, or the last, which there must be. */
export function pop(slabs: Slabs, list: number, atHead: boolean): void {
  const node = endNode(slabs, list, atHead);
  if (elementsOf(slabs, node) === 1) {
    dropNode(slabs, list, node);
    settle(slabs, list, 0);
  } else {
    const lp = openNode(slabs, node);
    const pos = atHead ? firstElement(slabs, lp) : lastElement(slabs, lp);
    setListpack(slabs, node, removeElements(slabs, lp, pos, 1, POP_SLACK_SHIFT), -1);
  }
  addLength(slabs, list, -1);
}

/** Removes `count` elements from `index` on, all that there are at most; a negative index counts from the end. */
export function removeRange(
  slabs: Slabs,
  list: number,
  index: number,
  count: number,
): void {
  if (count <= 0 || !seek(slabs, list, index, place)) return;
  let { node, pos } = place;
  let left = count;
  let hasDropped = false;
  while (left > 0 && node !== 0) {
    const behind = neighbour(slabs, node, true);
    const before = elementsOf(slabs, node);
    const isWhole = isPlain(slabs, node) || pos === LISTPACK_HEADER_BYTES;
    if (isWhole && left >= before) {
      dropNode(slabs, list, node);
      addLength(slabs, list, -before);
      left -= before;
      hasDropped = true;
    } else {
      left -= removeFromNode(slabs, list, node, pos, left);
    }
    node = behind;
    if (enter(slabs, node, place, true)) pos = place.pos;
  }
  if (hasDropped) settleRest(slabs, list);
}

/** Removes up to `count` elements of a packed node from `pos` on, but not all; returns how many. */
function removeFromNode(
  slabs: Slabs,
  list: number,
  node: number,
  pos: number,
  count: number,
): number {
  const lp = openForChange(slabs, node);
  let removed = 0;
  for (let at = pos; at !== 0 && removed < count; at = nextElement(slabs, lp, at)) removed++;
  setListpack(slabs, node, removeElements(slabs, lp, pos, removed), -removed);
  leaveNode(slabs, node);
  addLength(slabs, list, -removed);
  return removed;
}

// ---------------------------------------------------------------- at a cursor

/**
 * Removes the element under the cursor, which is then on the one behind it, or with `forward` false
 * before it. False when there is none. A node may be left open: see {@link leave}.
 */
export function removeAt(slabs: Slabs, list: number, cursor: Cursor, forward: boolean): boolean {
  const { node, pos } = cursor;
  const following = neighbour(slabs, node, forward);
  if (elementsOf(slabs, node) === 1) {
    addLength(slabs, list, -1);
    dropNode(slabs, list, node);
    settle(slabs, list, 0);
    return enter(slabs, following, cursor, forward);
  }
  const lp = openForChange(slabs, node);
  addLength(slabs, list, -1);
  const next = forward
    ? nextElement(slabs, lp, pos) === 0 ? 0 : pos
    : previousElement(slabs, lp, pos);
  setListpack(slabs, node, removeElements(slabs, lp, pos, 1), -1);
  if (next === 0) {
    leaveNode(slabs, node);
    return enter(slabs, following, cursor, forward);
  }
  cursor.pos = next;
  return true;
}

/** Compresses the cursor's node if it was opened by {@link removeAt}; to be called when that is done and there is an element. */
export function leave(slabs: Slabs, cursor: Cursor): void {
  leaveNode(slabs, cursor.node);
}

/** Puts another element into the place of the one under the cursor, which is not valid afterwards. */
export function replaceAt(
  slabs: Slabs,
  list: number,
  fill: number,
  cursor: Cursor,
  buf: Uint8Array,
  start: number,
  end: number,
): void {
  const { node, pos } = cursor;
  if (pos !== 0 && !isBig(fill, end - start)) {
    const lp = readableData(slabs, node);
    const total = rawBytes(slabs, node);
    const oldSize = (nextElement(slabs, lp, pos) || total - 1) - pos;
    const bytes = total - oldSize + elementSize(buf, start, end);
    if (!exceedsNode(fill, bytes, elementsOf(slabs, node))) {
      const opened = openForChange(slabs, node);
      setListpack(slabs, node, replaceElement(slabs, opened, pos, buf, start, end), 0);
      settle(slabs, list, node);
      return;
    }
  }
  insertAt(slabs, list, fill, cursor, true, buf, start, end);
  if (removeAt(slabs, list, cursor, true)) settle(slabs, list, cursor.node);
}

/**
 * Adds an element behind the one under the cursor, or before it. The cursor stays with its element
 * when the new one comes behind it, and is not valid otherwise.
 */
export function insertAt(
  slabs: Slabs,
  list: number,
  fill: number,
  cursor: Cursor,
  behind: boolean,
  buf: Uint8Array,
  start: number,
  end: number,
): void {
  const { node } = cursor;
  const pos = cursor.pos === 0 ? 0 : gapAt(slabs, readableData(slabs, node), cursor.pos, behind);
  const next = neighbour(slabs, node, behind);
  const isAtEdge = isEdge(slabs, node, pos, behind);
  const bytes = elementSize(buf, start, end);
  if (accepts(slabs, node, fill, bytes)) {
    insertIntoNode(slabs, list, node, pos, buf, start, end);
  } else if (isAtEdge && next !== 0 && accepts(slabs, next, fill, bytes)) {
    insertIntoNode(slabs, list, next, behind ? LISTPACK_HEADER_BYTES : 0, buf, start, end);
  } else {
    const made = createNode(slabs, fill, buf, start, end);
    if (isAtEdge) {
      linkNode(slabs, list, made, behind ? node : neighbour(slabs, node, false));
      settle(slabs, list, made);
    } else splitAround(slabs, list, fill, node, pos, made);
  }
  addLength(slabs, list, 1);
}

/** The place behind or before an element, as the position of what follows it; 0 at the end. */
function gapAt(slabs: Slabs, lp: number, pos: number, behind: boolean): number {
  return behind ? nextElement(slabs, lp, pos) : pos;
}

/** Whether a gap is the last of its node, or (not `behind`) the first. */
function isEdge(slabs: Slabs, node: number, gap: number, behind: boolean): boolean {
  if (isPlain(slabs, node)) return true;
  return behind ? gap === 0 : gap === LISTPACK_HEADER_BYTES;
}

function insertIntoNode(
  slabs: Slabs,
  list: number,
  node: number,
  pos: number,
  buf: Uint8Array,
  start: number,
  end: number,
): void {
  const lp = openForChange(slabs, node);
  setListpack(slabs, node, insertElement(slabs, lp, pos, buf, start, end), 1);
  settle(slabs, list, node);
}

/**
 * Splits a packed node before `pos` and puts a node that is ready between the halves. What lies
 * behind the gap joins its neighbour where both fit into one node, so that lists which are filled in
 * the middle do not crumble; the first half stays where it is.
 */
function splitAround(
  slabs: Slabs,
  list: number,
  fill: number,
  node: number,
  pos: number,
  between: number,
): void {
  let lp: number;
  let rest: number;
  try {
    lp = openForChange(slabs, node);
    rest = splitOff(slabs, lp, pos);
  } catch (failure) {
    freeNode(slabs, between);
    throw failure;
  }
  const moved = elementsOf(slabs, rest);
  setListpack(slabs, node, removeElements(slabs, lp, pos, moved), -moved);
  // One more node moves one away from an end, so each is settled for.
  linkNode(slabs, list, between, node);
  settle(slabs, list, 0);
  linkNode(slabs, list, rest, between);
  settle(slabs, list, 0);
  joinWithNext(slabs, list, fill, rest);
  joinWithNext(slabs, list, fill, between);
  settle(slabs, list, node);
  settle(slabs, list, between);
  settle(slabs, list, neighbour(slabs, between, true));
}

/** A node with copies of a listpack's elements from `pos` on. */
function splitOff(slabs: Slabs, lp: number, pos: number): number {
  const part = copyElements(slabs, lp, pos);
  try {
    return createPackedNode(slabs, part);
  } catch (failure) {
    slabs.free(part);
    throw failure;
  }
}

/** Makes one node of this one and the next, when they are packed and fit. */
function joinWithNext(slabs: Slabs, list: number, fill: number, node: number): void {
  const next = neighbour(slabs, node, true);
  if (next === 0 || isPlain(slabs, node) || isPlain(slabs, next)) return;
  const count = elementsOf(slabs, next);
  const bytes = rawBytes(slabs, node) + rawBytes(slabs, next) - EMPTY_LISTPACK_BYTES;
  if (exceedsNode(fill, bytes, elementsOf(slabs, node) + count)) return;
  const lp = openForChange(slabs, node);
  const other = openForChange(slabs, next);
  setListpack(slabs, node, appendListpack(slabs, lp, other), count);
  dropNode(slabs, list, next);
}

// ---------------------------------------------------------------- nodes for elements

const place: Cursor = { node: 0, pos: 0 };

/** Whether an element of that length is too long for any listpack. */
function isBig(fill: number, length: number): boolean {
  return length > nodeBytesLimit(fill);
}

/** Whether a node has room for another element, of `bytes` bytes in a listpack. */
function accepts(slabs: Slabs, node: number, fill: number, bytes: number): boolean {
  if (isPlain(slabs, node)) return false;
  return !exceedsNode(fill, rawBytes(slabs, node) + bytes, elementsOf(slabs, node) + 1);
}

/** A node, of no list yet, with one element. */
function createNode(
  slabs: Slabs,
  fill: number,
  buf: Uint8Array,
  start: number,
  end: number,
): number {
  if (isBig(fill, end - start)) return createPlainNode(slabs, buf, start, end);
  const empty = createListpack(slabs, EMPTY_LISTPACK_BYTES + elementSize(buf, start, end));
  const lp = appendElement(slabs, empty, buf, start, end);
  try {
    return createPackedNode(slabs, lp);
  } catch (failure) {
    slabs.free(lp);
    throw failure;
  }
}
