/**
 * The quicklist: a long list of byte strings, as a chain of nodes with a listpack each.
 *
 * Head, nodes and data are slab blocks, so a list has nothing on the JavaScript heap. The data of a
 * node is a listpack of up to `list-max-listpack-size`; an element that alone is longer than a
 * listpack may be has a plain node, whose data is its bytes.
 *
 * Both ends take and give elements in O(1). An index is found by the nodes' counts, from the nearer
 * end, and only in its node from element to element: in the usual nodes of 8 KiB, one step for some
 * hundreds of elements. What is told here is how a list is read and kept as a whole; see
 * quicklist_node.ts for its blocks, quicklist_edit.ts for how it is changed, and quicklist_compress.ts
 * for what becomes of its inner nodes with `list-compress-depth`.
 */
import { equalBytes } from "../memory/bytes.ts";
import { byteOffset, pageOf } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";
import type { ReplyWriter } from "../resp/writer.ts";
import {
  Element,
  elementAt,
  elementEquals,
  lastElement,
  LISTPACK_HEADER_BYTES,
  nextElement,
  previousElement,
  readElement,
} from "./listpack.ts";
import { replyListpack } from "./listpack_reply.ts";
import { leaveNode, openNode, readableData } from "./quicklist_compress.ts";
import {
  addLength,
  compressDepth,
  copyNode,
  createPackedNode,
  createQuicklist,
  dataOf,
  dropNode,
  elementsOf,
  endNode,
  isPlain,
  linkNode,
  moveData,
  moveNode,
  neighbour,
  nodeCount,
  plainBytes,
  quicklistLength,
  rawBytes,
} from "./quicklist_node.ts";

export * from "./quicklist_node.ts";

/** How far the nodes go into the measuring of a list of which only samples are wanted. */
const NO_LIMIT = 2 ** 31;

const plain = new Element();

/** Where an element is: its node, and its position in the node's listpack (0 in a plain node). */
export interface Cursor {
  node: number;
  pos: number;
}

// ---------------------------------------------------------------- making and freeing

/** As `createQuicklist`, with a node that has that listpack. Throws OutOfMemory; the listpack is then still the caller's. */
export function quicklistOf(slabs: Slabs, lp: number, depth: number): number {
  const list = createQuicklist(slabs, depth);
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

/** Takes the only node's listpack out; the list is gone. Throws OutOfMemory with nothing changed. */
export function takeListpack(slabs: Slabs, list: number): number {
  const node = endNode(slabs, list, true);
  const lp = openNode(slabs, node);
  slabs.free(node);
  slabs.free(list);
  return lp;
}

/** Frees up to `limit` nodes from the head on, and with the last one the list; true when it is gone. */
export function freeNodes(slabs: Slabs, list: number, limit: number): boolean {
  for (let i = 0; i < limit; i++) {
    const node = endNode(slabs, list, true);
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
  const copy = createQuicklist(slabs, compressDepth(slabs, list));
  try {
    for (let node = endNode(slabs, list, true); node !== 0; node = neighbour(slabs, node, true)) {
      linkNode(slabs, copy, copyNode(slabs, node), endNode(slabs, copy, false));
    }
  } catch (failure) {
    freeQuicklist(slabs, copy);
    throw failure;
  }
  addLength(slabs, copy, quicklistLength(slabs, list));
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
    : elementAt(slabs, readableData(slabs, node), fromHead ? left : -1 - left);
  return true;
}

/** Puts the cursor on the next element, or the previous one. False at the end, where it stays. */
export function advance(slabs: Slabs, cursor: Cursor, forward: boolean): boolean {
  const { node } = cursor;
  if (cursor.pos !== 0) {
    const lp = readableData(slabs, node);
    const pos = forward
      ? nextElement(slabs, lp, cursor.pos)
      : previousElement(slabs, lp, cursor.pos);
    if (pos !== 0) {
      cursor.pos = pos;
      return true;
    }
  }
  leaveNode(slabs, node);
  return enter(slabs, neighbour(slabs, node, forward), cursor, forward);
}

/** Puts the cursor on the element of a node that comes first when one goes forward, or backward; false for node 0. */
export function enter(slabs: Slabs, node: number, cursor: Cursor, forward: boolean): boolean {
  if (node === 0) return false;
  cursor.node = node;
  if (isPlain(slabs, node)) cursor.pos = 0;
  else cursor.pos = forward ? LISTPACK_HEADER_BYTES : lastElement(slabs, readableData(slabs, node));
  return true;
}

/** Shows the element under the cursor; the view is valid until the list changes. */
export function readAt(slabs: Slabs, cursor: Cursor, view: Element): void {
  const data = readableData(slabs, cursor.node);
  if (cursor.pos !== 0) return readElement(slabs, data, cursor.pos, view);
  view.isInteger = false;
  view.buf = slabs.bytes[pageOf(data)];
  view.start = byteOffset(data);
  view.end = view.start + plainBytes(slabs, cursor.node);
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
      left -= replyListpack(reply, slabs, readableData(slabs, cursor.node), cursor.pos, left);
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
  const data = readableData(slabs, cursor.node);
  if (cursor.pos !== 0) return elementEquals(slabs, data, cursor.pos, buf, start, end);
  const at = byteOffset(data);
  const length = plainBytes(slabs, cursor.node);
  return equalBytes(slabs.bytes[pageOf(data)], at, at + length, buf, start, end);
}

// ---------------------------------------------------------------- the whole in memory

/** Bytes of all blocks; when `samples` is not 0, estimated from that many nodes. */
export function quicklistBytes(slabs: Slabs, list: number, samples: number): number {
  const nodes = nodeCount(slabs, list);
  const limit = samples === 0 ? nodes : Math.min(samples, nodes);
  let node = endNode(slabs, list, true);
  let bytes = 0;
  for (let i = 0; i < limit; i++, node = neighbour(slabs, node, true)) {
    bytes += slabs.sizeOf(node) + slabs.sizeOf(dataOf(slabs, node));
  }
  return slabs.sizeOf(list) + (limit === 0 ? 0 : Math.round(bytes / limit * nodes));
}

/** Bytes of all elements as they are in the nodes when none is compressed. */
export function quicklistRawBytes(slabs: Slabs, list: number): number {
  let bytes = 0;
  for (let node = endNode(slabs, list, true); node !== 0; node = neighbour(slabs, node, true)) {
    bytes += rawBytes(slabs, node);
  }
  return bytes;
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
  for (let node = endNode(slabs, head, true); node !== 0; node = neighbour(slabs, node, true)) {
    const data = dataOf(slabs, node);
    if (slabs.shouldMove(data)) {
      moveData(slabs, node, slabs.move(data));
      moved++;
    }
    if (!slabs.shouldMove(node)) continue;
    node = moveNode(slabs, head, node);
    moved++;
  }
  return moved;
}
