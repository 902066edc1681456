import { assertEquals, assertThrows } from "@std/assert";
import { RefusedValue } from "../../../../src/config/errors.ts";
import {
  boolean,
  choice,
  oneOf,
  optionalText,
  someOf,
  text,
} from "../../../../src/config/kinds/kind.ts";

Deno.test("A boolean is yes or no in any case", () => {
  assertEquals(boolean.parse(["YES"]), true);
  assertEquals(boolean.parse(["no"]), false);
  assertEquals(boolean.format(true), "yes");
  assertThrows(() => boolean.parse(["1"]), RefusedValue, "argument must be 'yes' or 'no'");
});

Deno.test("One of several words is read in any case and shown in its own", () => {
  const level = oneOf("debug", "notice");
  assertEquals(level.parse(["NOTICE"]), "notice");
  assertThrows(
    () => level.parse(["loud"]),
    RefusedValue,
    "argument(s) must be one of the following: debug, notice",
  );
  assertThrows(() => level.parse([""]), RefusedValue);
});

Deno.test("Words may mean the same, and then one of them is shown", () => {
  const kind = choice({ no: "no", yes: "yes", relative: "yes" });
  assertEquals(kind.parse(["Relative"]), "yes");
  assertThrows(() => kind.parse(["x"]), RefusedValue, "no, yes, relative");
});

Deno.test("Several words keep the order of the table, and none has a name", () => {
  const kind = someOf("default", ["save", "now"], () => null);
  assertEquals(kind.parse(["NOW", "save", "default"]), ["save", "now"]);
  assertEquals(kind.format(["save", "now"]), "save now");
  assertEquals(kind.parse(["default"]), []);
  assertEquals(kind.format([]), "default");
  assertThrows(() => kind.parse([]), RefusedValue, "default, save, now");
  assertThrows(() => kind.parse(["save", ""]), RefusedValue);
});

Deno.test("A text may be checked", () => {
  const kind = text((text) => text === "bad" ? "too bad" : null);
  assertEquals(kind.parse(["good"]), "good");
  assertThrows(() => kind.parse(["bad"]), RefusedValue, "too bad");
});

Deno.test("A text is written in quotes, and needed where it is not the default", () => {
  assertEquals(text().lines('a "b"\n', ""), [{ text: '"a \\"b\\"\\n"', needed: true }]);
  assertEquals(text().lines("é", "é"), [{ text: '"\\xc3\\xa9"', needed: false }]);
});

Deno.test("An optional text that is empty is null and not written at all", () => {
  const kind = optionalText();
  assertEquals(kind.parse([""]), null);
  assertEquals(kind.format(null), "");
  assertEquals(kind.lines(null, null), []);
  assertEquals(kind.lines("x", null), [{ text: '"x"', needed: true }]);
});
