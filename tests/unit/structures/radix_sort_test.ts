import { assertEquals } from "@std/assert";
import { compareBytes } from "../../../src/memory/bytes.ts";
import {
  equalKeys,
  reverseKey,
  setBytesKey,
  setNumberKey,
  sortByKeys,
} from "../../../src/structures/radix_sort.ts";
import { freshSeed, Random } from "../../support/random.ts";

/** The rows sorted by keys that `setKey` makes of the values. */
function sorted<T>(values: T[], setKey: (keys: Int32Array, row: number, value: T) => void) {
  const keys = new Int32Array(2 * values.length);
  values.forEach((value, row) => setKey(keys, row, value));
  const order = Int32Array.from(values, (_, row) => row);
  sortByKeys(order, order.length, keys, new Int32Array(order.length));
  return { order: Array.from(order), keys };
}

Deno.test("Numbers are sorted by value, equal ones left in their order", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  const odd = [0, -0, Infinity, -Infinity, 5e-324, -5e-324, 1e300, -1e300, 0.1, -0.1];
  for (let round = 0; round < 200; round++) {
    const range = random.pick([3, 1000, 2 ** 32]);
    const values = Array.from(
      { length: random.between(0, 500) },
      () => random.oneIn(5) ? random.pick(odd) : random.below(range) - range / 2,
    );
    const expected = values.map((_, row) => row).sort((a, b) =>
      values[a] < values[b] ? -1 : values[a] > values[b] ? 1 : a - b
    );
    assertEquals(sorted(values, setNumberKey).order, expected);
    const reversed = (keys: Int32Array, row: number, value: number) => {
      setNumberKey(keys, row, value);
      reverseKey(keys, row);
    };
    const downwards = values.map((_, row) => row).sort((a, b) =>
      values[a] > values[b] ? -1 : values[a] < values[b] ? 1 : a - b
    );
    assertEquals(sorted(values, reversed).order, downwards);
  }
});

Deno.test("Bytes are sorted by the first eight, zeros behind their end", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  const texts = Array.from(
    { length: 2000 },
    () => Uint8Array.from({ length: random.below(9) }, () => random.pick([0, 1, 127, 128, 255])),
  );
  const padded = texts.map((text) => Uint8Array.from({ length: 8 }, (_, at) => text[at] ?? 0));
  const { order, keys } = sorted(
    texts,
    (keys, row, text) => setBytesKey(keys, row, text, 0, text.length),
  );
  const compare = (a: number, b: number) => compareBytes(padded[a], 0, 8, padded[b], 0, 8);
  assertEquals(order, texts.map((_, row) => row).sort((a, b) => compare(a, b) || a - b));
  for (let i = 1; i < order.length; i++) {
    assertEquals(equalKeys(keys, order[i - 1], order[i]), compare(order[i - 1], order[i]) === 0);
  }
});
