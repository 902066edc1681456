/**
 * The slab allocator: all data of the server lies in its blocks, outside of the JavaScript heap.
 *
 *   small    up to 16 KiB   a slot in a span of equal slots, see `small_blocks.ts`
 *   large    up to a page   a run of 4 KiB chunks, see `page_layout.ts`
 *   huge     above          a buffer of its own, see `page_table.ts`
 *
 * `alloc` gives a handle (see `handle.ts`); `free` and `sizeOf` need nothing but the handle. Memory is
 * read and written through `bytes` and `words`, by page number. A block begins at a multiple of 8
 * bytes, one whose size is a multiple of 64 bytes on a cache line; its content is what was there before.
 *
 * Accounting is exact at any time: `usedBytes` is the sum of the sizes of all blocks in use,
 * `pageBytes` what they cost with everything that is free around them.
 *
 * Compaction: see `evacuation.ts`.
 *
 * Not checked, as it would cost too much: a handle that is freed twice or used after `free`.
 */
import { copyBytes } from "./bytes.ts";
import { NEW_FOR_OLD, planEvacuation } from "./evacuation.ts";
import { byteOffset, OFFSET_MASK, PAGE_BYTES, PAGE_SHIFT, pageOf, wordOffset } from "./handle.ts";
import { OUT_OF_MEMORY } from "./out_of_memory.ts";
import {
  CHUNK_BYTES,
  CHUNK_MASK,
  CHUNK_SHIFT,
  CHUNKS_SHIFT,
  CLASS_MASK,
  CLASS_SHIFT,
  DESCRIPTOR_SHIFT,
  KIND_MASK,
  LARGE,
  markRun,
  RUN_LENGTH,
  SMALL,
  UNITS_TO_CHUNK_SHIFT,
  USABLE_CHUNKS,
} from "./page_layout.ts";
import { PageTable } from "./page_table.ts";
import { CLASS_BYTES, CLASS_OF, MAX_SMALL_BYTES, SPAN_CHUNKS } from "./size_classes.ts";
import { checkSlabs } from "./slab_check.ts";
import { SmallBlocks } from "./small_blocks.ts";
import { Unpacked } from "./unpacked.ts";

export { OUT_OF_MEMORY, OutOfMemoryError } from "./out_of_memory.ts";

const MAX_LARGE_BYTES = USABLE_CHUNKS * CHUNK_BYTES;
/** Sizes have to be signed 32-bit integers like everything else. */
const MAX_HUGE_BYTES = 2 ** 31 - PAGE_BYTES;

/** Indices of the counters, which are doubles in a typed array so that no store allocates. */
const USED = 0;
const PEAK = 1;

/** What the blocks of one class amount to. */
export interface ClassStats {
  /** Bytes of a block. */
  readonly blockBytes: number;
  /** Blocks in use. */
  readonly blocks: number;
  readonly spans: number;
  /** Bytes of the spans. */
  readonly spanBytes: number;
}

export class Slabs {
  /** The memory of each page, by page number. */
  readonly bytes: readonly Uint8Array[];
  /** The same memory as signed 32-bit words. */
  readonly words: readonly Int32Array[];
  /** What was last unpacked to be read. */
  readonly unpacked = new Unpacked(this);
  readonly #pages = new PageTable();
  readonly #small = new SmallBlocks(this.#pages);
  readonly #counters = new Float64Array(2);
  /** Large and huge blocks in use. */
  #bigBlocks = 0;
  /** For how many bytes blocks that move may still begin new pages. */
  #newForOldBytes = 0;

  constructor() {
    this.bytes = this.#pages.bytes;
    this.words = this.#pages.words;
  }

  // -------------------------------------------------------------- accounting

  /** Sum of the sizes of all blocks in use, each with what its size was rounded up by. */
  get usedBytes(): number {
    return this.#counters[USED];
  }

