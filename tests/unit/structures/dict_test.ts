import { assert, assertEquals, assertThrows } from "@std/assert";
import { OutOfMemoryError, Slabs } from "../../../src/memory/slab.ts";
import { Dict, freeSome } from "../../../src/structures/dict.ts";
import { freshSeed, Random } from "../../support/random.ts";
import { DictModel, SEED } from "./dict_model.ts";
import { FailingSlabs } from "./failing_slabs.ts";

const EFFORT = Deno.env.get("KEYREX_LONG_TESTS") === undefined ? 1 : 50;

Deno.test("An empty dict holds no memory and finds nothing", () => {
  const model = new DictModel();
  model.expectEmpty();
  assertEquals(model.dict.random(() => 0), 0);
  assertEquals(model.dict.sample(5, new Int32Array(5), () => 0), 0);
  assertEquals(model.dict.scan(0, () => {}), 0);
  assertEquals(model.dict.scanSlots(7, () => 0), 0);
  assertEquals(model.dict.detach(), null);
  assertEquals(model.dict.stats().buckets, 0);
});

Deno.test("A dict with one entry takes one bucket", () => {
  const model = new DictModel();
  model.insert(42);
  assertEquals(model.dict.memoryBytes, 64);
  model.check();
  model.remove(42);
  model.expectEmpty();
});

Deno.test("A dict does what a Map does, growing and shrinking all the time", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  const model = new DictModel();
  // Small ones pass the first sizes often; the large one passes 256 buckets, where tags change.
  for (let round = 0; round < 10 * EFFORT; round++) {
    for (const bound of [10, 100, 1000, 10000]) {
      for (let i = 0; i < 2 * bound; i++) model.step(random, bound, 80);
      if (bound <= 1000) model.check();
      for (let i = 0; i < 3 * bound; i++) model.step(random, bound, round % 3 === 0 ? 0 : 20);
      if (bound <= 1000) model.check();
    }
  }
  model.check();
  model.removeAll();
  model.expectEmpty();
});

Deno.test("A dict finds everything through sizes that change the tags twice", () => {
  const model = new DictModel();
  const count = 500_000 * (EFFORT > 1 ? 4 : 1);
  for (let number = 0; number < count; number++) model.insert(number);
  assert(model.dict.stats().buckets > 65536);
  model.check();
  for (let number = 0; number < count; number++) {
    if (number % 100 !== 0) model.remove(number);
  }
  model.check();
  assert(model.dict.stats().buckets < count / 125);
  model.removeAll();
  model.expectEmpty();
});

Deno.test("A growing table takes at most 12 bytes an entry, a shrinking one 24", () => {
  const model = new DictModel();
  for (let number = 0; number < 100_000; number++) {
    model.insert(number);
    const { memoryBytes, size } = model.dict;
    if (number > 10_000) assert(memoryBytes < 12 * size + 65536, `${memoryBytes} for ${size}`);
  }
  while (model.dict.size > 10_000) {
    model.remove(model.dict.size - 1);
    assert(model.dict.memoryBytes < 24 * model.dict.size + 65536);
  }
});

Deno.test("No step adds or drops more than one bucket or allocates more than a segment", () => {
  const slabs = new FailingSlabs();
  const model = new DictModel(slabs);
  let buckets = 0;
  const expectOneStep = (changed: () => void) => {
    slabs.allocations = 0;
    slabs.frees = 0;
    changed();
    // The entry, an overflow bucket for it, a segment, a longer directory; as many are freed at most.
    assert(slabs.allocations <= 4 && slabs.frees <= 4, `${slabs.allocations}, ${slabs.frees}`);
  };
  const expectOneBucket = () => {
    const now = model.dict.stats().buckets;
    assert(Math.abs(now - buckets) <= 1);
    buckets = now;
  };
  for (let number = 0; number < 60_000; number++) {
    expectOneStep(() => model.insert(number));
    if (number < 3000) expectOneBucket();
  }
  for (let number = 0; number < 60_000; number++) {
    expectOneStep(() => model.remove(number));
    if (number === 56_999) buckets = model.dict.stats().buckets;
    else if (number >= 57_000) expectOneBucket();
  }
  model.expectEmpty();
});

Deno.test("Chains stay short, and their lengths add up to the size", () => {
  const model = new DictModel();
  for (let number = 0; number < 200_000; number++) model.insert(number);
  const { chainLengths, buckets, overflowBuckets } = model.dict.stats();
  assert(chainLengths.length < 45, `the longest chain has ${chainLengths.length - 1} entries`);
  assert(overflowBuckets < buckets / 3);
});

Deno.test("Keys that collide under one seed do not collide under another", () => {
  const known = new DictModel();
  const secret = new DictModel(new Slabs(), { k0: 99, k1: -12345 });
  const colliding: number[] = [];
  for (let number = 0; colliding.length < 500; number++) {
    if ((known.hashOf(number) & 0xfff) === 0x123) colliding.push(number);
  }
  for (const number of colliding) {
    known.insert(number);
    secret.insert(number);
  }
  const longest = (model: DictModel) => model.dict.stats().chainLengths.length - 1;
  assertEquals(longest(known), 500);
  assert(longest(secret) < 35, `${longest(secret)}`);
  known.check();
  secret.check();
  known.removeAll();
  known.expectEmpty();
});

