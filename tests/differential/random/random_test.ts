/**
 * Random commands on both servers, from seeds that stay the same, so that a failure here is the work
 * of the change that shows it. Fresh seeds and a million commands are for `main.ts`.
 *
 * KEYREX_RANDOM_COUNT and KEYREX_RANDOM_SEED set other numbers than 20,000 and 1.
 */
import { assertEquals } from "@std/assert";
import { oracleTest } from "../../support/servers.ts";
import { Pair } from "../pair.ts";
import type { Protocol } from "../reply_notation.ts";
import { RANDOM_DIRECTIVES } from "./directives.ts";
import { hunt } from "./hunt.ts";
import { huntWithSeveral } from "./several/hunt.ts";

const COUNT = Number(Deno.env.get("KEYREX_RANDOM_COUNT") ?? 20_000);
const SEED = Number(Deno.env.get("KEYREX_RANDOM_SEED") ?? 1);
const PROTOCOLS: readonly Protocol[] = [2, 3];

for (const protocol of PROTOCOLS) {
  const seed = SEED + protocol - 2;
  const count = Math.ceil(COUNT / PROTOCOLS.length);
  const title =
    `${count} random commands get redis-server's replies in RESP${protocol}, seed ${seed}`;
  oracleTest(title, async () => {
    await using pair = await Pair.start({ directives: RANDOM_DIRECTIVES });
    const report = await hunt(pair, { seed, count, protocol });
    assertEquals(report === null, true, `\n\n${report}\n`);
  });
  const several = Math.ceil(count / 2);
  const severalTitle =
    `${several} random commands of several clients get redis-server's replies in RESP${protocol}, seed ${seed}`;
  oracleTest(severalTitle, async () => {
    await using pair = await Pair.start({ directives: RANDOM_DIRECTIVES });
    const report = await huntWithSeveral(pair, { seed, count: several, protocol });
    assertEquals(report === null, true, `\n\n${report}\n`);
  });
}
