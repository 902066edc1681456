/**
 * The quicklist: a long list of byte strings, as a chain of nodes with a listpack each.
 *
 *   head     word 0   first node                node    word 0   node before it, 0 for none
 *            word 1   last node                         word 1   node behind it, 0 for none
 *            word 2   number of nodes                   word 2   its data
 *            word 3   number of elements                word 3   number of its elements
 *                                                       word 4   PACKED, or the length of the one
 *                                                                element that is the data
 *
 * Head, nodes and data are slab blocks, so a list has nothing on the JavaScript heap. The data of a
 * node is a listpack of up to `list-max-listpack-size`; an element that alone is longer than a
 * listpack may be has a plain node, whose data is its bytes.
 *
 * Both ends take and give elements in O(1). An index is found by the nodes' counts, from the nearer
 * end, and only in its node from element to element: in the usual nodes of 8 KiB, one step for some
 * hundreds of elements. What is told here is the layout and how it is read; see quicklist_edit.ts for
 * how it is changed. All nodes are kept as they are: `list-compress-depth` is not heeded.
 */
import { copyBytes, equalBytes } from "../memory/bytes.ts";
import { byteOffset, pageOf, wordOffset } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";
import type { ReplyWriter } from "../resp/writer.ts";
import {
  Element,
  elementAt,
  elementEquals,
  firstElement,
  lastElement,
  listpackLength,
  nextElement,
  previousElement,
  readElement,
} from "./listpack.ts";
import { replyListpack } from "./listpack_reply.ts";

const FIRST = 0;
const LAST = 1;
const NODES = 2;
const ELEMENTS = 3;
const HEAD_BYTES = 16;

const BEFORE = 0;
const BEHIND = 1;
const DATA = 2;
const COUNT = 3;
const PLAIN_BYTES = 4;
const NODE_BYTES = 20;
/** In place of a length: the data is a listpack. */
const PACKED = -1;

/** How far the nodes go into the measuring of a list of which only samples are wanted. */
const NO_LIMIT = 2 ** 31;

const plain = new Element();

/** Where an element is: its node, and its position in the node's listpack (0 in a plain node). */
export interface Cursor {
  node: number;
  pos: number;
}

// ---------------------------------------------------------------- words of heads and nodes

function word(slabs: Slabs, block: number, index: number): number {
  return slabs.words[pageOf(block)][wordOffset(block) + index];
}

function setWord(slabs: Slabs, block: number, index: number, value: number): void {
  slabs.words[pageOf(block)][wordOffset(block) + index] = value;
}

/** Number of elements. */
export function quicklistLength(slabs: Slabs, list: number): number {
  return word(slabs, list, ELEMENTS) >>> 0;
}

/** Number of nodes. */
export function nodeCount(slabs: Slabs, list: number): number {
  return word(slabs, list, NODES);
}

/** The first node, or the last; 0 when there is none. */
export function endNode(slabs: Slabs, list: number, atHead: boolean): number {
  return word(slabs, list, atHead ? FIRST : LAST);
}

/** The node behind this one, or before it; 0 at the end. */
export function neighbour(slabs: Slabs, node: number, forward: boolean): number {
  return word(slabs, node, forward ? BEHIND : BEFORE);
}

/** Number of a node's elements. */
export function elementsOf(slabs: Slabs, node: number): number {
  return word(slabs, node, COUNT);
}

/** The handle of a node's listpack, or of the bytes of a plain one's element. */
export function dataOf(slabs: Slabs, node: number): number {
  return word(slabs, node, DATA);
}

/** Whether the node holds one element alone, without a listpack around it. */
export function isPlain(slabs: Slabs, node: number): boolean {
  return word(slabs, node, PLAIN_BYTES) !== PACKED;
}

