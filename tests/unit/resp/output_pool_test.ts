import { assert, assertEquals } from "@std/assert";
import { CHUNK_BYTES, CHUNK_BYTES_MAX, OutputPool } from "../../../src/resp/output_pool.ts";

Deno.test("The pool gives chunks of the next power of two from 16 KiB to 1 MiB", () => {
  const pool = new OutputPool();
  const sizes: [asked: number, given: number][] = [
    [0, CHUNK_BYTES],
    [1, CHUNK_BYTES],
    [CHUNK_BYTES, CHUNK_BYTES],
    [CHUNK_BYTES + 1, 2 * CHUNK_BYTES],
    [100_000, 131_072],
    [CHUNK_BYTES_MAX, CHUNK_BYTES_MAX],
    [CHUNK_BYTES_MAX + 1, CHUNK_BYTES_MAX + 1],
    [5_000_000, 5_000_000],
  ];
  for (const [asked, given] of sizes) assertEquals(pool.take(asked).length, given);
});

Deno.test("The pool gives a chunk out again, and counts what is out and what is in", () => {
  const pool = new OutputPool();
  const chunk = pool.take(20_000);
  assertEquals([pool.usedBytes, pool.keptBytes], [32_768, 0]);
  pool.give(chunk);
  assertEquals([pool.usedBytes, pool.keptBytes], [0, 32_768]);
  assert(pool.take(10) !== chunk);
  assert(pool.take(30_000) === chunk);
  assertEquals([pool.usedBytes, pool.keptBytes], [49_152, 0]);
});

Deno.test("The pool keeps a bounded amount, and nothing that was made to measure", () => {
  const pool = new OutputPool();
  pool.give(pool.take(CHUNK_BYTES_MAX + 1));
  assertEquals([pool.usedBytes, pool.keptBytes], [0, 0]);
  const chunks = Array.from({ length: 20 }, () => pool.take(CHUNK_BYTES_MAX));
  for (const chunk of chunks) pool.give(chunk);
  assertEquals([pool.usedBytes, pool.keptBytes], [0, 8 * CHUNK_BYTES_MAX]);
});
