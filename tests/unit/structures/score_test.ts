import { assertEquals } from "@std/assert";
import { scoreOfKey, setSortKey } from "../../../src/structures/score.ts";

Deno.test("A score comes back from the words that compare like it, both zeros as 0", () => {
  const key = { high: 0, low: 0 };
  const scores = [0, 1, 1.5, 2 ** 52, 2 ** 53 - 1, 5e-324, 1.7976931348623157e308, Infinity];
  for (const score of [...scores, ...scores.map((score) => -score)]) {
    setSortKey(key, score);
    assertEquals(scoreOfKey(key.high, key.low), score + 0);
  }
});
