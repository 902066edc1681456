/**
 * The pages: where slab memory comes from, and how it goes back.
 *
 * Memory is asked for in regions of 8 pages and not page by page, because of what glibc does with
 * blocks up to 32 MiB: once one such block has been freed, it serves those of the same size from its
 * heap, where they are zeroed by hand, lie at any address and hardly ever go back to the system. A
 * region is larger than that, so it always is a fresh mapping, costs no memory where it has never
 * been touched, and is gone when it is freed. Only the first region is a single page, which is
 * never freed: an instance that holds little shall also reserve little.
 *
 *   page number   0 | 1 2 3 4 5 6 7 8 | 9 10 11 12 13 14 15 16 | ...
 *   region        0 |        1        |           2            | ...
 *
 * Pages are formatted one after the other when the ones before are full. A region whose pages have
 * all become empty is freed at once, unless there is no other empty page: then it is kept, so that a
 * load that goes up and down around a region's end does not map and unmap it each time.
 *
 * A block that is larger than a page gets a buffer of its own and one page number, out of a group of
 * 8 numbers that has no region then. Its handle has offset 0, which no other block has.
 */
import { MAX_PAGES, PAGE_BYTES } from "./handle.ts";
import { OUT_OF_MEMORY } from "./out_of_memory.ts";
import {
  CHUNK_MASK,
  CHUNKS_SHIFT,
  extendRun,
  formatPage,
  releaseRun,
  takeRun,
  USABLE_CHUNKS,
} from "./page_layout.ts";
import { MIN_SPAN_CHUNKS, SPAN_CHUNKS } from "./size_classes.ts";

const REGION_PAGES = 8;
const REGION_SHIFT = 3;
/** So many that all of their pages have numbers. */
const MAX_REGIONS = MAX_PAGES / REGION_PAGES;
const NO_REGION = -1;

/**
 * A mapping of glibc's begins 16 bytes after a multiple of 4096; skipping 48 puts every block whose
 * size is a multiple of 64 bytes on whole cache lines. Elsewhere it does no harm.
 */
const SKIPPED_BYTES = 48;

const NO_BYTES = new Uint8Array(0);
const NO_WORDS = new Int32Array(0);

/** The region of a page, or the group of page numbers that the number belongs to. */
function regionOf(page: number): number {
  return (page + REGION_PAGES - 1) >>> REGION_SHIFT;
}

function firstPageOf(region: number): number {
  return region === 0 ? 0 : region * REGION_PAGES - (REGION_PAGES - 1);
}

function pagesIn(region: number): number {
  return region === 0 ? 1 : REGION_PAGES;
}

interface Region {
  readonly buffer: ArrayBuffer;
  /** Pages that have been formatted. */
  formatted: number;
  /** Formatted pages with nothing in them. */
  empty: number;
}

export class PageTable {
  /** The memory of each page by its number; of length 0 where there is none. */
  readonly bytes: Uint8Array[] = [];
  /** The same memory as signed 32-bit words. */
  readonly words: Int32Array[] = [];
  /** Bytes of the blocks in use, by page. */
  readonly used = new Int32Array(MAX_PAGES);
  /** 1 for pages that compaction wants to empty: nothing new is put there. */
  readonly evacuated = new Uint8Array(MAX_PAGES);
  /** Whether there are such pages. */
  isEvacuating = false;
  /** No free run is longer, by page; 0 where there is no page of chunks. */
  readonly #longestRun = new Uint16Array(MAX_PAGES);
  readonly #freeChunks = new Uint16Array(MAX_PAGES);

  readonly #regions: (Region | null)[] = [];
  /** How many large buffers have their numbers in a group, by group. */
  readonly #buffersInGroup = new Uint8Array(MAX_REGIONS);
  /** The region with pages that have not been formatted yet. */
  #growingRegion = NO_REGION;
  /** The one region that is kept though all of it is empty. */
  #spareRegion = NO_REGION;
  /** Formatted pages with nothing in them, in all regions. */
  #emptyPages = 0;
  /** No page before this one has room for the shortest span. */
  #firstRoom = 0;
  #formattedPages = 0;
  #bufferBytes = 0;

  /** Bytes of all pages in use or kept, and of all large buffers. */
  get pageBytes(): number {
    return this.#formattedPages * PAGE_BYTES + this.#bufferBytes;
  }

