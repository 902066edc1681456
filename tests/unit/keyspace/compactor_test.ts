import { assert, assertEquals } from "@std/assert";
import type { Settings } from "../../../src/config/mod.ts";
import { Compactor, type CompactorSettings } from "../../../src/keyspace/compactor.ts";
import { NO_EXPIRY } from "../../../src/keyspace/database.ts";
import { freshSeed, Random } from "../../support/random.ts";
import { makeKeyspace, NOW_MS, TextDatabase } from "./text_database.ts";

const MIB = 1024 * 1024;

/** Two databases, with keys of all kinds, and beside them what they should hold. */
class Scene {
  readonly random: Random;
  readonly keyspace;
  readonly compactor;
  readonly databases: readonly TextDatabase[];
  readonly expected = new Map<string, { index: number; value: string; dueMs: number }>();
  nowMs = 0;

  constructor(settings: Partial<Settings> = {}) {
    const seed = freshSeed();
    console.log(`seed ${seed}`);
    this.random = new Random(seed);
    this.keyspace = makeKeyspace(seed, settings);
    this.databases = [0, 5].map((index) =>
      new TextDatabase(this.keyspace, this.keyspace.database(index))
    );
    const compactorSettings = this.keyspace.settings as unknown as CompactorSettings;
    this.compactor = new Compactor(this.keyspace, compactorSettings, () => this.nowMs);
  }

  /** Sets a key, with a value in its entry, in a block, or now and then in a buffer of its own. */
  set(key: string): void {
    const { random } = this;
    const length = random.oneIn(5000)
      ? 5 * MIB
      : random.oneIn(10)
      ? random.between(1000, 40_000)
      : random.below(300);
    const value = `${key}=`.padEnd(length, "v");
    const index = random.below(2);
    const dueMs = random.oneIn(3) ? NOW_MS + random.between(1, 1_000_000) : NO_EXPIRY;
    this.delete(key);
    this.databases[index].set(key, value, dueMs);
    this.expected.set(key, { index, value, dueMs });
  }

  delete(key: string): void {
    const old = this.expected.get(key);
    if (old === undefined) return;
    assert(this.databases[old.index].delete(key));
    this.expected.delete(key);
  }

  fill(keys: number): void {
    for (let i = 0; i < keys; i++) this.set(`key:${i}`);
  }

  /** Deletes nine of ten keys. */
  thin(): void {
    for (const key of [...this.expected.keys()]) if (!this.random.oneIn(10)) this.delete(key);
  }

  /** Compares everything, and the order in which keys fall due. */
  check(): void {
    const { databases, expected, keyspace } = this;
    keyspace.slabs.check();
    assertEquals(keyspace.size, expected.size);
    for (const [key, { index, value, dueMs }] of expected) {
      const entry = databases[index].find(key);
      assert(entry !== 0, key);
      assert(databases[index].get(key) === value, key);
      assertEquals(databases[index].db.dueMs(entry), dueMs);
    }
    for (const [index, { db }] of databases.entries()) {
      const volatile = [...expected.values()].filter((one) =>
        one.index === index && one.dueMs !== NO_EXPIRY
      );
      assertEquals(db.expires.size, volatile.length);
      for (let i = 0; i < db.expires.size; i++) assert(db.expires.holds(db.expires.at(i)));
      const soonest = Math.min(...volatile.map(({ dueMs }) => dueMs));
      assertEquals(db.expires.nextDueMs, soonest);
    }
  }
}

Deno.test("A purge gives back what nine of ten keys took, and keeps the tenth as it is", () => {
  const scene = new Scene();
  scene.fill(60_000);
  scene.thin();
  const { slabs } = scene.keyspace;
  const { pageBytes, usedBytes } = slabs;
  assert(pageBytes - usedBytes > 64 * MIB);
  scene.compactor.runNow();
  assertEquals(slabs.usedBytes, usedBytes);
  assert(
    slabs.pageBytes - usedBytes < (pageBytes - usedBytes) / 2,
    `${slabs.pageBytes / MIB} of ${pageBytes / MIB} MiB are left for ${usedBytes / MIB}`,
  );
  assert(scene.compactor.moved > 0 && !scene.compactor.isRunning);
  scene.check();
  scene.keyspace.flush(-1, false);
  assertEquals(slabs.usedBytes, 0);
});

Deno.test("A pass goes on while keys are written, read and deleted", () => {
  const scene = new Scene({ activedefrag: true, activeDefragIgnoreBytes: MIB });
  scene.fill(60_000);
  scene.thin();
  const { compactor, keyspace, random } = scene;
  const { pageBytes } = keyspace.slabs;
  let passes = 0;
  while (passes < 100 && compactor.isWanted && compactor.begin()) {
    passes++;
    while (compactor.step(() => false)) {
      for (let i = 0; i < 5; i++) {
        const key = `key:${random.below(60_000)}`;
        if (random.oneIn(2)) scene.set(key);
        else scene.delete(key);
      }
    }
  }
  assert(passes > 1);
  assert(keyspace.slabs.pageBytes < pageBytes);
  scene.check();
});

Deno.test("Flushing, swapping and expiring in the middle of a pass do no harm", () => {
  const scene = new Scene();
  scene.fill(40_000);
  scene.thin();
  const { compactor, keyspace } = scene;
  assert(compactor.begin());
  compactor.step(() => false);
  keyspace.swap(0, 5);
  for (const one of scene.expected.values()) one.index = 1 - one.index;
  compactor.step(() => false);
  const { db } = scene.databases[0];
  keyspace.setTime(NOW_MS + 500_000);
  while (db.expires.nextDueMs <= keyspace.nowMs) db.expireEntry(db.expires.first);
  for (const [key, { index, dueMs }] of scene.expected) {
    if (index === 0 && dueMs !== NO_EXPIRY && dueMs <= keyspace.nowMs) scene.expected.delete(key);
  }
  keyspace.flush(5, true);
  for (const [key, { index }] of scene.expected) if (index === 1) scene.expected.delete(key);
  while (compactor.step(() => true));
  keyspace.lazyFree.finish();
  scene.check();
});

Deno.test("Active defragmentation waits until it is allowed and worth it", () => {
  const scene = new Scene({ activeDefragIgnoreBytes: 50 * MIB, activeDefragThresholdLower: 10 });
  const { compactor, keyspace } = scene;
  const settings = keyspace.settings as unknown as { activedefrag: boolean };
  settings.activedefrag = true;
  scene.fill(40_000);
  assert(!compactor.isWanted, "nothing is free");
  scene.thin();
  assert(compactor.isWanted);
  settings.activedefrag = false;
  assert(!compactor.isWanted, "it is switched off");
});

Deno.test("There is no pass where nothing could be given back", () => {
  const scene = new Scene();
  assert(!scene.compactor.begin(), "there is nothing at all");
  scene.fill(1000);
  assert(!scene.compactor.begin(), "all of it is dense");
  scene.compactor.runNow();
  scene.check();
});

Deno.test("A pass that gave nothing back is followed by a rest", () => {
  const scene = new Scene();
  scene.fill(40_000);
  scene.thin();
  const { compactor, keyspace } = scene;
  // Nothing can be moved, as if all of it were on its way to somebody.
  const { move } = keyspace.slabs;
  keyspace.slabs.move = (handle) => handle;
  assert(compactor.begin());
  while (compactor.step(() => true));
  assert(!compactor.begin());
  keyspace.slabs.move = move;
  scene.nowMs += 1000;
  assert(compactor.begin());
  while (compactor.step(() => true));
  assert(compactor.begin(), "this one was not in vain");
  while (compactor.step(() => true));
  scene.check();
});
