/**
 * The long hunt for data that gets lost:
 *
 * ```
 * deno task test:durability --crashes 10000 [--seed 1] [--scenario NAME]
 * ```
 *
 * `--crashes` power failures in all (default 10,000) are shared out among the scenarios, or happen in
 * those whose name contains `--scenario`. `--seed` is the seed of the first trial of each; without it,
 * seeds are fresh. Exit code 1 when something was found.
 */
import { parseArgs } from "@std/cli/parse-args";
import { freshSeed } from "../../support/random.ts";
import { hunt } from "./hunt.ts";
import { scenarios } from "./scenarios.ts";

async function main(): Promise<number> {
  const options = parseArgs(Deno.args, {
    string: ["crashes", "seed", "scenario"],
    default: { crashes: "10000", scenario: "" },
  });
  const chosen = scenarios.filter(({ name }) => name.includes(options.scenario));
  const crashes = Math.ceil(Number(options.crashes) / chosen.length);
  const seed = options.seed === undefined ? freshSeed() : Number(options.seed);
  let found = 0;
  for (const scenario of chosen) {
    const startedMs = performance.now();
    const result = await hunt({ scenario, seed, crashes });
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    console.log(
      `${scenario.name}, seeds from ${seed}: ${result.crashes} crashes in ${result.trials} trials, ` +
        `${result.refusals} refusals to start, ${seconds} s`,
    );
    if (result.report === null) continue;
    found++;
    console.log(`\n${result.report}\n`);
  }
  return found === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