  /** Whether a page number belongs to a page of chunks. */
  isPage(page: number): boolean {
    const region = regionOf(page);
    return region < this.#regions.length && this.#regions[region] !== null &&
      page - firstPageOf(region) < this.#regions[region]!.formatted;
  }

  /** One more than the highest number of a region. */
  get regionCount(): number {
    return this.#regions.length;
  }

  /**
   * The pages `[first, first + count)` of a region, if compaction may empty it: the first region is
   * never given back, and the one that grows is needed.
   */
  movablePages(region: number): { first: number; count: number } {
    const movable = region > 0 && region !== this.#growingRegion && this.#regions[region] !== null;
    return { first: firstPageOf(region), count: movable ? pagesIn(region) : 0 };
  }

  /** Chunks of a page that nothing is in. */
  freeChunksOf(page: number): number {
    return this.#freeChunks[page];
  }

  /**
   * Takes a run of chunks, in the first page that has one. The caller marks it at once.
   *
   * @param mayGrow Whether another page may be begun for it.
   * @returns page << CHUNKS_SHIFT | first chunk; 0 when there is none and `mayGrow` is false.
   *   Throws OutOfMemory.
   */
  takeChunks(length: number, mayGrow: boolean): number {
    const longestRun = this.#longestRun;
    const end = this.words.length;
    while (this.#firstRoom < end && longestRun[this.#firstRoom] < MIN_SPAN_CHUNKS) {
      this.#firstRoom++;
    }
    for (let page = this.#firstRoom; page < end; page++) {
      if (longestRun[page] < length || this.evacuated[page] !== 0) continue;
      const chunk = takeRun(this.words[page], length, SPAN_CHUNKS);
      if (chunk > 0) return this.#took(page, chunk, length);
      longestRun[page] = -chunk;
    }
    if (!mayGrow) return 0;
    const page = this.#beginPage();
    return this.#took(page, takeRun(this.words[page], length, SPAN_CHUNKS), length);
  }

  #took(page: number, chunk: number, length: number): number {
    if (this.#freeChunks[page] === USABLE_CHUNKS) this.#noLongerEmpty(page);
    this.#freeChunks[page] -= length;
    return (page << CHUNKS_SHIFT) | chunk;
  }

