import { assert, assertEquals } from "@std/assert";
import { latin1 } from "../../../src/memory/bytes.ts";
import {
  formatDouble17,
  formatDoubleShortest,
  formatFixed,
  parseDouble,
} from "../../../src/memory/double.ts";
import { freshSeed, Random } from "../../support/random.ts";

/** The text's bytes between digits, so that a function that leaves its slice is caught. */
function parse(text: string): number {
  return parseDouble(latin1("12" + text + "34"), 2, 2 + text.length);
}

/** A text and what strtod and printf("%.17g") make of it in C (x86-64, glibc). */
const FROM_C: [text: string, printed: string][] = [
  ["0", "0"],
  ["-0", "-0"],
  ["0.1", "0.10000000000000001"],
  ["-0.1", "-0.10000000000000001"],
  ["0.3", "0.29999999999999999"],
  ["1.5", "1.5"],
  ["100", "100"],
  ["5.", "5"],
  [".5", "0.5"],
  ["+5", "5"],
  ["007.250", "7.25"],
  ["0.1e1", "1"],
  ["1E+2", "100"],
  ["1e16", "10000000000000000"],
  ["9007199254740993", "9007199254740992"],
  ["99999999999999984", "99999999999999984"],
  ["1e17", "1e+17"],
  ["123456789012345678", "1.2345678901234568e+17"],
  ["1e18", "1e+18"],
  ["4611686018427387904", "4.6116860184273879e+18"],
  ["1e22", "1e+22"],
  ["1e23", "9.9999999999999992e+22"],
  ["1e-4", "0.0001"],
  ["0.00012345", "0.00012344999999999999"],
  ["1e-5", "1.0000000000000001e-05"],
  ["-1e-5", "-1.0000000000000001e-05"],
  ["3.14159265358979323846", "3.1415926535897931"],
  ["1e100", "1e+100"],
  ["5e-324", "4.9406564584124654e-324"],
  ["2.5e-324", "4.9406564584124654e-324"],
  ["2.2250738585072014e-308", "2.2250738585072014e-308"],
  ["1.7976931348623157e308", "1.7976931348623157e+308"],
  // Halfway between two 17-digit numbers: to the even digit.
  ["1125899906842624.25", "1125899906842624.2"],
  ["1125899906842624.75", "1125899906842624.8"],
  ["-1125899906842624.25", "-1125899906842624.2"],
  ["562949953421312.125", "562949953421312.12"],
  ["562949953421312.375", "562949953421312.38"],
  ["0.019426345825195312", "0.019426345825195312"],
  ["75699833455.476562", "75699833455.476562"],
  ["1.000000059604644775390625", "1.0000000596046448"],
  ["3.0000000298023223876953125", "3.0000000298023224"],
  // Hexadecimal, also halfway between two doubles.
  ["0x1p3", "8"],
  ["0X1P+4", "16"],
  ["-0x0p9", "-0"],
  ["0x.8p1", "1"],
  ["0x1.p-1", "0.5"],
  ["0xfF", "255"],
  ["0x1p-1074", "4.9406564584124654e-324"],
  ["0x1.fffffffffffff8p0", "2"],
  ["0x1.00000000000008p0", "1"],
  ["0x1.00000000000018p0", "1.0000000000000004"],
  ["0x1.000000000000080001p0", "1.0000000000000002"],
  ["0x1.00000000000008" + "0".repeat(60) + "1p0", "1.0000000000000002"],
  ["0x" + "0".repeat(60) + ".1p4", "1"],
  ["0x1.fffffffffffffp1023", "1.7976931348623157e+308"],
];

Deno.test("parseDouble and formatDouble17 agree with C", () => {
  for (const [text, printed] of FROM_C) {
    assertEquals(formatDouble17(parse(text)), printed, text);
    assert(Object.is(parse(printed), parse(text)), text);
  }
});

Deno.test("parseDouble takes infinity under each of its names", () => {
  for (const text of ["inf", "+inf", "INF", "Infinity", "iNFiNiTY"]) {
    assertEquals(parse(text), Infinity, text);
  }
  assertEquals(parse("-inf"), -Infinity);
  assertEquals(parse("-Infinity"), -Infinity);
});

