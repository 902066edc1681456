/** A full walk over the slabs that compares everything that is stated more than once. */
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
  FREE,
  FREE_BLOCK,
  FRESH_BLOCK,
  KIND_MASK,
  LARGE,
  NEXT_SPAN,
  PREVIOUS_SPAN,
  RUN_LENGTH,
  searchStart,
  SMALL,
  SPAN_OFFSET_SHIFT,
  UNITS_TO_CHUNK_SHIFT,
  UNLINKED,
  USED_BLOCKS,
} from "./page_layout.ts";
import type { PageTable } from "./page_table.ts";
import type { SmallBlocks } from "./small_blocks.ts";
import { CLASS_BYTES, CLASS_COUNT, CLASS_UNITS, SPAN_BLOCKS, SPAN_CHUNKS } from "./size_classes.ts";

/** What the walk finds, to be compared with what the slabs say. */
interface Census {
  readonly blocks: Int32Array;
  readonly spans: Int32Array;
  bigBlocks: number;
  usedBytes: number;
  /** Spans with room, as page << CHUNKS_SHIFT | chunk, and whether they are linked. */
  readonly withRoom: Map<number, boolean>;
}

/** Throws an Error for the first thing that is wrong. */
export function checkSlabs(
  pages: PageTable,
  small: SmallBlocks,
  usedBytes: number,
  blockCount: number,
): void {
  const census: Census = {
    blocks: new Int32Array(CLASS_COUNT),
    spans: new Int32Array(CLASS_COUNT),
    bigBlocks: 0,
    usedBytes: 0,
    withRoom: new Map(),
  };
  for (let page = 0; page < pages.words.length; page++) {
    const used = pages.isPage(page)
      ? checkPage(pages, page, census)
      : checkBuffer(pages, page, census);
    expect(
      used === pages.used[page],
      `page ${page}: ${used} bytes used, stated ${pages.used[page]}`,
    );
    census.usedBytes += used;
  }
  for (let sizeClass = 0; sizeClass < CLASS_COUNT; sizeClass++) {
    const name = `class of ${CLASS_BYTES[sizeClass]}`;
    expect(census.blocks[sizeClass] === small.blocks[sizeClass], `${name}: number of blocks`);
    expect(census.spans[sizeClass] === small.spans[sizeClass], `${name}: number of spans`);
    checkList(pages, small.spansWithRoom[sizeClass], sizeClass, census);
  }
  for (const [span, linked] of census.withRoom) {
    const evacuated = pages.evacuated[span >>> CHUNKS_SHIFT] !== 0;
    expect(!linked || evacuated, `span ${span} says that it is in a list, and is not`);
    expect(linked || evacuated, `span ${span} has room and is in no list`);
  }
  const found = census.blocks.reduce((sum, count) => sum + count, census.bigBlocks);
  expect(found === blockCount, `${found} blocks, stated ${blockCount}`);
  expect(census.usedBytes === usedBytes, `${census.usedBytes} bytes used, stated ${usedBytes}`);
}

/** Walks the runs of a page. Returns the bytes in use. */
function checkPage(pages: PageTable, page: number, census: Census): number {
  const words = pages.words[page];
  let used = 0;
  let freeChunks = 0;
  let afterFree = false;
  let isSearchStartFound = false;
  let chunk = FIRST_CHUNK;
  while (chunk < CHUNKS) {
    const at = chunk << DESCRIPTOR_SHIFT;
    const kind = words[at] & KIND_MASK;
    const where = `page ${page}, chunk ${chunk}`;
    if (chunk === searchStart(words)) isSearchStartFound = true;
    expect(kind === FREE || kind === SMALL || kind === LARGE, `${where}: no run begins here`);
    if (kind === SMALL) {
      used += checkSpan(words, page, chunk, census);
      chunk += SPAN_CHUNKS[(words[at] >>> CLASS_SHIFT) & CLASS_MASK];
      afterFree = false;
      continue;
    }
    const length = words[at + RUN_LENGTH];
    const tail = (chunk + length - 1) << DESCRIPTOR_SHIFT;
    expect(length > 0 && chunk + length <= CHUNKS, `${where}: length ${length}`);
    expect((words[tail] & KIND_MASK) === kind, `${where}: kind at the tail`);
    expect(words[tail + RUN_LENGTH] === length, `${where}: length at the tail`);
    if (kind === FREE) {
      expect(isSearchStartFound, `${where}: free, but before the start of the search`);
      expect(!afterFree, `${where}: two free runs are not joined`);
      freeChunks += length;
    } else {
      census.bigBlocks++;
      used += length << CHUNK_SHIFT;
    }
    afterFree = kind === FREE;
    chunk += length;
  }
  expect(freeChunks === pages.freeChunksOf(page), `page ${page}: number of free chunks`);
  return used;
}

