import { assertEquals } from "@std/assert";
import { LatencyMonitor } from "../../../src/server/latency_monitor.ts";

Deno.test("The latency monitor notes what takes as long as its threshold, and nothing when it is off", () => {
  const settings = { latencyMonitorThreshold: 10 };
  const monitor = new LatencyMonitor(settings);
  monitor.add("command", 9.99, 1000);
  assertEquals(monitor.events, []);
  monitor.add("command", 10, 1000);
  settings.latencyMonitorThreshold = 0;
  monitor.add("command", 1000, 5000);
  assertEquals(monitor.events, [
    { event: "command", samples: [{ time: 1, latency: 10 }], max: 10 },
  ]);
});

Deno.test("The latency monitor keeps the worst of each second, and the worst of all", () => {
  const monitor = new LatencyMonitor({ latencyMonitorThreshold: 1 });
  for (const [ms, nowMs] of [[5, 1000], [9, 1500], [7, 1999], [3, 2000]]) {
    monitor.add("command", ms, nowMs);
  }
  assertEquals(monitor.events, [{
    event: "command",
    samples: [{ time: 1, latency: 9 }, { time: 2, latency: 3 }],
    max: 9,
  }]);
});

Deno.test("The latency monitor keeps the last 160 samples of an event", () => {
  const monitor = new LatencyMonitor({ latencyMonitorThreshold: 1 });
  for (let second = 0; second < 200; second++) monitor.add("command", 500 - second, second * 1000);
  const [{ samples, max }] = monitor.events;
  assertEquals([samples.length, samples[0].time, samples[159].time, max], [160, 40, 199, 500]);
});

Deno.test("The latency monitor forgets some events or all, and says how many", () => {
  const monitor = new LatencyMonitor({ latencyMonitorThreshold: 1 });
  for (const event of ["a", "b", "c"]) monitor.add(event, 5, 1000);
  assertEquals(monitor.reset(["a", "nosuch"]), 1);
  assertEquals(monitor.events.map(({ event }) => event), ["b", "c"]);
  assertEquals(monitor.reset([]), 2);
  assertEquals(monitor.events, []);
});
