import { assertEquals } from "@std/assert";
import { resolvePath } from "../../../src/platform/paths.ts";

Deno.test("A relative path starts at the directory, an absolute one stays", () => {
  assertEquals(resolvePath("/a", "b/c"), "/a/b/c");
  assertEquals(resolvePath("/", "b"), "/b");
  assertEquals(resolvePath("", "b"), "b");
  for (const path of ["/b", "C:\\b", "c:/b", "\\\\host\\b"]) {
    assertEquals(resolvePath("/a", path), path);
  }
});