/** Checks a span and its list of free blocks. Returns the bytes in use. */
function checkSpan(words: Int32Array, page: number, chunk: number, census: Census): number {
  const at = chunk << DESCRIPTOR_SHIFT;
  const sizeClass = (words[at] >>> CLASS_SHIFT) & CLASS_MASK;
  const where = `page ${page}, span at chunk ${chunk} of class ${CLASS_BYTES[sizeClass]}`;
  for (let i = 0; i < SPAN_CHUNKS[sizeClass]; i++) {
    const mark = SMALL | (sizeClass << CLASS_SHIFT) | (i << SPAN_OFFSET_SHIFT);
    expect(words[(chunk + i) << DESCRIPTOR_SHIFT] === mark, `${where}: mark ${i}`);
  }

  const firstUnit = chunk << UNITS_TO_CHUNK_SHIFT;
  const freshUnit = words[at + FRESH_BLOCK];
  const handedOut = (freshUnit - firstUnit) / CLASS_UNITS[sizeClass];
  expect(
    Number.isInteger(handedOut) && handedOut >= 0 && handedOut <= SPAN_BLOCKS[sizeClass],
    `${where}: first fresh block`,
  );
  const free = new Set<number>();
  for (let unit = words[at + FREE_BLOCK]; unit !== 0; unit = words[unit << 1]) {
    const index = (unit - firstUnit) / CLASS_UNITS[sizeClass];
    expect(
      Number.isInteger(index) && index >= 0 && index < handedOut,
      `${where}: free block ${unit}`,
    );
    expect(!free.has(unit), `${where}: block ${unit} is free twice`);
    free.add(unit);
  }
  const used = words[at + USED_BLOCKS];
  expect(used > 0 && used === handedOut - free.size, `${where}: ${used} blocks in use`);
  const linked = words[at + PREVIOUS_SPAN] !== UNLINKED;
  if (used < SPAN_BLOCKS[sizeClass]) census.withRoom.set((page << CHUNKS_SHIFT) | chunk, linked);
  else expect(!linked, `${where}: full, and in a list`);
  census.blocks[sizeClass] += used;
  census.spans[sizeClass]++;
  return used * CLASS_BYTES[sizeClass];
}

/** Returns the bytes of a huge block, 0 where there is none. */
function checkBuffer(pages: PageTable, page: number, census: Census): number {
  const { length } = pages.bytes[page];
  expect(length === pages.words[page].length * 4, `page ${page}: bytes and words differ`);
  expect(length % CHUNK_BYTES === 0, `page ${page}: huge block of ${length} bytes`);
  if (length > 0) census.bigBlocks++;
  return length;
}

/** Follows the list of a class; what is found there is struck off the census. */
function checkList(pages: PageTable, first: number, sizeClass: number, census: Census): void {
  let previous = 0;
  let span = first;
  while (span !== 0) {
    const words = pages.words[span >>> CHUNKS_SHIFT];
    const at = (span & CHUNK_MASK) << DESCRIPTOR_SHIFT;
    const where = `span ${span} in the list of class ${CLASS_BYTES[sizeClass]}`;
    expect(census.withRoom.delete(span), `${where}: has no room or is there twice`);
    expect(((words[at] >>> CLASS_SHIFT) & CLASS_MASK) === sizeClass, `${where}: another class`);
    expect(words[at + PREVIOUS_SPAN] === previous, `${where}: previous`);
    previous = span;
    span = words[at + NEXT_SPAN];
  }
}

function expect(condition: boolean, text: string): void {
  if (!condition) throw new Error(`Slabs are damaged: ${text}`);
}
