import { assert, assertEquals } from "@std/assert";
import { CLIENTS_PER_KEY_MAX, TrackingTable } from "../../../src/server/tracking_table.ts";
import { EmbeddedServer } from "../../support/embedded_server.ts";
import { latin1Bytes, latin1Text } from "../../support/latin1.ts";
import { freshSeed, Random } from "../../support/random.ts";

function keyspace() {
  return new EmbeddedServer().server.keyspace;
}

function add(table: TrackingTable, key: string, client: number): boolean {
  return table.add(latin1Bytes(key), 0, key.length, client);
}

function take(table: TrackingTable, key: string): number[] {
  return [...table.take(latin1Bytes(key), 0, key.length)].sort((a, b) => a - b);
}

Deno.test("The table holds what a map of sets holds, and no memory when it is empty", () => {
  const seed = freshSeed();
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  const space = keyspace();
  const table = new TrackingTable(space);
  const model = new Map<string, Set<number>>();
  const keys = Array.from({ length: 200 }, (_, i) => `key${"x".repeat(i)}`);
  for (let step = 0; step < 5000; step++) {
    const key = keys[random.below(keys.length)];
    if (random.below(4) === 0) {
      assertEquals(take(table, key), [...model.get(key) ?? []].sort((a, b) => a - b));
      model.delete(key);
    } else {
      const client = random.below(30) - 15;
      assert(add(table, key, client));
      model.set(key, (model.get(key) ?? new Set()).add(client));
    }
    assertEquals(table.size, model.size);
  }
  assertEquals(table.itemCount, [...model.values()].reduce((sum, ids) => sum + ids.size, 0));
  assert(table.size > 0);
  assert(model.has(latin1Text(table.randomKey())));
  table.clear();
  space.lazyFree.finish();
  assertEquals([table.size, table.itemCount, space.slabs.usedBytes], [0, 0, 0]);
});

Deno.test("A key has room for so many clients and no more", () => {
  const table = new TrackingTable(keyspace());
  for (let i = 0; i < CLIENTS_PER_KEY_MAX; i++) assert(add(table, "k", i));
  assert(!add(table, "k", CLIENTS_PER_KEY_MAX));
  assert(add(table, "k", 0));
  assertEquals(take(table, "k").length, CLIENTS_PER_KEY_MAX);
  assert(add(table, "k", CLIENTS_PER_KEY_MAX));
});
