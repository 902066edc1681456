import { assertEquals } from "@std/assert";
import { ByteRows } from "../../../src/memory/byte_rows.ts";
import { freshSeed, Random } from "../../support/random.ts";

Deno.test("Rows hold what has been added, until they are cleared", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  const rows = new ByteRows();
  for (let round = 0; round < 20; round++) {
    const expected: Uint8Array[] = [];
    for (let count = random.below(10_000); count > 0; count--) {
      const text = Uint8Array.from({ length: random.below(60) }, () => random.below(256));
      const repeats = rows.count > 0 && random.oneIn(10);
      const of = random.below(Math.max(1, rows.count));
      const row = repeats
        ? rows.add(rows.bytes, rows.starts[of], rows.ends[of])
        : rows.add(text, 0, text.length);
      assertEquals(row, expected.length);
      expected.push(repeats ? expected[of] : text);
    }
    assertEquals(rows.count, expected.length);
    for (let row = 0; row < rows.count; row++) {
      assertEquals(rows.bytes.slice(rows.starts[row], rows.ends[row]), expected[row]);
    }
    rows.clear();
    assertEquals(rows.count, 0);
  }
});
