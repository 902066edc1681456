import { assertEquals } from "@std/assert";
import { byteText, hasSpaces, joinSelectors, shownText } from "../../../../src/server/acl/words.ts";

Deno.test("A selector may be spread over several words", () => {
  assertEquals(joinSelectors(["on", "(+get", "~a", "~b)", "(+set)", "()"]), {
    rules: ["on", "(+get ~a ~b)", "(+set)", "()"],
  });
  assertEquals(joinSelectors([]), { rules: [] });
});

Deno.test("A parenthesis that nothing closes is told by its word", () => {
  for (const words of [["(+get", "~a"], ["on", "(+get"], ["(a)", "(+get", "(b"]]) {
    const joined = joinSelectors(words);
    assertEquals(joined, {
      unmatched: "(+get",
      reason: "Unmatched parenthesis in acl selector starting at '(+get'.",
    });
  }
});

Deno.test("White space and NUL tear a word apart, other bytes do not", () => {
  for (const text of ["a b", "\0", "\t", "a\n", "\v", "\f", "\r"]) {
    assertEquals(hasSpaces(text), true, JSON.stringify(text));
  }
  for (const text of ["", "a", "\x01", "\xa0", "\xff"]) assertEquals(hasSpaces(text), false);
});

Deno.test("A text becomes its bytes and comes back", () => {
  assertEquals(byteText("é"), "\xc3\xa9");
  assertEquals(shownText("\xc3\xa9"), "é");
});
