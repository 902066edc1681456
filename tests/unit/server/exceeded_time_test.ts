import { assertEquals } from "@std/assert";
import { ExceededTime } from "../../../src/server/exceeded_time.ts";

Deno.test("Times above the limit add up, the one that goes on included", () => {
  const time = new ExceededTime();
  time.note(false, 1000);
  time.note(true, 2000);
  time.note(true, 2500);
  assertEquals([time.currentMs(3000), time.totalMs(3000)], [1000, 1000]);
  time.note(false, 4000);
  assertEquals([time.currentMs(5000), time.totalMs(5000)], [0, 2000]);
  time.note(true, 6000);
  assertEquals([time.currentMs(6500), time.totalMs(6500)], [500, 2500]);
  time.reset();
  assertEquals([time.currentMs(7000), time.totalMs(7000)], [0, 0]);
});
