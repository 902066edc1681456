/** Dumps as a whole: heads, opcodes, what is passed over, what is refused, and damage. */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { createSettings } from "../../../../src/config/mod.ts";
import type { Keyspace } from "../../../../src/keyspace/keyspace.ts";
import { RdbError, UnsupportedRdbError } from "../../../../src/persistence/rdb/errors.ts";
import { MAX_HEAD_VERSION } from "../../../../src/persistence/rdb/opcodes.ts";
import { makeKeyspace, NOW_MS } from "../../keyspace/text_database.ts";
import { be, bytes, double, dump, le, len, listpack, type Part, str } from "./builder.ts";
import { keyspaceContent } from "./content.ts";
import { DribblingSource, loaded, loaderOf } from "./loading.ts";

const DAY_MS = 86_400_000;
const LATER_MS = NOW_MS + DAY_MS;

/** A key with a short string. */
function key(name: string, value = "v"): Part {
  return [0, str(name), str(value)];
}

/** With the keys that have been loaded, all memory goes. */
function assertNothingKept(keyspace: Keyspace): void {
  keyspace.flush(-1, false);
  keyspace.slabs.check();
  assertEquals(keyspace.slabs.blockCount, 0);
  assertEquals(keyspace.objects.size, 0);
}

/** The id of a module: nine letters of six bits, a version of ten. */
function moduleId(name: string, version: number): Part {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  let id = 0n;
  for (const letter of name) id = (id << 6n) | BigInt(letters.indexOf(letter));
  return [0x81, be((id << 10n) | BigInt(version), 8)];
}

/** All that modules may write: two integers, a float, a double, a string, the end. */
const MODULE_DATA: Part = [
  [len(2), len(300)],
  [len(1), len(5)],
  [len(3), le(0, 4)],
  [len(4), double(1)],
  [len(5), str("text")],
  len(0),
];

/** A dump with a bit of everything. */
const EVERYTHING = dump(
  "REDIS0011",
  [250, str("redis-ver"), str("7.2.0")],
  [250, str("redis-bits"), [0xc0, 64]],
  [245, str("#!lua name=one\nreturn 1")],
  [247, moduleId("graphdata", 1), len(2), len(1), MODULE_DATA],
  [254, 0],
  [251, len(5), len(2)],
  [252, le(LATER_MS, 8), key("ms")],
  [253, le(LATER_MS / 1000, 4), key("seconds")],
  [252, le(NOW_MS - 1, 8), key("gone")],
  [248, len(100), key("idle")],
  [244, len(7), len(1), len(0)],
  [7, str("of a module"), moduleId("graphdata", 1), MODULE_DATA],
  [18, str("empty"), len(0)],
  [254, 3],
  [1, str("list"), len(1), str("a")],
);

Deno.test("Everything a dump tells beside its values is heeded", () => {
  const { keyspace, report } = loaded(EVERYTHING);
  assertEquals(keyspaceContent(keyspace), {
    "3/list": ["listpack", ["a"]],
    idle: ["embstr", "v"],
    ms: ["embstr", "v", LATER_MS],
    seconds: ["embstr", "v", LATER_MS],
  });
  assertEquals(report.keys, 4);
  assertEquals(report.expired, 1);
  assertEquals(report.empty, 1);
  assertEquals([...report.aux], [["redis-ver", "7.2.0"], ["redis-bits", "64"]]);
  assertEquals(report.functions, ["#!lua name=one\nreturn 1"]);
  assertEquals([...report.modules], [["graphdata", 2]]);
  const db = keyspace.database(0);
  const idle = db.peek(bytes("idle"), 0, 4);
  assertEquals(keyspace.clocks.idleSeconds(db.clock(idle)), 100);
});

Deno.test("A key's counter of uses is taken over under an LFU policy", () => {
  const content = dump("REDIS0009", [249, 77, key("k")]);
  const { keyspace } = loaded(content, { maxmemoryPolicy: "allkeys-lfu" });
  const db = keyspace.database(0);
  assertEquals(keyspace.clocks.frequency(db.clock(db.peek(bytes("k"), 0, 1))), 77);
});

