/**
 * The inside of a page: its chunks, their descriptors, and runs of chunks.
 *
 * A page is 1024 chunks of 4 KiB. The first 8 chunks hold a descriptor of 8 words for each chunk:
 *
 *   word 0   kind in bits 0..1; for SMALL also the class in bits 8..15 and, in bits 16..31, how many
 *            chunks of the span come before this one
 *   word 1   FREE, LARGE: length of the run in chunks     SMALL: first of the free blocks, 0 = none
 *   word 2                                                SMALL: first block never handed out yet
 *   word 3                                                SMALL: number of blocks in use
 *   word 4                                                SMALL: next span of the class with room
 *   word 5                                                SMALL: previous one, or UNLINKED
 *
 * The first and the last chunk of a FREE or LARGE run carry its descriptor, so that neighbours find
 * each other; a small span has one at each chunk, so that any block finds it, and words 1 to 5 at the
 * first. Blocks in descriptors are offsets in the page in units of 8 bytes; a free block's first word
 * is the offset of the next one. Blocks never handed out are not in that list: fresh memory stays
 * untouched, and so costs the machine nothing, until it is wanted.
 *
 * The page as a whole begins as one free run. Free runs that touch are always joined. The descriptors
 * of the first 8 chunks, which are never handed out, have no kind; word 1 of the page is the place where
 * the search for free runs begins: a run that begins there or, when that one is not free, a later one
 * is the first that is free.
 */
import { PAGE_BYTES } from "./handle.ts";

export const CHUNK_SHIFT = 12;
export const CHUNK_BYTES = 1 << CHUNK_SHIFT;
export const CHUNKS_SHIFT = 10;
/** Chunks in a page. */
export const CHUNKS = PAGE_BYTES / CHUNK_BYTES;
export const CHUNK_MASK = CHUNKS - 1;
/** From a block's offset in units to the number of its chunk. */
export const UNITS_TO_CHUNK_SHIFT = 9;

/** From a chunk's number to the word offset of its descriptor. */
export const DESCRIPTOR_SHIFT = 3;
/** The first chunk that can be handed out. */
export const FIRST_CHUNK = (CHUNKS << (DESCRIPTOR_SHIFT + 2)) / CHUNK_BYTES;
/** How many chunks of a page can be handed out. */
export const USABLE_CHUNKS = CHUNKS - FIRST_CHUNK;

export const KIND_MASK = 3;
export const FREE = 1;
export const SMALL = 2;
export const LARGE = 3;
export const CLASS_SHIFT = 8;
export const CLASS_MASK = 0xff;
export const SPAN_OFFSET_SHIFT = 16;

/** Word of the page: no free run begins before this chunk. */
const SEARCH_START = 1;

/** Words of a descriptor, see above. */
export const RUN_LENGTH = 1;
export const FREE_BLOCK = 1;
export const FRESH_BLOCK = 2;
export const USED_BLOCKS = 3;
export const NEXT_SPAN = 4;
export const PREVIOUS_SPAN = 5;
/** In place of the previous span: this one is in no list. */
export const UNLINKED = -1;

/** Makes a page one free run. */
export function formatPage(words: Int32Array): void {
  for (let chunk = 0; chunk < FIRST_CHUNK; chunk++) words[chunk << DESCRIPTOR_SHIFT] = 0;
  words[SEARCH_START] = FIRST_CHUNK;
  markRun(words, FIRST_CHUNK, USABLE_CHUNKS, FREE);
}

/** Writes the descriptors of a FREE or LARGE run. */
export function markRun(words: Int32Array, first: number, length: number, kind: number): void {
  const head = first << DESCRIPTOR_SHIFT;
  const tail = (first + length - 1) << DESCRIPTOR_SHIFT;
  words[head] = kind;
  words[head + RUN_LENGTH] = length;
  words[tail] = kind;
  words[tail + RUN_LENGTH] = length;
}

/** Writes word 0 of each chunk of a span. */
export function markSpan(
  words: Int32Array,
  first: number,
  length: number,
  sizeClass: number,
): void {
  const mark = SMALL | (sizeClass << CLASS_SHIFT);
  for (let i = 0; i < length; i++) {
    words[(first + i) << DESCRIPTOR_SHIFT] = mark | (i << SPAN_OFFSET_SHIFT);
  }
}

/**
 * Takes the first `length` chunks of the first free run that has as many. The caller marks them at
 * once: until then they still look free.
 *
 * @param spanChunks Chunks of a span, by class.
 * @returns The first chunk; when no run is long enough, minus the length of the longest.
 */
export function takeRun(words: Int32Array, length: number, spanChunks: Int32Array): number {
  let longest = 0;
  let chunk = words[SEARCH_START];
  while (chunk < CHUNKS) {
    const at = chunk << DESCRIPTOR_SHIFT;
    const kind = words[at] & KIND_MASK;
    if (kind === SMALL) {
      chunk += spanChunks[(words[at] >>> CLASS_SHIFT) & CLASS_MASK];
      continue;
    }
    const runLength = words[at + RUN_LENGTH];
    if (kind === FREE) {
      if (runLength >= length) {
        if (runLength > length) markRun(words, chunk + length, runLength - length, FREE);
        if (longest === 0) words[SEARCH_START] = chunk + length;
        return chunk;
      }
      if (runLength > longest) longest = runLength;
    }
    chunk += runLength;
  }
  return -longest;
}

/**
 * Makes chunks a free run, joined with the free runs on both sides.
 *
 * @returns The length of the whole.
 */
export function releaseRun(words: Int32Array, first: number, length: number): number {
  const next = first + length;
  if (next < CHUNKS) {
    const at = next << DESCRIPTOR_SHIFT;
    if ((words[at] & KIND_MASK) === FREE) length += words[at + RUN_LENGTH];
  }
  const before = (first - 1) << DESCRIPTOR_SHIFT;
  if ((words[before] & KIND_MASK) === FREE) {
    first -= words[before + RUN_LENGTH];
    length += words[before + RUN_LENGTH];
  }
  markRun(words, first, length, FREE);
  if (first < words[SEARCH_START]) words[SEARCH_START] = first;
  return length;
}

/** The chunk that the search for free runs begins with, for checks. */
export function searchStart(words: Int32Array): number {
  return words[SEARCH_START];
}

/**
 * Makes a LARGE run longer where the chunks behind it are free.
 *
 * @returns Whether they were; nothing has changed otherwise.
 */
export function extendRun(
  words: Int32Array,
  first: number,
  length: number,
  newLength: number,
): boolean {
  const next = first + length;
  if (next >= CHUNKS) return false;
  const at = next << DESCRIPTOR_SHIFT;
  if ((words[at] & KIND_MASK) !== FREE) return false;
  const left = length + words[at + RUN_LENGTH] - newLength;
  if (left < 0) return false;
  if (left > 0) markRun(words, first + newLength, left, FREE);
  if (words[SEARCH_START] === next) words[SEARCH_START] = first + newLength;
  markRun(words, first, newLength, LARGE);
  return true;
}
