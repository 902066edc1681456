import { assertEquals } from "@std/assert";
import { readTally, showTally } from "./tally.ts";

const INFO = [
  "# Commandstats",
  "cmdstat_get:calls=3,usec=2,usec_per_call=0.67,rejected_calls=1,failed_calls=2",
  "cmdstat_config|set:calls=10,usec=9,usec_per_call=0.90,rejected_calls=0,failed_calls=0",
  "",
].join("\r\n");

Deno.test("A tally counts refused requests as asked and as errors", () => {
  assertEquals(readTally(INFO), [
    { name: "config|set", calls: 10, errors: 0 },
    { name: "get", calls: 4, errors: 3 },
  ]);
});

Deno.test("A tally shows the share of errors", () => {
  assertEquals(
    showTally(readTally(INFO)).split("\n").map((line) => line.replaceAll(/ +/g, " ")),
    ["config|set 10 0.0 % errors", "get 4 75.0 % errors"],
  );
});
