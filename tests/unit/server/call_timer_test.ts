import { assertEquals } from "@std/assert";
import { Registry } from "../../../src/commands/registry.ts";
import { COMMAND_TABLES } from "../../../src/commands/tables.ts";
import { CallTimer } from "../../../src/server/call_timer.ts";
import type { Client } from "../../../src/server/client.ts";
import { Stats } from "../../../src/server/stats.ts";

const registry = new Registry(COMMAND_TABLES);
const get = registry.byFullName("get")!;
const set = registry.byFullName("set")!;
const keys = registry.byFullName("keys")!;
const lrange = registry.byFullName("lrange")!;
const output = { pendingBytes: 0 };
const nobody = { reply: output } as Client;

/** A timer on a clock that counts how often it is read. */
function makeTimer(slowlogLogSlowerThan = 10_000) {
  const stats = new Stats(registry);
  const clock = { nowMs: 0, reads: 0 };
  const timed: [string, number][] = [];
  const timer = new CallTimer(
    registry.all,
    stats,
    { slowlogLogSlowerThan, latencyMonitorThreshold: 0, latencyTracking: true },
    () => {
      clock.reads++;
      return clock.nowMs;
    },
    (_client, command, usec) => timed.push([command.name, usec]),
  );
  const call = (command: typeof get, ms: number) => {
    timer.before(command);
    clock.nowMs += ms;
    timer.after(command);
  };
  return { stats, clock, timed, timer, call };
}

Deno.test("A run of quick commands reads the clock twice and shares the time", () => {
  const { stats, clock, timed, timer, call } = makeTimer();
  timer.begin(nobody);
  for (let i = 0; i < 3; i++) call(get, 1);
  call(set, 1);
  timer.end();
  assertEquals(clock.reads, 2);
  assertEquals(timed, [["set", 4000]]);
  assertEquals([stats.calls[get.index], stats.usec[get.index]], [3, 3000]);
  assertEquals([stats.calls[set.index], stats.usec[set.index]], [1, 1000]);
});

Deno.test("A command that may take long is timed alone", () => {
  const { stats, timed, timer, call } = makeTimer();
  timer.begin(nobody);
  call(get, 1);
  call(keys, 50);
  call(get, 2);
  timer.end();
  assertEquals(timed, [["get", 1000], ["keys", 50_000], ["get", 2000]]);
  assertEquals(stats.usec[keys.index], 50_000);
  assertEquals(stats.usec[get.index], 3000);
});

Deno.test("A command that costs its reply is timed in a run until a long reply ends that", () => {
  const { stats, timed, timer, call } = makeTimer();
  output.pendingBytes = 500;
  timer.begin(nobody);
  call(get, 1);
  output.pendingBytes += 100;
  call(lrange, 1);
  output.pendingBytes += 100_000;
  call(lrange, 40);
  call(get, 2);
  call(lrange, 2);
  timer.end();
  assertEquals(timed, [["lrange", 42_000], ["lrange", 4000]]);
  assertEquals(stats.calls[lrange.index], 3);
});

Deno.test("Each command is timed alone while the slow log asks for short times", () => {
  const { timed, timer, call } = makeTimer(0);
  timer.begin(nobody);
  call(get, 1);
  call(get, 2);
  timer.end();
  assertEquals(timed, [["get", 1000], ["get", 2000]]);
});

Deno.test("A batch without commands tells nothing", () => {
  const { timed, timer } = makeTimer();
  timer.begin(nobody);
  timer.end();
  assertEquals(timed, []);
});

Deno.test("The time of a command that runs others contains theirs", () => {
  const { stats, clock, timed, timer, call } = makeTimer();
  const exec = registry.byFullName("exec")!;
  timer.begin(nobody);
  call(get, 1);
  timer.before(exec);
  const start = timer.beginNested();
  call(get, 2);
  call(set, 2);
  call(keys, 50);
  call(get, 3);
  timer.endNested(start);
  clock.nowMs += 1;
  timer.after(exec);
  timer.end();
  assertEquals(timed, [
    ["get", 1000],
    ["set", 4000],
    ["keys", 50_000],
    ["get", 3000],
    ["exec", 58_000],
  ]);
  assertEquals(stats.calls[exec.index], 1);
  assertEquals(stats.usec[get.index], 6000);
});