  /** Gives back the chunks from `chunk` on, which may be all or the last ones of a run. */
  freeChunks(page: number, chunk: number, length: number): void {
    const runLength = releaseRun(this.words[page], chunk, length);
    if (runLength > this.#longestRun[page]) this.#longestRun[page] = runLength;
    if (page < this.#firstRoom) this.#firstRoom = page;
    this.#freeChunks[page] += length;
    if (this.#freeChunks[page] === USABLE_CHUNKS) this.#becameEmpty(page);
  }

  /** Makes a large run longer in its place; false when that cannot be. */
  extendChunks(page: number, chunk: number, length: number, newLength: number): boolean {
    if (!extendRun(this.words[page], chunk & CHUNK_MASK, length, newLength)) return false;
    this.#freeChunks[page] -= newLength - length;
    return true;
  }

  /** Formats the next page of the growing region, which may be a new one. */
  #beginPage(): number {
    if (this.#growingRegion === NO_REGION) this.#growingRegion = this.#mapRegion();
    const number = this.#growingRegion;
    const region = this.#regions[number]!;
    const page = firstPageOf(number) + region.formatted;
    const offset = SKIPPED_BYTES + region.formatted * PAGE_BYTES;
    this.bytes[page] = new Uint8Array(region.buffer, offset, PAGE_BYTES);
    this.words[page] = new Int32Array(region.buffer, offset, PAGE_BYTES >>> 2);
    formatPage(this.words[page]);
    this.#longestRun[page] = USABLE_CHUNKS;
    this.#freeChunks[page] = USABLE_CHUNKS;
    if (page < this.#firstRoom) this.#firstRoom = page;
    region.formatted++;
    region.empty++;
    this.#formattedPages++;
    this.#emptyPages++;
    if (region.formatted === pagesIn(number)) this.#growingRegion = NO_REGION;
    return page;
  }

  #mapRegion(): number {
    const number = this.#freeGroup(0);
    this.#regions[number] = {
      buffer: newBuffer(pagesIn(number) * PAGE_BYTES),
      formatted: 0,
      empty: 0,
    };
    return number;
  }

  #unmapRegion(number: number): void {
    const region = this.#regions[number]!;
    const first = firstPageOf(number);
    for (let page = first; page < first + region.formatted; page++) {
      this.bytes[page] = NO_BYTES;
      this.words[page] = NO_WORDS;
      this.#longestRun[page] = 0;
      this.#freeChunks[page] = 0;
    }
    this.evacuated.fill(0, first, first + pagesIn(number));
    this.#formattedPages -= region.formatted;
    this.#emptyPages -= region.empty;
    this.#regions[number] = null;
    if (this.#growingRegion === number) this.#growingRegion = NO_REGION;
    releaseBuffer(region.buffer);
  }

  #noLongerEmpty(page: number): void {
    const number = regionOf(page);
    this.#regions[number]!.empty--;
    this.#emptyPages--;
    if (this.#spareRegion === number) this.#spareRegion = NO_REGION;
  }

  #becameEmpty(page: number): void {
    const number = regionOf(page);
    const region = this.#regions[number]!;
    region.empty++;
    this.#emptyPages++;
    if (number !== 0 && region.empty === region.formatted) {
      if (this.evacuated[page] !== 0) return this.#unmapRegion(number);
      if (this.#spareRegion !== NO_REGION) this.#unmapRegion(this.#spareRegion);
      this.#spareRegion = number;
    }
    const spare = this.#spareRegion;
    if (spare !== NO_REGION && this.#emptyPages > this.#regions[spare]!.empty) {
      this.#spareRegion = NO_REGION;
      this.#unmapRegion(spare);
    }
  }

  /** The first group of page numbers, from `from` on, that is neither a region's nor of buffers. */
  #freeGroup(from: number): number {
    let group = from;
    while (
      group < this.#regions.length &&
      (this.#regions[group] !== null || this.#buffersInGroup[group] !== 0)
    ) group++;
    if (group >= MAX_REGIONS) throw OUT_OF_MEMORY;
    while (this.#regions.length <= group) {
      for (let i = pagesIn(this.#regions.length); i > 0; i--) {
        this.bytes.push(NO_BYTES);
        this.words.push(NO_WORDS);
      }
      this.#regions.push(null);
    }
    return group;
  }

  /**
   * Gives a large block a buffer of its own.
   *
   * @param size In bytes; a multiple of 4.
   * @returns Its page number, never 0. Throws OutOfMemory.
   */
  takeBuffer(size: number): number {
    const page = this.#freeBufferNumber();
    const buffer = newBuffer(size);
    this.bytes[page] = new Uint8Array(buffer, SKIPPED_BYTES, size);
    this.words[page] = new Int32Array(buffer, SKIPPED_BYTES, size >>> 2);
    this.#buffersInGroup[regionOf(page)]++;
    this.#bufferBytes += size;
    return page;
  }

  /** Gives back the buffer of a large block. */
  freeBuffer(page: number): void {
    const { buffer, length } = this.bytes[page];
    this.bytes[page] = NO_BYTES;
    this.words[page] = NO_WORDS;
    this.#buffersInGroup[regionOf(page)]--;
    this.#bufferBytes -= length;
    releaseBuffer(buffer as ArrayBuffer);
  }

  /** A page number in a group that holds buffers already and is not full, else in a new group. */
  #freeBufferNumber(): number {
    const inGroup = this.#buffersInGroup;
    let group = 1;
    while (
      group < this.#regions.length && (inGroup[group] === 0 || inGroup[group] === REGION_PAGES)
    ) {
      group++;
    }
    if (group >= this.#regions.length) group = this.#freeGroup(1);
    let page = firstPageOf(group);
    while (this.bytes[page].length !== 0) page++;
    return page;
  }
}

function newBuffer(size: number): ArrayBuffer {
  try {
    return new ArrayBuffer(size + SKIPPED_BYTES);
  } catch {
    throw OUT_OF_MEMORY;
  }
}

/** Frees a buffer's memory now; dropping the last reference would leave that to the next collection. */
function releaseBuffer(buffer: ArrayBuffer): void {
  buffer.transfer(0);
}
