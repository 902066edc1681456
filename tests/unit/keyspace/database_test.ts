import { assert, assertEquals } from "@std/assert";
import { KEEP_EXPIRY, MAX_INLINE_VALUE, NO_EXPIRY } from "../../../src/keyspace/database.ts";
import { latin1Text } from "../../support/latin1.ts";
import { Random } from "../../support/random.ts";
import { makeKeyspace, NOW_MS, TextDatabase } from "./text_database.ts";

Deno.test("A database does what a Map with expiry does", () => {
  const seed = 20261122;
  const random = new Random(seed);
  const keyspace = makeKeyspace(seed);
  const db = new TextDatabase(keyspace);
  const model = new Map<string, { value: string; dueMs: number }>();
  const keys = Array.from({ length: 300 }, (_, i) => "k".repeat(1 + i % 40) + i);
  keys.push("long".repeat(20_000));
  const lengths = [0, 1, 5, 20, 44, 45, 500, MAX_INLINE_VALUE, MAX_INLINE_VALUE + 1, 5000, 100_000];
  let nowMs = NOW_MS;

  const expire = () => {
    for (const [key, { dueMs }] of model) {
      if (dueMs !== NO_EXPIRY && dueMs <= nowMs) model.delete(key);
    }
  };

  for (let step = 0; step < 60_000; step++) {
    const key = random.pick(keys);
    const old = model.get(key);
    switch (random.below(10)) {
      case 0:
      case 1: {
        const value = String(random.below(10)).repeat(random.pick(lengths));
        const dueMs = random.pick([NO_EXPIRY, KEEP_EXPIRY, nowMs + random.between(1, 200)]);
        db.set(key, value, dueMs);
        model.set(key, { value, dueMs: dueMs === KEEP_EXPIRY ? old?.dueMs ?? NO_EXPIRY : dueMs });
        break;
      }
      case 2:
        assertEquals(db.delete(key), model.delete(key));
        break;
      case 3: {
        if (old === undefined) break;
        const dueMs = random.pick([NO_EXPIRY, nowMs + random.between(1, 200)]);
        db.db.setDue(db.find(key), dueMs);
        old.dueMs = dueMs;
        break;
      }
      case 4: {
        if (old === undefined) break;
        const length = random.pick(lengths);
        db.db.resizeString(db.find(key), length);
        old.value = old.value.slice(0, length).padEnd(length, "\0");
        break;
      }
      case 5: {
        const to = random.pick(keys);
        if (old === undefined || db.find(to) !== 0) break;
        db.rename(key, to);
        model.delete(key);
        model.set(to, old);
        break;
      }
      case 6: {
        const to = random.pick(keys);
        if (old === undefined || db.find(to) !== 0) break;
        db.copy(key, to);
        model.set(to, { ...old });
        break;
      }
      case 7:
        nowMs += random.below(3);
        keyspace.setTime(nowMs);
        expire();
        break;
      default:
        assertEquals(db.get(key), old?.value, `step ${step}, seed ${seed}`);
        if (old !== undefined) assertEquals(db.db.dueMs(db.find(key)), old.dueMs);
    }
  }

  for (const key of keys) assertEquals(db.get(key), model.get(key)?.value);
  assertEquals(db.db.size, model.size);
  for (const key of keys) db.delete(key);
  keyspace.lazyFree.finish();
  assertEquals(keyspace.slabs.usedBytes, 0, "everything is given back");
});

Deno.test("A database that is cleared gives back all it held", () => {
  const keyspace = makeKeyspace();
  const db = new TextDatabase(keyspace);
  for (let i = 0; i < 2000; i++) db.set(`key:${i}`, "v".repeat(i), i % 2 ? NOW_MS + i : NO_EXPIRY);
  db.db.clear(true);
  assertEquals(db.db.size, 0);
  assertEquals(db.get("key:1"), undefined);
  assert(keyspace.lazyFree.pending > 0);
  keyspace.lazyFree.finish();
  assertEquals(keyspace.slabs.usedBytes, 0);
});

Deno.test("Databases that are swapped exchange keys and expiries", () => {
  const keyspace = makeKeyspace();
  const first = new TextDatabase(keyspace);
  const second = new TextDatabase(keyspace, keyspace.database(1));
  first.set("a", "1", NOW_MS + 10);
  second.set("b", "2");
  keyspace.swap(0, 1);
  assertEquals([first.get("a"), first.get("b")], [undefined, "2"]);
  assertEquals(second.get("a"), "1");
  assertEquals(second.db.expires.size, 1);
  keyspace.setTime(NOW_MS + 10);
  assertEquals(second.get("a"), undefined);
});

Deno.test("A key that is due is gone for readers, and stays while expiry is paused", () => {
  const keyspace = makeKeyspace();
  const db = new TextDatabase(keyspace);
  db.set("k", "v", NOW_MS + 5);
  keyspace.expiryPaused = true;
  keyspace.setTime(NOW_MS + 5);
  assertEquals(db.get("k"), undefined);
  assertEquals(db.db.size, 1);
  keyspace.expiryPaused = false;
  assertEquals(db.get("k"), undefined);
  assertEquals(db.db.size, 0);
  assertEquals(keyspace.counters.expiredKeys, 1);
});

Deno.test("Random entries are never due ones", () => {
  const keyspace = makeKeyspace();
  const db = new TextDatabase(keyspace);
  for (let i = 0; i < 100; i++) db.set(`due${i}`, "v", NOW_MS + 1);
  db.set("stays", "v");
  keyspace.setTime(NOW_MS + 1);
  const key = db.db.key(db.db.randomEntry());
  assertEquals(latin1Text(key.buf.subarray(key.start, key.end)), "stays");
});

Deno.test("A thousand databases cost nothing until they are used", () => {
  const keyspace = makeKeyspace(1, { databases: 10_000 });
  assertEquals(keyspace.used.length, 0);
  assertEquals(keyspace.database(9_999).size, 0);
  assertEquals(keyspace.used.length, 1);
  assertEquals(keyspace.slabs.usedBytes, 0);
});
