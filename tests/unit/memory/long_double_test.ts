import { assert, assertEquals } from "@std/assert";
import { latin1 } from "../../../src/memory/bytes.ts";
import {
  addLongDoubles,
  formatLongDouble,
  isFiniteLongDouble,
  LONG_DOUBLE_TEXT_BYTES,
  type LongDouble,
  parseLongDouble,
} from "../../../src/memory/long_double.ts";

function parse(text: string): LongDouble | null {
  return parseLongDouble(latin1("12" + text + "34"), 2, 2 + text.length);
}

function sum(a: string, b: string): string | null {
  const total = addLongDoubles(parse(a)!, parse(b)!);
  return total && formatLongDouble(total);
}

/** Two texts and the sum that C's long double has for them (x86-64, glibc), trimmed as Redis does. */
const SUMS_FROM_C: [a: string, b: string, sum: string][] = [
  ["0", "0", "0"],
  ["0.1", "0.2", "0.3"],
  ["10.5", "0.1", "10.6"],
  ["5.0e3", "2.0e2", "5200"],
  ["5000.1", "0", "5000.10000000000000009"],
  ["-5", "5", "0"],
  ["-0.0", "0", "0"],
  ["-1.5", ".25", "-1.25"],
  ["1.", "+2", "3"],
  ["0.00000000000000001", "0", "0.00000000000000001"],
  ["0.000000000000000004", "0", "0"],
  ["-0.000000000000000004", "0", "0"],
  ["0x1.8p-18", "0", "0.00000572204589844"],
  ["1e17", "0.1", "100000000000000000.1015625"],
  ["9223372036854775807", "1", "9223372036854775808"],
  // 64 bits of mantissa, and what lies halfway goes to the even one.
  ["18446744073709551615", "0", "18446744073709551615"],
  ["18446744073709551616", "1", "18446744073709551616"],
  ["18446744073709551617", "0", "18446744073709551616"],
  ["36893488147419103233", "0", "36893488147419103232"],
  ["36893488147419103235", "0", "36893488147419103236"],
  ["36893488147419103231", "0", "36893488147419103232"],
  ["123456789.123456789", "0", "123456789.12345678899873747"],
  ["3.14159265358979323846264338327950288", "0", "3.14159265358979324"],
  ["1e30", "1", "1000000000000000000024696061952"],
  ["1e30", "-1e30", "0"],
  ["179769313486231570000000000000", "0.5", "179769313486231570000115662848"],
  ["0x1.8p3", "0x.1p-1", "12.03125"],
  ["0x1p-60", "1", "1"],
  ["4e-4951", "1", "1"],
];

Deno.test("Long doubles add up as they do in C", () => {
  for (const [a, b, expected] of SUMS_FROM_C) {
    assertEquals(sum(a, b), expected, `${a} + ${b}`);
    assertEquals(sum(b, a), expected, `${b} + ${a}`);
  }
});

Deno.test("formatLongDouble rounds the 17th digit to even when the rest is exactly half", () => {
  // 2^-18 has 18 digits behind the point, the last of them a 5.
  assertEquals(sum("0x1p-18", "0"), "0.00000381469726562");
  assertEquals(sum("0x3p-18", "0"), "0.00001144409179688");
  assertEquals(sum("-0x1p-18", "0"), "-0.00000381469726562");
});

Deno.test("The largest long double has 4933 digits", () => {
  const largest = sum("0x1.fffffffffffffffep16383", "0")!;
  assertEquals(largest.length, 4933);
  assert(largest.startsWith("118973149535723176502126385303097020516906332229462420"));
  assertEquals(sum("-" + largest, largest), "0");
  assertEquals(parse("0x1p16384"), null);
  assertEquals(parse("1.18973149535723176508e4932"), null);
});

Deno.test("The smallest long double keeps one bit", () => {
  assertEquals(parse("0x1p-16445"), { mantissa: 1n, exponent: -16445 });
  assertEquals(parse("3.6451995318824746025e-4951"), { mantissa: 1n, exponent: -16445 });
  assertEquals(parse("0x1.8p-16445"), { mantissa: 2n, exponent: -16445 });
  assertEquals(parse("0x1p-16446"), null);
  assertEquals(parse("1e-4952"), null);
});

Deno.test("parseLongDouble refuses what Redis refuses", () => {
  const refused = ["", " 1", "1 ", "1\x00", ".", "1e", "0x", "0x1p", "abc", "1e5000", "-1e5000"];
  refused.push("nan", "-nan(1)", "1e999999999999", "1e-999999999999", "0x1p-999999999999");
  for (const text of refused) assertEquals(parse(text), null, text);
  assertEquals(parse("0e999999999999"), { mantissa: 0n, exponent: 0 });
});

Deno.test("parseLongDouble takes text of up to LONG_DOUBLE_TEXT_BYTES bytes", () => {
  const longest = "2".padEnd(LONG_DOUBLE_TEXT_BYTES - 5, "0") + "e-999";
  assertEquals(longest.length, LONG_DOUBLE_TEXT_BYTES);
  assertEquals(formatLongDouble(parse(longest)!).length, LONG_DOUBLE_TEXT_BYTES - 5 - 999);
  assertEquals(parse(longest + "9"), null);
});

Deno.test("addLongDoubles says when the sum is infinite or not a number", () => {
  const [infinity, negative, one] = ["inf", "-Infinity", "1"].map((text) => parse(text)!);
  assertEquals([infinity, negative, one].map(isFiniteLongDouble), [false, false, true]);
  assertEquals(addLongDoubles(infinity, one), null);
  assertEquals(addLongDoubles(one, negative), null);
  assertEquals(addLongDoubles(infinity, negative), null);
  assertEquals(addLongDoubles(infinity, infinity), null);
  const largest = parse("0x1.fffffffffffffffep16383")!;
  assertEquals(addLongDoubles(largest, largest), null);
});
