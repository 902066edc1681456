/**
 * Blocks of up to 16 KiB: slots of spans, see `size_classes.ts`.
 *
 * The spans of a class that have room form a list. Blocks are taken from the first span of the list,
 * and a full span that gets room again goes to its front, so the fullest spans are filled first and
 * the emptier ones can drain. An empty span is given back at once.
 */
import { OFFSET_MASK, PAGE_SHIFT } from "./handle.ts";
import {
  CHUNK_MASK,
  CHUNKS,
  CHUNKS_SHIFT,
  CLASS_MASK,
  CLASS_SHIFT,
  DESCRIPTOR_SHIFT,
  FIRST_CHUNK,
  FREE_BLOCK,
  FRESH_BLOCK,
  KIND_MASK,
  markSpan,
  NEXT_SPAN,
  PREVIOUS_SPAN,
  RUN_LENGTH,
  SMALL,
  SPAN_OFFSET_SHIFT,
  UNITS_TO_CHUNK_SHIFT,
  UNLINKED,
  USED_BLOCKS,
} from "./page_layout.ts";
import type { PageTable } from "./page_table.ts";
import { CLASS_COUNT, CLASS_UNITS, SPAN_BLOCKS, SPAN_CHUNKS } from "./size_classes.ts";

export class SmallBlocks {
  /** Blocks in use, by class. */
  readonly blocks = new Int32Array(CLASS_COUNT);
  /** Spans, by class. */
  readonly spans = new Int32Array(CLASS_COUNT);
  /** The first span with room, by class, as page << CHUNKS_SHIFT | chunk; 0 when there is none. */
  readonly spansWithRoom = new Int32Array(CLASS_COUNT);
  readonly #pages: PageTable;
  readonly #words: readonly Int32Array[];

  constructor(pages: PageTable) {
    this.#pages = pages;
    this.#words = pages.words;
  }

  /**
   * A block of a class.
   *
   * @param mayGrow Whether another page may be begun for it.
   * @returns Its handle; 0 when there is no room and `mayGrow` is false. Throws OutOfMemory.
   */
  alloc(sizeClass: number, mayGrow: boolean): number {
    let span = this.spansWithRoom[sizeClass];
    if (span === 0 || this.#pages.isEvacuating) {
      span = this.#findSpan(sizeClass, mayGrow);
      if (span === 0) return 0;
    }
    const page = span >>> CHUNKS_SHIFT;
    const words = this.#words[page];
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
    if (used === SPAN_BLOCKS[sizeClass]) this.#unlink(words, at, sizeClass);
    this.blocks[sizeClass]++;
    return (page << PAGE_SHIFT) | unit;
  }

  /**
   * Gives a block back.
   *
   * @param mark Word 0 of the descriptor of its chunk.
   * @returns Its class.
   */
  free(handle: number, mark: number): number {
    const page = handle >>> PAGE_SHIFT;
    const unit = handle & OFFSET_MASK;
    const words = this.#words[page];
    const sizeClass = (mark >>> CLASS_SHIFT) & CLASS_MASK;
    const first = (unit >>> UNITS_TO_CHUNK_SHIFT) - (mark >>> SPAN_OFFSET_SHIFT);
    const at = first << DESCRIPTOR_SHIFT;
    words[unit << 1] = words[at + FREE_BLOCK];
    words[at + FREE_BLOCK] = unit;
    const used = words[at + USED_BLOCKS] - 1;
    words[at + USED_BLOCKS] = used;
    this.blocks[sizeClass]--;
    if (used === 0) this.#freeSpan(page, first, sizeClass);
    else if (words[at + PREVIOUS_SPAN] === UNLINKED) this.#link(page, first, sizeClass);
    return sizeClass;
  }

