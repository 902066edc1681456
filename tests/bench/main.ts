/**
 * `deno task bench`: compares Keyrex with redis-server in one run on this machine.
 *
 * KEYREX_COMMAND says what to start instead of deno.json's task `start`: the compiled binary, or
 * another server.
 */
import { parseArgs } from "@std/cli/parse-args";
import { runBench } from "./bench.ts";
import { FULL_PLAN, type Part, PARTS, QUICK_PLAN, SLOW_PARTS } from "./plan.ts";
import { renderResult } from "./table.ts";

const HELP = `Usage: deno task bench [options]

  --only PARTS      What to measure, separated by commas: ${PARTS.join(", ")}
                    (default: all but ${SLOW_PARTS.join(" and ")}, about 8 minutes)
  --all             Everything, about 20 minutes
  --stall           Also look for the longest wait while 10 M keys are inserted
  --repeat N        How often each measurement is taken (default: ${FULL_PLAN.repetitions})
  --quick           Tiny sizes: proves that it runs, measures nothing
  --json FILE       Where the figures go (default: bench-result.json)
`;

const options = parseArgs(Deno.args, {
  boolean: ["all", "help", "quick", "stall"],
  string: ["json", "only", "repeat"],
  default: { json: "bench-result.json" },
  unknown: (arg: string) => stop(`Unknown option ${arg}\n\n${HELP}`),
});

function stop(message: string): never {
  console.error(message);
  Deno.exit(2);
}

function partsAskedFor(): Part[] {
  const parts = options.only?.split(",") ??
    PARTS.filter((part) => options.all || !SLOW_PARTS.includes(part));
  for (const part of parts) {
    if (!PARTS.includes(part as Part)) stop(`There is no part ${part}\n\n${HELP}`);
  }
  return PARTS.filter((part) => parts.includes(part) || (part === "stall" && options.stall));
}

if (options.help) {
  console.log(HELP);
} else {
  const plan = { ...(options.quick ? QUICK_PLAN : FULL_PLAN) };
  if (options.repeat !== undefined) plan.repetitions = Math.max(1, Number(options.repeat) || 1);
  const result = await runBench(plan, partsAskedFor(), (part) => console.error(`${part} …`));
  console.log(renderResult(result));
  Deno.writeTextFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
}
