import { assertEquals } from "@std/assert";
import { drawGraph } from "../../../../src/commands/latency/graph.ts";

const LINE = "-".repeat(80);

Deno.test("A graph stands samples side by side and writes their ages below", () => {
  const samples = [
    { time: 1000, latency: 10 },
    { time: 1100, latency: 50 },
    { time: 1190, latency: 90 },
    { time: 1199, latency: 60 },
  ];
  assertEquals(
    drawGraph("command", samples, 120, 1200),
    `command - high 90 ms, low 10 ms (all time high 120 ms)\n${LINE}\n` +
      "  # \n" +
      " _|o\n" +
      " |||\n" +
      "_|||\n" +
      "    \n" +
      "3111\n" +
      "mm0s\n" +
      "  s \n",
  );
});

Deno.test("Equal samples lie on the ground", () => {
  const samples = [{ time: 0, latency: 7 }, { time: 26 * 3600, latency: 7 }];
  assertEquals(
    drawGraph("x", samples, 7, 2 * 86400),
    `x - high 7 ms, low 7 ms (all time high 7 ms)\n${LINE}\n` +
      "  \n  \n  \n__\n  \n22\nd2\n h\n",
  );
});

Deno.test("More samples than columns continue below", () => {
  const samples = Array.from({ length: 100 }, (_, i) => ({ time: i, latency: i }));
  const lines = drawGraph("x", samples, 99, 100).split("\n");
  const widths = lines.slice(2).map((line) => line.length);
  assertEquals(widths, [80, 80, 80, 80, 80, 80, 80, 80, 0, 20, 20, 20, 20, 20, 20, 20, 20, 0]);
});
