/**
 * The slab allocator: all data of the server lies in its blocks, outside of the JavaScript heap.
 *
 *   small    up to 16 KiB   a slot of a span of equal blocks, see `size_classes.ts`
 *   large    up to a page   a run of 4 KiB chunks, see `page_layout.ts`
 *   huge     above          a buffer of its own, see `page_table.ts`
 *
 * `alloc` gives a handle (see `handle.ts`), `free` and `sizeOf` need nothing but the handle. Memory is
 * read and written through `bytes` and `words`, by page number. A block begins at a multiple of 8
 * bytes, one whose size is a multiple of 64 bytes on a cache line; its content is what was there before.
 *
 * The spans of a class that have room form a list. Blocks are taken from the first span of the list,
 * and a full span that gets room again goes to its front, so the fullest spans are filled first and
 * the emptier ones can drain. An empty span is given back at once; so are regions of empty pages.
 *
 * Accounting is exact at any time: `usedBytes` is the sum of the sizes of all blocks in use, `pageBytes`
 * what they cost with everything that is free between them.
 *
 * Compaction empties whole regions, as only those can be given back: `beginCompaction` chooses regions
 * with so little in them that it fits into the free places of the others. Whoever holds handles then
 * asks `shouldMove` for each and calls `move`. That a block is moved once at most is what it has over
 * the usual criterion, filling of a span below the average, which also would leave a few full spans in
 * each page to keep it.
 *
 * Not checked, as it would cost too much: a handle freed twice or used after `free`.
 */
import { copyBytes } from "./bytes.ts";
import { byteOffset, OFFSET_MASK, PAGE_BYTES, PAGE_SHIFT, pageOf, wordOffset } from "./handle.ts";
import { OUT_OF_MEMORY } from "./out_of_memory.ts";
import {
  CHUNK_BYTES,
  CHUNK_MASK,
  CHUNK_SHIFT,
  CHUNKS,
  CHUNKS_SHIFT,
  CLASS_MASK,
  CLASS_SHIFT,
  DESCRIPTOR_SHIFT,
  FIRST_CHUNK,
  FREE_BLOCK,
  FRESH_BLOCK,
  KIND_MASK,
  LARGE,
  markRun,
  markSpan,
  NEXT_SPAN,
  PREVIOUS_SPAN,
  RUN_LENGTH,
  SMALL,
  SPAN_OFFSET_SHIFT,
  UNITS_TO_CHUNK_SHIFT,
  USABLE_CHUNKS,
  USED_BLOCKS,
} from "./page_layout.ts";
import { PageTable } from "./page_table.ts";
import { planEvacuation } from "./evacuation.ts";
import { checkSlabs } from "./slab_check.ts";
import {
  CLASS_BYTES,
  CLASS_COUNT,
  CLASS_OF,
  CLASS_UNITS,
  MAX_SMALL_BYTES,
  SPAN_BLOCKS,
  SPAN_CHUNKS,
} from "./size_classes.ts";

export { OUT_OF_MEMORY, OutOfMemoryError } from "./out_of_memory.ts";

const MAX_LARGE_BYTES = USABLE_CHUNKS * CHUNK_BYTES;
/** Sizes have to be signed 32-bit integers like everything else. */
const MAX_HUGE_BYTES = 2 ** 31 - PAGE_BYTES;

