/**
 * The nodes of an ID tree: one slab block each, of 32-bit words.
 *
 *   word 0     number of slots in use
 *   word 1     leaves: the leaf before, 0 for the first
 *   word 2     leaves: the leaf behind, 0 for the last
 *   word 3     bits 0..7 the level, 0 for leaves; bits 8..15 words of an item's value
 *   slots      of a leaf:         the four words of the ID, then the value
 *              of an inner node:  the four words of a lower bound, then the child
 *
 * The bound of a slot is not above any ID below the child, and above all IDs below the slot before.
 * That of a node's first slot is never looked at: what is below all bounds belongs there.
 *
 * A leaf that is the root, and so has no neighbours, grows from a few slots to a full node.
 */
import { pageOf, wordOffset } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";
import type { StreamId } from "./stream_id.ts";

export const PREVIOUS_WORD = 1;
export const NEXT_WORD = 2;
const SHAPE_WORD = 3;
const HEADER_WORDS = 4;
/** Words of an ID. */
export const ID_WORDS = 4;
/** Bytes of a node that is not the only one. */
export const NODE_BYTES = 1024;
const NODE_WORDS = NODE_BYTES >>> 2;
/** Slots that a tree begins with. */
const FIRST_SLOTS = 2;
const LEVEL_MASK = 0xff;
const VALUE_SHIFT = 8;

/** A new node without slots; a leaf has room for a few. Throws OutOfMemory. */
export function createNode(slabs: Slabs, level: number, valueWords: number, bytes: number): number {
  const node = slabs.alloc(bytes);
  const words = slabs.words[pageOf(node)];
  const at = wordOffset(node);
  words[at] = words[at + PREVIOUS_WORD] = words[at + NEXT_WORD] = 0;
  words[at + SHAPE_WORD] = level | (valueWords << VALUE_SHIFT);
  return node;
}

/** Bytes of the leaf that a tree begins with. */
export function firstLeafBytes(valueWords: number): number {
  return (HEADER_WORDS + FIRST_SLOTS * (ID_WORDS + valueWords)) << 2;
}

/** The distance from the leaves. */
export function levelOf(slabs: Slabs, node: number): number {
  return slabs.words[pageOf(node)][wordOffset(node) + SHAPE_WORD] & LEVEL_MASK;
}

/** Words of an item's value, in the whole tree the same. */
export function valueWordsOf(slabs: Slabs, node: number): number {
  return slabs.words[pageOf(node)][wordOffset(node) + SHAPE_WORD] >>> VALUE_SHIFT;
}

/** Number of slots in use. */
export function slotCount(slabs: Slabs, node: number): number {
  return slabs.words[pageOf(node)][wordOffset(node)];
}

export function setSlotCount(slabs: Slabs, node: number, count: number): void {
  slabs.words[pageOf(node)][wordOffset(node)] = count;
}

/** How many slots the node has room for. */
export function capacityOf(slabs: Slabs, node: number): number {
  const words = Math.min(slabs.sizeOf(node) >>> 2, NODE_WORDS) - HEADER_WORDS;
  return Math.floor(words / slotWords(slabs, node));
}

/** Word offset in the node's page of a slot. */
export function slotAt(slabs: Slabs, node: number, slot: number): number {
  return wordOffset(node) + HEADER_WORDS + slot * slotWords(slabs, node);
}

function slotWords(slabs: Slabs, node: number): number {
  const shape = slabs.words[pageOf(node)][wordOffset(node) + SHAPE_WORD];
  return (shape & LEVEL_MASK) !== 0 ? ID_WORDS + 1 : ID_WORDS + (shape >>> VALUE_SHIFT);
}

/** The leaf before (PREVIOUS_WORD) or behind (NEXT_WORD) another; 0 when there is none. */
export function neighbour(slabs: Slabs, leaf: number, word: number): number {
  return slabs.words[pageOf(leaf)][wordOffset(leaf) + word];
}

export function setNeighbour(slabs: Slabs, leaf: number, word: number, other: number): void {
  slabs.words[pageOf(leaf)][wordOffset(leaf) + word] = other;
}

/** The child of an inner node's slot. */
export function childAt(slabs: Slabs, node: number, slot: number): number {
  return slabs.words[pageOf(node)][slotAt(slabs, node, slot) + ID_WORDS];
}

export function setChild(slabs: Slabs, node: number, slot: number, child: number): void {
  slabs.words[pageOf(node)][slotAt(slabs, node, slot) + ID_WORDS] = child;
}

/** Copies the ID of a slot to that of another node. */
export function copySlotId(
  slabs: Slabs,
  to: number,
  toSlot: number,
  from: number,
  fromSlot: number,
): void {
  const source = slabs.words[pageOf(from)];
  const target = slabs.words[pageOf(to)];
  const fromAt = slotAt(slabs, from, fromSlot);
  const toAt = slotAt(slabs, to, toSlot);
  for (let i = 0; i < ID_WORDS; i++) target[toAt + i] = source[fromAt + i];
}

/** How many slots have IDs that are smaller, or with `isInclusive` not greater. */
export function slotsBelow(
  slabs: Slabs,
  node: number,
  id: StreamId,
  isInclusive: boolean,
): number {
  const words = slabs.words[pageOf(node)];
  const base = slotAt(slabs, node, 0);
  const step = slotWords(slabs, node);
  let low = 0;
  let high = words[wordOffset(node)];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareAt(words, base + middle * step, id);
    if (order < 0 || (isInclusive && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Negative when the ID at `at` is smaller, 0 when it is the same, positive when it is greater. */
export function compareAt(words: Int32Array, at: number, id: StreamId): number {
  if (words[at] !== id.msHigh) return (words[at] >>> 0) - (id.msHigh >>> 0);
  if (words[at + 1] !== id.msLow) return (words[at + 1] >>> 0) - (id.msLow >>> 0);
  if (words[at + 2] !== id.seqHigh) return (words[at + 2] >>> 0) - (id.seqHigh >>> 0);
  return (words[at + 3] >>> 0) - (id.seqLow >>> 0);
}

/** Opens a slot, whose content is left to the caller; there must be room. */
export function openSlot(slabs: Slabs, node: number, slot: number): void {
  const words = slabs.words[pageOf(node)];
  const count = words[wordOffset(node)];
  const from = slotAt(slabs, node, slot);
  words.copyWithin(from + slotWords(slabs, node), from, slotAt(slabs, node, count));
  words[wordOffset(node)] = count + 1;
}

/** Takes out a slot. */
export function closeSlot(slabs: Slabs, node: number, slot: number): void {
  const words = slabs.words[pageOf(node)];
  const count = words[wordOffset(node)];
  const from = slotAt(slabs, node, slot + 1);
  words.copyWithin(slotAt(slabs, node, slot), from, slotAt(slabs, node, count));
  words[wordOffset(node)] = count - 1;
}

/** Moves the slots from `slot` on behind those of another node, which must have room for them. */
export function moveSlots(slabs: Slabs, from: number, slot: number, to: number): void {
  const source = slabs.words[pageOf(from)];
  const target = slabs.words[pageOf(to)];
  const count = source[wordOffset(from)];
  let at = slotAt(slabs, to, target[wordOffset(to)]);
  const end = slotAt(slabs, from, count);
  for (let i = slotAt(slabs, from, slot); i < end; i++) target[at++] = source[i];
  target[wordOffset(to)] += count - slot;
  source[wordOffset(from)] = slot;
}
