import { assert, assertEquals } from "@std/assert";
import { LatencyHistogram } from "../../../src/server/latency_histogram.ts";
import { Random } from "../../support/random.ts";

Deno.test("Percentiles of a latency histogram are off by less than 1 %", () => {
  const random = new Random(5);
  const histogram = new LatencyHistogram();
  const samples: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    const usec = Math.exp(random.below(1000) / 80) / 10;
    samples.push(usec);
    histogram.add(usec, 1);
  }
  samples.sort((a, b) => a - b);
  for (const percent of [1, 25, 50, 90, 99, 99.9, 100]) {
    const exact = samples[Math.ceil(samples.length * percent / 100) - 1];
    const shown = histogram.percentileUs(percent);
    assert(
      shown >= exact * 0.99 && shown <= exact * 1.01 + 0.001,
      `p${percent}: ${shown}, in fact ${exact}`,
    );
  }
});

Deno.test("The cumulative rows double, leave out bounds that add nothing, and end with all calls", () => {
  const histogram = new LatencyHistogram();
  histogram.add(0.5, 2);
  histogram.add(1.5, 1);
  histogram.add(100, 4);
  assertEquals(histogram.cumulative(), [
    { usec: 1, count: 2 },
    { usec: 2, count: 3 },
    { usec: 132, count: 7 },
  ]);
  assertEquals(histogram.total, 7);
});

Deno.test("Durations beyond a second count as one second", () => {
  const histogram = new LatencyHistogram();
  histogram.add(5e6, 1);
  assert(histogram.percentileUs(100) >= 1e6);
  assertEquals(histogram.cumulative().at(-1)?.count, 1);
});
