/** The benchmark's tiny mode, so that it cannot rot, and the small parts that it rests on. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { program, testWith } from "../support/requirements.ts";
import { runBench } from "./bench.ts";
import { PARTS, QUICK_PLAN } from "./plan.ts";
import { parseReport } from "./redis_benchmark.ts";
import { compare, median } from "./result.ts";
import { longestCollectionMs, tracingCommand } from "./stall.ts";
import { renderResult } from "./table.ts";

testWith(program("redis-benchmark"), "The benchmark runs all its parts in tiny sizes", async () => {
  const result = await runBench(QUICK_PLAN, PARTS);
  assert(result.groups.length >= PARTS.length);
  for (const { rows, title } of result.groups) assert(rows.length > 0, title);

  const loads = result.groups.flatMap(({ rows }) => rows.flatMap((row) => row.keyrexLoad ?? []));
  assert(loads.length > 0);
  for (const load of loads) {
    assert(load.commandsPerSecond > 0);
    assert(load.p50Ms <= load.p999Ms && load.p999Ms <= load.maxMs + 0.001);
  }
  const text = renderResult(result);
  for (const { title } of result.groups) assert(text.includes(title));
});

Deno.test("A comparison holds the medians, and the ratios of the pairs", () => {
  const row = compare("SET", [2, 4, 3], [1, 4, 6]);
  assertEquals([row.redis, row.keyrex], [3, 4]);
  assertEquals([row.ratio, row.ratioLow, row.ratioHigh], [1, 0.5, 2]);
  assertEquals(median([4, 1, 3, 2]), 2.5);
});

const REPORT = `
====== SET ======
  20000 requests completed in 0.02 seconds

Latency by percentile distribution:
0.000% <= 0.119 milliseconds (cumulative count 16)
99.805% <= 2.271 milliseconds (cumulative count 19968)
99.902% <= 2.295 milliseconds (cumulative count 19984)
100.000% <= 2.303 milliseconds (cumulative count 20000)

Cumulative distribution of latencies:
0.000% <= 0.103 milliseconds (cumulative count 0)
100.000% <= 3.103 milliseconds (cumulative count 20000)

Summary:
  throughput summary: 1176470.50 requests per second
  latency summary (msec):
          avg       min       p50       p95       p99       max
        0.551     0.112     0.487     0.863     2.087     2.303
`;

Deno.test("A report of redis-benchmark is read with its 99.9th percentile", () => {
  assertEquals(parseReport(REPORT), {
    commandsPerSecond: 1176470.5,
    p50Ms: 0.487,
    p99Ms: 2.087,
    p999Ms: 2.295,
    maxMs: 2.303,
  });
  assertThrows(() => parseReport("WARNING"), Error, "Cannot read the report");
});

Deno.test("V8's trace of garbage collections is asked for beside other flags, and is read", () => {
  assertEquals(tracingCommand(["deno", "run", "main.ts"]), [
    "deno",
    "run",
    "--v8-flags=--trace-gc",
    "main.ts",
  ]);
  assertEquals(tracingCommand(["deno", "run", "--v8-flags=--a", "main.ts"]), [
    "deno",
    "run",
    "--v8-flags=--a,--trace-gc",
    "main.ts",
  ]);
  assertEquals(tracingCommand(["dist/keyrex"]), ["dist/keyrex"]);
  const log =
    "[1:0x5] 29 ms: Scavenge 3.9 (5.0) -> 3.4 (5.5) MB, pooled: 0.0 MB, 2.18 / 0.00 ms x\n" +
    "[1:0x5] 80 ms: Mark-Compact 9.9 (12.1) -> 8.2 (12.3) MB, 14.32 / 0.00 ms (average)\n";
  assertEquals(longestCollectionMs(log), 14.32);
});
