/**
 * Handles: how a block of slab memory is named.
 *
 *   bits 31..19  number of the page            bits 18..0  offset in the page, in units of 8 bytes
 *
 * A handle travels as a signed 32-bit integer, its bits meaning an unsigned one, since V8 keeps such
 * numbers without allocating. 0 is no block at all: the first bytes of page 0 are never handed out.
 */

/** A unit is 8 bytes: what offsets in handles count in, and the smallest block. */
export const UNIT_SHIFT = 3;
export const PAGE_SHIFT = 19;
export const OFFSET_MASK = (1 << PAGE_SHIFT) - 1;
export const PAGE_BYTES = 1 << (PAGE_SHIFT + UNIT_SHIFT);
/** How many pages handles can tell apart. */
export const MAX_PAGES = 1 << (32 - PAGE_SHIFT);

/** The number of the page that a block lies in: index into `slabs.bytes` and `slabs.words`. */
export function pageOf(handle: number): number {
  return handle >>> PAGE_SHIFT;
}

/** Where in its page a block begins, in bytes. */
export function byteOffset(handle: number): number {
  return (handle & OFFSET_MASK) << UNIT_SHIFT;
}

/** Where in its page a block begins, in 32-bit words. */
export function wordOffset(handle: number): number {
  return (handle & OFFSET_MASK) << 1;
}