/** A packed node's listpack is another one now, or has moved, and has `added` elements more. */
export function setListpack(slabs: Slabs, node: number, lp: number, added: number): void {
  const words = slabs.words[pageOf(node)];
  const at = wordOffset(node);
  words[at + DATA] = lp;
  words[at + COUNT] += added;
}

/** The number of the list's elements has changed. */
export function addLength(slabs: Slabs, list: number, added: number): void {
  slabs.words[pageOf(list)][wordOffset(list) + ELEMENTS] += added;
}

// ---------------------------------------------------------------- making and freeing

/** A new, empty list. Throws OutOfMemory. */
export function createQuicklist(slabs: Slabs): number {
  const list = slabs.alloc(HEAD_BYTES);
  for (const index of [FIRST, LAST, NODES, ELEMENTS]) setWord(slabs, list, index, 0);
  return list;
}

/** A new list whose only node has that listpack. Throws OutOfMemory; the listpack is then still the caller's. */
export function quicklistOf(slabs: Slabs, lp: number): number {
  const list = createQuicklist(slabs);
  try {
    const node = createPackedNode(slabs, lp);
    linkNode(slabs, list, node, 0);
    addLength(slabs, list, elementsOf(slabs, node));
  } catch (failure) {
    slabs.free(list);
    throw failure;
  }
  return list;
}

/** Takes the only node's listpack out; the list is gone. */
export function takeListpack(slabs: Slabs, list: number): number {
  const node = word(slabs, list, FIRST);
  const lp = dataOf(slabs, node);
  slabs.free(node);
  slabs.free(list);
  return lp;
}

/** A node, of no list yet, that owns the listpack from now on. Throws OutOfMemory; it does not then. */
export function createPackedNode(slabs: Slabs, lp: number): number {
  return createNode(slabs, lp, listpackLength(slabs, lp), PACKED);
}

/** A node, of no list yet, with `buf[start, end)` as its only element. Throws OutOfMemory. */
export function createPlainNode(
  slabs: Slabs,
  buf: Uint8Array,
  start: number,
  end: number,
): number {
  const block = slabs.alloc(end - start);
  copyBytes(slabs.bytes[pageOf(block)], byteOffset(block), buf, start, end);
  try {
    return createNode(slabs, block, 1, end - start);
  } catch (failure) {
    slabs.free(block);
    throw failure;
  }
}

function createNode(slabs: Slabs, data: number, count: number, plainBytes: number): number {
  const node = slabs.alloc(NODE_BYTES);
  setWord(slabs, node, DATA, data);
  setWord(slabs, node, COUNT, count);
  setWord(slabs, node, PLAIN_BYTES, plainBytes);
  return node;
}

/** Puts a node behind `before`, with 0 at the head of the list. Its elements are not counted. */
export function linkNode(slabs: Slabs, list: number, node: number, before: number): void {
  const behind = before === 0 ? word(slabs, list, FIRST) : word(slabs, before, BEHIND);
  setWord(slabs, node, BEFORE, before);
  setWord(slabs, node, BEHIND, behind);
  if (before === 0) setWord(slabs, list, FIRST, node);
  else setWord(slabs, before, BEHIND, node);
  if (behind === 0) setWord(slabs, list, LAST, node);
  else setWord(slabs, behind, BEFORE, node);
  setWord(slabs, list, NODES, nodeCount(slabs, list) + 1);
}

/** Takes a node out and frees it with its data. Its elements are not discounted. */
export function dropNode(slabs: Slabs, list: number, node: number): void {
  const before = word(slabs, node, BEFORE);
  const behind = word(slabs, node, BEHIND);
  if (before === 0) setWord(slabs, list, FIRST, behind);
  else setWord(slabs, before, BEHIND, behind);
  if (behind === 0) setWord(slabs, list, LAST, before);
  else setWord(slabs, behind, BEFORE, before);
  setWord(slabs, list, NODES, nodeCount(slabs, list) - 1);
  slabs.free(dataOf(slabs, node));
  slabs.free(node);
}

