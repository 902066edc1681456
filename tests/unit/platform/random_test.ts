import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { Random, randomHexId, SystemEntropy } from "../../../src/platform/random.ts";
import { freshSeed } from "../../support/random.ts";

function generator(): Random {
  const seed = freshSeed();
  console.log(`seed ${seed}`);
  return new Random(seed, 1, 2, 3);
}

/** How far counts are from even, in standard deviations of the sum (chi-squared, made normal). */
function unevenness(counts: readonly number[]): number {
  const expected = counts.reduce((sum, n) => sum + n) / counts.length;
  const chiSquared = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  const freedom = counts.length - 1;
  return Math.abs(chiSquared - freedom) / Math.sqrt(2 * freedom);
}

Deno.test("The generator gives what the authors' xoshiro128** gives", () => {
  const random = new Random(1, 2, 3, 4);
  assertEquals(
    Array.from({ length: 10 }, () => random.next() >>> 0),
    [
      11520,
      0,
      5927040,
      70819200,
      2031721883,
      1637235492,
      1287239034,
      3734860849,
      3729100597,
      4258142804,
    ],
  );
});

Deno.test("The generator gives signed integers of 32 bits", () => {
  const random = generator();
  let sawNegative = false;
  for (let i = 0; i < 1000; i++) {
    const n = random.next();
    assertEquals(n, n | 0);
    sawNegative ||= n < 0;
  }
  assert(sawNegative);
});

Deno.test("A generator seeded with nothing but zeros does not stay at zero", () => {
  const random = new Random(0, 0, 0, 0);
  const drawn = new Set(Array.from({ length: 100 }, () => random.next()));
  assert(drawn.size > 90);
});

Deno.test("Numbers below a bound are all reached, each about as often", () => {
  const random = generator();
  for (const bound of [1, 2, 3, 7, 100]) {
    const counts = new Array<number>(bound).fill(0);
    for (let i = 0; i < 20000; i++) counts[random.below(bound)]++;
    if (bound > 1) assert(unevenness(counts) < 20, `${bound}: ${counts}`);
  }
});

Deno.test("Numbers below a large bound are spread over all of it", () => {
  const random = generator();
  for (const bound of [2 ** 31, 2 ** 31 + 1, 3 * 2 ** 30, 2 ** 32, 2 ** 40 + 7, 2 ** 53]) {
    const counts = new Array<number>(16).fill(0);
    for (let i = 0; i < 4000; i++) {
      const n = random.below(bound);
      assert(Number.isSafeInteger(n) && n >= 0 && n < bound, `${n} below ${bound}`);
      counts[Math.floor(n / bound * 16)]++;
    }
    assert(unevenness(counts) < 20, `${bound}: ${counts}`);
  }
});

Deno.test("Fractions lie from 0 to 1 and are spread evenly", () => {
  const random = generator();
  const counts = new Array<number>(16).fill(0);
  for (let i = 0; i < 16000; i++) {
    const fraction = random.float();
    assert(fraction >= 0 && fraction < 1);
    counts[Math.floor(fraction * 16)]++;
  }
  assert(unevenness(counts) < 20, `${counts}`);
});

Deno.test("Entropy fills more bytes than the system gives at once", () => {
  const bytes = new SystemEntropy().bytes(200_000);
  assertEquals(bytes.length, 200_000);
  assert(bytes.subarray(199_000).some((byte) => byte !== 0));
});

Deno.test("An id has 40 hexadecimal digits and is another each time", () => {
  const entropy = new SystemEntropy();
  const id = randomHexId(entropy);
  assertMatch(id, /^[0-9a-f]{40}$/);
  assertNotEquals(randomHexId(entropy), id);
});

Deno.test("An id is padded where its bytes are small", () => {
  assertEquals(randomHexId({ bytes: (n) => new Uint8Array(n).fill(7) }), "07".repeat(20));
});

Deno.test("Generators seeded by the system differ", () => {
  const entropy = new SystemEntropy();
  assertNotEquals(Random.seeded(entropy).float(), Random.seeded(entropy).float());
});