/** In place of the previous span: this one is not in the list of its class. */
const UNLINKED = -1;

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
  readonly #pages = new PageTable();
  /** The first span with room, by class, as page << CHUNKS_SHIFT | chunk; 0 when there is none. */
  readonly #spansWithRoom = new Int32Array(CLASS_COUNT);
  /** Blocks in use, by class. */
  readonly #blocks = new Int32Array(CLASS_COUNT);
  /** Spans, by class. */
  readonly #spans = new Int32Array(CLASS_COUNT);
  readonly #counters = new Float64Array(2);
  /** Large and huge blocks in use. */
  #bigBlocks = 0;
  #compacting = false;

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
    return this.#blocks.reduce((sum, blocks) => sum + blocks, this.#bigBlocks);
  }

  /** Forgets the peak. */
  resetPeak(): void {
    this.#counters[PEAK] = 0;
  }

  /** The classes that have spans, smallest first. */
  classStats(): ClassStats[] {
    const stats: ClassStats[] = [];
    for (let sizeClass = 0; sizeClass < CLASS_COUNT; sizeClass++) {
      const spans = this.#spans[sizeClass];
      if (spans === 0) continue;
      stats.push({
        blockBytes: CLASS_BYTES[sizeClass],
        blocks: this.#blocks[sizeClass],
        spans,
        spanBytes: spans * SPAN_CHUNKS[sizeClass] * CHUNK_BYTES,
      });
    }
    return stats;
  }

  // -------------------------------------------------------------- blocks

  /**
   * A block of at least `size` bytes, 0 <= size. Throws OutOfMemory with nothing changed.
   */
  alloc(size: number): number {
    if (size > MAX_SMALL_BYTES) return this.#allocBig(size, true);
    const sizeClass = CLASS_OF[(size + 7) >>> 3];
    let span = this.#spansWithRoom[sizeClass];
    if (span === 0 || this.#compacting) span = this.#findSpan(sizeClass, true);
    return this.#allocFrom(span, sizeClass);
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
    const words = this.words[page];
    const chunk = unit >>> UNITS_TO_CHUNK_SHIFT;
    const mark = words[chunk << DESCRIPTOR_SHIFT];
    if ((mark & KIND_MASK) !== SMALL) return this.#freeLarge(page, chunk);

    const sizeClass = (mark >>> CLASS_SHIFT) & CLASS_MASK;
    const first = chunk - (mark >>> SPAN_OFFSET_SHIFT);
    const span = first << DESCRIPTOR_SHIFT;
    words[unit << 1] = words[span + FREE_BLOCK];
    words[span + FREE_BLOCK] = unit;
    this.#blocks[sizeClass]--;
    this.#uncount(page, CLASS_BYTES[sizeClass]);
    if (--words[span + USED_BLOCKS] === 0) this.#freeSpan(page, first, sizeClass);
    else if (words[span + PREVIOUS_SPAN] === UNLINKED) this.#linkSpan(page, first, sizeClass);
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
   * class stays the same, and a large block also when the chunks behind it are free or it shrinks.
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
   * Chooses the regions that are to be emptied. Nothing new is put there until
   * {@link endCompaction}.
   *
   * @returns How many bytes will be given back when all blocks there have moved; 0: it is not worth it.
   */
  beginCompaction(): number {
    this.endCompaction();
    const bytes = planEvacuation(this.#pages);
    this.#compacting = bytes > 0;
    return bytes;
  }

  /** The regions that have not become empty are used as before. */
  endCompaction(): void {
    if (!this.#compacting) return;
    this.#compacting = false;
    const { evacuated } = this.#pages;
    for (let page = evacuated.indexOf(1); page !== -1; page = evacuated.indexOf(1, page + 1)) {
      evacuated[page] = 0;
      this.#linkSpansOf(page);
    }
  }

  /** Whether a block lies where compaction wants it away. */
  shouldMove(handle: number): boolean {
    return this.#pages.evacuated[handle >>> PAGE_SHIFT] !== 0;
  }

  /**
   * Copies a block to another place, if there is one outside of the regions that are being emptied
   * and without a new page, and frees the old one.
   *
   * @returns The handle, the same as before when the block has stayed.
   */
  move(handle: number): number {
    const size = this.sizeOf(handle);
    if (size > MAX_LARGE_BYTES) return handle;
    let target = 0;
    if (size > MAX_SMALL_BYTES) {
      target = this.#allocBig(size, false);
    } else {
      const sizeClass = CLASS_OF[size >>> 3];
      const span = this.#findSpan(sizeClass, false);
      if (span !== 0) target = this.#allocFrom(span, sizeClass);
    }
    return target === 0 ? handle : this.#relocate(handle, target, size);
  }

  /** Walks through everything and throws an Error for the first thing that is wrong. For tests. */
  check(): void {
    checkSlabs(this.#pages, this.#spansWithRoom, this.#blocks, this.#spans, {
      usedBytes: this.usedBytes,
      blockCount: this.blockCount,
    });
  }

  // -------------------------------------------------------------- small blocks

  /** Takes a block of a span in the list of its class. */
  #allocFrom(span: number, sizeClass: number): number {
    const page = span >>> CHUNKS_SHIFT;
    const words = this.words[page];
    const at = (span & CHUNK_MASK) << DESCRIPTOR_SHIFT;
    let unit = words[at + FREE_BLOCK];
    if (unit !== 0) {
      words[at + FREE_BLOCK] = words[unit << 1];
    } else {
      unit = words[at + FRESH_BLOCK];
      words[at + FRESH_BLOCK] = unit + CLASS_UNITS[sizeClass];
    }
    const used = words[at + USED_BLOCKS] + 1;
    words[at + USED_BLOCKS] = used;
    if (used === SPAN_BLOCKS[sizeClass]) this.#unlinkSpan(words, at, sizeClass);
    this.#blocks[sizeClass]++;
    this.#count(page, CLASS_BYTES[sizeClass]);
    return (page << PAGE_SHIFT) | unit;
  }

  /**
   * A span with room, in the list of its class, where new blocks may be put; a new one if need be.
   * Spans in regions that are being emptied leave the list here.
   *
   * @returns 0 when there is no room and `mayGrow` is false. Throws OutOfMemory.
   */
  #findSpan(sizeClass: number, mayGrow: boolean): number {
    for (;;) {
      const span = this.#spansWithRoom[sizeClass];
      if (span === 0) return this.#newSpan(sizeClass, mayGrow);
      const page = span >>> CHUNKS_SHIFT;
      if (this.#pages.evacuated[page] === 0) return span;
      this.#unlinkSpan(this.words[page], (span & CHUNK_MASK) << DESCRIPTOR_SHIFT, sizeClass);
    }
  }

  #newSpan(sizeClass: number, mayGrow: boolean): number {
    const length = SPAN_CHUNKS[sizeClass];
    const span = this.#takeChunks(length, mayGrow);
    if (span === 0) return 0;
    const page = span >>> CHUNKS_SHIFT;
    const chunk = span & CHUNK_MASK;
    const words = this.words[page];
    const at = chunk << DESCRIPTOR_SHIFT;
    markSpan(words, chunk, length, sizeClass);
    words[at + FREE_BLOCK] = 0;
    words[at + FRESH_BLOCK] = chunk << UNITS_TO_CHUNK_SHIFT;
    words[at + USED_BLOCKS] = 0;
    this.#linkSpan(page, chunk, sizeClass);
    this.#spans[sizeClass]++;
    return span;
  }

  #freeSpan(page: number, chunk: number, sizeClass: number): void {
    const words = this.words[page];
    const at = chunk << DESCRIPTOR_SHIFT;
    if (words[at + PREVIOUS_SPAN] !== UNLINKED) this.#unlinkSpan(words, at, sizeClass);
    this.#spans[sizeClass]--;
    this.#pages.freeChunks(page, chunk, SPAN_CHUNKS[sizeClass]);
  }

  /** Puts a span to the front of the list of its class, unless nothing new shall be put into its page. */
  #linkSpan(page: number, chunk: number, sizeClass: number): void {
    const words = this.words[page];
    const at = chunk << DESCRIPTOR_SHIFT;
    if (this.#pages.evacuated[page] !== 0) {
      words[at + PREVIOUS_SPAN] = UNLINKED;
      return;
    }
    const span = (page << CHUNKS_SHIFT) | chunk;
    const next = this.#spansWithRoom[sizeClass];
    words[at + PREVIOUS_SPAN] = 0;
    words[at + NEXT_SPAN] = next;
    if (next !== 0) this.#setSpanWord(next, PREVIOUS_SPAN, span);
    this.#spansWithRoom[sizeClass] = span;
  }

  #unlinkSpan(words: Int32Array, at: number, sizeClass: number): void {
    const next = words[at + NEXT_SPAN];
    const previous = words[at + PREVIOUS_SPAN];
    if (next !== 0) this.#setSpanWord(next, PREVIOUS_SPAN, previous);
    if (previous !== 0) this.#setSpanWord(previous, NEXT_SPAN, next);
    else this.#spansWithRoom[sizeClass] = next;
    words[at + PREVIOUS_SPAN] = UNLINKED;
  }

  #setSpanWord(span: number, word: number, value: number): void {
    this.words[span >>> CHUNKS_SHIFT][((span & CHUNK_MASK) << DESCRIPTOR_SHIFT) + word] = value;
  }

  /** Puts the spans of a page that have room and are in no list into those of their classes. */
  #linkSpansOf(page: number): void {
    const words = this.words[page];
    for (let chunk = FIRST_CHUNK; chunk < CHUNKS && words.length > 0;) {
      const at = chunk << DESCRIPTOR_SHIFT;
      if ((words[at] & KIND_MASK) !== SMALL) {
        chunk += words[at + RUN_LENGTH];
        continue;
      }
      const sizeClass = (words[at] >>> CLASS_SHIFT) & CLASS_MASK;
      const hasRoom = words[at + USED_BLOCKS] < SPAN_BLOCKS[sizeClass];
      if (hasRoom && words[at + PREVIOUS_SPAN] === UNLINKED) this.#linkSpan(page, chunk, sizeClass);
      chunk += SPAN_CHUNKS[sizeClass];
    }
  }

  // -------------------------------------------------------------- large and huge blocks

  /** A block above MAX_SMALL_BYTES; 0 when there is no room and `mayGrow` is false. */
  #allocBig(size: number, mayGrow: boolean): number {
    const bytes = roundUp(size);
    if (bytes > MAX_LARGE_BYTES) return this.#allocHuge(bytes);
    const length = bytes >>> CHUNK_SHIFT;
    const run = this.#takeChunks(length, mayGrow);
    if (run === 0) return 0;
    const page = run >>> CHUNKS_SHIFT;
    const chunk = run & CHUNK_MASK;
    markRun(this.words[page], chunk, length, LARGE);
    this.#bigBlocks++;
    this.#count(page, bytes);
    return (page << PAGE_SHIFT) | (chunk << UNITS_TO_CHUNK_SHIFT);
  }

  #freeLarge(page: number, chunk: number): void {
    const length = this.words[page][(chunk << DESCRIPTOR_SHIFT) + RUN_LENGTH];
    this.#bigBlocks--;
    this.#uncount(page, length << CHUNK_SHIFT);
    this.#pages.freeChunks(page, chunk, length);
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

  #allocHuge(bytes: number): number {
    if (bytes > MAX_HUGE_BYTES) throw OUT_OF_MEMORY;
    const page = this.#pages.takeBuffer(bytes);
    this.#bigBlocks++;
    this.#count(page, bytes);
    return page << PAGE_SHIFT;
  }

  #freeHuge(page: number): void {
    this.#bigBlocks--;
    this.#uncount(page, this.bytes[page].length);
    this.#pages.freeBuffer(page);
  }

  // -------------------------------------------------------------- both

  /** When memory runs out, the regions that were to be emptied are used after all. */
  #takeChunks(length: number, mayGrow: boolean): number {
    try {
      return this.#pages.takeChunks(length, mayGrow);
    } catch (failure) {
      if (!this.#compacting) throw failure;
      this.endCompaction();
      return this.#pages.takeChunks(length, mayGrow);
    }
  }

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
