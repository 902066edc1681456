import { assert, assertEquals } from "@std/assert";
import { eventLayout } from "../../../../src/platform/linux/constants.ts";

Deno.test("An event is packed on x86-64, aligned on arm64, and unknown elsewhere", () => {
  assertEquals(eventLayout("x86_64"), { words: 3, data: 1 });
  assertEquals(eventLayout("aarch64"), { words: 4, data: 2 });
  assert(eventLayout("riscv64") === null);
});
