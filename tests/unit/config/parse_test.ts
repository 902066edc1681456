import { assertEquals, assertThrows } from "@std/assert";
import { ConfigError } from "../../../src/config/errors.ts";
import { asContent, configLines, innerWords, textAsContent } from "../../../src/config/parse.ts";

function linesOf(text: string): [line: number, ...words: string[]][] {
  return Array.from(
    configLines(textAsContent(text), null),
    ({ place, name, words }) => [place.line, name, ...words],
  );
}

Deno.test("Comments and empty lines say nothing, and are counted", () => {
  assertEquals(linesOf("# a\n\n \t\n  #b\nport 1\r\n"), [[5, "port", "1"]]);
});

Deno.test("Words may be quoted; the name is in lower case", () => {
  assertEquals(linesOf(`Save "900 1" '' 'it\\'s' "\\x41\\n\\""`), [
    [1, "save", "900 1", "", "it's", 'A\n"'],
  ]);
});

Deno.test("A comment after a value is part of the line", () => {
  assertEquals(linesOf("hz 5 # often"), [[1, "hz", "5", "#", "often"]]);
});

Deno.test("Text beyond ASCII is UTF-8, also when it is escaped", () => {
  assertEquals(linesOf('masteruser é\nmasteruser "\\xc3\\xa9"'), [
    [1, "masteruser", "é"],
    [2, "masteruser", "é"],
  ]);
});

Deno.test("A line whose quotes are wrong is an error once it is reached", () => {
  const lines = configLines(textAsContent('hz 5\n  port "é\n'), "redis.conf");
  assertEquals(lines.next().value?.name, "hz");
  const error = assertThrows(() => lines.next(), ConfigError);
  assertEquals(error.reason, "Unbalanced quotes in configuration line");
  assertEquals(error.place, { file: "redis.conf", line: 2, text: 'port "é' });
});

Deno.test("A word may hold words, or none when its quotes are wrong", () => {
  assertEquals(innerWords(`900 1 'a b' é`), ["900", "1", "a b", "é"]);
  assertEquals(innerWords(`900 "1`), []);
});

Deno.test("Content has one char for each byte", () => {
  assertEquals(asContent(Uint8Array.of(0x61, 0xff, 0x80)), "a\xff\x80");
  assertEquals(textAsContent("é"), "\xc3\xa9");
});
