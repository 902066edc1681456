/**
 * Fuzzes what reads bytes from outside.
 *
 *     main.ts [parser | listpack | intset | stream | rdb] [--seconds 60 | --count N] [--seed N]
 *
 * The parser of requests, which comes first unless another target is named, gets random streams,
 * whole and spoilt, cut at random places, and is compared with a plain reference. The decoders get
 * damaged bytes, which they must refuse, or else everything that may be done with sound ones must
 * work: without leaving the bytes, without going on for ever, without taking much memory.
 *
 * Each case has a seed of its own, one more than that of the case before; what fails says which, so
 * that `--seed` begins with it. Ends with status 1 at the first failure.
 */
import { parseArgs } from "@std/cli/parse-args";
import { freshSeed } from "../support/random.ts";
import { runIntsetCase } from "./intset_case.ts";
import { runListpackCase } from "./listpack_case.ts";
import { runParserCase } from "./parser_case.ts";
import { runRdbCase } from "./rdb_case.ts";
import { runStreamCase } from "./stream_case.ts";

/** Runs one case and returns what it counts. */
type RunCase = (seed: number) => Readonly<Record<string, number>>;

const targets: Readonly<Record<string, RunCase>> = {
  parser: runParserCase,
  listpack: (seed) => verdict(runListpackCase(seed)),
  intset: (seed) => verdict(runIntsetCase(seed)),
  stream: (seed) => verdict(runStreamCase(seed)),
  rdb: (seed) => verdict(runRdbCase(seed)),
};

function verdict(isAccepted: boolean): { accepted: number; refused: number } {
  return { accepted: isAccepted ? 1 : 0, refused: isAccepted ? 0 : 1 };
}

const options = parseArgs(Deno.args, { string: ["seconds", "count", "seed"] });
const name = String(options._[0] ?? "parser");
const runCase = targets[name];
if (runCase === undefined) {
  console.error(`there is no ${name} to be fuzzed, but ${Object.keys(targets).join(", ")}`);
  Deno.exit(2);
}
const firstSeed = options.seed === undefined ? freshSeed() : Number(options.seed);
const most = Number(options.count ?? Infinity);
const startMs = Date.now();
const deadline = options.count === undefined
  ? startMs + Number(options.seconds ?? 60) * 1000
  : Infinity;
console.log(`${name}: cases from seed ${firstSeed} on`);

const sums = new Map<string, number>();
let seed = firstSeed;
do {
  for (const [what, count] of Object.entries(caseOf(seed))) {
    sums.set(what, (sums.get(what) ?? 0) + count);
  }
  seed++;
} while (seed - firstSeed < most && Date.now() < deadline);

const counts = [...sums].map(([what, count]) => `${count} ${what}`).join(", ");
const seconds = ((Date.now() - startMs) / 1000).toFixed(1);
console.log(`${name}: ${seed - firstSeed} cases in ${seconds} s, ${counts}, no fault`);

function caseOf(seed: number): Readonly<Record<string, number>> {
  try {
    return runCase(seed);
  } catch (cause) {
    throw new Error(`${name}, seed ${seed}`, { cause });
  }
}