Deno.test("Keys that are due already are kept where that is asked for", () => {
  const { report } = loaded(EVERYTHING, {}, { keepsExpired: true });
  assertEquals(report.expired, 0);
  assertEquals(report.keys, 5);
});

Deno.test("A library of a release candidate of Redis 7 gets the first line that libraries have now", () => {
  const old: Part = [246, str("lib"), str("LUA"), len(1), str("description"), str("return 1")];
  assertEquals(loaded(dump("REDIS0010", old)).report.functions, ["#!lua name=lib\nreturn 1"]);
});

Deno.test("A dump of Valkey is known by its magic", () => {
  const slotImport: Part = [243, str("job"), len(1), len(0), len(100)];
  const content = dump("VALKEY080", slotImport, key("k"));
  assertEquals(loaded(content).report.keys, 1);
});

Deno.test("Each head from the first version on is read, and no other", () => {
  const heads = Array.from({ length: MAX_HEAD_VERSION }, (_, i) => i + 1);
  for (const version of heads) {
    const head = `REDIS${String(version).padStart(4, "0")}`;
    assertEquals(loaded(dump(head, key("k"))).report.keys, 1);
  }
  for (const head of ["REDIS0000", "REDIS0017", "VALKEY079", "VALKEY081"]) {
    assertThrows(() => loaded(dump(head, key("k"))), UnsupportedRdbError, "of the format");
  }
  for (const head of ["redis0009", "REDIS9", "VALKEY080"[0].repeat(9)]) {
    assertThrows(() => loaded(dump(head, key("k"))), RdbError, "not the head of a dump");
  }
});

Deno.test("A dump of before Redis 2.6 has no checksum", () => {
  assertEquals(loaded(bytes("REDIS0004", key("k"), 0xff)).report.keys, 1);
});

Deno.test("A checksum of zeros is none", () => {
  assertEquals(loaded(bytes("REDIS0009", key("k"), 0xff, le(0, 8))).report.keys, 1);
});

Deno.test("A wrong checksum is an error", () => {
  const content = bytes("REDIS0009", key("k"), 0xff, le(1, 8));
  assertThrows(() => loaded(content), RdbError, "Reading the checksum");
});

const REFUSED: Readonly<Record<string, [head: string, record: Part, message: string]>> = {
  "a type of Redis 8.6": ["REDIS0013", [26, str("k"), 0], "stream-v4 of Redis 8.6"],
  "a type of Redis 8.8": ["REDIS0014", [28, str("k"), 0], "array of Redis 8.8"],
  "a type of Redis 8.10": ["REDIS0015", [29, str("k"), 0], "hash-template-listpack of Redis 8.10"],
  "metadata of modules": ["REDIS0013", [243, 0], "metadata that modules keep of a key"],
  "a module of a release candidate": [
    "REDIS0008",
    [6, str("k"), 0],
    "a release candidate of Redis 4",
  ],
  "a database there is none of": ["REDIS0009", [254, 16, key("k")], "'databases' says 16"],
};

for (const [title, [head, record, message]] of Object.entries(REFUSED)) {
  Deno.test(`A dump with ${title} is refused, and says so`, () => {
    const error = assertThrows(() => loaded(dump(head, record)), UnsupportedRdbError);
    assertStringIncludes(error.message, message);
    assert(error.offset >= head.length);
  });
}

