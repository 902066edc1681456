import { assert, assertEquals } from "@std/assert";
import { SystemClock } from "../../../src/platform/clock.ts";

Deno.test("The clocks in milliseconds and in microseconds show the same time", () => {
  const clock = new SystemClock();
  for (let i = 0; i < 1000; i++) {
    const before = clock.nowMs();
    const us = clock.nowUs();
    const after = clock.nowMs();
    assert(Number.isInteger(us));
    assert(us >= before * 1000 && us < (after + 1) * 1000, `${before} ${us} ${after}`);
  }
});

Deno.test("The clock in microseconds moves between two milliseconds", () => {
  const clock = new SystemClock();
  const fractions = new Set<number>();
  const endMs = clock.monotonicMs() + 1000;
  while (fractions.size < 10 && clock.monotonicMs() < endMs) fractions.add(clock.nowUs() % 1000);
  assertEquals(fractions.size, 10);
});

Deno.test("A timer fires after the call that set it has returned", async () => {
  const clock = new SystemClock();
  let returned = false;
  const fired = new Promise<boolean>((resolve) => clock.after(0, () => resolve(returned)));
  returned = true;
  assert(await fired);
});

Deno.test("A timer that is called off does not fire", async () => {
  const clock = new SystemClock();
  let fired = false;
  const cancel = clock.after(0, () => fired = true);
  cancel();
  await new Promise<void>((resolve) => clock.after(1, resolve));
  cancel();
  assert(!fired);
});

Deno.test("A delay beyond what a timer can have does not fire at once", async () => {
  const clock = new SystemClock();
  let fired = false;
  const cancel = clock.after(2 ** 40, () => fired = true);
  await new Promise<void>((resolve) => clock.after(1, resolve));
  cancel();
  assert(!fired);
});

Deno.test("A sleep lasts, and no timer fires in it", async () => {
  const clock = new SystemClock();
  let fired = false;
  clock.after(0, () => {
    fired = true;
  });
  const start = clock.monotonicMs();
  clock.sleep(3);
  assert(clock.monotonicMs() - start >= 2.9);
  assert(!fired);
  await new Promise<void>((resolve) => clock.after(0, resolve));
  assert(fired);
});

Deno.test("Timers go off once, whether the runtime looks at them or somebody else does", async () => {
  const clock = new SystemClock();
  const fired: string[] = [];
  assertEquals(clock.untilDueMs(clock.monotonicMs()), Infinity);
  clock.after(5, () => fired.push("looked at"));
  const cancel = clock.after(6, () => fired.push("called off"));
  const runtimeHasFired = new Promise<void>((resolve) => clock.after(20, resolve));
  const untilDueMs = clock.untilDueMs(clock.monotonicMs());
  assert(untilDueMs > 0 && untilDueMs <= 5);
  clock.run(clock.monotonicMs());
  assertEquals(fired, []);
  cancel();
  clock.run(clock.monotonicMs() + 10);
  assertEquals(fired, ["looked at"]);
  await runtimeHasFired;
  assertEquals(fired, ["looked at"]);
  assertEquals(clock.untilDueMs(clock.monotonicMs()), Infinity);
});
