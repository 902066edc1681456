import { assertEquals } from "@std/assert";
import { partialSort, stableSort } from "../../../src/structures/sorting.ts";
import { freshSeed, Random } from "../../support/random.ts";

/** The numbers 0 to count - 1 stand for these. */
function randomValues(random: Random): number[] {
  const length = random.oneIn(10) ? random.between(0, 3000) : random.between(0, 60);
  const range = random.pick([1, 3, 20, 1_000_000]);
  const values = Array.from({ length }, () => random.below(range));
  if (random.oneIn(4)) values.sort((a, b) => a - b);
  return values;
}

function identity(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => index);
}

Deno.test("stableSort sorts, and leaves equals in their order", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let round = 0; round < 500; round++) {
    const values = randomValues(random);
    const order = identity(values.length);
    const start = random.below(order.length + 1);
    const end = random.between(start, order.length);
    const scratch = new Int32Array(order.length);
    stableSort(order, start, end, (a, b) => values[a] - values[b], scratch);
    const expected = Array.from(identity(order.length));
    const sorted = expected.slice(start, end).sort((a, b) => values[a] - values[b] || a - b);
    expected.splice(start, end - start, ...sorted);
    assertEquals(Array.from(order), expected);
  }
});

Deno.test("partialSort puts into the places asked for what belongs there", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let round = 0; round < 1000; round++) {
    const values = randomValues(random);
    if (values.length === 0) continue;
    const order = identity(values.length);
    const first = random.below(values.length);
    const last = random.between(first, values.length - 1);
    partialSort(order, 0, order.length, (a, b) => values[a] - values[b], first, last);
    const sorted = values.toSorted((a, b) => a - b);
    const placed = Array.from(order.subarray(first, last + 1), (index) => values[index]);
    assertEquals(placed, sorted.slice(first, last + 1));
    assertEquals(Array.from(order).sort((a, b) => a - b), Array.from(identity(values.length)));
  }
});

Deno.test("partialSort leaves alone what no place asked for reaches into", () => {
  const values = Array.from({ length: 1000 }, (_, index) => index * 7919 % 1000);
  const order = identity(values.length);
  let compared = 0;
  partialSort(order, 0, order.length, (a, b) => (compared++, values[a] - values[b]), 0, 0);
  assertEquals(values[order[0]], 0);
  assertEquals(compared < 4000, true);
});
