import { assertEquals } from "@std/assert";
import {
  hllPattern,
  patternIndex,
  patternRank,
} from "../../../../src/structures/hyperloglog/pattern.ts";
import { elementOfRank, murmurHash64 } from "../../../support/murmur.ts";
import { freshSeed, Random } from "../../../support/random.ts";

function rankOfHash(hash: bigint): number {
  let bits = hash >> 14n | 1n << 50n;
  let rank = 1;
  for (; (bits & 1n) === 0n; bits >>= 1n) rank++;
  return rank;
}

Deno.test("The pattern of an element comes from its MurmurHash64A", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let round = 0; round < 20_000; round++) {
    const bytes = Uint8Array.from({ length: random.below(40) }, () => random.below(256));
    const buf = new Uint8Array(bytes.length + 4).fill(random.below(256));
    buf.set(bytes, 2);
    const pattern = hllPattern(buf, 2, 2 + bytes.length);
    const hash = murmurHash64(bytes);
    assertEquals(patternIndex(pattern), Number(hash & 0x3fffn));
    assertEquals(patternRank(pattern), rankOfHash(hash));
  }
});

Deno.test("Every rank from 1 to 51 is recognised", () => {
  for (let rank = 1; rank <= 51; rank++) {
    const index = 16383 - 300 * rank;
    const pattern = hllPattern(elementOfRank(index, rank), 0, 8);
    assertEquals([patternIndex(pattern), patternRank(pattern)], [index, rank]);
  }
});
