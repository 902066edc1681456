import { assert, assertEquals } from "@std/assert";
import { estimateCardinality } from "../../../../src/structures/hyperloglog/estimate.ts";

function histogramOf(counts: Record<number, number>): Int32Array {
  const histogram = new Int32Array(64);
  for (const [rank, count] of Object.entries(counts)) histogram[Number(rank)] = count;
  return histogram;
}

Deno.test("No element is estimated as 0, and a few as what they are", () => {
  assertEquals(estimateCardinality(histogramOf({ 0: 16384 })), 0);
  assertEquals(estimateCardinality(histogramOf({ 0: 16383, 1: 1 })), 1);
  assertEquals(estimateCardinality(histogramOf({ 0: 16374, 1: 5, 2: 3, 3: 1, 4: 1 })), 10);
});

Deno.test("Estimates equal those of redis-server 7.0.15 for the same registers", () => {
  assertEquals(estimateCardinality(histogramOf({ 40: 16384 })), 12994641697113596);
  assertEquals(estimateCardinality(histogramOf({ 49: 16384 })), 6653256548922161152);
});

Deno.test("What goes beyond 63 bits is estimated as 2^63", () => {
  for (const rank of [50, 51, 52, 63]) {
    assertEquals(estimateCardinality(histogramOf({ [rank]: 16384 })), 2 ** 63);
  }
});

Deno.test("An estimate grows with every register", () => {
  let last = 0;
  for (let full = 1000; full <= 16384; full += 500) {
    const estimate = estimateCardinality(histogramOf({ 0: 16384 - full, 3: full }));
    assert(estimate > last);
    last = estimate;
  }
});
