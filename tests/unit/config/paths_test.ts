import { assertEquals, assertThrows } from "@std/assert";
import { RefusedValue } from "../../../src/config/errors.ts";
import { directoryPath, hasWildcards, matchingPaths } from "../../../src/config/paths.ts";
import { SystemFiles } from "../../../src/platform/files.ts";
import { withFolder } from "./folder.ts";

const files = new SystemFiles();

Deno.test("A directory is named without links and dots", () => {
  withFolder({ "a/b/file": "" }, (dir) => {
    assertEquals(directoryPath(files, `${dir}/a/./b/..`), `${dir}/a`);
    Deno.symlinkSync(`${dir}/a`, `${dir}/link`);
    assertEquals(directoryPath(files, `${dir}/link/b`), `${dir}/a/b`);
    assertThrows(
      () => directoryPath(files, `${dir}/nosuch`),
      RefusedValue,
      "No such file or directory",
    );
    assertThrows(() => directoryPath(files, `${dir}/a/b/file`), RefusedValue, "Not a directory");
    assertThrows(() => directoryPath(files, ""), RefusedValue, "No such file or directory");
  });
});

Deno.test("Wildcards match within one name, in any part of the path, sorted", () => {
  const contents = {
    "a.d/2.conf": "",
    "a.d/1.conf": "",
    "a.d/.hidden.conf": "",
    "a.d/readme": "",
    "b.d/1.conf": "",
    "b.d/sub/1.conf": "",
  };
  withFolder(contents, (dir) => {
    const found = (pattern: string) =>
      matchingPaths(files, `${dir}/${pattern}`).map((path) => path.slice(dir.length + 1));
    assertEquals(found("a.d/*.conf"), ["a.d/1.conf", "a.d/2.conf"]);
    assertEquals(found("*.d/1.conf"), ["a.d/1.conf", "b.d/1.conf"]);
    assertEquals(found("*/*/?.conf"), ["b.d/sub/1.conf"]);
    assertEquals(found("a.d/[!1].conf"), ["a.d/2.conf"]);
    assertEquals(found("a.d/.*.conf"), ["a.d/.hidden.conf"]);
    assertEquals(found("nosuch/*"), []);
    assertEquals(found("a.d/readme/*"), []);
  });
});

Deno.test("A path has wildcards when a shell would look for files", () => {
  assertEquals(["/a/b", "/a/*", "/a?", "/[ab]"].map(hasWildcards), [false, true, true, true]);
});