Deno.test("parseDouble refuses what Redis refuses", () => {
  const refused = ["", "+", "-", ".", "+.", "e5", ".e5", "1e", "1e+", "1e5.", "1.2.3", "1e5x"];
  refused.push(" 1", "1 ", "\t1", "1\x00", "1a", "--1", "+-1", "1_000", "1,5", "\u00a01", "1e5e5");
  refused.push("0x", "0x.", "0xg", "0x1p", "0x1p+", "0x1pa", "0x1e+5", "1x5", "00x1", "1p5", "0b1");
  refused.push("infin", "infinityy", "i", "in", "n", "na", "nan", "-nan", "NaN", "nan(1)", "nan(");
  refused.push("1e309", "-1e309", "0x1p1024", "1e999999999999", "0x1p999999999999");
  refused.push("2.4e-324", "-1e-400", "0x0.8p-1074", "0x.8p-999999999999");
  for (const text of refused) assertEquals(parse(text), NaN, text);
});

Deno.test("parseDouble takes zeros with any exponent", () => {
  assert(Object.is(parse("0e999999999999"), 0));
  assert(Object.is(parse("-0.00e-999999999999"), -0));
  assert(Object.is(parse("0x0.0p-999999999999"), 0));
});

Deno.test("parseDouble rounds like JavaScript, however the digits fall", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let i = 0; i < 20_000; i++) {
    let text = random.oneIn(3) ? "-" : "";
    const whole = random.below(12);
    const fraction = random.between(whole === 0 ? 1 : 0, 10);
    for (let n = 0; n < whole; n++) text += random.below(10);
    if (fraction > 0) text += ".";
    for (let n = 0; n < fraction; n++) text += random.below(10);
    if (random.oneIn(4)) text += `e${random.between(-20, 20)}`;
    assert(Object.is(parse(text), Number(text)), text);
  }
});

Deno.test("formatDoubleShortest writes plain digits where few zeros are needed", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [-0, "-0"],
    [1, "1"],
    [-17, "-17"],
    [0.1, "0.1"],
    [0.1 + 0.2, "0.30000000000000004"],
    [3.25, "3.25"],
    [0.000015, "0.000015"],
    [1e-6, "0.000001"],
    [1e-7, "1e-7"],
    [-1.5e-7, "-1.5e-7"],
    [1.5e-5, "0.000015"],
    [0.0012345678, "0.0012345678"],
    [0.00012345678, "1.2345678e-4"],
    [1e15, "1000000000000000"],
    [2 ** 53 + 2, "9007199254740994"],
    [2 ** 62, "4611686018427387904"],
    [-(2 ** 62), "-4611686018427387904"],
    [2 ** 62 + 1024, "4611686018427389000"],
    [1e19, "1e+19"],
    [1e21, "1e+21"],
    [123456e20, "1.23456e+25"],
    [1.7976931348623157e308, "1.7976931348623157e+308"],
    [5e-324, "5e-324"],
    [Infinity, "inf"],
    [-Infinity, "-inf"],
    [NaN, "nan"],
  ];
  for (const [d, text] of cases) assertEquals(formatDoubleShortest(d), text);
});

Deno.test("formatDouble17 names what is not finite", () => {
  assertEquals([Infinity, -Infinity, NaN].map(formatDouble17), ["inf", "-inf", "nan"]);
});

Deno.test("Both formats read back as the double they were written from", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  const bits = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < 20_000; i++) {
    bits.setUint32(0, random.next());
    bits.setUint32(4, random.oneIn(2) ? random.next() : 0);
    if (random.oneIn(2)) bits.setUint16(0, random.between(0x3e00, 0x4400)); // of everyday size
    const d = bits.getFloat64(0);
    if (!Number.isFinite(d)) continue;
    assert(Object.is(parse(formatDouble17(d)), d), `${d}`);
    assert(Object.is(parse(formatDoubleShortest(d)), d), `${d}`);
  }
});

Deno.test("formatFixed prints what C's printf does", () => {
  const cases: [number, number, string][] = [
    [166274.15156960033, 4, "166274.1516"],
    [0, 4, "0.0000"],
    [-0, 6, "-0.000000"],
    [0.03125, 4, "0.0312"],
    [0.09375, 4, "0.0938"],
    [-0.03125, 4, "-0.0312"],
    [2.5, 0, "2"],
    [1e21, 2, "1000000000000000000000.00"],
    [1e23, 1, "99999999999999991611392.0"],
    [13.361389338970184, 17, "13.36138933897018433"],
    [2 ** -18, 17, "0.00000381469726562"],
    [3 * 2 ** -18, 17, "0.00001144409179688"],
  ];
  for (const [d, decimals, text] of cases) assertEquals(formatFixed(d, decimals), text);
});
