/**
 * Compression of a quicklist's inner nodes (`list-compress-depth`), with LZF.
 *
 * The depth is the list's from the start, as in Redis: so many nodes at either end are as they are, and
 * those between them compressed, unless they are small or would hardly be smaller.
 *
 * To be read, a compressed node is unpacked into the one block that the slabs have for that, and stays
 * compressed in its place: reading costs no compression, and neighbouring elements only one unpacking.
 * To be changed, it is opened: its data lies in its place as if it had never been compressed. Whoever
 * changes a list calls {@link settle} in the end.
 */
import { copyBytes } from "../memory/bytes.ts";
import { byteOffset, pageOf, wordOffset } from "../memory/handle.ts";
import { compressLzf, decompressLzf } from "../memory/lzf.ts";
import { OUT_OF_MEMORY } from "../memory/out_of_memory.ts";
import type { Slabs } from "../memory/slab.ts";
import {
  compressDepth,
  dataOf,
  endNode,
  isCompressed,
  isOpened,
  markOpened,
  neighbour,
  nodeCount,
  rawBytes,
  setData,
} from "./quicklist_node.ts";

/** Data of fewer bytes stays as it is. */
const LEAST_BYTES = 48;
/** So much shorter, and one byte more, must data become. */
const LEAST_GAIN = 8;
/** The length of the stream, before it. */
const LENGTH_BYTES = 4;
/** Memory for longer streams is given back. */
const KEPT_BYTES = 1 << 16;

let stream = new Uint8Array(KEPT_BYTES);

// ---------------------------------------------------------------- reading

/**
 * The handle of a node's data in a form to be read: its listpack, or the bytes of a plain one's
 * element. Valid until another node is read or the list changes. Throws OutOfMemory.
 */
export function readableData(slabs: Slabs, node: number): number {
  if (!isCompressed(slabs, node)) return dataOf(slabs, node);
  return slabs.unpacked.blockOf(node) || unpack(slabs, node);
}

/** Length of the stream of a compressed node; it begins with the second word of the node's data. */
export function streamBytes(slabs: Slabs, node: number): number {
  const data = dataOf(slabs, node);
  return slabs.words[pageOf(data)][wordOffset(data)];
}

/** Where in the page of its data the stream of a compressed node begins. */
export function streamOffset(slabs: Slabs, node: number): number {
  return byteOffset(dataOf(slabs, node)) + LENGTH_BYTES;
}

function unpack(slabs: Slabs, node: number): number {
  const length = rawBytes(slabs, node);
  const block = slabs.unpacked.begin(node, length);
  const start = streamOffset(slabs, node);
  const isSound = decompressLzf(
    slabs.bytes[pageOf(dataOf(slabs, node))],
    start,
    start + streamBytes(slabs, node),
    slabs.bytes[pageOf(block)],
    byteOffset(block),
    length,
  );
  if (!isSound) throw new Error("A compressed node of a list is damaged");
  return block;
}

// ---------------------------------------------------------------- opening and closing

/** Makes a node's data what it was before it was compressed; returns its handle. Throws OutOfMemory. */
export function openNode(slabs: Slabs, node: number): number {
  if (isCompressed(slabs, node)) {
    readableData(slabs, node);
    const compressed = dataOf(slabs, node);
    setData(slabs, node, slabs.unpacked.take(node), 0);
    slabs.free(compressed);
  }
  return dataOf(slabs, node);
}

/** As {@link openNode}; the node is compressed again by {@link leaveNode} or {@link settle}. */
export function openForChange(slabs: Slabs, node: number): number {
  if (isCompressed(slabs, node)) {
    openNode(slabs, node);
    markOpened(slabs, node);
  }
  return dataOf(slabs, node);
}

/** Compresses a node that has been opened for a change. */
export function leaveNode(slabs: Slabs, node: number): void {
  if (isOpened(slabs, node)) compressNode(slabs, node);
}

/** Compresses a node's data, if that makes it shorter and there is memory for it. */
function compressNode(slabs: Slabs, node: number): void {
  if (isCompressed(slabs, node)) return;
  const data = dataOf(slabs, node);
  setData(slabs, node, data, 0);
  const length = rawBytes(slabs, node);
  if (length < LEAST_BYTES) return;
  const limit = length - LEAST_GAIN - 1;
  if (stream.length < limit) stream = new Uint8Array(limit);
  const start = byteOffset(data);
  const page = slabs.bytes[pageOf(data)];
  const compressed = compressLzf(page, start, start + length, stream, 0, limit);
  if (compressed > 0) putStream(slabs, node, compressed, length);
  if (stream.length > KEPT_BYTES) stream = new Uint8Array(KEPT_BYTES);
}

/** Puts the stream into the place of the node's data, unless there is no memory for it. */
function putStream(slabs: Slabs, node: number, compressed: number, length: number): void {
  let block: number;
  try {
    block = slabs.alloc(LENGTH_BYTES + compressed);
  } catch (failure) {
    if (failure !== OUT_OF_MEMORY) throw failure;
    return;
  }
  slabs.words[pageOf(block)][wordOffset(block)] = compressed;
  copyBytes(slabs.bytes[pageOf(block)], byteOffset(block) + LENGTH_BYTES, stream, 0, compressed);
  slabs.free(dataOf(slabs, node));
  setData(slabs, node, block, length);
}

// ---------------------------------------------------------------- after a change

/**
 * Opens what has come near an end, as far as there is memory, and compresses what is no longer near
 * one. To be called for each node that is new or has been changed, and with node 0 when one is gone.
 */
export function settle(slabs: Slabs, list: number, node: number): void {
  const depth = compressDepth(slabs, list);
  // With fewer nodes all are near an end, and were so, or came to be so, when there were that many.
  if (depth === 0 || nodeCount(slabs, list) < 2 * depth) return;
  settleNodes(slabs, list, node, depth);
}

/** As {@link settle} with node 0, when any number of nodes have been dropped at once. */
export function settleRest(slabs: Slabs, list: number): void {
  const depth = compressDepth(slabs, list);
  if (depth !== 0 && nodeCount(slabs, list) !== 0) settleNodes(slabs, list, 0, depth);
}

function settleNodes(slabs: Slabs, list: number, node: number, depth: number): void {
  let fromHead = endNode(slabs, list, true);
  let fromTail = endNode(slabs, list, false);
  let isInner = node !== 0;
  for (let i = 0; i < depth; i++) {
    openEnd(slabs, fromHead);
    openEnd(slabs, fromTail);
    if (node === fromHead || node === fromTail) isInner = false;
    if (fromHead === fromTail || neighbour(slabs, fromHead, true) === fromTail) return;
    fromHead = neighbour(slabs, fromHead, true);
    fromTail = neighbour(slabs, fromTail, false);
  }
  if (isInner) compressNode(slabs, node);
  compressNode(slabs, fromHead);
  compressNode(slabs, fromTail);
}

/** Opens a node for good, unless there is no memory for it. */
function openEnd(slabs: Slabs, node: number): void {
  try {
    setData(slabs, node, openNode(slabs, node), 0);
  } catch (failure) {
    if (failure !== OUT_OF_MEMORY) throw failure;
  }
}
