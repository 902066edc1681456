import { assertEquals } from "@std/assert";
import { InstantaneousRates } from "../../../src/server/rates.ts";

Deno.test("Rates are the mean of the last 16 samples, per second", () => {
  const rates = new InstantaneousRates();
  for (let i = 0; i <= 16; i++) rates.sample(1000 + i * 100, i * 50, i * 1000, i * 2000, i * 10);
  assertEquals(rates.commands.perSecond, 500);
  assertEquals(rates.bytesIn.perSecond, 10_000);
  assertEquals(rates.bytesOut.perSecond, 20_000);
  assertEquals(rates.turns.perSecond, 100);
});

Deno.test("Counters that were reset do not give negative rates", () => {
  const rates = new InstantaneousRates();
  rates.sample(1000, 100, 0, 0, 0);
  rates.sample(1100, 0, 0, 0, 0);
  assertEquals(rates.commands.perSecond, 0);
});
