import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { diagnose } from "../../../../src/commands/latency/doctor.ts";

const ON = { latencyMonitorThreshold: 100, slowlogLogSlowerThan: 10_000 };
const SPIKES = {
  event: "command",
  samples: [{ time: 900, latency: 100 }, { time: 960, latency: 200 }],
  max: 300,
};

Deno.test("The latency doctor says when there is nothing to go by", () => {
  assertMatch(diagnose([], { ...ON, latencyMonitorThreshold: 0 }, 1000), /monitor is off/);
  assertMatch(diagnose([], ON, 1000), /^Nothing has taken 100 ms or more/);
});

Deno.test("The latency doctor sums up each event, the worst first, and advises", () => {
  const expiry = { event: "expire-cycle", samples: [{ time: 999, latency: 400 }], max: 400 };
  const lines = diagnose([SPIKES, expiry], ON, 1000).split("\n");
  assertEquals(lines.slice(2, 4), [
    "1. expire-cycle: 1 spike of 400 ms on average (mean deviation 0 ms), 400 ms at worst; one in " +
    "1 s, the last 1 s ago.",
    "2. command: 2 spikes of 150 ms on average (mean deviation 50 ms), 300 ms at worst; one in " +
    "50 s, the last 40 s ago.",
  ]);
  assertEquals(lines.filter((line) => line.startsWith("- ")).length, 2);
});

Deno.test("The latency doctor notices a slow log that is not shown slow commands", () => {
  assertNotMatch(diagnose([SPIKES], ON, 1000), /is not shown/);
  for (const slowlogLogSlowerThan of [-1, 300_001]) {
    assertMatch(
      diagnose([SPIKES], { ...ON, slowlogLogSlowerThan }, 1000),
      /CONFIG SET slowlog-log-slower-than 100000/,
    );
  }
});

Deno.test("The latency doctor leaves out the slow log when no command was slow", () => {
  const eviction = { ...SPIKES, event: "eviction-cycle" };
  assertNotMatch(
    diagnose([eviction], { ...ON, slowlogLogSlowerThan: -1 }, 1000),
    /is not shown/,
  );
});