Deno.test("A dict that gets no memory for its growth goes on with the buckets it has", () => {
  const slabs = new FailingSlabs();
  const model = new DictModel(slabs);
  for (let number = 0; number < 1000; number++) model.insert(number);
  let refused = 0;
  for (let number = 1000; number < 3000; number++) {
    const entry = model.newEntry(number);
    // Neither new buckets nor overflow buckets can be had; now and then the insert itself fails.
    slabs.allocationsLeft = 0;
    try {
      model.dict.insert(model.hashOf(number), entry);
      model.map.set(number, entry);
    } catch (failure) {
      assert(failure instanceof OutOfMemoryError);
      refused++;
      slabs.free(entry);
    }
    slabs.allocationsLeft = Infinity;
  }
  assert(refused > 0 && model.dict.size > 1000);
  model.check();
  assert(model.dict.stats().buckets <= 256, "what there was room for");
  assert(model.dict.isRehashing);
  while (model.dict.rehashStep(10));
  assert(!model.dict.isRehashing);
  model.check();
});

Deno.test("A dict that gets no memory for a merge puts it off", () => {
  const slabs = new FailingSlabs();
  const model = new DictModel(slabs);
  for (let number = 0; number < 5000; number++) model.insert(number);
  slabs.allocationsLeft = 0;
  for (let number = 0; number < 4900; number++) model.remove(number);
  slabs.allocationsLeft = Infinity;
  model.check();
  while (model.dict.rehashStep(10));
  model.check();
  for (let number = 4900; number < 4950; number++) model.remove(number);
  assert(model.dict.memoryBytes < 3000, `${model.dict.memoryBytes}`);
  model.removeAll();
  model.expectEmpty();
});

Deno.test("Nothing is split or merged while rehashing is paused, and all of it afterwards", () => {
  const model = new DictModel();
  for (let number = 0; number < 100; number++) model.insert(number);
  const { buckets } = model.dict.stats();
  model.dict.pauseRehash();
  model.dict.pauseRehash();
  for (let number = 100; number < 3000; number++) model.insert(number);
  assertEquals(model.dict.stats().buckets, buckets);
  assert(model.dict.isRehashing);
  model.dict.resumeRehash();
  assert(!model.dict.rehashStep(100), "it is still paused once");
  assertEquals(model.dict.stats().buckets, buckets);
  model.check();

  model.dict.resumeRehash();
  assert(model.dict.rehashStep(1));
  assertEquals(model.dict.stats().buckets, buckets + 1);
  while (model.dict.rehashStep(7));
  assert(model.dict.stats().buckets > 400);
  model.check();

  model.dict.pauseRehash();
  model.removeAll();
  assert(model.dict.stats().buckets > 400);
  assertEquals(model.dict.random(() => 0), 0);
  model.insert(5);
  model.check();
  model.remove(5);
  model.dict.resumeRehash();
  while (model.dict.rehashStep(7));
  model.expectEmpty();
});

Deno.test("A detached table is freed in slices while the dict is in use again", () => {
  const model = new DictModel();
  for (let number = 0; number < 30_000; number++) model.insert(number);
  const table = model.dict.detach()!;
  model.map.clear();
  assertEquals(model.dict.size, 0);
  assertEquals(model.find(17), 0);
  assertEquals(table.size, 30_000);
  for (let number = 0; number < 1000; number++) model.insert(number);

  let freed = 0;
  const freeEntry = (entry: number) => {
    freed++;
    model.slabs.free(entry);
  };
  for (let isDone = false; !isDone;) {
    const before = freed;
    isDone = freeSome(model.slabs, table, 20, freeEntry);
    assert(freed - before < 20 * 45);
    assertEquals(table.size, 30_000 - freed);
  }
  assertEquals(freed, 30_000);
  model.check();
  model.removeAll();
  model.expectEmpty();
});

Deno.test("Two dicts share slabs and know nothing of each other", () => {
  const slabs = new Slabs();
  const one = new Dict(slabs, SEED);
  const model = new DictModel(slabs);
  for (let number = 0; number < 100; number++) model.insert(number);
  assertEquals(one.size, 0);
  const entry = model.newEntry(5);
  one.insert(model.hashOf(5), entry);
  assertEquals(model.find(5), model.map.get(5));
  one.remove(model.hashOf(5), entry);
  slabs.free(entry);
  model.check();
});

Deno.test("insert throws OutOfMemory when there is not even memory for the first bucket", () => {
  const slabs = new FailingSlabs();
  const model = new DictModel(slabs);
  const entry = model.newEntry(1);
  slabs.allocationsLeft = 0;
  assertThrows(() => model.dict.insert(model.hashOf(1), entry), OutOfMemoryError);
  assertEquals([model.dict.size, model.dict.memoryBytes], [0, 0]);
});
