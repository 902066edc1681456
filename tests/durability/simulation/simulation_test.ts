/**
 * Crashes at every call to the disk, from seeds that stay the same, so that a failure here is the work
 * of the change that shows it. Fresh seeds and many more crashes are for `main.ts`.
 *
 * KEYREX_CRASHES and KEYREX_CRASH_SEED set other numbers than 200 for each scenario (with CI set 850,
 * which makes more than 10,000 in all) and 1.
 */
import { assertEquals } from "@std/assert";
import { hunt } from "./hunt.ts";
import { scenarios } from "./scenarios.ts";

const CRASHES = Number(Deno.env.get("KEYREX_CRASHES") ?? (Deno.env.get("CI") ? 850 : 200));
const SEED = Number(Deno.env.get("KEYREX_CRASH_SEED") ?? 1);

for (const scenario of scenarios) {
  Deno.test(`${scenario.name}: nothing that was promised is lost in ${CRASHES} crashes, seeds from ${SEED}`, async () => {
    const { report } = await hunt({ scenario, seed: SEED, crashes: CRASHES });
    assertEquals(report === null, true, `\n\n${report}\n`);
  });
}
