import { assert, assertEquals } from "@std/assert";
import {
  compareBytes,
  copyBytes,
  equalBytes,
  equalsIgnoreCase,
  findBytes,
  latin1,
  latin1Text,
  utf8,
  utf8Text,
} from "../../../src/memory/bytes.ts";

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** The text's bytes amid other bytes, so that a function that leaves its slice is caught. */
function sliceOf(text: string): [buf: Uint8Array, start: number, end: number] {
  const buf = latin1("xy" + text + "yx");
  return [buf, 2, 2 + text.length];
}

function equal(a: string, b: string): boolean {
  const [buf, start, end] = sliceOf("shifted" + b);
  return equalBytes(...sliceOf(a), buf, start + 7, end);
}

function order(a: string, b: string): number {
  return Math.sign(compareBytes(...sliceOf(a), ...sliceOf(b)));
}

Deno.test("equalBytes holds for equal bytes at different places", () => {
  assert(equal("", ""));
  assert(equal("a", "a"));
  assert(equal("a long string of bytes \x00\xff", "a long string of bytes \x00\xff"));
});

Deno.test("equalBytes tells apart a difference in any byte and in length", () => {
  assert(!equal("", "a"));
  assert(!equal("a", ""));
  assert(!equal("ab", "abc"));
  const text = "sixteen bytes 16";
  for (let i = 0; i < text.length; i++) {
    const changed = text.slice(0, i) + "\x80" + text.slice(i + 1);
    assert(!equal(text, changed), `changed at ${i}`);
  }
});

Deno.test("compareBytes orders by unsigned bytes, then by length", () => {
  assertEquals(order("", ""), 0);
  assertEquals(order("abc", "abc"), 0);
  assertEquals(order("", "\x00"), -1);
  assertEquals(order("abc", "abcd"), -1);
  assertEquals(order("abcd", "abc"), 1);
  assertEquals(order("abd", "abcd"), 1);
  assertEquals(order("\x7f", "\x80"), -1);
  assertEquals(order("\xff", "\x00"), 1);
  assertEquals(order("b", "aaaa"), 1);
});

Deno.test("copyBytes moves every length to every place, overlapping or not", () => {
  const size = 120;
  const original = Uint8Array.from({ length: size }, (_, i) => i * 7);
  for (let length = 0; length <= 50; length++) {
    for (let from = 0; from + length <= size; from += 11) {
      for (let to = 0; to + length <= size; to += 7) {
        const expected = original.slice().copyWithin(to, from, from + length);
        const same = original.slice();
        copyBytes(same, to, same, from, from + length);
        assertEquals(same, expected, `${length} bytes from ${from} to ${to}`);

        const other = new Uint8Array(size);
        copyBytes(other, to, original, from, from + length);
        assertEquals(
          other.subarray(to, to + length),
          original.subarray(from, from + length),
        );
        assert(other.subarray(0, to).every((byte) => byte === 0));
        assert(other.subarray(to + length).every((byte) => byte === 0));
      }
    }
  }
});

function find(hay: string, needle: string): number {
  const at = findBytes(...sliceOf(hay), ...sliceOf(needle));
  return at === -1 ? -1 : at - 2;
}

Deno.test("findBytes finds the first occurrence within the slice alone", () => {
  const cases: [hay: string, needle: string][] = [
    ["", ""],
    ["abc", ""],
    ["", "a"],
    ["abc", "a"],
    ["abc", "c"],
    ["abc", "abc"],
    ["abc", "abcd"],
    ["aaab", "aab"],
    ["a\r\rb\r\n", "\r\n"],
    ["abcabc", "bc"],
    ["abc", "y"],
    ["abc", "cy"],
    ["ab\x00\xff", "\x00\xff"],
  ];
  for (const [hay, needle] of cases) {
    assertEquals(find(hay, needle), hay.indexOf(needle), `${needle} in ${hay}`);
  }
});

Deno.test("equalsIgnoreCase folds ASCII letters and nothing else", () => {
  const keyword = latin1("KEEPTTL");
  assert(equalsIgnoreCase(...sliceOf("KEEPTTL"), keyword));
  assert(equalsIgnoreCase(...sliceOf("keepttl"), keyword));
  assert(equalsIgnoreCase(...sliceOf("KeepTtl"), keyword));
  assert(!equalsIgnoreCase(...sliceOf("keepttlx"), keyword));
  assert(!equalsIgnoreCase(...sliceOf("keeptt"), keyword));
  assert(!equalsIgnoreCase(...sliceOf("keeptt\x0c"), keyword));
  for (const byte of EVERY_BYTE) {
    const char = String.fromCharCode(byte);
    const same = equalsIgnoreCase(...sliceOf(char), latin1("{"));
    assertEquals(same, char === "{", `byte ${byte}`);
    assertEquals(
      equalsIgnoreCase(...sliceOf(char), latin1("A")),
      char === "A" || char === "a",
      `byte ${byte}`,
    );
  }
});

Deno.test("latin1 and latin1Text give every byte back", () => {
  const text = latin1Text(EVERY_BYTE, 0, 256);
  assertEquals([...text].map((char) => char.charCodeAt(0)), [...EVERY_BYTE]);
  assertEquals(latin1(text), EVERY_BYTE);
});

Deno.test("latin1Text reads slices of every length, in ASCII and beyond it", () => {
  for (const filler of ["a", "\x95"]) {
    for (const length of [0, 1, 23, 24, 25, 100, 4095, 4096, 4097, 10_000]) {
      const text = filler.repeat(length);
      assertEquals(latin1Text(...sliceOf(text)), text);
    }
  }
});

Deno.test("latin1 takes the low byte of wider characters", () => {
  assertEquals(latin1("a\u0141"), Uint8Array.of(0x61, 0x41));
});

Deno.test("utf8 and utf8Text give every well-formed text back, a BOM too", () => {
  for (const text of ["", "plain", "\u00e9\u20ac\u{1f600}", "\ufeffwith a mark", "nul\x00"]) {
    const bytes = utf8("xy" + text + "yx");
    assertEquals(utf8Text(bytes, 2, bytes.length - 2), text);
  }
});

Deno.test("utf8Text replaces what is malformed", () => {
  assertEquals(utf8Text(Uint8Array.of(0x61, 0xff, 0x62), 0, 3), "a\ufffdb");
});
