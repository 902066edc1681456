/**
 * Fuzzes the request parser: random streams, whole and spoilt, cut at random places, against a
 * plain reference.
 *
 *     parser.ts [--seconds 60] [--seed N]
 *
 * Each case has a seed of its own, one more than that of the case before; what fails says which, so
 * that `--seed` begins with it. Ends with status 1 at the first failure.
 */
import { parseArgs } from "@std/cli/parse-args";
import { freshSeed } from "../support/random.ts";
import { runParserCase } from "./parser_case.ts";

const options = parseArgs(Deno.args, { string: ["seconds", "seed"] });
const firstSeed = options.seed === undefined ? freshSeed() : Number(options.seed);
const deadline = Date.now() + Number(options.seconds ?? 60) * 1000;
console.log(`parser: cases from seed ${firstSeed} on`);

let requests = 0;
let errors = 0;
let seed = firstSeed;
do {
  const counts = runParserCase(seed++);
  requests += counts.requests;
  errors += counts.errors;
} while (Date.now() < deadline);
console.log(`parser: ${seed - firstSeed} cases, ${requests} requests, ${errors} errors, no fault`);
