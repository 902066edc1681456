import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { PAGE_BYTES } from "../../../src/memory/handle.ts";
import {
  CHUNK_MASK,
  CHUNKS_SHIFT,
  LARGE,
  markRun,
  USABLE_CHUNKS,
} from "../../../src/memory/page_layout.ts";
import { PageTable } from "../../../src/memory/page_table.ts";

/** Takes all chunks of a page; returns its number. */
function takePage(pages: PageTable): number {
  const run = pages.takeChunks(USABLE_CHUNKS, true);
  const page = run >>> CHUNKS_SHIFT;
  markRun(pages.words[page], run & CHUNK_MASK, USABLE_CHUNKS, LARGE);
  return page;
}

function freePage(pages: PageTable, page: number): void {
  pages.freeChunks(page, 1024 - USABLE_CHUNKS, USABLE_CHUNKS);
}

Deno.test("A page table holds nothing until something is taken", () => {
  const pages = new PageTable();
  assertEquals(pages.pageBytes, 0);
  assertEquals(pages.takeChunks(1, false), 0);
  assertEquals(takePage(pages), 0);
  assertEquals(pages.pageBytes, PAGE_BYTES);
});

Deno.test("Pages are numbered in order, and lie in regions of eight after the first", () => {
  const pages = new PageTable();
  const numbers = Array.from({ length: 18 }, () => takePage(pages));
  assertEquals(numbers, numbers.map((_, i) => i));
  assertEquals(pages.pageBytes, 18 * PAGE_BYTES);
  const buffers = pages.bytes.map(({ buffer }) => buffer);
  assert(buffers[0] !== buffers[1]);
  assert(buffers[1] === buffers[8]);
  assert(buffers[8] !== buffers[9]);
  assert(pages.words[3].buffer === buffers[3]);
  assertEquals(pages.words[3].byteOffset, pages.bytes[3].byteOffset);
});

Deno.test("A region goes back when its last page empties, if there is another empty page", () => {
  const pages = new PageTable();
  for (let page = 0; page <= 16; page++) takePage(pages);
  const buffer = pages.bytes[1].buffer as ArrayBuffer;
  for (let page = 1; page <= 8; page++) freePage(pages, page);
  assertEquals(pages.pageBytes, 17 * PAGE_BYTES, "it is the only empty one");
  freePage(pages, 12);
  assertEquals(pages.pageBytes, 9 * PAGE_BYTES);
  assert(buffer.detached);
  assertEquals(pages.bytes[1].length, 0);
  assertEquals(pages.words[8].length, 0);
});

Deno.test("An empty region that is kept is used again without asking for memory", () => {
  const pages = new PageTable();
  for (let page = 0; page <= 1; page++) takePage(pages);
  const { buffer } = pages.bytes[1];
  for (let i = 0; i < 10; i++) {
    freePage(pages, 1);
    assertEquals(takePage(pages), 1);
  }
  assert(pages.bytes[1].buffer === buffer);
});

Deno.test("When everything is given back, the first page alone stays", () => {
  const pages = new PageTable();
  const order = Array.from({ length: 30 }, () => takePage(pages));
  const middleFirst = order.map((page) => (page * 7) % 30);
  for (const page of middleFirst) freePage(pages, page);
  assertEquals(pages.pageBytes, PAGE_BYTES);
});

Deno.test("Numbers of regions that went back are used again", () => {
  const pages = new PageTable();
  for (let page = 0; page <= 24; page++) takePage(pages);
  for (let page = 9; page <= 16; page++) freePage(pages, page);
  freePage(pages, 0);
  assertEquals(pages.bytes[9].length, 0);
  assertEquals(takePage(pages), 0);
  assertEquals(takePage(pages), 9);
  assertEquals(pages.bytes[9].length, PAGE_BYTES);
});

Deno.test("A large buffer has a page number of its own, which no region gets", () => {
  const pages = new PageTable();
  const first = pages.takeBuffer(5 * PAGE_BYTES);
  assertNotEquals(first, 0, "a handle of 0 means none");
  assertEquals(pages.bytes[first].length, 5 * PAGE_BYTES);
  assertEquals(pages.words[first].length, 5 * PAGE_BYTES / 4);
  assert(!pages.isPage(first));
  const buffers = Array.from({ length: 20 }, () => pages.takeBuffer(PAGE_BYTES));
  const chunked = Array.from({ length: 20 }, () => takePage(pages));
  assertEquals(new Set([first, ...buffers, ...chunked]).size, 41);
  assertEquals(pages.pageBytes, (5 + 20 + 20) * PAGE_BYTES);

  pages.freeBuffer(buffers[3]);
  assertEquals(pages.takeBuffer(2 * PAGE_BYTES), buffers[3]);
  for (const page of [first, ...buffers]) pages.freeBuffer(page);
  assertEquals(pages.pageBytes, 20 * PAGE_BYTES);
});

Deno.test("Nothing is put into evacuated pages", () => {
  const pages = new PageTable();
  for (let page = 0; page <= 16; page++) takePage(pages);
  freePage(pages, 3);
  freePage(pages, 12);
  pages.evacuated.fill(1, 1, 9);
  assertEquals(pages.takeChunks(USABLE_CHUNKS, false) >>> CHUNKS_SHIFT, 12);
});
