import { assert, assertEquals } from "@std/assert";
import { Slabs } from "../../../src/memory/slab.ts";

Deno.test("What is unpacked belongs to its owner until another comes", () => {
  const slabs = new Slabs();
  const { unpacked } = slabs;
  const first = unpacked.begin(1, 100);
  assertEquals(unpacked.blockOf(1), first);
  assertEquals(unpacked.blockOf(2), 0);
  const second = unpacked.begin(2, 200);
  assertEquals([unpacked.blockOf(1), unpacked.blockOf(2)], [0, second]);
  unpacked.forget(1);
  assertEquals(unpacked.blockOf(2), second);
  assertEquals(unpacked.take(1), 0);
  assertEquals(unpacked.take(2), second);
  assertEquals(unpacked.blockOf(2), 0);
  assert(slabs.usedBytes >= 200);
  slabs.free(second);
  unpacked.begin(3, 10);
  unpacked.forget(3);
  assertEquals(slabs.usedBytes, 0);
});
