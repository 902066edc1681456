import { assertEquals, assertMatch } from "@std/assert";
import { LoadProgress } from "../../../src/server/load_progress.ts";
import { Log } from "../../../src/server/log.ts";
import { SimulatedPlatform } from "../../support/simulated_platform.ts";

function begin(isTerminal: boolean) {
  const platform = new SimulatedPlatform(1);
  platform.process.outIsTerminal = () => isTerminal;
  const log = new Log(platform);
  const { clock } = platform;
  return { platform, log, clock, progress: new LoadProgress({ log, clock }, 4 << 20) };
}

Deno.test("The log says every five seconds how far a load is", () => {
  const { clock, platform, progress } = begin(false);
  progress.reach(1 << 20);
  assertEquals(platform.process.out, "");
  clock.advance(5000);
  progress.reach(1 << 20);
  clock.advance(10);
  progress.reach(2 << 20);
  assertMatch(platform.process.out, /^\d+:C .* \* Loading: 25% \(1\.0 MB of 4\.0 MB\)\n$/);
  assertEquals(progress.loadedBytes, 2 << 20);
});

Deno.test("On a terminal a bar grows, and the next line takes its place", () => {
  const { clock, log, platform, progress } = begin(true);
  clock.advance(100);
  progress.reach(2 << 20);
  log.notice("done");
  log.notice("ready");
  const [bar, done, ready] = platform.process.out.split("\n").flatMap((line) =>
    line.split("\r\x1b[K")
  ).slice(1);
  assertEquals(bar, `Loading [${"#".repeat(15)}${"-".repeat(15)}] 50% (2.0 MB of 4.0 MB)`);
  assertMatch(done, /done$/);
  assertMatch(ready, /^\d+:C .*ready$/);
});