  /** The highest that {@link usedBytes} has been. */
  get peakUsedBytes(): number {
    return Math.max(this.#counters[PEAK], this.#counters[USED]);
  }

  /** Bytes of all pages and huge blocks: what is used, what is free, and the page headers. */
  get pageBytes(): number {
    return this.#pages.pageBytes;
  }

  /** How many blocks are in use. */
  get blockCount(): number {
    return this.#small.blocks.reduce((sum, blocks) => sum + blocks, this.#bigBlocks);
  }

  /** Lets the peak begin with what is used now. */
  resetPeak(): void {
    this.#counters[PEAK] = 0;
  }

  /** The classes of small blocks that have spans, smallest first. */
  classStats(): ClassStats[] {
    const stats: ClassStats[] = [];
    this.#small.spans.forEach((spans, sizeClass) => {
      if (spans === 0) return;
      stats.push({
        blockBytes: CLASS_BYTES[sizeClass],
        blocks: this.#small.blocks[sizeClass],
        spans,
        spanBytes: spans * SPAN_CHUNKS[sizeClass] * CHUNK_BYTES,
      });
    });
    return stats;
  }

  // -------------------------------------------------------------- blocks

  /** A block of at least `size` bytes, 0 <= size. Throws OutOfMemory with nothing changed. */
  alloc(size: number): number {
    if (size > MAX_SMALL_BYTES) return this.#allocBig(roundUp(size), true);
    return this.#allocSmall(CLASS_OF[(size + 7) >>> 3], true);
  }

  /** As {@link alloc}, with every byte of the block 0. */
  allocZeroed(size: number): number {
    const handle = this.alloc(size);
    const start = wordOffset(handle);
    this.words[pageOf(handle)].fill(0, start, start + (this.sizeOf(handle) >>> 2));
    return handle;
  }

  /** Gives a block back. */
  free(handle: number): void {
    const page = handle >>> PAGE_SHIFT;
    const unit = handle & OFFSET_MASK;
    if (unit === 0) return this.#freeHuge(page);
    const chunk = unit >>> UNITS_TO_CHUNK_SHIFT;
    const mark = this.words[page][chunk << DESCRIPTOR_SHIFT];
    if ((mark & KIND_MASK) !== SMALL) return this.#freeLarge(page, chunk);
    this.#uncount(page, CLASS_BYTES[(mark >>> CLASS_SHIFT) & CLASS_MASK]);
    this.#small.free(handle, mark);
  }

  /** How many bytes of a block may be used: at least as many as were asked for. */
  sizeOf(handle: number): number {
    const page = handle >>> PAGE_SHIFT;
    const unit = handle & OFFSET_MASK;
    if (unit === 0) return this.bytes[page].length;
    const words = this.words[page];
    const at = (unit >>> UNITS_TO_CHUNK_SHIFT) << DESCRIPTOR_SHIFT;
    const mark = words[at];
    if ((mark & KIND_MASK) !== SMALL) return words[at + RUN_LENGTH] << CHUNK_SHIFT;
    return CLASS_BYTES[(mark >>> CLASS_SHIFT) & CLASS_MASK];
  }

  /**
   * Makes a block longer or shorter; what fits of its content stays. It keeps its place when its
   * class stays the same; a large block also when the chunks behind it are free, or when it shrinks.
   * A huge block is copied each time, so let it grow in big steps.
   *
   * @returns The handle, another one when the block has moved. Throws OutOfMemory with nothing changed.
   */
  resize(handle: number, size: number): number {
    const oldSize = this.sizeOf(handle);
    const newSize = roundUp(size);
    if (newSize === oldSize) return handle;
    if (isLargeSize(oldSize) && isLargeSize(newSize) && this.#resizeLarge(handle, newSize)) {
      return handle;
    }
    return this.#relocate(handle, this.alloc(size), Math.min(oldSize, newSize));
  }

  // -------------------------------------------------------------- compaction

  /**
   * Chooses the pages that are to be emptied. Nothing new is put there until {@link endCompaction}.
   *
   * @param part The part of all pages, 0 to 1, that may be chosen: less than all where much is written
   *   meanwhile, for what is written takes the places that blocks shall be moved to.
   * @returns How many bytes will be given back when all blocks there have moved; 0: it is not worth it.
   */
  beginCompaction(part = 1): number {
    this.endCompaction();
    this.unpacked.clear();
    const bytes = planEvacuation(this.#pages, part);
    this.#pages.isEvacuating = bytes > 0;
    this.#newForOldBytes = bytes * NEW_FOR_OLD;
    return bytes;
  }

  /**
   * Whatever has not become empty is used as before.
   *
   * @returns How many bytes that is, of those that {@link beginCompaction} has promised.
   */
  endCompaction(): number {
    if (!this.#pages.isEvacuating) return 0;
    this.#pages.isEvacuating = false;
    const { evacuated } = this.#pages;
    let left = 0;
    for (let page = evacuated.indexOf(1); page !== -1; page = evacuated.indexOf(1, page + 1)) {
      evacuated[page] = 0;
      this.#small.linkSpansOf(page);
      left += PAGE_BYTES;
    }
    return left;
  }

  /** Whether a block lies where compaction wants it away. */
  shouldMove(handle: number): boolean {
    return this.#pages.evacuated[handle >>> PAGE_SHIFT] !== 0;
  }

  /**
   * Copies a block to another place and frees the old one, if there is a place outside of the pages
   * that are being emptied. A new page is begun for it only while there is much more to be given back:
   * a single block that has no place would keep a whole region.
   *
   * @returns The handle, the same as before when the block has stayed.
   */
  move(handle: number): number {
    const size = this.sizeOf(handle);
    if (size > MAX_LARGE_BYTES) return handle;
    const held = this.pageBytes;
    const mayGrow = this.#newForOldBytes >= PAGE_BYTES;
    const target = size > MAX_SMALL_BYTES
      ? this.#allocBig(size, mayGrow)
      : this.#allocSmall(CLASS_OF[size >>> 3], mayGrow);
    this.#newForOldBytes -= this.pageBytes - held;
    return target === 0 ? handle : this.#relocate(handle, target, size);
  }

  /** Walks through everything and throws an Error for the first thing that is wrong. For tests. */
  check(): void {
    checkSlabs(this.#pages, this.#small, this.usedBytes, this.blockCount);
  }

  // -------------------------------------------------------------- the kinds of blocks
  //
  // As in `alloc`, but 0 is returned when `mayGrow` is false and there is no room without a new page.
  // When memory runs out, the pages that were to be emptied are used after all.

  #allocSmall(sizeClass: number, mayGrow: boolean): number {
    let handle: number;
    try {
      handle = this.#small.alloc(sizeClass, mayGrow);
    } catch (failure) {
      if (!this.#pages.isEvacuating) throw failure;
      this.endCompaction();
      handle = this.#small.alloc(sizeClass, mayGrow);
    }
    if (handle !== 0) this.#count(handle >>> PAGE_SHIFT, CLASS_BYTES[sizeClass]);
    return handle;
  }

  /** @param size A multiple of a chunk. */
  #allocBig(size: number, mayGrow: boolean): number {
    if (size > MAX_LARGE_BYTES) return this.#allocHuge(size);
    const length = size >>> CHUNK_SHIFT;
    let run: number;
    try {
      run = this.#pages.takeChunks(length, mayGrow);
    } catch (failure) {
      if (!this.#pages.isEvacuating) throw failure;
      this.endCompaction();
      run = this.#pages.takeChunks(length, mayGrow);
    }
    if (run === 0) return 0;
    const page = run >>> CHUNKS_SHIFT;
    const chunk = run & CHUNK_MASK;
    markRun(this.words[page], chunk, length, LARGE);
    this.#bigBlocks++;
    this.#count(page, size);
    return (page << PAGE_SHIFT) | (chunk << UNITS_TO_CHUNK_SHIFT);
  }

  #allocHuge(size: number): number {
    if (size > MAX_HUGE_BYTES) throw OUT_OF_MEMORY;
    const page = this.#pages.takeBuffer(size);
    this.#bigBlocks++;
    this.#count(page, size);
    return page << PAGE_SHIFT;
  }

  #freeLarge(page: number, chunk: number): void {
    const length = this.words[page][(chunk << DESCRIPTOR_SHIFT) + RUN_LENGTH];
    this.#bigBlocks--;
    this.#uncount(page, length << CHUNK_SHIFT);
    this.#pages.freeChunks(page, chunk, length);
  }

  #freeHuge(page: number): void {
    this.#bigBlocks--;
    this.#uncount(page, this.bytes[page].length);
    this.#pages.freeBuffer(page);
  }

  /** Another size for a large block in its place; false when there is no room behind it. */
  #resizeLarge(handle: number, newSize: number): boolean {
    const page = pageOf(handle);
    const chunk = (handle & OFFSET_MASK) >>> UNITS_TO_CHUNK_SHIFT;
    const words = this.words[page];
    const length = words[(chunk << DESCRIPTOR_SHIFT) + RUN_LENGTH];
    const newLength = newSize >>> CHUNK_SHIFT;
    if (newLength > length) {
      if (!this.#pages.extendChunks(page, chunk, length, newLength)) return false;
      this.#count(page, (newLength - length) << CHUNK_SHIFT);
    } else {
      markRun(words, chunk, newLength, LARGE);
      this.#uncount(page, (length - newLength) << CHUNK_SHIFT);
      this.#pages.freeChunks(page, chunk + newLength, length - newLength);
    }
    return true;
  }

  // -------------------------------------------------------------- what they share

  /** Copies the first `size` bytes of a block to another one and frees the first. */
  #relocate(from: number, to: number, size: number): number {
    const start = byteOffset(from);
    copyBytes(
      this.bytes[pageOf(to)],
      byteOffset(to),
      this.bytes[pageOf(from)],
      start,
      start + size,
    );
    this.free(from);
    return to;
  }

  #count(page: number, bytes: number): void {
    this.#pages.used[page] += bytes;
    this.#counters[USED] += bytes;
  }

  /** The peak needs no look while blocks are taken: before the first one is freed is soon enough. */
  #uncount(page: number, bytes: number): void {
    const used = this.#counters[USED];
    if (used > this.#counters[PEAK]) this.#counters[PEAK] = used;
    this.#counters[USED] = used - bytes;
    this.#pages.used[page] -= bytes;
  }
}

/** The size of the block that serves a request. */
function roundUp(size: number): number {
  if (size <= MAX_SMALL_BYTES) return CLASS_BYTES[CLASS_OF[(size + 7) >>> 3]];
  return Math.ceil(size / CHUNK_BYTES) * CHUNK_BYTES;
}

/** Whether blocks of a size, which has been rounded up, are runs of chunks. */
function isLargeSize(bytes: number): boolean {
  return bytes > MAX_SMALL_BYTES && bytes <= MAX_LARGE_BYTES;
}
