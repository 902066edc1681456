import { assertEquals } from "@std/assert";
import { utf8Text } from "../../../src/memory/bytes.ts";
import { Args } from "../../../src/resp/args.ts";
import { Slowlog } from "../../../src/server/slowlog.ts";

function request(...words: string[]): Args {
  const args = new Args();
  args.loadText(...words);
  return args;
}

function texts(slowlog: Slowlog): string[][] {
  return slowlog.newest(-1).map(({ args }) => args.map((arg) => utf8Text(arg, 0, arg.length)));
}

Deno.test("The slow log wants what takes as long as its threshold, and nothing when it is off", () => {
  const wants = (slowlogLogSlowerThan: number, slowlogMaxLen = 10) =>
    [0, 99.9, 100].map((usec) => new Slowlog({ slowlogLogSlowerThan, slowlogMaxLen }).wants(usec));
  assertEquals(wants(100), [false, false, true]);
  assertEquals(wants(0), [true, true, true]);
  assertEquals(wants(-1), [false, false, false]);
  assertEquals(wants(0, 0), [false, false, false]);
});

Deno.test("The slow log keeps the newest, and numbers them for ever", () => {
  const settings = { slowlogLogSlowerThan: 0, slowlogMaxLen: 3 };
  const slowlog = new Slowlog(settings);
  for (let i = 0; i < 5; i++) slowlog.add(request("get", `${i}`), i + 0.5, 7000, "address", "name");
  assertEquals(slowlog.newest(-1).map(({ id, usec }) => [id, usec]), [[4, 4], [3, 3], [2, 2]]);
  assertEquals(slowlog.newest(1).map(({ id }) => id), [4]);
  settings.slowlogMaxLen = 2;
  assertEquals(slowlog.newest(10).map(({ id }) => id), [4, 3]);
  slowlog.clear();
  assertEquals(slowlog.length, 0);
  slowlog.add(request("get"), 1, 7000, "address", "name");
  assertEquals(slowlog.newest(-1).map(({ id }) => id), [5]);
});

Deno.test("The slow log cuts long and many arguments, and says how much is missing", () => {
  const slowlog = new Slowlog({ slowlogLogSlowerThan: 0, slowlogMaxLen: 10 });
  slowlog.add(request("set", "k", "x".repeat(128), "y".repeat(140)), 1, 0, "", "");
  assertEquals(texts(slowlog), [
    ["set", "k", "x".repeat(128), `${"y".repeat(128)}... (12 more bytes)`],
  ]);
  slowlog.clear();
  const many = Array.from({ length: 40 }, (_, i) => String(i));
  slowlog.add(request(...many), 1, 0, "", "");
  assertEquals(texts(slowlog), [[...many.slice(0, 31), "... (9 more arguments)"]]);
  slowlog.clear();
  slowlog.add(request(...many.slice(0, 32)), 1, 0, "", "");
  assertEquals(texts(slowlog), [many.slice(0, 32)]);
});
