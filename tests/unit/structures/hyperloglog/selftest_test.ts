import { assertEquals } from "@std/assert";
import { hllSelfTest } from "../../../../src/structures/hyperloglog/selftest.ts";

Deno.test("The self-test of HyperLogLog passes", () => {
  assertEquals(hllSelfTest(), null);
});
