import { assertEquals, assertThrows } from "@std/assert";
import { AofError } from "../../../../src/persistence/aof/errors.ts";
import {
  EMPTY_MANIFEST,
  filesToLoad,
  formatManifest,
  nextBase,
  nextIncrement,
  parseManifest,
  withBase,
  withIncrement,
} from "../../../../src/persistence/aof/manifest.ts";
import { latin1Bytes } from "../../../support/latin1.ts";

const parse = (text: string) => parseManifest(latin1Bytes(text), "dir/appendonly.aof.manifest");

Deno.test("A manifest lists base, history and increments, and is read as it was written", () => {
  let manifest = withBase(EMPTY_MANIFEST, nextBase(EMPTY_MANIFEST, "a.aof", "rdb"), 0);
  manifest = withIncrement(manifest, nextIncrement(manifest, "a.aof"));
  manifest = withIncrement(manifest, nextIncrement(manifest, "a.aof"));
  manifest = withBase(manifest, nextBase(manifest, "a.aof", "aof"), 1);
  assertEquals(
    formatManifest(manifest),
    "file a.aof.2.base.aof seq 2 type b\n" +
      "file a.aof.1.base.rdb seq 1 type h\n" +
      "file a.aof.1.incr.aof seq 1 type h\n" +
      "file a.aof.2.incr.aof seq 2 type i\n",
  );
  assertEquals(parse(formatManifest(manifest)), manifest);
  assertEquals(filesToLoad(manifest).map(({ name }) => name), [
    "a.aof.2.base.aof",
    "a.aof.2.incr.aof",
  ]);
});

Deno.test("Names with spaces and quotes stand between quotes in a manifest", () => {
  const base = nextBase(EMPTY_MANIFEST, 'my "log"\xff', "rdb");
  const manifest = withBase(EMPTY_MANIFEST, base, 0);
  assertEquals(
    formatManifest(manifest),
    'file "my \\"log\\"\\xff.1.base.rdb" seq 1 type b\n',
  );
  assertEquals(parse(formatManifest(manifest)), manifest);
});

Deno.test("Comments of a manifest, and words that are not known, are passed over", () => {
  const { base, increments } = parse(
    "# by hand\nfile b seq 1 type b newkey newvalue\n  seq 3 FILE i type incr  \r\n",
  );
  assertEquals(base, { name: "b", seq: 1 });
  assertEquals(increments, [{ name: "i", seq: 3 }]);
});

for (
  const [text, problem] of [
    ["", "Found an empty AOF manifest"],
    ["file a seq 1 type b\n\n", "at line 2 >>> '': Invalid AOF manifest file format"],
    ["file a seq 1\n", "Invalid AOF manifest file format"],
    ["file a seq 1 type\n", "Invalid AOF manifest file format"],
    ["file a seq 1 type b odd\n", "Invalid AOF manifest file format"],
    ["file a sequence 1 type b\n", "Invalid AOF manifest file format"],
    ["file a seq 0 type b\n", "Invalid AOF manifest file format"],
    ["file a seq 1 type x\n", "Unknown AOF file type"],
    ["file ../a seq 1 type b\n", "File can't be a path, just a filename"],
    ["file a seq 1 type b\nfile c seq 2 type b\n", "Found duplicate base file information"],
    ["file a seq 2 type i\nfile b seq 2 type i\n", "Found a non-monotonic sequence number"],
    [`file ${"a".repeat(1024)} seq 1 type b\n`, "The AOF manifest file contains too long line"],
    ["file a seq 1 type b", "The AOF manifest file contains too long line"],
  ] as const
) {
  Deno.test(`A manifest is refused: ${problem} (${JSON.stringify(text.slice(0, 30))})`, () => {
    assertThrows(() => parse(text), AofError, problem);
  });
}
