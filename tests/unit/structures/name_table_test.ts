import { assert, assertEquals, assertThrows } from "@std/assert";
import { latin1, latin1Text } from "../../../src/memory/bytes.ts";
import { NameTable, type NameView } from "../../../src/structures/name_table.ts";
import { freshSeed, Random } from "../../support/random.ts";
import { FailingSlabs } from "./failing_slabs.ts";

const view: NameView = { buf: new Uint8Array(0), start: 0, end: 0 };

function find(table: NameTable, name: string): number {
  return table.find(latin1(name), 0, name.length);
}

function add(table: NameTable, name: string): number {
  return table.add(latin1(name), 0, name.length);
}

function namesOf(table: NameTable): string[] {
  return Array.from({ length: table.size }, (_, rank) => {
    table.showName(table.numberAt(rank), view);
    return latin1Text(view.buf, view.start, view.end);
  });
}

Deno.test("A name table keeps names in order and records under numbers that stay", () => {
  const seed = freshSeed();
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  const slabs = new FailingSlabs();
  const table = new NameTable(slabs, 2);
  const numbers = new Map<string, number>();
  for (let step = 0; step < 5000; step++) {
    const name = random.oneIn(50) ? "" : `name ${random.below(200)}`;
    const number = numbers.get(name);
    assertEquals(find(table, name), number ?? -1);
    if (number === undefined) {
      const added = add(table, name);
      assertEquals(table.word(added, 1), 0);
      table.setWord(added, 1, name.length);
      table.setWord(added, 2, added);
      numbers.set(name, added);
    } else if (random.oneIn(2)) {
      assertEquals([table.word(number, 1), table.word(number, 2)], [name.length, number]);
      table.remove(number);
      numbers.delete(name);
    }
  }
  assertEquals(namesOf(table), [...numbers.keys()].sort());
  assertEquals(table.bytes, slabs.usedBytes);
  for (const number of numbers.values()) table.remove(number);
  assertEquals(slabs.usedBytes, 0);
  slabs.check();
});

Deno.test("A name table without memory stays as it was", () => {
  const slabs = new FailingSlabs();
  const table = new NameTable(slabs, 3);
  for (let n = 0; n < 300; n++) {
    slabs.allocationsLeft = 0;
    assertThrows(() => add(table, `name ${n}`));
    assertEquals(table.size, n);
    slabs.allocationsLeft = Infinity;
    add(table, `name ${n}`);
  }
  assert(find(table, "name 77") >= 0);
  assertEquals(find(table, "name 300"), -1);
});

Deno.test("Compaction moves what a name table has", () => {
  const slabs = new FailingSlabs();
  const table = new NameTable(slabs, 2);
  const ballast: number[] = [];
  for (let n = 0; n < 20_000; n++) {
    add(table, `name ${n}`);
    for (let i = 0; i < 6; i++) ballast.push(slabs.alloc(24), slabs.alloc(512));
  }
  const before = namesOf(table);
  for (const block of ballast) slabs.free(block);
  assert(slabs.beginCompaction() > 0);
  assert(table.compact() > 0);
  slabs.endCompaction();
  assertEquals(namesOf(table), before);
  slabs.check();
});
