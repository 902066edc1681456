/** The hunt itself: on redis-server against a redis-server that is made to differ. */
import { assertEquals, assertMatch } from "@std/assert";
import type { Directives } from "../../support/processes.ts";
import { oracleTest, startRedis } from "../../support/servers.ts";
import { Pair } from "../pair.ts";
import { RANDOM_DIRECTIVES } from "./directives.ts";
import { hunt } from "./hunt.ts";

/** redis-server on both sides, the one under test with other directives. */
function unevenPair(uneven: Directives): Promise<Pair> {
  return Pair.start({
    directives: RANDOM_DIRECTIVES,
    startUnderTest: (directives) => startRedis({ directives: { ...directives, ...uneven } }),
  });
}

oracleTest("The hunt finds nothing between two equal servers", async () => {
  await using pair = await unevenPair({});
  assertEquals(await hunt(pair, { seed: 1, count: 2000, protocol: 3 }), null);
});

oracleTest("The hunt shrinks a wrong reply to the one command that shows it", async () => {
  await using pair = await unevenPair({ "rename-command": ["GETDEL", ""] });
  const report = await hunt(pair, { seed: 1, count: 10_000, protocol: 2 }) ?? "none";
  assertMatch(report, /of which these 1 show it:\)\n {4}"GETDEL \S+",\n {4}\/\/ redis-server/i);
  assertMatch(report, /-ERR unknown command 'GETDEL'/i);
});

oracleTest("The hunt finds a difference that no reply shows, by looking at the data", async () => {
  await using pair = await unevenPair({ "hll-sparse-max-bytes": 20 });
  const report = await hunt(pair, { seed: 1, count: 10_000, protocol: 3 }) ?? "none";
  assertMatch(report, /of which these [23] show it:\)\n {4}"PFADD/i);
});