/** Frees up to `limit` nodes from the head on, and with the last one the list; true when it is gone. */
export function freeNodes(slabs: Slabs, list: number, limit: number): boolean {
  for (let i = 0; i < limit; i++) {
    const node = word(slabs, list, FIRST);
    if (node === 0) {
      slabs.free(list);
      return true;
    }
    dropNode(slabs, list, node);
  }
  return false;
}

/** Frees a list with all it holds. */
export function freeQuicklist(slabs: Slabs, list: number): void {
  freeNodes(slabs, list, NO_LIMIT);
}

/** A list with the same elements in the same nodes. Throws OutOfMemory with nothing kept. */
export function copyQuicklist(slabs: Slabs, list: number): number {
  const copy = createQuicklist(slabs);
  try {
    for (let node = word(slabs, list, FIRST); node !== 0; node = word(slabs, node, BEHIND)) {
      linkNode(slabs, copy, copyNode(slabs, node), word(slabs, copy, LAST));
    }
  } catch (failure) {
    freeQuicklist(slabs, copy);
    throw failure;
  }
  addLength(slabs, copy, quicklistLength(slabs, list));
  return copy;
}

function copyNode(slabs: Slabs, node: number): number {
  const data = dataOf(slabs, node);
  const copy = copyBlock(slabs, data);
  try {
    return createNode(
      slabs,
      copy,
      elementsOf(slabs, node),
      word(slabs, node, PLAIN_BYTES),
    );
  } catch (failure) {
    slabs.free(copy);
    throw failure;
  }
}

/** A copy of a block, in a block of the same size. Throws OutOfMemory. */
export function copyBlock(slabs: Slabs, block: number): number {
  const size = slabs.sizeOf(block);
  const copy = slabs.alloc(size);
  const start = byteOffset(block);
  copyBytes(
    slabs.bytes[pageOf(copy)],
    byteOffset(copy),
    slabs.bytes[pageOf(block)],
    start,
    start + size,
  );
  return copy;
}

// ---------------------------------------------------------------- going from element to element

/** Puts the cursor on an element; a negative index counts from the end. False when there is none. */
export function seek(slabs: Slabs, list: number, index: number, cursor: Cursor): boolean {
  const length = quicklistLength(slabs, list);
  const forward = index < 0 ? index + length : index;
  if (forward < 0 || forward >= length) return false;
  const fromHead = forward <= length >>> 1;
  let left = fromHead ? forward : length - 1 - forward;
  let node = endNode(slabs, list, fromHead);
  for (;;) {
    const count = elementsOf(slabs, node);
    if (left < count) break;
    left -= count;
    node = neighbour(slabs, node, fromHead);
  }
  cursor.node = node;
  cursor.pos = isPlain(slabs, node)
    ? 0
    : elementAt(slabs, dataOf(slabs, node), fromHead ? left : -1 - left);
  return true;
}

/** Puts the cursor on the next element, or the previous one. False at the end, where it stays. */
export function advance(slabs: Slabs, cursor: Cursor, forward: boolean): boolean {
  const { node } = cursor;
  if (cursor.pos !== 0) {
    const lp = dataOf(slabs, node);
    const pos = forward
      ? nextElement(slabs, lp, cursor.pos)
      : previousElement(slabs, lp, cursor.pos);
    if (pos !== 0) {
      cursor.pos = pos;
      return true;
    }
  }
  return enter(slabs, neighbour(slabs, node, forward), cursor, forward);
}

/** Puts the cursor on the element of a node that comes first when one goes forward, or backward; false for node 0. */
export function enter(slabs: Slabs, node: number, cursor: Cursor, forward: boolean): boolean {
  if (node === 0) return false;
  cursor.node = node;
  if (isPlain(slabs, node)) cursor.pos = 0;
  else {
    const lp = dataOf(slabs, node);
    cursor.pos = forward ? firstElement(slabs, lp) : lastElement(slabs, lp);
  }
  return true;
}

