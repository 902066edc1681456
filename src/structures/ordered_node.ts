/**
 * The nodes of an ordered tree: one slab block each, of 32-bit words.
 *
 *   word 0     number of slots in use
 *   word 1     leaves: the leaf before, 0 for the first
 *   word 2     leaves: the leaf behind, 0 for the last
 *   word 3     not used
 *   slots      of a leaf 3 words each:         high and low sort key, entry
 *              of an inner node 5 words each:  those of the first item below; child; items below
 *
 * A node is named by its block's handle, its level by the distance from the leaves, which are 0.
 */
import { pageOf, wordOffset } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";

export const PREVIOUS_WORD = 1;
export const NEXT_WORD = 2;
const HEADER_WORDS = 4;

/** Words within a slot. */
export const HIGH = 0;
export const LOW = 1;
export const ENTRY = 2;
export const CHILD = 3;
export const BELOW = 4;
/** What slots of all levels begin with. */
export const ITEM_WORDS = 3;

const LEAF_SLOT_WORDS = 3;
const INNER_SLOT_WORDS = 5;
const LEAF_BYTES = 512;
const INNER_BYTES = 1024;
const LEAF_SLOTS = Math.floor((LEAF_BYTES / 4 - HEADER_WORDS) / LEAF_SLOT_WORDS);
const INNER_SLOTS = Math.floor((INNER_BYTES / 4 - HEADER_WORDS) / INNER_SLOT_WORDS);

/** How many slots a node of a level has. */
export function capacityAt(level: number): number {
  return level === 0 ? LEAF_SLOTS : INNER_SLOTS;
}

export function slotWordsAt(level: number): number {
  return level === 0 ? LEAF_SLOT_WORDS : INNER_SLOT_WORDS;
}

/** Bytes of a node of a level. */
export function nodeBytes(level: number): number {
  return level === 0 ? LEAF_BYTES : INNER_BYTES;
}

/** A new node without slots. Throws OutOfMemory. */
export function createNode(slabs: Slabs, level: number): number {
  const node = slabs.alloc(nodeBytes(level));
  const at = wordOffset(node);
  slabs.words[pageOf(node)].fill(0, at, at + HEADER_WORDS);
  return node;
}

/** Number of slots in use. */
export function slotCount(slabs: Slabs, node: number): number {
  return slabs.words[pageOf(node)][wordOffset(node)];
}

/** Word offset in the node's page of a slot. */
export function slotAt(node: number, slot: number, level: number): number {
  return wordOffset(node) + HEADER_WORDS + slot * slotWordsAt(level);
}

/** The leaf before (PREVIOUS_WORD) or behind (NEXT_WORD) another; 0 when there is none. */
export function neighbour(slabs: Slabs, leaf: number, word: number): number {
  return slabs.words[pageOf(leaf)][wordOffset(leaf) + word];
}

export function setNeighbour(slabs: Slabs, leaf: number, word: number, other: number): void {
  slabs.words[pageOf(leaf)][wordOffset(leaf) + word] = other;
}

/** A word of a slot. */
export function slotWord(
  slabs: Slabs,
  node: number,
  slot: number,
  level: number,
  word: number,
): number {
  return slabs.words[pageOf(node)][slotAt(node, slot, level) + word];
}

/** Opens a slot, whose content is left to the caller; there must be room. */
export function openSlot(slabs: Slabs, node: number, slot: number, level: number): void {
  const words = slabs.words[pageOf(node)];
  const count = words[wordOffset(node)]++;
  const from = slotAt(node, slot, level);
  words.copyWithin(from + slotWordsAt(level), from, slotAt(node, count, level));
}

/** Takes out `removed` slots from `slot` on. */
export function closeSlots(
  slabs: Slabs,
  node: number,
  slot: number,
  removed: number,
  level: number,
): void {
  const words = slabs.words[pageOf(node)];
  const count = words[wordOffset(node)];
  const from = slotAt(node, slot + removed, level);
  words.copyWithin(slotAt(node, slot, level), from, slotAt(node, count, level));
  words[wordOffset(node)] = count - removed;
}

/** Moves the slots from `slot` on behind those of another node, which must have room for them. */
export function moveSlots(
  slabs: Slabs,
  from: number,
  slot: number,
  to: number,
  level: number,
): void {
  const source = slabs.words[pageOf(from)];
  const target = slabs.words[pageOf(to)];
  const count = source[wordOffset(from)];
  let at = slotAt(to, target[wordOffset(to)], level);
  const end = slotAt(from, count, level);
  for (let i = slotAt(from, slot, level); i < end; i++) target[at++] = source[i];
  target[wordOffset(to)] += count - slot;
  source[wordOffset(from)] = slot;
}

/** How many items are below a node. */
export function itemsBelow(slabs: Slabs, node: number, level: number): number {
  const count = slotCount(slabs, node);
  if (level === 0) return count;
  let items = 0;
  for (let slot = 0; slot < count; slot++) items += slotWord(slabs, node, slot, level, BELOW);
  return items;
}

/** Copies a node's first item to the slot of its parent, which is at `level`. */
export function copyFirst(
  slabs: Slabs,
  parent: number,
  slot: number,
  level: number,
  child: number,
): void {
  const words = slabs.words[pageOf(parent)];
  const source = slabs.words[pageOf(child)];
  const to = slotAt(parent, slot, level);
  const from = slotAt(child, 0, level - 1);
  for (let i = 0; i < ITEM_WORDS; i++) words[to + i] = source[from + i];
}

/** Fills the slot of a parent at `level` with all there is to say of a child. */
export function describeChild(
  slabs: Slabs,
  parent: number,
  slot: number,
  level: number,
  child: number,
): void {
  const words = slabs.words[pageOf(parent)];
  const at = slotAt(parent, slot, level);
  copyFirst(slabs, parent, slot, level, child);
  words[at + CHILD] = child;
  words[at + BELOW] = itemsBelow(slabs, child, level - 1);
}
