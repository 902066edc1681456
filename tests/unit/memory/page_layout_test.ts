import { assert, assertEquals } from "@std/assert";
import {
  CHUNKS,
  extendRun,
  FIRST_CHUNK,
  formatPage,
  FREE,
  LARGE,
  markRun,
  markSpan,
  releaseRun,
  takeRun,
  USABLE_CHUNKS,
} from "../../../src/memory/page_layout.ts";
import { SPAN_CHUNKS } from "../../../src/memory/size_classes.ts";
import { freshSeed, Random } from "../../support/random.ts";

function emptyPage(): Int32Array {
  const words = new Int32Array(CHUNKS * 8);
  formatPage(words);
  return words;
}

function takeLarge(words: Int32Array, length: number): number {
  const chunk = takeRun(words, length, SPAN_CHUNKS);
  if (chunk > 0) markRun(words, chunk, length, LARGE);
  return chunk;
}

Deno.test("A page begins as one free run behind its header", () => {
  const words = emptyPage();
  assertEquals(takeRun(words, USABLE_CHUNKS + 1, SPAN_CHUNKS), -USABLE_CHUNKS);
  assertEquals(takeLarge(words, USABLE_CHUNKS), FIRST_CHUNK);
  assertEquals(takeLarge(words, 1), 0);
});

Deno.test("takeRun takes the first free run that is long enough", () => {
  const words = emptyPage();
  const runs = [10, 20, 10, 30, 10].map((length) => takeLarge(words, length));
  takeLarge(words, USABLE_CHUNKS - 80);
  releaseRun(words, runs[1], 20);
  releaseRun(words, runs[3], 30);
  assertEquals(takeRun(words, 31, SPAN_CHUNKS), -30);
  assertEquals(takeLarge(words, 25), runs[3]);
  assertEquals(takeLarge(words, 20), runs[1]);
  assertEquals(takeLarge(words, 5), runs[3] + 25);
  assertEquals(takeLarge(words, 1), 0);
});

Deno.test("takeRun steps over spans", () => {
  const words = emptyPage();
  const sizeClass = SPAN_CHUNKS.indexOf(9);
  markSpan(words, takeRun(words, 9, SPAN_CHUNKS), 9, sizeClass);
  const kept = takeLarge(words, 5);
  releaseRun(words, FIRST_CHUNK, 9);
  markSpan(words, takeRun(words, 9, SPAN_CHUNKS), 9, sizeClass);
  assertEquals(takeLarge(words, 5), kept + 5);
});

Deno.test("releaseRun joins a run with the free runs on both sides", () => {
  const words = emptyPage();
  const [first, second, third] = [10, 20, 30].map((length) => takeLarge(words, length));
  takeLarge(words, USABLE_CHUNKS - 60);
  assertEquals(releaseRun(words, first, 10), 10);
  assertEquals(releaseRun(words, third, 30), 30);
  assertEquals(releaseRun(words, second, 20), 60);
  assertEquals(takeLarge(words, 60), FIRST_CHUNK);
});

Deno.test("extendRun grows into the free chunks behind a run, and only there", () => {
  const words = emptyPage();
  const run = takeLarge(words, 10);
  assert(extendRun(words, run, 10, 15));
  const next = takeLarge(words, 5);
  assertEquals(next, run + 15);
  assert(!extendRun(words, run, 15, 16), "a block is in the way");
  releaseRun(words, next, 5);
  assert(!extendRun(words, run, 15, USABLE_CHUNKS + 1), "the page is not that long");
  assert(extendRun(words, run, 15, USABLE_CHUNKS));
  assert(!extendRun(words, run, USABLE_CHUNKS, USABLE_CHUNKS + 1), "the page ends");
  assertEquals(takeLarge(words, 1), 0);
});

Deno.test("Runs taken, extended and released at random never overlap and leave one free run", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  const words = emptyPage();
  const owner = new Int32Array(CHUNKS);
  const runs: { chunk: number; length: number }[] = [];
  for (let i = 1; i < 20000; i++) {
    const action = random.below(5);
    if (action < 2) {
      const length = random.between(1, 40);
      const chunk = takeLarge(words, length);
      if (chunk <= 0) continue;
      assert(owner.subarray(chunk, chunk + length).every((chunkOwner) => chunkOwner === 0));
      owner.fill(i, chunk, chunk + length);
      runs.push({ chunk, length });
    } else if (action === 2 && runs.length > 0) {
      const run = random.pick(runs);
      const length = run.length + random.between(1, 10);
      const added = owner.subarray(run.chunk + run.length, run.chunk + length);
      const isFree = run.chunk + length <= CHUNKS && added.every((chunkOwner) => chunkOwner === 0);
      assertEquals(extendRun(words, run.chunk, run.length, length), isFree);
      if (!isFree) continue;
      added.fill(owner[run.chunk]);
      run.length = length;
    } else if (runs.length > 0) {
      const [{ chunk, length }] = runs.splice(random.below(runs.length), 1);
      owner.fill(0, chunk, chunk + length);
      releaseRun(words, chunk, length);
    }
  }
  for (const { chunk, length } of runs) releaseRun(words, chunk, length);
  assertEquals(words[FIRST_CHUNK * 8] & 3, FREE);
  assertEquals(takeRun(words, USABLE_CHUNKS, SPAN_CHUNKS), FIRST_CHUNK);
});
