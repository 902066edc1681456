import { assert, assertEquals } from "@std/assert";
import { Random } from "../../support/random.ts";
import { DictModel } from "./dict_model.ts";

/** Chi-squared of draws that ought to be evenly distributed over `size` entries. */
function chiSquaredOfRandom(model: DictModel, draws: number, random: Random): number {
  const counts = new Map<number, number>();
  const random32 = () => random.next() | 0;
  for (let i = 0; i < draws; i++) {
    const entry = model.dict.random(random32);
    counts.set(entry, (counts.get(entry) ?? 0) + 1);
  }
  const expected = draws / model.dict.size;
  let chiSquared = (model.dict.size - counts.size) * expected;
  for (const count of counts.values()) chiSquared += (count - expected) ** 2 / expected;
  return chiSquared;
}

function expectFair(model: DictModel, random: Random): void {
  const { size } = model.dict;
  const chiSquared = chiSquaredOfRandom(model, size * 200, random);
  // Mean size - 1, deviation sqrt(2 size): five deviations are one in three million.
  const deviations = (chiSquared - (size - 1)) / Math.sqrt(2 * size);
  assert(Math.abs(deviations) < 5, `${size} entries: off by ${deviations} deviations`);
}

Deno.test("random picks every entry equally often, between any two powers of two", () => {
  const random = new Random(1);
  for (const size of [2, 12, 13, 50, 500, 900, 1100, 1500]) {
    const model = new DictModel();
    for (let number = 0; number < size; number++) model.insert(number);
    expectFair(model, random);
  }
});

Deno.test("random picks every entry equally often in a dict that has shrunk", () => {
  const model = new DictModel();
  for (let number = 0; number < 5000; number++) model.insert(number);
  for (let number = 0; number < 4000; number++) model.remove(number);
  expectFair(model, new Random(2));
});

Deno.test("random finds the only entry of a table that has not shrunk yet", () => {
  const model = new DictModel();
  for (let number = 0; number < 2000; number++) model.insert(number);
  model.dict.pauseRehash();
  for (let number = 0; number < 1999; number++) model.remove(number);
  const random = new Random(3);
  assertEquals(model.dict.random(() => random.next()), model.map.get(1999));
});

Deno.test("random reaches every entry of a chain of any length", () => {
  const model = new DictModel();
  model.dict.pauseRehash();
  for (let number = 0; number < 200; number++) model.insert(number);
  const random = new Random(6);
  const seen = new Set<number>();
  for (let i = 0; i < 20_000; i++) seen.add(model.dict.random(() => random.next()));
  assertEquals(seen.size, 200);
});

Deno.test("sample gives as many different entries as asked for, or all there are", () => {
  const random = new Random(4);
  for (const size of [1, 5, 12, 40, 3000]) {
    const model = new DictModel();
    for (let number = 0; number < size; number++) model.insert(number);
    const entries = new Set(model.map.values());
    for (const count of [1, 5, 16, 64]) {
      const out = new Int32Array(64);
      const found = model.dict.sample(count, out, () => random.next());
      assertEquals(found, Math.min(count, size));
      const sampled = new Set(out.subarray(0, found));
      assertEquals(sampled.size, found);
      for (const entry of sampled) assert(entries.has(entry));
    }
  }
});

Deno.test("sample reaches every entry sooner or later", () => {
  const random = new Random(5);
  const model = new DictModel();
  for (let number = 0; number < 1000; number++) model.insert(number);
  const out = new Int32Array(5);
  const seen = new Set<number>();
  for (let i = 0; i < 20_000; i++) {
    model.dict.sample(5, out, () => random.next());
    for (const entry of out) seen.add(entry);
  }
  assertEquals(seen.size, 1000);
});
