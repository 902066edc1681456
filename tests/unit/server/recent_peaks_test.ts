import { assertEquals } from "@std/assert";
import { RecentPeaks } from "../../../src/server/recent_peaks.ts";

Deno.test("The biggest buffers are remembered for some seconds, then forgotten", () => {
  const peaks = new RecentPeaks();
  peaks.begin(1000);
  peaks.note(100, 7);
  peaks.note(50, 9);
  assertEquals([peaks.inputBytes, peaks.outputBytes], [100, 9]);
  for (let second = 2; second <= 8; second++) {
    peaks.begin(second * 1000);
    peaks.note(second, 1);
  }
  assertEquals([peaks.inputBytes, peaks.outputBytes], [100, 9]);
  peaks.begin(9000);
  assertEquals([peaks.inputBytes, peaks.outputBytes], [8, 1]);
});

Deno.test("A long silence forgets everything, time that steps back nothing", () => {
  const peaks = new RecentPeaks();
  peaks.begin(1000);
  peaks.note(100, 100);
  peaks.begin(500);
  assertEquals(peaks.inputBytes, 100);
  peaks.begin(1e12);
  assertEquals([peaks.inputBytes, peaks.outputBytes], [0, 0]);
});
