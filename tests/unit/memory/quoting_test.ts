import { assertEquals } from "@std/assert";
import { latin1, latin1Text } from "../../../src/memory/bytes.ts";
import { quoted, splitArguments } from "../../../src/memory/quoting.ts";

function quote(text: string): string {
  return quoted(latin1("xy" + text + "yx"), 2, 2 + text.length);
}

function split(line: string): string[] | null {
  const words = splitArguments(latin1("x'" + line + '"x'), 2, 2 + line.length);
  return words && words.map((word) => latin1Text(word, 0, word.length));
}

Deno.test("quoted shows printable ASCII as it is and escapes the rest", () => {
  assertEquals(quote(""), '""');
  assertEquals(quote("plain 'text' ~"), "\"plain 'text' ~\"");
  assertEquals(quote('a"b\\c'), '"a\\"b\\\\c"');
  assertEquals(quote("\n\r\t\x07\b"), '"\\n\\r\\t\\a\\b"');
  assertEquals(quote("\x00\x0b\x1b\x7f\x80\xff"), '"\\x00\\x0b\\x1b\\x7f\\x80\\xff"');
});

Deno.test("splitArguments reads what quoted writes, for every byte", () => {
  const everyByte = String.fromCharCode(...Array(256).keys());
  assertEquals(split(quote(everyByte)), [everyByte]);
});

Deno.test("splitArguments splits at white space", () => {
  assertEquals(split(""), []);
  assertEquals(split(" \t\v\f\r\n"), []);
  assertEquals(split("a"), ["a"]);
  assertEquals(split("  set  key\tvalue\r\n"), ["set", "key", "value"]);
});

Deno.test("splitArguments keeps \\v and \\f within a plain word", () => {
  assertEquals(split("a\vb\fc \vd"), ["a\vb\fc", "d"]);
});

Deno.test("splitArguments resolves escapes between double quotes", () => {
  assertEquals(split('"\\n\\r\\t\\b\\a\\\\\\"\\q\\\'"'), ["\n\r\t\b\x07\\\"q'"]);
  assertEquals(split('"\\x00\\xfF\\xAb"'), ["\x00\xff\xab"]);
  assertEquals(split('"\\x0"'), ["x0"]);
  assertEquals(split('"\\xg0"'), ["xg0"]);
  assertEquals(split('"\\x0g"'), ["x0g"]);
});

Deno.test("splitArguments knows only the escaped quote between single quotes", () => {
  assertEquals(split("'a\\'b\\n\\x41\"'"), ["a'b\\n\\x41\""]);
});

Deno.test("splitArguments takes backslashes of a plain word as they are", () => {
  assertEquals(split('a\\n\\"b"'), ["a\\n\\b"]);
  assertEquals(split("a\\nb"), ["a\\nb"]);
});

Deno.test("splitArguments lets a quote open within a word", () => {
  assertEquals(split('a"b c" d'), ["ab c", "d"]);
  assertEquals(split("a'b c' d"), ["ab c", "d"]);
  assertEquals(split("\"\" '' x"), ["", "", "x"]);
});

Deno.test("splitArguments refuses quotes left open and text behind a closing one", () => {
  for (
    const line of ['"', "'", 'a "b', "a 'b", '"a\\', '"a\\"', "'a\\'", '"a"b', "'a'b", `"a"'b'`]
  ) {
    assertEquals(split(line), null, line);
  }
});

Deno.test("splitArguments ends a quoted word at any white space", () => {
  assertEquals(split('"a"\vb'), ["a", "b"]);
});

Deno.test("splitArguments stops at a NUL byte", () => {
  assertEquals(split("get k\x00 more"), ["get", "k"]);
  assertEquals(split('get "k\x00"'), null);
  assertEquals(split("\x00"), []);
});
