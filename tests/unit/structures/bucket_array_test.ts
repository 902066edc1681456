import { assertEquals, assertThrows } from "@std/assert";
import { pageOf, wordOffset } from "../../../src/memory/handle.ts";
import { OutOfMemoryError, Slabs } from "../../../src/memory/slab.ts";
import { BucketArray } from "../../../src/structures/bucket_array.ts";
import { FailingSlabs } from "./failing_slabs.ts";

/** Marks each bucket with its index, in a word that the array does not touch. */
function mark(slabs: Slabs, buckets: BucketArray, index: number): void {
  const bucket = buckets.at(index);
  slabs.words[pageOf(bucket)][wordOffset(bucket) + 15] = index;
}

function expectMarks(slabs: Slabs, buckets: BucketArray): void {
  for (let index = 0; index < buckets.count; index++) {
    const bucket = buckets.at(index);
    assertEquals(slabs.words[pageOf(bucket)][wordOffset(bucket) + 15], index);
  }
}

Deno.test("A bucket array keeps its buckets while it grows and shrinks", () => {
  const slabs = new Slabs();
  const buckets = new BucketArray(slabs);
  for (const count of [1, 2, 5, 700, 1024, 1025, 1, 3, 40000, 1024, 2000, 0, 20000, 0]) {
    while (buckets.count < count) {
      buckets.push();
      mark(slabs, buckets, buckets.count - 1);
    }
    while (buckets.count > count) buckets.pop();
    expectMarks(slabs, buckets);
    assertEquals(buckets.memoryBytes, slabs.usedBytes);
  }
  assertEquals(slabs.blockCount, 0);
});

Deno.test("A new bucket is empty whatever was there before", () => {
  const slabs = new Slabs();
  const dirty = slabs.alloc(64 * 1024);
  slabs.words[pageOf(dirty)].fill(-1, wordOffset(dirty), wordOffset(dirty) + 16384);
  slabs.free(dirty);
  const buckets = new BucketArray(slabs);
  for (let i = 0; i < 3000; i++) {
    const bucket = buckets.push();
    const start = wordOffset(bucket);
    assertEquals([...slabs.words[pageOf(bucket)].subarray(start, start + 6)], [0, 0, 0, 0, 0, 0]);
  }
});

Deno.test("One bucket more never moves more than 32 KiB", () => {
  const slabs = new FailingSlabs();
  const buckets = new BucketArray(slabs);
  for (let i = 0; i < 100000; i++) {
    slabs.copiedBytes = 0;
    buckets.push();
    assertEquals(slabs.copiedBytes <= 32 * 1024, true);
  }
});

Deno.test("A bucket array that gets no memory stays as it was", () => {
  const slabs = new FailingSlabs();
  const buckets = new BucketArray(slabs);
  let refused = 0;
  while (buckets.count < 40000) {
    // Each allocation fails once, in each of the places where there is one.
    slabs.allocationsLeft = refused % 3;
    try {
      buckets.push();
      mark(slabs, buckets, buckets.count - 1);
    } catch (failure) {
      if (!(failure instanceof OutOfMemoryError)) throw failure;
      refused++;
      slabs.allocationsLeft = Infinity;
      assertEquals(buckets.memoryBytes, slabs.usedBytes);
      buckets.push();
      mark(slabs, buckets, buckets.count - 1);
    }
    slabs.allocationsLeft = Infinity;
  }
  expectMarks(slabs, buckets);
  slabs.allocationsLeft = 0;
  while (buckets.count > 0) buckets.pop();
  assertEquals(slabs.blockCount, 0);
  assertThrows(() => buckets.push(), OutOfMemoryError);
  assertEquals(buckets.count, 0);
});
