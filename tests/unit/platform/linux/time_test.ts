import { assert } from "@std/assert";
import { SystemClock } from "../../../../src/platform/clock.ts";
import { LinuxTime } from "../../../../src/platform/linux/time.ts";

const time = LinuxTime.open();

Deno.test({
  name: "The system's clocks go as the runtime's do",
  ignore: time === null,
  fn() {
    const before = Date.now();
    const nowMs = time!.nowMs();
    assert(Number.isInteger(nowMs) && nowMs >= before && nowMs <= Date.now());
    const offsetMs = time!.monotonicMs() - performance.now();
    for (let i = 0; i < 1000; i++) {
      const earlier = time!.monotonicMs();
      const reference = performance.now() + offsetMs;
      const later = time!.monotonicMs();
      assert(earlier <= later && reference - earlier < 1000 && later - reference < 1000);
    }
  },
});

Deno.test({
  name: "A clock over them shows the same time in milliseconds and in microseconds",
  ignore: time === null,
  fn() {
    const clock = new SystemClock(time!);
    for (let i = 0; i < 1000; i++) {
      const before = clock.nowMs();
      const us = clock.nowUs();
      assert(us >= before * 1000 && us <= clock.nowMs() * 1000 + 1000);
    }
  },
});