const DAMAGED: Readonly<Record<string, [record: Part, message: string]>> = {
  "no record at all": [[99], "99 begins no record"],
  "a key that comes twice": [[key("k"), key("k")], "the key has come before"],
  "a string longer than the dump": [[0, str("k"), [0x80, be(2 ** 31, 4)]], "2147483648 bytes"],
  "more elements than can follow": [[1, str("k"), [0x81, be(2n ** 60n, 8)]], "too little follows"],
  "an encoding of strings there is none of": [[0, str("k"), 0xc4], "4 is no encoding"],
  "an encoding in place of a length": [[1, str("k"), 0xc0, 0], "where a length must be"],
  "a compressed string that claims too much": [
    [0, str("k"), 0xc3, len(3), [0x80, be(2 ** 30, 4)], "abc"],
    "cannot stand for",
  ],
  "a compressed string that is none": [
    [0, str("k"), 0xc3, len(3), len(30), "\xff\xff\xff"],
    "cannot be decompressed",
  ],
  "a listpack that is none": [
    [16, str("k"), str("not a listpack")],
    "listpack integrity check failed",
  ],
  "a ziplist that is none": [
    [13, str("k"), str("not a ziplist")],
    "ziplist integrity check failed",
  ],
  "a zipmap that is none": [[9, str("k"), str("not a zipmap")], "Zipmap integrity check failed"],
  "an intset that is none": [[11, str("k"), str("not an intset")], "intset integrity check failed"],
  "a field without a value": [[16, str("k"), str(listpack("f"))], "no value"],
  "a field that comes twice": [[16, str("k"), str(listpack("f", 1, "f", 2))], "comes twice"],
  "a member that comes twice": [[20, str("k"), str(listpack("m", "m"))], "comes twice"],
  "a score that is none": [[17, str("k"), str(listpack("m", "x"))], "not a number"],
  "a sorted set that is not": [[17, str("k"), str(listpack("m", 2, "n", 1))], "not in order"],
  "a node of a list of a kind there is none of": [
    [18, str("k"), len(1), 3, str("x")],
    "3 is no kind",
  ],
  "a node of a stream that is none": [
    [15, str("k"), len(1), str(be(1, 16)), str(listpack(1, 0, 1, "f", 0, 7)), len(1), 1, 0, 0],
    "Stream listpack integrity check failed",
  ],
};

for (const [title, [record, message]] of Object.entries(DAMAGED)) {
  Deno.test(`Damage is told: ${title}`, () => {
    const settings = createSettings();
    const keyspace = makeKeyspace();
    const loader = loaderOf(dump("REDIS0011", record), keyspace, settings);
    const error = assertThrows(() => loader.step(Infinity), RdbError);
    assertStringIncludes(error.message, message);
    assertStringIncludes(error.message, `at offset ${error.offset}`);
    assertNothingKept(keyspace);
  });
}

Deno.test("A message names the key and its type", () => {
  const content = dump("REDIS0011", [16, str("a key"), str("x")]);
  const error = assertThrows(() => loaded(content), RdbError);
  assertEquals(
    error.message,
    'Reading a value of the type hash-listpack, of key "a key" at offset 18: ' +
      "listpack integrity check failed",
  );
});

Deno.test("A dump cut anywhere is an error that tells where, and leaks nothing", () => {
  for (let length = 0; length < EVERYTHING.length; length++) {
    const cut = EVERYTHING.slice(0, length);
    for (const size of [length, Infinity]) {
      const keyspace = makeKeyspace();
      const loader = loaderOf(new DribblingSource(cut, 7, size), keyspace, createSettings());
      const error = assertThrows(() => loader.step(Infinity), RdbError);
      assert(error.offset <= length);
      assertNothingKept(keyspace);
    }
  }
});

Deno.test("Strings longer than the window are read from a source of any size", () => {
  const text = "0123456789".repeat(60_000);
  const content = dump("REDIS0011", key("a", text), key("b"), key("c", text + text));
  for (const size of [content.length, Infinity]) {
    for (const portion of [4097, 1 << 20]) {
      const keyspace = makeKeyspace();
      const source = new DribblingSource(content, portion, size);
      const loader = loaderOf(source, keyspace, createSettings());
      while (!loader.step(1));
      assertEquals(loader.offset, content.length);
      assertEquals(keyspaceContent(keyspace), {
        a: ["raw", text],
        b: ["embstr", "v"],
        c: ["raw", text + text],
      });
    }
  }
});

Deno.test("Loading goes on where a slice ended", () => {
  const keyspace = makeKeyspace();
  const keys = Array.from({ length: 10 }, (_, i) => key(`k${i}`));
  const loader = loaderOf(dump("REDIS0011", ...keys), keyspace, createSettings());
  const sizes: number[] = [];
  while (!loader.step(4)) sizes.push(keyspace.size);
  assertEquals(sizes, [4, 8]);
  assertEquals(keyspace.size, 10);
});
