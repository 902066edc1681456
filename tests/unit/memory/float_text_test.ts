import { assertEquals } from "@std/assert";
import { latin1 } from "../../../src/memory/bytes.ts";
import {
  DECIMAL_FLOAT,
  floatForm,
  HEX_FLOAT,
  INFINITE_FLOAT,
  isNonzero,
  NOT_FLOAT,
} from "../../../src/memory/float_text.ts";

function form(text: string): number {
  return floatForm(latin1("12" + text + "34"), 2, 2 + text.length);
}

Deno.test("floatForm tells the forms apart", () => {
  const forms: [form: number, texts: string[]][] = [
    [DECIMAL_FLOAT, [
      "0",
      "12",
      "+1",
      "-1",
      "1.",
      ".1",
      "1.5",
      "1e5",
      "1E+5",
      ".1e-5",
      "00",
      "0e0",
    ]],
    [HEX_FLOAT, ["0x1", "0XaF", "-0x.8", "0x8.", "0x1p5", "0x1P-5", "0x1e5"]],
    [INFINITE_FLOAT, ["inf", "-INF", "+infinity", "Infinity"]],
    [NOT_FLOAT, ["", "+", "-", ".", "+.", "e1", "1e", "1e+", "1e1.0", "1..", "1.2.3", "1p5", "1f"]],
    [NOT_FLOAT, [
      "0x",
      "0x.",
      "0xp1",
      "0x1p",
      "0x1p+",
      "0x1pf",
      "0x1.8.",
      "x1",
      "0y1",
      "--1",
      "+-1",
    ]],
    [NOT_FLOAT, ["in", "infi", "infinit", "infinityx", "n", "nan", "-NaN", "nan(1)"]],
    [NOT_FLOAT, [" 1", "1 ", "\n1", "1\x00", "1,0", "1_0", "\xb1"]],
  ];
  for (const [expected, texts] of forms) {
    for (const text of texts) assertEquals(form(text), expected, JSON.stringify(text));
  }
});

Deno.test("isNonzero looks at the digits before the exponent", () => {
  for (const text of ["0", "-0.00", ".0", "0e5", "+00.e-9"]) {
    assertEquals(isNonzero(text, DECIMAL_FLOAT), false, text);
  }
  for (const text of ["1", "-0.01", ".5", "10e0", "+00.9e-9"]) {
    assertEquals(isNonzero(text, DECIMAL_FLOAT), true, text);
  }
  for (const text of ["0x0", "-0X0.0p1", "0x.0p99"]) {
    assertEquals(isNonzero(text, HEX_FLOAT), false, text);
  }
  for (const text of ["0xa", "-0X0.01p1", "0x.0e", "0x10"]) {
    assertEquals(isNonzero(text, HEX_FLOAT), true, text);
  }
});
