import {
  assert,
  assertEquals,
  assertNotEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { byteOffset, PAGE_BYTES, pageOf, wordOffset } from "../../../src/memory/handle.ts";
import { OUT_OF_MEMORY, OutOfMemoryError, Slabs } from "../../../src/memory/slab.ts";
import { freshSeed, Random } from "../../support/random.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const IS_LONG_RUN = Deno.env.get("KEYREX_LONG_TESTS") !== undefined;
const ROUNDS = IS_LONG_RUN ? 50 : 1;

/** Blocks with a known content, to be compared with what is in them. */
class Blocks {
  readonly handles: number[] = [];
  readonly #marks = new Map<number, number>();
  #nextMark = 1;

  constructor(readonly slabs: Slabs) {}

  add(handle: number): void {
    assertNotEquals(handle, 0);
    assert(!this.#marks.has(handle), `${handle} is in use already`);
    this.handles.push(handle);
    this.#mark(handle);
  }

  free(index: number): void {
    const handle = this.handles[index];
    this.expectMark(handle);
    this.#marks.delete(handle);
    this.handles[index] = this.handles[this.handles.length - 1];
    this.handles.pop();
    this.slabs.free(handle);
  }

  /** Has the block moved by `move`; at least its first word must stay. */
  replace(index: number, move: (handle: number) => number): void {
    const handle = this.handles[index];
    const mark = this.#marks.get(handle)!;
    this.#marks.delete(handle);
    const moved = move(handle);
    assert(!this.#marks.has(moved), `${moved} is in use already`);
    this.handles[index] = moved;
    assertEquals(this.slabs.words[pageOf(moved)][wordOffset(moved)], mark);
    this.#marks.delete(handle);
    this.#mark(moved);
  }

  freeAll(): void {
    while (this.handles.length > 0) this.free(this.handles.length - 1);
  }

  expectMark(handle: number): void {
    const words = this.slabs.words[pageOf(handle)];
    const last = wordOffset(handle) + this.slabs.sizeOf(handle) / 4 - 1;
    assertEquals(words[wordOffset(handle)], this.#marks.get(handle));
    assertEquals(words[last], this.#marks.get(handle));
  }

  /** Writes a number nobody else has to the first and the last word. */
  #mark(handle: number): void {
    const mark = this.#nextMark++;
    const words = this.slabs.words[pageOf(handle)];
    const last = wordOffset(handle) + this.slabs.sizeOf(handle) / 4 - 1;
    words[wordOffset(handle)] = mark;
    words[last] = mark;
    this.#marks.set(handle, mark);
  }
}

/** A size whose logarithm is evenly distributed. */
function randomSize(random: Random, max: number): number {
  return Math.floor(Math.exp((random.next() / 2 ** 32) * Math.log(max)));
}

Deno.test("A block has at least the size asked for, and a handle that is not 0", () => {
  const slabs = new Slabs();
  for (const size of [0, 1, 7, 8, 9, 511, 512, 513, 16384, 16385, 100000, 4 * MIB, 9 * MIB]) {
    const handle = slabs.alloc(size);
    assertNotEquals(handle, 0);
    assertStrictEquals(handle, handle | 0, "a signed 32-bit integer");
    assert(slabs.sizeOf(handle) >= size);
    assert(byteOffset(handle) + slabs.sizeOf(handle) <= slabs.bytes[pageOf(handle)].length);
    slabs.bytes[pageOf(handle)].fill(1, byteOffset(handle), byteOffset(handle) + size);
  }
  slabs.check();
});

Deno.test("Blocks of a multiple of 64 bytes lie on multiples of 64 bytes", () => {
  const slabs = new Slabs();
  for (const size of [64, 128, 192, 512, 1024, 4096, 65536]) {
    for (let i = 0; i < 100; i++) assertEquals(byteOffset(slabs.alloc(size)) % 64, 0, `${size}`);
  }
});

Deno.test("usedBytes, blockCount and peakUsedBytes are exact", () => {
  const slabs = new Slabs();
  assertEquals([slabs.usedBytes, slabs.blockCount, slabs.pageBytes], [0, 0, 0]);
  const handles = [1, 40, 41, 1100, 20000, 5 * MIB].map((size) => slabs.alloc(size));
  const sizes = [8, 40, 48, 1152, 20480, 5 * MIB];
  assertEquals(handles.map((handle) => slabs.sizeOf(handle)), sizes);
  const sum = sizes.reduce((a, b) => a + b);
  assertEquals([slabs.usedBytes, slabs.blockCount], [sum, 6]);
  assertEquals(slabs.pageBytes, PAGE_BYTES + 5 * MIB);
  handles.forEach((handle) => slabs.free(handle));
  assertEquals([slabs.usedBytes, slabs.blockCount, slabs.peakUsedBytes], [0, 0, sum]);
  slabs.resetPeak();
  slabs.alloc(8);
  assertEquals(slabs.peakUsedBytes, 8);
});

Deno.test("classStats tells blocks and spans of each class", () => {
  const slabs = new Slabs();
  for (let i = 0; i < 500; i++) slabs.alloc(40);
  slabs.alloc(1024);
  assertEquals(slabs.classStats(), [
    { blockBytes: 40, blocks: 500, spans: 2, spanBytes: 32 * KIB },
    { blockBytes: 1024, blocks: 1, spans: 1, spanBytes: 16 * KIB },
  ]);
});

Deno.test("A block that was freed is used again first", () => {
  const slabs = new Slabs();
  const handles = Array.from({ length: 1000 }, () => slabs.alloc(40));
  slabs.free(handles[500]);
  assertEquals(slabs.alloc(33), handles[500]);
});

Deno.test("allocZeroed gives zeros where other content was", () => {
  const slabs = new Slabs();
  for (const size of [8, 40, 1000, 50000]) {
    const dirty = slabs.alloc(size);
    slabs.bytes[pageOf(dirty)].fill(
      0xff,
      byteOffset(dirty),
      byteOffset(dirty) + slabs.sizeOf(dirty),
    );
    slabs.free(dirty);
    const handle = slabs.allocZeroed(size);
    const start = byteOffset(handle);
    const bytes = slabs.bytes[pageOf(handle)].subarray(start, start + slabs.sizeOf(handle));
    assert(bytes.every((byte) => byte === 0), `${size}`);
  }
});

Deno.test("Blocks keep their content whatever is allocated, resized and freed around them", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  const kinds = [[100, 60000], [16 * KIB, 6000], [300 * KIB, 1500], [9 * MIB, 60]];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [maxSize, count] of kinds) {
      const slabs = new Slabs();
      const blocks = new Blocks(slabs);
      for (let i = 0; i < count; i++) {
        const growth = i < count / 2 ? 6 : 3;
        const index = random.below(blocks.handles.length + 1);
        if (index === blocks.handles.length || random.below(10) < growth) {
          blocks.add(slabs.alloc(randomSize(random, maxSize)));
        } else if (random.oneIn(3)) {
          const size = 4 + randomSize(random, maxSize);
          blocks.replace(index, (handle) => slabs.resize(handle, size));
        } else {
          blocks.free(index);
        }
      }
      slabs.check();
      blocks.freeAll();
      slabs.check();
      assertEquals([slabs.usedBytes, slabs.blockCount], [0, 0]);
      assertEquals(slabs.pageBytes, PAGE_BYTES);
    }
  }
});

Deno.test("resize keeps content and place where the class stays the same", () => {
  const slabs = new Slabs();
  const handle = slabs.alloc(33);
  assertEquals(slabs.resize(handle, 40), handle);
  slabs.words[pageOf(handle)].fill(7, wordOffset(handle), wordOffset(handle) + 10);
  const longer = slabs.resize(handle, 30000);
  assertNotEquals(longer, handle);
  const start = wordOffset(longer);
  assert(slabs.words[pageOf(longer)].subarray(start, start + 10).every((word) => word === 7));
  assertEquals(slabs.usedBytes, 32 * KIB);
  slabs.check();
});

Deno.test("resize lets a large block grow and shrink in its place while nothing is behind it", () => {
  const slabs = new Slabs();
  const handle = slabs.alloc(20 * KIB);
  assertEquals(slabs.resize(handle, 1 * MIB), handle);
  assertEquals([slabs.sizeOf(handle), slabs.usedBytes], [1 * MIB, 1 * MIB]);
  assertEquals(slabs.resize(handle, 100 * KIB), handle);
  const next = slabs.alloc(20 * KIB);
  assertEquals(byteOffset(next), byteOffset(handle) + 100 * KIB);
  assertNotEquals(slabs.resize(handle, 200 * KIB), handle);
  slabs.check();
});

Deno.test("A block larger than a page grows, shrinks and goes back", () => {
  const slabs = new Slabs();
  let handle = slabs.alloc(5 * MIB);
  slabs.words[pageOf(handle)][0] = 42;
  for (const size of [6 * MIB, 40 * MIB, 5 * MIB, 100]) {
    handle = slabs.resize(handle, size);
    assertEquals(slabs.words[pageOf(handle)][wordOffset(handle)], 42);
    slabs.check();
  }
  assertEquals(slabs.pageBytes, PAGE_BYTES);
});

Deno.test("Memory that cannot be had is an OutOfMemory error, and nothing has changed", () => {
  const slabs = new Slabs();
  const handle = slabs.alloc(100);
  const before = [slabs.usedBytes, slabs.blockCount, slabs.pageBytes];
  for (const size of [2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
    const failure = assertThrows(() => slabs.alloc(size), OutOfMemoryError);
    assertStrictEquals(failure, OUT_OF_MEMORY);
    assertThrows(() => slabs.resize(handle, size), OutOfMemoryError);
  }
  assertEquals([slabs.usedBytes, slabs.blockCount, slabs.pageBytes], before);
  slabs.check();
});

Deno.test({
  name: "Handles reach almost 32 GiB, and what lies beyond is an OutOfMemory error",
  // Takes address space rather than memory, but not every machine gives away that much of it.
  ignore: !IS_LONG_RUN,
  fn() {
    const slabs = new Slabs();
    const handles: number[] = [];
    const fill = () => {
      for (;;) handles.push(slabs.alloc(4 * MIB - 32 * KIB));
    };
    assertThrows(fill, OutOfMemoryError);
    assert(slabs.pageBytes > 31.9 * 1024 * MIB);
    assert(handles[handles.length - 1] < 0);
    const [lower, upper] = [handles[1], handles[8001]];
    for (const handle of [lower, upper]) slabs.words[pageOf(handle)][wordOffset(handle)] = handle;
    slabs.free(handles[5000]);
    assertEquals(slabs.alloc(4 * MIB - 32 * KIB), handles[5000]);
    assertThrows(() => slabs.alloc(100), OutOfMemoryError);
    assertThrows(() => slabs.alloc(5 * MIB), OutOfMemoryError);
    for (const handle of [lower, upper]) {
      assertEquals(slabs.words[pageOf(handle)][wordOffset(handle)], handle);
    }
    slabs.check();
    for (const handle of handles) slabs.free(handle);
    assertEquals(slabs.pageBytes, PAGE_BYTES);
  },
});

// ---------------------------------------------------------------- compaction

/** Many small blocks, of which all but every `keep`-th have been freed. */
function sparseBlocks(slabs: Slabs, bytes: number, keep: number): Blocks {
  const blocks = new Blocks(slabs);
  const handles: number[] = [];
  for (let i = 0; slabs.usedBytes < bytes; i++) handles.push(slabs.alloc(24 + (i % 12) * 8));
  handles.forEach((handle, i) => i % keep === 0 ? blocks.add(handle) : slabs.free(handle));
  return blocks;
}

function compact(slabs: Slabs, blocks: Blocks): number {
  let moved = 0;
  blocks.handles.forEach((handle, index) => {
    if (!slabs.shouldMove(handle)) return;
    blocks.replace(index, (old) => slabs.move(old));
    if (blocks.handles[index] !== handle) moved++;
  });
  return moved;
}

Deno.test("Compaction empties most pages of a fragmented heap and gives them back", () => {
  const slabs = new Slabs();
  const blocks = sparseBlocks(slabs, 200 * MIB, 12);
  const { usedBytes, pageBytes } = slabs;
  assert(pageBytes > 10 * usedBytes);
  const promised = slabs.beginCompaction();
  assert(promised > 0.7 * pageBytes);
  const moved = compact(slabs, blocks);
  assert(moved > 0.5 * blocks.handles.length && moved < blocks.handles.length);
  assertEquals(slabs.usedBytes, usedBytes);
  assert(slabs.pageBytes <= pageBytes - promised, `${slabs.pageBytes} of ${pageBytes} left`);
  slabs.check();
  slabs.endCompaction();
  slabs.check();
  assertEquals(compact(slabs, blocks), 0, "it is over");
  blocks.freeAll();
  assertEquals(slabs.pageBytes, PAGE_BYTES);
});

Deno.test("Compaction finds nothing to do in a dense heap", () => {
  const slabs = new Slabs();
  const blocks = sparseBlocks(slabs, 100 * MIB, 1);
  assertEquals(slabs.beginCompaction(), 0);
  assertEquals(compact(slabs, blocks), 0);
});

Deno.test("Compaction can be given up half way, and nothing is lost", () => {
  const slabs = new Slabs();
  const blocks = sparseBlocks(slabs, 100 * MIB, 20);
  assert(slabs.beginCompaction() > 0);
  for (let index = 0; index < blocks.handles.length / 2; index++) {
    if (slabs.shouldMove(blocks.handles[index])) blocks.replace(index, (old) => slabs.move(old));
  }
  slabs.endCompaction();
  slabs.check();
  const { pageBytes } = slabs;
  for (let i = 0; i < 100000; i++) blocks.add(slabs.alloc(24 + (i % 12) * 8));
  assertEquals(slabs.pageBytes, pageBytes, "the room in spans that were passed over is used");
  slabs.check();
});

Deno.test("Blocks come and go during compaction, but not to the pages that are emptied", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  const slabs = new Slabs();
  const blocks = sparseBlocks(slabs, 100 * MIB, 12);
  assert(slabs.beginCompaction() > 0);
  for (let i = 0; i < 50000; i++) {
    const handle = slabs.alloc(randomSize(random, 40000));
    assert(!slabs.shouldMove(handle));
    blocks.add(handle);
    const index = random.below(blocks.handles.length);
    if (slabs.shouldMove(blocks.handles[index])) blocks.replace(index, (old) => slabs.move(old));
    else blocks.free(index);
  }
  slabs.check();
  compact(slabs, blocks);
  slabs.endCompaction();
  slabs.check();
  blocks.freeAll();
  assertEquals(slabs.pageBytes, PAGE_BYTES);
});

Deno.test("Blocks that move begin new pages for half of what is given back at most", () => {
  const slabs = new Slabs();
  const blocks = sparseBlocks(slabs, 100 * MIB, 12);
  const large = Array.from({ length: 30 }, () => slabs.alloc(1 * MIB));
  large.forEach((handle) => blocks.add(handle));
  const promised = slabs.beginCompaction();
  const { pageBytes } = slabs;
  let peak = 0;
  blocks.handles.forEach((handle, index) => {
    if (slabs.shouldMove(handle)) blocks.replace(index, (old) => slabs.move(old));
    peak = Math.max(peak, slabs.pageBytes);
  });
  assert(peak <= pageBytes + promised / 2);
  assert(slabs.pageBytes <= pageBytes - promised / 2);
  slabs.check();
});

Deno.test("Blocks of a size for which there is no place elsewhere do not keep their region", () => {
  const slabs = new Slabs();
  const blocks = new Blocks(slabs);
  const passing: number[] = [];
  // One lonely block of each of many sizes in every MiB, and all the rest is freed.
  for (let i = 0; slabs.usedBytes < 150 * MIB; i++) {
    if (i % 64 === 0) blocks.add(slabs.alloc(1000 + (i >>> 6) % 90 * 150));
    else passing.push(slabs.alloc(16_000));
  }
  for (const handle of passing) slabs.free(handle);
  const promised = slabs.beginCompaction();
  const { pageBytes } = slabs;
  compact(slabs, blocks);
  slabs.endCompaction();
  assert(slabs.pageBytes <= pageBytes - promised / 2);
  slabs.check();
});

// ---------------------------------------------------------------- the check itself

Deno.test("check finds damage", () => {
  const DESCRIPTOR_WORDS = 8;
  const damages: [name: string, damage: (words: Int32Array) => void][] = [
    ["a lost block", (words) => words[8 * DESCRIPTOR_WORDS + 1] = 0],
    ["a wrong count", (words) => words[8 * DESCRIPTOR_WORDS + 3]++],
    ["a lost span", (words) => words[8 * DESCRIPTOR_WORDS + 5] = -1],
    ["a wrong length", (words) => words[1023 * DESCRIPTOR_WORDS + 1]++],
    ["a circle of free blocks", (words) => {
      const first = words[8 * DESCRIPTOR_WORDS + 1];
      words[first << 1] = first;
    }],
  ];
  for (const [name, damage] of damages) {
    const slabs = new Slabs();
    const handles = [40, 40, 40, 40].map((size) => slabs.alloc(size));
    slabs.free(handles[0]);
    slabs.free(handles[2]);
    slabs.check();
    damage(slabs.words[0]);
    assertThrows(() => slabs.check(), Error, "Slabs are damaged", name);
  }
});
