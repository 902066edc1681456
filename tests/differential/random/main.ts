/**
 * The long hunt for differences from redis-server:
 *
 * ```
 * deno task test:random --count 1000000 --seeds 4 [--seed 1] [--resp 3] [--without PATTERN] [--several] [--tally]
 * ```
 *
 * `--count` commands in all (default 1,000,000) are shared out among `--seeds` seeds (default 4),
 * half of them in RESP2 and half in RESP3 unless `--resp` says which. `--seed` is the first; without
 * it they are fresh. `--without` leaves out commands whose line matches a regular expression, so that
 * the hunt goes on before what it found is repaired. With `--several` the commands are those of
 * several clients, which block and release each other. `--tally` ends with how often each command was
 * asked, and how often in vain. Exit code 1 when a difference was found.
 */
import { parseArgs } from "@std/cli/parse-args";
import { freshSeed } from "../../support/random.ts";
import { Pair } from "../pair.ts";
import type { Protocol } from "../reply_notation.ts";
import { hunt, HuntCost } from "./hunt.ts";
import { RANDOM_DIRECTIVES } from "./directives.ts";
import { huntWithSeveral } from "./several/hunt.ts";
import { readTally, showTally } from "./tally.ts";

async function main(): Promise<number> {
  const options = parseArgs(Deno.args, {
    boolean: ["several", "tally"],
    string: ["count", "seeds", "seed", "resp", "without"],
    default: { count: "1000000", seeds: "4" },
  });
  const seeds = Number(options.seeds);
  const count = Math.ceil(Number(options.count) / seeds);
  const without = options.without === undefined ? undefined : new RegExp(options.without, "i");
  let differences = 0;
  await using pair = await Pair.start({ directives: RANDOM_DIRECTIVES });
  for (let i = 0; i < seeds; i++) {
    const seed = options.seed === undefined ? freshSeed() : Number(options.seed) + i;
    const protocol = (options.resp === undefined ? 2 + i % 2 : Number(options.resp)) as Protocol;
    const cost = await HuntCost.begin(pair);
    const report = await (options.several ? huntWithSeveral : hunt)(pair, {
      seed,
      count,
      protocol,
      without,
    });
    if (report !== null) {
      differences++;
      console.log(`\n${report}\n`);
      continue;
    }
    console.log(`seed ${seed}, RESP${protocol}: no difference; ${await cost.report(count)}`);
  }
  if (options.tally) console.log(`\n${await tallyOf(pair)}`);
  return differences === 0 ? 0 : 1;
}

/** How often the judge, which is the first of the pair, was asked what. */
async function tallyOf(pair: Pair): Promise<string> {
  using client = await pair.servers[0].connect();
  return showTally(readTally(String(await client.command("INFO", "commandstats"))));
}

if (import.meta.main) Deno.exit(await main());
