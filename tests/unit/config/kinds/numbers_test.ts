import { assertEquals, assertThrows } from "@std/assert";
import { RefusedValue } from "../../../../src/config/errors.ts";
import {
  INT_MAX,
  integer,
  LONG_MAX,
  memory,
  memoryOrPercentage,
  memoryText,
  parseLong,
  parseMemory,
  permissions,
  ULONG_MAX,
} from "../../../../src/config/kinds/numbers.ts";

Deno.test("An integer has Redis's canonical form and stays within its bounds", () => {
  const kind = integer(-1, INT_MAX);
  assertEquals(kind.parse(["-1"]), -1);
  assertEquals(kind.parse(["2147483647"]), INT_MAX);
  for (const word of ["", "01", "+1", " 1", "1 ", "1.0", "-0", "0x1", "9223372036854775808"]) {
    assertThrows(() => kind.parse([word]), RefusedValue, "couldn't be parsed into an integer");
  }
  for (const word of ["-2", "2147483648", "9223372036854775807"]) {
    assertThrows(
      () => kind.parse([word]),
      RefusedValue,
      "argument must be between -1 and 2147483647 inclusive",
    );
  }
});

Deno.test("An integer may be moved into a narrower range", () => {
  const hz = integer(0, INT_MAX, { atLeast: 1, atMost: 500 });
  assertEquals([hz.parse(["0"]), hz.parse(["10"]), hz.parse(["501"])], [1, 10, 500]);
});

Deno.test("The greatest 64-bit integers are shown as they were set", () => {
  const kind = integer(0, LONG_MAX);
  assertEquals(kind.format(kind.parse(["9223372036854775807"])), "9223372036854775807");
  assertEquals(kind.format(kind.parse(["9007199254740992"])), "9007199254740992");
  const unsigned = memory(0, ULONG_MAX);
  assertEquals(unsigned.format(unsigned.parse(["18446744073709551615"])), "18446744073709551615");
});

Deno.test("Memory has units of a thousand and of 1024, in any case", () => {
  const bytes = ["1", "1b", "1k", "1KB", "1m", "1Mb", "1g", "1gB", "", "kb", "007"].map(
    parseMemory,
  );
  const expected = [1, 1, 1000, 1024, 1e6, 1024 ** 2, 1e9, 1024 ** 3, 0, 0, 7];
  assertEquals(bytes, expected.map(BigInt));
  for (const word of ["-1", "+1", " 1", "1 mb", "1.5mb", "0x10", "1tb", "1kbb", "9".repeat(128)]) {
    assertEquals(parseMemory(word), null, word);
  }
});

Deno.test("Memory beyond 64 bits wraps as it does in C", () => {
  assertEquals(parseMemory("99999999999999999999"), ULONG_MAX);
  assertEquals(parseMemory("99999999999999999999gb"), 18446744072635809792n);
});

Deno.test("Memory stays within its bounds and may be raised to a least amount", () => {
  const kind = memory(1, LONG_MAX, 16384);
  assertEquals([kind.parse(["1"]), kind.parse(["1mb"])], [16384, 1048576]);
  const message = "argument must be between 1 and 9223372036854775807 inclusive";
  assertThrows(() => kind.parse(["0"]), RefusedValue, message);
  assertThrows(() => kind.parse(["9223372036854775808"]), RefusedValue, message);
  assertThrows(() => kind.parse(["x"]), RefusedValue, "argument must be a memory value");
});

Deno.test("Memory is written in the greatest unit that divides it", () => {
  const texts = [0, 1, 1023, 1024, 1025, 3 * 1024 ** 2, 1024 ** 3, 1024 ** 3 + 1024].map(
    memoryText,
  );
  assertEquals(texts, ["0", "1", "1023", "1kb", "1025", "3mb", "1gb", "1048577kb"]);
});

Deno.test("A percentage of maxmemory is kept as a negative number", () => {
  const kind = memoryOrPercentage;
  assertEquals(kind.parse(["5%"]), -5);
  assertEquals(kind.format(-5), "5%");
  assertEquals(kind.lines(-5, 0), [{ text: "5%", needed: true }]);
  assertEquals(kind.parse(["5mb"]), 5242880);
  assertEquals(kind.lines(5242880, 0), [{ text: "5mb", needed: true }]);
  assertThrows(() => kind.parse(["101%"]), RefusedValue, "must be less or equal to 100");
  for (const word of ["%", "-5%", "x"]) {
    assertThrows(() => kind.parse([word]), RefusedValue, "must be a memory or percent value");
  }
});

Deno.test("Permissions are octal", () => {
  assertEquals(permissions.parse(["0700"]), 0o700);
  assertEquals(permissions.format(0o700), "700");
  assertThrows(() => permissions.parse(["8"]), RefusedValue, "couldn't be parsed as an octal");
  for (const word of ["1000", "-1"]) {
    assertThrows(() => permissions.parse([word]), RefusedValue, "between 0 and 777 inclusive");
  }
});

Deno.test("A C long is read leniently, but to the end", () => {
  assertEquals(["", "01", "+1", " -1", "99999999999999999999"].map(parseLong), [
    0n,
    1n,
    1n,
    -1n,
    LONG_MAX,
  ]);
  assertEquals([" ", "+", "1 ", "1x", "0x1"].map(parseLong), [null, null, null, null, null]);
});
