import { assertEquals } from "@std/assert";
import { latin1, latin1Text } from "../../../src/memory/bytes.ts";
import {
  lcsLength,
  type LcsRange,
  lcsRanges,
  lcsTransientBytes,
} from "../../../src/structures/lcs.ts";
import { freshSeed, Random } from "../../support/random.ts";

/** The ranges by the plain table of lengths, walked back as Redis's manual and tests imply. */
function expectedRanges(a: string, b: string): LcsRange[] {
  const table = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      table[i][j] = a[i - 1] === b[j - 1]
        ? table[i - 1][j - 1] + 1
        : Math.max(table[i - 1][j], table[i][j - 1]);
    }
  }
  const ranges: LcsRange[] = [];
  for (let i = a.length, j = b.length; i > 0 && j > 0;) {
    if (a[i - 1] !== b[j - 1]) {
      if (table[i - 1][j] > table[i][j - 1]) i--;
      else j--;
      continue;
    }
    i--;
    j--;
    const last = ranges.at(-1);
    const continues = last?.aStart === i + 1 && last.bStart === j + 1;
    if (continues) ranges.pop();
    ranges.push({ aStart: i, bStart: j, length: continues ? last.length + 1 : 1 });
  }
  return ranges;
}

function rangesOf(a: string, b: string): LcsRange[] {
  const left = latin1(`<<${a}>`);
  const right = latin1(`(${b}))`);
  return lcsRanges(left, 2, 2 + a.length, right, 1, 1 + b.length);
}

function lengthOf(a: string, b: string): number {
  const left = latin1(`<<${a}>`);
  const right = latin1(`(${b}))`);
  return lcsLength(left, 2, 2 + a.length, right, 1, 1 + b.length);
}

Deno.test("Ranges are found from the last to the first", () => {
  assertEquals(rangesOf("ohmytext", "mynewtext"), [
    { aStart: 4, bStart: 5, length: 4 },
    { aStart: 2, bStart: 0, length: 2 },
  ]);
  assertEquals(lengthOf("ohmytext", "mynewtext"), 6);
});

Deno.test("Strings without a common byte have no ranges", () => {
  for (const [a, b] of [["", ""], ["abc", ""], ["", "abc"], ["abc", "xyz"]]) {
    assertEquals(rangesOf(a, b), []);
    assertEquals(lengthOf(a, b), 0);
  }
});

Deno.test("Random strings have the ranges that the table of lengths gives", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let round = 0; round < 1500; round++) {
    const letters = "abcdefgh".slice(0, random.between(1, 8));
    const [a, b] = [0, 0].map(() =>
      Array.from(
        { length: random.below(random.pick([10, 70, 130])) },
        () => random.pick([...letters]),
      ).join("")
    );
    const expected = expectedRanges(a, b);
    assertEquals(rangesOf(a, b), expected);
    assertEquals(lengthOf(a, b), expected.reduce((sum, { length }) => sum + length, 0));
  }
});

Deno.test("Bytes of all values are compared", () => {
  const a = Uint8Array.from({ length: 512 }, (_, at) => at);
  const b = a.slice(100, 400);
  assertEquals(lcsRanges(a, 0, 512, b, 0, 300), [{ aStart: 100, bStart: 0, length: 300 }]);
  assertEquals(latin1Text(a, 100, 110), latin1Text(b, 0, 10));
});

Deno.test("The memory that Redis would take is that of its table", () => {
  assertEquals(lcsTransientBytes(0, 0), 4);
  assertEquals(lcsTransientBytes(9, 99), 4000);
  assertEquals(lcsTransientBytes(2 ** 29, 2 ** 29), (2 ** 29 + 1) ** 2 * 4);
});