/** Shows the element under the cursor; the view is valid until the list changes. */
export function readAt(slabs: Slabs, cursor: Cursor, view: Element): void {
  const data = dataOf(slabs, cursor.node);
  if (cursor.pos !== 0) return readElement(slabs, data, cursor.pos, view);
  view.isInteger = false;
  view.buf = slabs.bytes[pageOf(data)];
  view.start = byteOffset(data);
  view.end = view.start + word(slabs, cursor.node, PLAIN_BYTES);
}

/** Replies with `count` elements, which there must be, from the one under the cursor on; the cursor moves. */
export function replyElements(
  slabs: Slabs,
  reply: ReplyWriter,
  cursor: Cursor,
  count: number,
): void {
  let left = count;
  while (left > 0) {
    if (cursor.pos !== 0) {
      left -= replyListpack(reply, slabs, dataOf(slabs, cursor.node), cursor.pos, left);
    } else {
      readAt(slabs, cursor, plain);
      reply.bulk(plain.buf, plain.start, plain.end);
      left--;
    }
    enter(slabs, neighbour(slabs, cursor.node, true), cursor, true);
  }
}

/** Whether the element under the cursor is `buf[start, end)`. */
export function equalsAt(
  slabs: Slabs,
  cursor: Cursor,
  buf: Uint8Array,
  start: number,
  end: number,
): boolean {
  const data = dataOf(slabs, cursor.node);
  if (cursor.pos !== 0) return elementEquals(slabs, data, cursor.pos, buf, start, end);
  const at = byteOffset(data);
  const length = word(slabs, cursor.node, PLAIN_BYTES);
  return equalBytes(slabs.bytes[pageOf(data)], at, at + length, buf, start, end);
}

// ---------------------------------------------------------------- the whole in memory

/** Bytes of all blocks; when `samples` is not 0, estimated from that many nodes. */
export function quicklistBytes(slabs: Slabs, list: number, samples: number): number {
  const nodes = nodeCount(slabs, list);
  const limit = samples === 0 ? nodes : Math.min(samples, nodes);
  let node = word(slabs, list, FIRST);
  let bytes = 0;
  for (let i = 0; i < limit; i++, node = word(slabs, node, BEHIND)) {
    bytes += slabs.sizeOf(node) + slabs.sizeOf(dataOf(slabs, node));
  }
  return slabs.sizeOf(list) + (limit === 0 ? 0 : Math.round(bytes / limit * nodes));
}

/**
 * Moves what lies where compaction wants it away.
 *
 * @param moveHead Called with the list's handle when that has changed.
 * @returns How many blocks have moved.
 */
export function compactQuicklist(
  slabs: Slabs,
  list: number,
  moveHead: (list: number) => void,
): number {
  let moved = 0;
  let head = list;
  if (slabs.shouldMove(list)) {
    head = slabs.move(list);
    if (head !== list) moved++;
    moveHead(head);
  }
  for (let node = word(slabs, head, FIRST); node !== 0; node = word(slabs, node, BEHIND)) {
    const data = dataOf(slabs, node);
    if (slabs.shouldMove(data)) {
      setWord(slabs, node, DATA, slabs.move(data));
      moved++;
    }
    if (!slabs.shouldMove(node)) continue;
    node = moveNode(slabs, head, node);
    moved++;
  }
  return moved;
}

/** Moves a node's block; its neighbours, or the head, follow. */
function moveNode(slabs: Slabs, list: number, node: number): number {
  const moved = slabs.move(node);
  const before = word(slabs, moved, BEFORE);
  const behind = word(slabs, moved, BEHIND);
  if (before === 0) setWord(slabs, list, FIRST, moved);
  else setWord(slabs, before, BEHIND, moved);
  if (behind === 0) setWord(slabs, list, LAST, moved);
  else setWord(slabs, behind, BEFORE, moved);
  return moved;
}
