import { assertEquals } from "@std/assert";
import { hasTwice } from "../../../../../src/persistence/rdb/values/twice.ts";
import { Slabs } from "../../../../../src/memory/slab.ts";
import { appendElement, createListpack } from "../../../../../src/structures/listpack.ts";
import { latin1Bytes } from "../../../../support/latin1.ts";
import { freshSeed, Random } from "../../../../support/random.ts";

Deno.test("What comes twice is found among every element, every second, every third", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  const slabs = new Slabs();
  for (let round = 0; round < 300; round++) {
    const step = random.between(1, 3);
    const count = random.pick([0, 1, 2, 8, 9, 40, 600]);
    const range = random.pick([2, 30, 1e6, 1e9]);
    const seen = new Set<string>();
    let lp = createListpack(slabs);
    for (let i = 0; i < count; i++) {
      const text = `${random.oneIn(2) ? "n" : ""}${random.below(range)}`;
      seen.add(text);
      for (const part of [text, "same", "same"].slice(0, step)) {
        lp = appendElement(slabs, lp, latin1Bytes(part), 0, part.length);
      }
    }
    assertEquals(hasTwice(slabs, lp, step), seen.size < count);
    slabs.free(lp);
  }
});
