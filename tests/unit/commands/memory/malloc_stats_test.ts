import { assertEquals } from "@std/assert";
import { mallocStats } from "../../../../src/commands/memory/malloc_stats.ts";
import { Slabs } from "../../../../src/memory/slab.ts";

/** The cells of the rows from the table's head on. */
function rows(slabs: Slabs): string[][] {
  return mallocStats(slabs).trimEnd().split("\n").slice(2).map((line) =>
    line.trim().split(/ {2,}/)
  );
}

Deno.test("The table of blocks has a row for each size in use, and adds up", () => {
  const slabs = new Slabs();
  for (let i = 0; i < 100; i++) slabs.alloc(64);
  slabs.alloc(100_000);
  const [head, small, large, all] = rows(slabs);
  assertEquals(head, ["size", "blocks", "used bytes", "spans", "span bytes", "filled"]);
  assertEquals(small.slice(0, 3), ["64", "100", "6400"]);
  assertEquals(large, ["large", "1", String(slabs.usedBytes - 6400)]);
  assertEquals(all.slice(0, 3), ["all", "101", String(slabs.usedBytes)]);
});

Deno.test("The table of an empty allocator is empty", () => {
  assertEquals(rows(new Slabs()).slice(1), [["large", "0", "0"], ["all", "0", "0", "0", "-"]]);
});
