import { assert, assertEquals } from "@std/assert";
import type { Settings } from "../../../src/config/mod.ts";
import { NO_EXPIRY } from "../../../src/keyspace/database.ts";
import { EventClass, type KeyspaceListener } from "../../../src/keyspace/events.ts";
import { evictionLimitMs, Evictor } from "../../../src/keyspace/evict.ts";
import { latin1Text } from "../../support/latin1.ts";
import { freshSeed, Random } from "../../support/random.ts";
import { makeKeyspace, NOW_MS, TextDatabase } from "./text_database.ts";

const FOREVER = () => true;

/** A keyspace of which a test evicts what it wants to have evicted. */
class Scene {
  readonly keyspace;
  readonly evictor;
  /** The keys that were evicted, in that order, as `database:key`. */
  readonly evicted: string[] = [];
  readonly #settings: { maxmemory: number };

  constructor(policy: Settings["maxmemoryPolicy"], settings: Partial<Settings> = {}) {
    const seed = freshSeed();
    console.log(`seed ${seed}`);
    this.keyspace = makeKeyspace(seed, { ...settings, maxmemoryPolicy: policy });
    this.#settings = this.keyspace.settings as { maxmemory: number };
    this.keyspace.setTime(NOW_MS);
    this.keyspace.listener = {
      ...this.keyspace.listener,
      keyRemoved: (reason, db, buf, start, end) => {
        if (reason === "evicted") {
          this.evicted.push(`${db}:${latin1Text(buf.subarray(start, end))}`);
        }
      },
    } as KeyspaceListener;
    this.evictor = new Evictor(this.keyspace, () => 0);
  }

  database(index = 0): TextDatabase {
    return new TextDatabase(this.keyspace, this.keyspace.database(index));
  }

  /** Makes keys go until only this part of the memory is used. */
  shrinkTo(part: number): boolean {
    this.#settings.maxmemory = Math.floor(this.keyspace.slabs.usedBytes * part);
    return this.evictor.makeRoom(FOREVER);
  }
}

function fill(db: TextDatabase, prefix: string, count: number, dueMs = NO_EXPIRY): string[] {
  const keys = Array.from({ length: count }, (_, i) => `${prefix}${i}`);
  for (const key of keys) db.set(key, "value", dueMs);
  return keys;
}

/** The part of `keys` that was evicted. */
function lost(scene: Scene, keys: readonly string[], index = 0): number {
  const evicted = new Set(scene.evicted);
  return keys.filter((key) => evicted.has(`${index}:${key}`)).length / keys.length;
}

Deno.test("LRU evicts what has not been used for long", () => {
  const scene = new Scene("allkeys-lru");
  const db = scene.database();
  const old = fill(db, "old", 3000);
  scene.keyspace.setTime(NOW_MS + 1000_000);
  const used = fill(db, "used", 3000);
  scene.keyspace.setTime(NOW_MS + 2000_000);
  for (const key of old.slice(0, 1500)) db.db.touch(db.find(key));
  assert(scene.shrinkTo(0.9));
  // Some 800 of 6000 go, 13 % of each third by chance. With five samples some of the middle go, too.
  assert(lost(scene, old.slice(1500)) > 0.35);
  assert(lost(scene, used) < 0.1);
  assert(lost(scene, old.slice(0, 1500)) < 0.01);
  assertEquals(scene.keyspace.counters.evictedKeys, scene.evicted.length);
});

Deno.test("With more samples, LRU comes closer to the exact order", () => {
  const errors = [3, 10, 60].map((maxmemorySamples) => {
    const scene = new Scene("allkeys-lru", { maxmemorySamples });
    const db = scene.database();
    for (let i = 0; i < 3000; i++) {
      scene.keyspace.setTime(NOW_MS + i * 1000);
      db.set(`${i}`, "value");
    }
    scene.shrinkTo(0.7);
    const oldest = scene.evicted.length;
    return scene.evicted.filter((key) => Number(key.slice(2)) >= oldest).length;
  });
  assert(errors[0] > errors[1] && errors[1] > errors[2], errors.join());
});

Deno.test("LFU evicts what is used rarely, however recently", () => {
  const scene = new Scene("allkeys-lfu", { lfuLogFactor: 1 });
  const db = scene.database();
  const often = fill(db, "often", 2000);
  const rarely = fill(db, "rarely", 2000);
  for (let use = 0; use < 30; use++) for (const key of often) db.db.touch(db.find(key));
  for (const key of rarely) db.db.touch(db.find(key));
  assert(scene.shrinkTo(0.85));
  assert(lost(scene, rarely) > 0.3);
  assert(lost(scene, often) < 0.02);
});

Deno.test("What was used often long ago counts as used rarely", () => {
  const scene = new Scene("allkeys-lfu", { lfuLogFactor: 1, lfuDecayTime: 1 });
  const db = scene.database();
  const past = fill(db, "past", 2000);
  for (let use = 0; use < 30; use++) for (const key of past) db.db.touch(db.find(key));
  scene.keyspace.setTime(NOW_MS + 120 * 60_000);
  const present = fill(db, "present", 2000);
  for (let use = 0; use < 5; use++) for (const key of present) db.db.touch(db.find(key));
  scene.shrinkTo(0.85);
  assert(lost(scene, past) > 0.3);
  assert(lost(scene, present) < 0.02);
});

