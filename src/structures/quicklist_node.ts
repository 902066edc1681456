/**
 * The blocks of a quicklist: its head and its nodes, their words, and how they are made, linked and
 * dropped. See quicklist.ts for what they are together.
 *
 *   head     word 0   first node                node    word 0   node before it, 0 for none
 *            word 1   last node                         word 1   node behind it, 0 for none
 *            word 2   number of nodes                   word 2   its data
 *            word 3   number of elements                word 3   number of its elements
 *            word 4   nodes at either end that          word 4   PACKED, or the length of the one
 *                     are never compressed, 0:                   element that is the data
 *                     all of them                       word 5   bytes of the data before it was
 *                                                                compressed; 0: it is not; OPENED
 *
 * The data of a node is a listpack, or the bytes of its only element; when it is compressed, the
 * length of a stream of LZF (a word), and the stream.
 */
import { copyBytes } from "../memory/bytes.ts";
import { byteOffset, pageOf, wordOffset } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";
import { listpackBytes, listpackLength } from "./listpack.ts";

const FIRST = 0;
const LAST = 1;
const NODES = 2;
const ELEMENTS = 3;
const DEPTH = 4;
const HEAD_BYTES = 20;

const BEFORE = 0;
const BEHIND = 1;
const DATA = 2;
const COUNT = 3;
const PLAIN_BYTES = 4;
const RAW_BYTES = 5;
const NODE_BYTES = 24;
/** In place of a length: the data is a listpack. */
const PACKED = -1;
/** In place of a length: the data is not compressed, but shall be when the cursor leaves the node. */
const OPENED = -1;

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

/** How many nodes at either end are never compressed; 0 when none is anywhere. */
export function compressDepth(slabs: Slabs, list: number): number {
  return word(slabs, list, DEPTH);
}

/** The node behind this one, or before it; 0 at the end. */
export function neighbour(slabs: Slabs, node: number, forward: boolean): number {
  return word(slabs, node, forward ? BEHIND : BEFORE);
}

/** Number of a node's elements. */
export function elementsOf(slabs: Slabs, node: number): number {
  return word(slabs, node, COUNT);
}

/** The handle of a node's data as it is, compressed or not. */
export function dataOf(slabs: Slabs, node: number): number {
  return word(slabs, node, DATA);
}

/** Whether the node holds one element alone, without a listpack around it. */
export function isPlain(slabs: Slabs, node: number): boolean {
  return word(slabs, node, PLAIN_BYTES) !== PACKED;
}

/** Length of a plain node's element. */
export function plainBytes(slabs: Slabs, node: number): number {
  return word(slabs, node, PLAIN_BYTES);
}

/** Whether a node's data is compressed. */
export function isCompressed(slabs: Slabs, node: number): boolean {
  return word(slabs, node, RAW_BYTES) > 0;
}

/** Whether a node that was compressed has been opened to be changed, see {@link markOpened}. */
export function isOpened(slabs: Slabs, node: number): boolean {
  return word(slabs, node, RAW_BYTES) === OPENED;
}

/** The node is to be compressed when the cursor leaves it. */
export function markOpened(slabs: Slabs, node: number): void {
  setWord(slabs, node, RAW_BYTES, OPENED);
}

/** Bytes of a node's listpack, or of a plain one's element. */
export function rawBytes(slabs: Slabs, node: number): number {
  const words = slabs.words[pageOf(node)];
  const at = wordOffset(node);
  if (words[at + RAW_BYTES] > 0) return words[at + RAW_BYTES];
  if (words[at + PLAIN_BYTES] !== PACKED) return words[at + PLAIN_BYTES];
  return listpackBytes(slabs, words[at + DATA]);
}

/** The node's data is in another block now. @param bytes Its length when that is compressed, else 0. */
export function setData(slabs: Slabs, node: number, data: number, bytes: number): void {
  setWord(slabs, node, DATA, data);
  setWord(slabs, node, RAW_BYTES, bytes);
}

/** The node's data, unchanged, is in another block now. */
export function moveData(slabs: Slabs, node: number, data: number): void {
  setWord(slabs, node, DATA, data);
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

/** A new, empty list, with so many nodes at either end that are never compressed (0: none is). Throws OutOfMemory. */
export function createQuicklist(slabs: Slabs, depth: number): number {
  const list = slabs.alloc(HEAD_BYTES);
  for (const index of [FIRST, LAST, NODES, ELEMENTS]) setWord(slabs, list, index, 0);
  setWord(slabs, list, DEPTH, depth);
  return list;
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

function createNode(slabs: Slabs, data: number, count: number, length: number): number {
  const node = slabs.alloc(NODE_BYTES);
  setWord(slabs, node, DATA, data);
  setWord(slabs, node, COUNT, count);
  setWord(slabs, node, PLAIN_BYTES, length);
  setWord(slabs, node, RAW_BYTES, 0);
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
  freeNode(slabs, node);
}

/** Frees a node, of no list, with its data. */
export function freeNode(slabs: Slabs, node: number): void {
  if (isCompressed(slabs, node)) slabs.unpacked.forget(node);
  slabs.free(dataOf(slabs, node));
  slabs.free(node);
}

// ---------------------------------------------------------------- copying and moving

/** A node, of no list yet, with the same data. Throws OutOfMemory. */
export function copyNode(slabs: Slabs, node: number): number {
  const copy = copyBlock(slabs, dataOf(slabs, node));
  try {
    const made = createNode(slabs, copy, elementsOf(slabs, node), plainBytes(slabs, node));
    setWord(slabs, made, RAW_BYTES, word(slabs, node, RAW_BYTES));
    return made;
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

/** Moves a node's block, for compaction; its neighbours, or the head, follow. Returns its handle. */
export function moveNode(slabs: Slabs, list: number, node: number): number {
  slabs.unpacked.forget(node);
  const moved = slabs.move(node);
  const before = word(slabs, moved, BEFORE);
  const behind = word(slabs, moved, BEHIND);
  if (before === 0) setWord(slabs, list, FIRST, moved);
  else setWord(slabs, before, BEHIND, moved);
  if (behind === 0) setWord(slabs, list, LAST, moved);
  else setWord(slabs, behind, BEFORE, moved);
  return moved;
}
