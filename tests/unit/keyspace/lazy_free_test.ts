import { assert, assertEquals } from "@std/assert";
import { makeKeyspace, TextDatabase } from "./text_database.ts";

const ONE_STEP = () => false;

Deno.test("A database that is flushed lazily is empty at once, and freed in steps", () => {
  const keyspace = makeKeyspace();
  const { lazyFree, slabs } = keyspace;
  const db = new TextDatabase(keyspace);
  const keys = 20_000;
  for (let i = 0; i < keys; i++) db.set(`key:${i}`, "v".repeat(i % 2000));
  const { usedBytes } = slabs;
  assertEquals(keyspace.flush(0, true), keys);
  assertEquals([db.db.size, db.find("key:1")], [0, 0]);
  assertEquals([lazyFree.pending, lazyFree.freed], [keys, 0]);
  assertEquals(slabs.usedBytes, usedBytes, "nothing is freed yet");

  let steps = 0;
  let last = keys;
  while (!lazyFree.step(ONE_STEP)) {
    steps++;
    assert(last - lazyFree.pending < 2000, "a step is short");
    assertEquals(lazyFree.pending + lazyFree.freed, keys);
    last = lazyFree.pending;
    // Meanwhile others write.
    db.set(`key:${steps}`, "new");
  }
  assert(steps > 20);
  assertEquals([lazyFree.pending, lazyFree.freed], [0, keys]);
  assertEquals(db.db.size, steps);
  assertEquals(db.get("key:1"), "new");
  keyspace.flush(-1, false);
  assertEquals(slabs.usedBytes, 0);
  slabs.check();
});

Deno.test("A flush that is not lazy frees everything, also what waited", () => {
  const keyspace = makeKeyspace();
  const [first, second] = [0, 1].map((i) => new TextDatabase(keyspace, keyspace.database(i)));
  for (let i = 0; i < 5000; i++) first.set(`${i}`, "v");
  for (let i = 0; i < 5000; i++) second.set(`${i}`, "v", 2_000_000);
  keyspace.flush(0, true);
  keyspace.flush(1, false);
  assertEquals([keyspace.lazyFree.pending, keyspace.slabs.usedBytes], [0, 0]);
  assert(keyspace.lazyFree.isIdle);
});

Deno.test("Giants that are dropped lazily are freed one at a step, in their order", () => {
  const keyspace = makeKeyspace();
  const { lazyFree, slabs } = keyspace;
  const db = new TextDatabase(keyspace);
  const giant = "g".repeat(5 << 20);
  for (const key of ["a", "b", "c"]) db.set(key, giant);
  db.set("small", "v");
  for (const key of ["a", "b", "c", "small"]) db.db.removeEntry(db.find(key), true);
  assertEquals(db.db.size, 0);
  assertEquals(lazyFree.pending, 3, "what is small is freed at once");
  for (let left = 2; left >= 0; left--) {
    const { usedBytes } = slabs;
    assertEquals(lazyFree.step(ONE_STEP), left === 0);
    assertEquals(lazyFree.pending, left);
    assert(slabs.usedBytes <= usedBytes - giant.length);
  }
  assertEquals([lazyFree.freed, slabs.usedBytes], [3, 0]);
  lazyFree.resetCount();
  assertEquals(lazyFree.freed, 0);
});

Deno.test("finish frees everything that waits", () => {
  const keyspace = makeKeyspace();
  const { lazyFree } = keyspace;
  let parts = 5;
  lazyFree.structure(() => --parts === 0);
  lazyFree.structure(() => true);
  assertEquals(lazyFree.pending, 2);
  lazyFree.finish();
  assertEquals([parts, lazyFree.pending, lazyFree.freed], [0, 0, 2]);
  assert(lazyFree.step(ONE_STEP), "there is nothing to do");
});
