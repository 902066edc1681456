import { assert, assertEquals } from "@std/assert";
import {
  lfuCounter,
  lfuInitial,
  lfuMinutes,
  lfuTouched,
  lruClock,
  lruIdleSeconds,
} from "../../../src/keyspace/clock_fields.ts";
import { freshSeed, Random } from "../../support/random.ts";

Deno.test("The LRU clock counts seconds and wraps after 2^24", () => {
  assertEquals(lruClock(1_999), 1);
  assertEquals(lruClock((2 ** 24 + 7) * 1000), 7);
  assertEquals(lruClock(1_700_000_000_123), 1_700_000_000 % 2 ** 24);
  assertEquals(lruIdleSeconds(10, 10), 0);
  assertEquals(lruIdleSeconds(10, 4000), 3990);
  assertEquals(lruIdleSeconds(0xffffff, 5), 5, "the wrap loses a second");
});

Deno.test("The LFU counter starts at 5 and decays with time", () => {
  const minutes = lfuMinutes(1_700_000_000_123);
  assertEquals(minutes, Math.floor(1_700_000_000 / 60) % 2 ** 16);
  const clock = lfuInitial(minutes);
  assertEquals(lfuCounter(clock, minutes, 1), 5);
  assertEquals(lfuCounter(clock, minutes + 2, 1), 3);
  assertEquals(lfuCounter(clock, minutes + 9, 2), 1);
  assertEquals(lfuCounter(clock, minutes + 1000, 1), 0);
  assertEquals(lfuCounter(clock, minutes + 1000, 0), 5, "a decay time of 0 turns it off");
  assertEquals(lfuCounter(lfuInitial(0xffff), 2, 1), 3, "the minutes have wrapped");
});

Deno.test("A use notes the minute, after the counter has decayed", () => {
  const never = -1; // As unsigned, the highest of random numbers.
  const clock = lfuTouched(100 << 8 | 50, 110, never, 10, 1);
  assertEquals(clock, 110 << 8 | 40);
});

Deno.test("Counters up to 5 are always incremented, 255 never", () => {
  assertEquals(lfuTouched(0, 0, -1, 10, 1), 1);
  assertEquals(lfuTouched(5, 0, -1, 10, 1), 6);
  assertEquals(lfuTouched(255, 0, 0, 10, 1), 255);
  assertEquals(lfuTouched(254, 0, -1, 0, 1), 255, "a factor of 0 lets every use count");
});

Deno.test("The higher the counter and the factor, the rarer its increments", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (const factor of [1, 10, 100]) {
    // Redis documents 255 for a million uses at factor 10; the expected number of uses that lead
    // to a counter is the sum of what each step takes.
    let clock = lfuInitial(0);
    let expectedUses = 0;
    let uses = 0;
    while (clock < 40) {
      expectedUses += (clock - 5) * factor + 1;
      const next = clock + 1;
      for (; clock < next; uses++) clock = lfuTouched(clock, 0, random.next(), factor, 1);
    }
    assert(uses > expectedUses / 6 && uses < expectedUses * 3);
  }
});
