import { assertEquals, assertStringIncludes } from "@std/assert";
import { runConvert } from "../../../src/cli/convert.ts";
import { latin1Text } from "../../../src/memory/bytes.ts";
import { bytes, dump, le, listpack, type Part, str } from "../persistence/rdb/builder.ts";
import { keyspaceContent } from "../persistence/rdb/content.ts";
import { loaded } from "../persistence/rdb/loading.ts";
import { platformWith, run } from "./running.ts";

const LATER_MS = 4_000_000_000_000;

const KEYS: Part = [
  [250, str("redis-ver"), str("7.2.0")],
  [254, 2],
  [252, le(LATER_MS, 8), 248, 7, 20, str("set"), str(listpack("a", "b"))],
  [249, 9, 16, str("hash"), str(listpack("f", "v"))],
  [18, str("list"), 1, 2, str(listpack("x", 1))],
];
const NEWER = dump("REDIS0011", KEYS);

for (const version of [9, 10, 11, 12]) {
  Deno.test(`A dump is converted to version ${version}, with all it tells of keys`, () => {
    const platform = platformWith({ "/a.rdb": NEWER });
    const args = ["/a.rdb", "/b.rdb", "--rdb-version", String(version)];
    assertEquals(run(platform, runConvert, ...args).exitCode, 0);
    const converted = platform.files.readSync("/b.rdb");
    assertEquals(latin1Text(converted, 0, 9), `REDIS${String(version).padStart(4, "0")}`);
    const { keyspace, report } = loaded(converted);
    assertEquals(keyspaceContent(keyspace), keyspaceContent(loaded(NEWER).keyspace));
    assertEquals([...report.aux], [["redis-ver", "7.2.0"]]);
    const text = latin1Text(converted, 0, converted.length);
    assertStringIncludes(text, latin1Text(bytes(248, 7), 0, 2));
    assertStringIncludes(text, latin1Text(bytes(249, 9), 0, 2));
  });
}

Deno.test("What a version cannot hold is told, and nothing is written", () => {
  const fields = [25, str("h"), le(50, 8), str(listpack("f", "v", 50))];
  const library = [245, str("#!lua name=x\n")];
  const platform = platformWith({ "/a.rdb": dump("REDIS0012", library, KEYS, fields) });
  const args = ["/a.rdb", "/b.rdb", "--rdb-version", "9"];
  const { exitCode, error } = run(platform, runConvert, ...args);
  assertEquals(exitCode, 1);
  assertEquals(
    error,
    "Version 9 cannot hold:\n" +
      "  a function library: only from version 10 on\n" +
      '  fields that expire, in the hash "h": only from version 12 on\n' +
      "Nothing has been written.\n",
  );
  assertEquals(platform.files.statusSync("/b.rdb"), null);
  assertEquals(platform.files.statusSync("/temp-12345.rdb"), null);
});

Deno.test("What a version does not tell of streams is left out, and told", () => {
  const stream = [19, str("s"), 0, 0, 9, 0, 0, 0, 9, 0, 5, 0];
  const platform = platformWith({ "/a.rdb": dump("REDIS0010", stream) });
  const { exitCode, out } = run(platform, runConvert, "/a.rdb", "/b.rdb", "--rdb-version", "9");
  assertEquals(
    out,
    "1 keys written to /b.rdb, version 9 of the format\n" +
      'Without:\n  how many entries there ever were, in the stream "s"\n',
  );
  assertEquals(exitCode, 0);
  const { keyspace } = loaded(platform.files.readSync("/b.rdb"));
  assertEquals(
    keyspaceContent(keyspace),
    keyspaceContent(loaded(platform.files.readSync("/a.rdb")).keyspace),
  );
});

Deno.test("A damaged dump is not converted", () => {
  const platform = platformWith({ "/a.rdb": bytes("REDIS0009", 99) });
  const { exitCode, error } = run(platform, runConvert, "/a.rdb", "/b.rdb", "--rdb-version", "9");
  assertEquals(exitCode, 1);
  assertStringIncludes(error, "/a.rdb is damaged. Reading the beginning of a record at offset");
  assertEquals(platform.files.statusSync("/b.rdb"), null);
});

Deno.test("A call that is not understood shows the help", () => {
  for (
    const args of [[], ["/a.rdb", "/b.rdb"], ["/a.rdb", "/b.rdb", "--rdb-version", "8"], [
      "/a.rdb",
      "--rdb-version",
      "9",
    ]]
  ) {
    const { exitCode, out } = run(platformWith({}), runConvert, ...args);
    assertEquals(exitCode, 1);
    assertStringIncludes(out, "Usage: keyrex convert");
  }
});
