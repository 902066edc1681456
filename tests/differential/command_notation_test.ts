import { assertEquals, assertThrows } from "@std/assert";
import { joinWords, parseStep, splitWords } from "./command_notation.ts";

Deno.test("A command line is split as redis-server splits inline commands", () => {
  assertEquals(splitWords("  SET  k\tv "), ["SET", "k", "v"]);
  assertEquals(splitWords('a "b c" \'d e\' ""'), ["a", "b c", "d e", ""]);
  assertEquals(splitWords('"\\x00\\xfF\\n\\r\\t\\b\\a\\"\\\\\\q\\xg"'), [
    '\x00\xff\n\r\t\b\x07"\\qxg',
  ]);
  assertEquals(splitWords("'it\\'s \\n'"), ["it's \\n"]);
  assertThrows(() => splitWords('a "b'), SyntaxError);
  assertThrows(() => splitWords('"a"b'), SyntaxError);
});

Deno.test("Words are joined to a line that splits into them again", () => {
  const words = ["SET", "", " ", "a b", '"', "'", "\\", "\x00\xff\r\n", "[^a]*", "plain!"];
  assertEquals(splitWords(joinWords(words)), words);
  assertEquals(joinWords(["SET", "k", "\x00"]), 'SET k "\\x00"');
});

Deno.test("A step names its connection and what is done on it", () => {
  const step = { connection: "a", args: [] as string[], raw: null, reads: true };
  assertEquals(parseStep("GET k"), { ...step, args: ["GET", "k"] });
  assertEquals(parseStep("b> GET k"), { ...step, connection: "b", args: ["GET", "k"] });
  assertEquals(parseStep("send> PING"), { ...step, args: ["PING"], reads: false });
  assertEquals(parseStep("send c> PING"), {
    ...step,
    connection: "c",
    args: ["PING"],
    reads: false,
  });
  assertEquals(parseStep("read>"), step);
  assertEquals(parseStep("read b>"), { ...step, connection: "b" });
  assertEquals(parseStep("raw> *1\r\n> x"), { ...step, raw: "*1\r\n> x" });
  assertEquals(parseStep("send raw b> *1\r\n"), {
    connection: "b",
    args: [],
    raw: "*1\r\n",
    reads: false,
  });
  assertEquals(parseStep("SET k >"), { ...step, args: ["SET", "k", ">"] });
});