  /** Puts the spans of a page that have room and are in no list into those of their classes. */
  linkSpansOf(page: number): void {
    const words = this.#words[page];
    if (words.length === 0) return;
    let chunk = FIRST_CHUNK;
    while (chunk < CHUNKS) {
      const at = chunk << DESCRIPTOR_SHIFT;
      if ((words[at] & KIND_MASK) !== SMALL) {
        chunk += words[at + RUN_LENGTH];
        continue;
      }
      const sizeClass = (words[at] >>> CLASS_SHIFT) & CLASS_MASK;
      const hasRoom = words[at + USED_BLOCKS] < SPAN_BLOCKS[sizeClass];
      if (hasRoom && words[at + PREVIOUS_SPAN] === UNLINKED) this.#link(page, chunk, sizeClass);
      chunk += SPAN_CHUNKS[sizeClass];
    }
  }

  /**
   * A span with room, in the list of its class, where new blocks may be put; a new one if need be.
   * Spans in pages that are being evacuated leave the list here. 0, or OutOfMemory, as for alloc.
   */
  #findSpan(sizeClass: number, mayGrow: boolean): number {
    for (;;) {
      const span = this.spansWithRoom[sizeClass];
      if (span === 0) return this.#newSpan(sizeClass, mayGrow);
      const page = span >>> CHUNKS_SHIFT;
      if (this.#pages.evacuated[page] === 0) return span;
      this.#unlink(this.#words[page], (span & CHUNK_MASK) << DESCRIPTOR_SHIFT, sizeClass);
    }
  }

  #newSpan(sizeClass: number, mayGrow: boolean): number {
    const length = SPAN_CHUNKS[sizeClass];
    const span = this.#pages.takeChunks(length, mayGrow);
    if (span === 0) return 0;
    const page = span >>> CHUNKS_SHIFT;
    const chunk = span & CHUNK_MASK;
    const words = this.#words[page];
    const at = chunk << DESCRIPTOR_SHIFT;
    markSpan(words, chunk, length, sizeClass);
    words[at + FREE_BLOCK] = 0;
    words[at + FRESH_BLOCK] = chunk << UNITS_TO_CHUNK_SHIFT;
    words[at + USED_BLOCKS] = 0;
    this.#link(page, chunk, sizeClass);
    this.spans[sizeClass]++;
    return span;
  }

  #freeSpan(page: number, chunk: number, sizeClass: number): void {
    const words = this.#words[page];
    const at = chunk << DESCRIPTOR_SHIFT;
    if (words[at + PREVIOUS_SPAN] !== UNLINKED) this.#unlink(words, at, sizeClass);
    this.spans[sizeClass]--;
    this.#pages.freeChunks(page, chunk, SPAN_CHUNKS[sizeClass]);
  }

  /** Puts a span to the front of the list of its class, unless its page is being evacuated. */
  #link(page: number, chunk: number, sizeClass: number): void {
    const words = this.#words[page];
    const at = chunk << DESCRIPTOR_SHIFT;
    if (this.#pages.evacuated[page] !== 0) {
      words[at + PREVIOUS_SPAN] = UNLINKED;
      return;
    }
    const span = (page << CHUNKS_SHIFT) | chunk;
    const next = this.spansWithRoom[sizeClass];
    words[at + PREVIOUS_SPAN] = 0;
    words[at + NEXT_SPAN] = next;
    if (next !== 0) this.#setSpanWord(next, PREVIOUS_SPAN, span);
    this.spansWithRoom[sizeClass] = span;
  }

  #unlink(words: Int32Array, at: number, sizeClass: number): void {
    const next = words[at + NEXT_SPAN];
    const previous = words[at + PREVIOUS_SPAN];
    if (next !== 0) this.#setSpanWord(next, PREVIOUS_SPAN, previous);
    if (previous !== 0) this.#setSpanWord(previous, NEXT_SPAN, next);
    else this.spansWithRoom[sizeClass] = next;
    words[at + PREVIOUS_SPAN] = UNLINKED;
  }

  #setSpanWord(span: number, word: number, value: number): void {
    this.#words[span >>> CHUNKS_SHIFT][((span & CHUNK_MASK) << DESCRIPTOR_SHIFT) + word] = value;
  }
}
