/** The hunt with several clients: on redis-server against a redis-server, equal or made to differ. */
import { assertEquals, assertMatch } from "@std/assert";
import type { Directives } from "../../../support/processes.ts";
import { Random } from "../../../support/random.ts";
import { oracleTest, startRedis } from "../../../support/servers.ts";
import { Pair } from "../../pair.ts";
import { RANDOM_DIRECTIVES } from "../directives.ts";
import { CONNECTIONS, drawSequence, waitsAMoment } from "./draw.ts";
import { huntWithSeveral } from "./hunt.ts";

/** redis-server on both sides, the one under test with other directives. */
function unevenPair(uneven: Directives): Promise<Pair> {
  return Pair.start({
    directives: RANDOM_DIRECTIVES,
    startUnderTest: (directives) => startRedis({ directives: { ...directives, ...uneven } }),
  });
}

Deno.test("The same seed draws the same commands of several clients", () => {
  const sequence = drawSequence(new Random(7), 1000);
  assertEquals(drawSequence(new Random(7), 1000), sequence);
  assertEquals(new Set(sequence.map(({ connection }) => connection)), new Set(CONNECTIONS));
});

Deno.test("Waits for a moment are told from those for ever", () => {
  const waits = (...args: string[]) => waitsAMoment({ args, normaliser: null });
  assertEquals(waits("BLPOP", "l1", "0.001"), true);
  assertEquals(waits("XREAD", "BLOCK", "2", "STREAMS", "x", "$"), true);
  assertEquals(waits("BLPOP", "l1", "0"), false);
  assertEquals(waits("XREAD", "BLOCK", "0", "STREAMS", "x", "1"), false);
});

oracleTest("The hunt with several clients finds nothing between two equal servers", async () => {
  await using pair = await unevenPair({});
  assertEquals(await huntWithSeveral(pair, { seed: 1, count: 4000, protocol: 3 }), null);
});

oracleTest("The hunt with several clients shrinks what it finds to what is needed", async () => {
  await using pair = await unevenPair({ "rename-command": ["BZPOPMAX", ""] });
  const report = await huntWithSeveral(pair, { seed: 1, count: 10_000, protocol: 2 }) ?? "none";
  assertMatch(report, /\(1 commands show it\):\n {4}"(send )?\w> BZPOPMAX /);
  assertMatch(report, /-ERR unknown command 'BZPOPMAX'/);
});
