import { assert, assertEquals } from "@std/assert";
import { Slabs } from "../../../src/memory/slab.ts";
import { freshSeed, Random } from "../../support/random.ts";
import { DictModel } from "./dict_model.ts";

const EFFORT = Deno.env.get("KEYREX_LONG_TESTS") === undefined ? 1 : 50;

Deno.test("A full scan visits every entry exactly once while nothing changes", () => {
  for (const size of [1, 2, 12, 13, 14, 100, 129, 5000]) {
    const model = new DictModel();
    for (let number = 0; number < size; number++) model.insert(number);
    const seen: number[] = [];
    let cursor = 0;
    let calls = 0;
    do {
      cursor = model.dict.scan(cursor, (entry) => seen.push(model.numberOf(entry)));
      assertEquals(cursor, cursor >>> 0);
      calls++;
    } while (cursor !== 0);
    assertEquals(seen.length, size);
    assertEquals(new Set(seen).size, size);
    assertEquals(calls, model.dict.stats().buckets);
  }
});

Deno.test("Any cursor at all leads to the end of a scan", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  const model = new DictModel();
  for (let number = 0; number < 1000; number++) model.insert(number);
  const { buckets } = model.dict.stats();
  for (let i = 0; i < 200; i++) {
    let cursor = random.next();
    let calls = 0;
    do {
      cursor = model.dict.scan(cursor, () => {});
      calls++;
    } while (cursor !== 0);
    assert(calls <= buckets);
  }
});

/**
 * Scans a dict while it changes between the calls; the numbers 0 to `stable - 1` stay in it.
 *
 * @param change What happens between two calls.
 */
function expectAllStableSeen(model: DictModel, stable: number, change: () => void): void {
  const seen = new Set<number>();
  let cursor = 0;
  let calls = 0;
  do {
    cursor = model.dict.scan(cursor, (entry) => seen.add(model.numberOf(entry)));
    change();
    assert(++calls < 1e6, "the scan does not end");
  } while (cursor !== 0);
  for (let number = 0; number < stable; number++) {
    assert(seen.has(number), `${number} of ${stable}`);
  }
}

Deno.test("A scan visits all that is there from start to end while the dict grows", () => {
  for (const stable of [1, 13, 100, 1000]) {
    for (const growth of [1, 5, 20]) {
      const model = new DictModel();
      for (let number = 0; number < stable; number++) model.insert(number);
      let next = stable;
      const limit = stable * 20;
      expectAllStableSeen(model, stable, () => {
        for (let i = 0; i < growth && next < limit; i++) model.insert(next++);
      });
    }
  }
});

Deno.test("A scan visits all that is there from start to end while the dict shrinks", () => {
  for (const stable of [1, 13, 100, 1000]) {
    for (const loss of [1, 5, 20, 100]) {
      const model = new DictModel();
      let last = stable * 10;
      for (let number = 0; number < last; number++) model.insert(number);
      expectAllStableSeen(model, stable, () => {
        for (let i = 0; i < loss && last > stable; i++) model.remove(--last);
      });
    }
  }
});

Deno.test("A scan visits all that is there from start to end while the dict grows and shrinks at random", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let round = 0; round < 60 * EFFORT; round++) {
    const model = new DictModel();
    const stable = random.between(1, 300);
    for (let number = 0; number < stable; number++) model.insert(number);
    const others: number[] = [];
    let next = stable;
    let growing = random.oneIn(2);
    expectAllStableSeen(model, stable, () => {
      if (random.oneIn(20)) growing = !growing;
      for (let i = random.below(60); i > 0; i--) {
        if (growing && others.length < 5000) {
          others.push(next);
          model.insert(next++);
        } else if (others.length > 0) {
          const at = random.below(others.length);
          model.remove(others[at]);
          others[at] = others[others.length - 1];
          others.pop();
        }
      }
    });
    model.removeAll();
    model.expectEmpty();
  }
});

Deno.test("scanSlots lets entries be freed while it walks, and none is passed over", () => {
  for (const keepEach of [1, 2, 3, 10, Infinity]) {
    const model = new DictModel();
    for (let number = 0; number < 20_000; number++) model.insert(number);
    const seen = new Set<number>();
    let cursor = 0;
    do {
      cursor = model.dict.scanSlots(cursor, (entry) => {
        const number = model.numberOf(entry);
        seen.add(number);
        if (number % keepEach === 0 && keepEach !== Infinity) return entry;
        model.slabs.free(entry);
        model.map.delete(number);
        return 0;
      });
    } while (cursor !== 0);
    assertEquals(seen.size, 20_000);
    while (model.dict.rehashStep(100));
    model.check();
    model.removeAll();
    model.expectEmpty();
  }
});

Deno.test("scanSlots lets entries and long chains be moved and freed in any mixture", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let round = 0; round < 30 * EFFORT; round++) {
    const model = new DictModel();
    // Paused, so that chains become long.
    model.dict.pauseRehash();
    for (let number = 0; number < 200; number++) model.insert(number);
    let visits = 0;
    const visit = (entry: number) => {
      visits++;
      const number = model.numberOf(entry);
      const action = random.below(3);
      if (action === 0) return entry;
      const moved = action === 1 ? model.newEntry(number) : 0;
      model.slabs.free(entry);
      if (moved === 0) model.map.delete(number);
      else model.map.set(number, moved);
      return moved;
    };
    let cursor = 0;
    do cursor = model.dict.scanSlots(cursor, visit); while (cursor !== 0);
    assertEquals(visits, 200);
    model.check();
    model.dict.resumeRehash();
    while (model.dict.rehashStep(10));
    model.check();
  }
});

Deno.test("scanSlots moves the blocks of the table itself when compaction wants them away", () => {
  const slabs = new Slabs();
  const model = new DictModel(slabs);
  // Filler that is freed again leaves the table and the entries spread over many pages.
  const filler: number[] = [];
  for (let number = 0; number < 100_000; number++) {
    model.insert(number);
    filler.push(slabs.alloc(700));
  }
  for (const handle of filler) slabs.free(handle);
  const before = slabs.pageBytes;
  const promised = slabs.beginCompaction();
  assert(promised > 0);
  let cursor = 0;
  do {
    cursor = model.dict.scanSlots(cursor, (entry) => {
      if (!slabs.shouldMove(entry)) return entry;
      const number = model.numberOf(entry);
      const moved = slabs.move(entry);
      model.map.set(number, moved);
      return moved;
    });
  } while (cursor !== 0);
  slabs.endCompaction();
  assert(slabs.pageBytes <= before - promised, `${slabs.pageBytes} of ${before} left`);
  model.check();
  model.removeAll();
  model.expectEmpty();
});