for (const policy of ["volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"] as const) {
  Deno.test(`${policy} evicts nothing but volatile keys, and gives up when there are none`, () => {
    const scene = new Scene(policy);
    const db = scene.database();
    const kept = fill(db, "kept", 500);
    const keptElsewhere = fill(scene.database(3), "kept", 500);
    const volatile = fill(db, "volatile", 500, NOW_MS + 1_000_000);
    assert(scene.shrinkTo(0.8));
    assertEquals(lost(scene, kept), 0);
    assert(lost(scene, volatile) > 0.3);
    assert(!scene.shrinkTo(0.1), "there is not enough that may go");
    assertEquals(lost(scene, volatile), 1);
    assertEquals(lost(scene, kept), 0);
    assertEquals(lost(scene, keptElsewhere, 3), 0);
    assertEquals(db.db.size, 500);
  });
}

Deno.test("volatile-ttl evicts in the order of the due times, over all databases", () => {
  const scene = new Scene("volatile-ttl");
  const random = new Random(5);
  const due = new Map<string, number>();
  for (let i = 0; i < 600; i++) {
    const index = random.below(3);
    const dueMs = NOW_MS + random.between(1, 1_000_000);
    scene.database(index).set(`k${i}`, "value", dueMs);
    due.set(`${index}:k${i}`, dueMs);
  }
  scene.shrinkTo(0.5);
  assert(scene.evicted.length > 200);
  const soonest = [...due.values()].sort((a, b) => a - b).slice(0, scene.evicted.length);
  assertEquals(scene.evicted.map((key) => due.get(key)), soonest);
});

Deno.test("allkeys-random takes from all databases in turn", () => {
  const scene = new Scene("allkeys-random");
  const keys = [0, 1, 2].map((index) => fill(scene.database(index), "k", 1000));
  scene.shrinkTo(0.8);
  const parts = keys.map((list, index) => lost(scene, list, index));
  assert(parts.every((part) => part > 0.1 && part < 0.35), parts.join());
});

Deno.test("noeviction removes nothing", () => {
  const scene = new Scene("noeviction");
  fill(scene.database(), "k", 100);
  assert(!scene.shrinkTo(0.5));
  assertEquals(scene.evicted, []);
  assert(scene.shrinkTo(1));
});

Deno.test("A key that has gone or is due is passed over", () => {
  const scene = new Scene("allkeys-lru");
  const db = scene.database();
  const keys = fill(db, "k", 20, NOW_MS + 10);
  scene.shrinkTo(0.9);
  const others = fill(db, "other", 200);
  for (const key of keys) db.delete(key);
  assert(scene.shrinkTo(0.5));
  assert(lost(scene, others) > 0.3);
});

Deno.test("Keys of any length are remembered as candidates", () => {
  const scene = new Scene("allkeys-lru");
  const db = scene.database();
  for (let i = 0; i < 50; i++) db.set(`${i}`.repeat(i * 20 + 1), "value");
  scene.shrinkTo(0.3);
  assert(scene.evicted.length > 10);
  assertEquals(db.db.size, 50 - scene.evicted.length);
});

Deno.test("An eviction is told of, by name, when it has happened", () => {
  const scene = new Scene("allkeys-random");
  const db = scene.database();
  fill(db, "k", 50);
  const events: string[] = [];
  scene.keyspace.setEventMask(EventClass.KEYEVENT | EventClass.EVICTED);
  scene.keyspace.listener.event = (eventClass, name, index, buf, start, end) => {
    const key = latin1Text(buf.subarray(start, end));
    assertEquals(eventClass, EventClass.EVICTED);
    assertEquals(db.find(key), 0, "the key is gone");
    events.push(`${index}:${key} ${name}`);
  };
  scene.shrinkTo(0.5);
  assertEquals(events, scene.evicted.map((key) => `${key} evicted`));
});

Deno.test("Evicting goes on only for as long as it may", () => {
  const scene = new Scene("allkeys-lru");
  fill(scene.database(), "k", 500);
  (scene.keyspace.settings as { maxmemory: number }).maxmemory = 1;
  assert(scene.evictor.makeRoom(() => false), "there is more to evict");
  assertEquals(scene.evicted.length, 16);
  assert(!scene.evictor.hasRoom);
});

Deno.test("No key goes while what is already dropped waits to be freed", () => {
  const scene = new Scene("allkeys-lru");
  fill(scene.database(1), "dropped", 2000);
  fill(scene.database(), "k", 2000);
  scene.keyspace.flush(1, true);
  assert(scene.shrinkTo(0.6));
  assertEquals(scene.evicted, []);
  assert(scene.shrinkTo(0.9));
  assert(scene.evicted.length > 0);
});

Deno.test("What is withheld counts as if it were used", () => {
  const scene = new Scene("allkeys-lru");
  fill(scene.database(), "k", 1000);
  scene.shrinkTo(1);
  assert(scene.evictor.hasRoom);
  scene.evictor.withheldBytes = scene.keyspace.slabs.usedBytes / 2;
  assert(!scene.evictor.hasRoom);
  assert(scene.evictor.makeRoom(FOREVER));
  assert(scene.evicted.length > 300);
});

Deno.test("Without maxmemory there always is room", () => {
  const scene = new Scene("allkeys-lru");
  fill(scene.database(), "k", 1000);
  assert(scene.evictor.hasRoom && scene.evictor.makeRoom(FOREVER));
  assertEquals(scene.evicted, []);
});

Deno.test("The time for evictions grows with the tenacity as in Redis", () => {
  assertEquals(evictionLimitMs(0), 0);
  assertEquals(evictionLimitMs(10), 0.5);
  assert(Math.abs(evictionLimitMs(20) - 0.5 * 1.15 ** 10) < 1e-9);
  assertEquals(evictionLimitMs(100), Infinity);
});
