/**
 * Redis's own test suite against Keyrex:
 *
 * ```
 * deno task test:suite                    every file of the list
 * deno task test:suite --quick            those that continuous integration runs
 * deno task test:suite unit/type/string   these files, whether they are on the list or not
 * ```
 *
 * For each file it prints how many tests passed and failed, and whether the file crashed; then what is
 * not as expected_failures.ts says: new failures, and listed ones that pass now. Such a file is run
 * once more; when it is not as expected again, the exit code is 1.
 *
 * Options: `--oracle` runs the real redis-server instead, and expects no failure; `--only TITLE` runs
 * one test; `--output` prints all that the harness says; `--list` prints every failure as an entry for
 * expected_failures.ts; `--timeout SECONDS` without progress (default 120); `--jobs N` files at a time
 * (default 1).
 */
import { parseArgs } from "@std/cli/parse-args";
import { keyrexCommand, redisServerPath } from "../support/servers.ts";
import { expectedFailures } from "./expected_failures.ts";
import { DENIED_TAGS, type SuiteFile, suiteFiles } from "./files.ts";
import { type FileRun, type HarnessOptions, PORTS_PER_RUN, runFile } from "./harness.ts";
import type { Failure } from "./output.ts";
import { guessReasons } from "./reasons.ts";
import { suiteSource } from "./source.ts";
import { isGood, judge, type Verdict } from "./verdict.ts";

/** Ports below those that the kernel gives to clients. */
const FIRST_PORT = 20_100;
const PORT_RANGES = 50;

/** Some tests hang or fail now and then when the machine is busy; what is wrong fails every time. */
const ATTEMPTS = 2;

interface Options {
  readonly oracle: boolean;
  readonly list: boolean;
  readonly output: boolean;
}

async function main(): Promise<number> {
  const options = parseArgs(Deno.args, {
    boolean: ["quick", "oracle", "output", "list"],
    string: ["only", "timeout", "jobs", "_"],
    default: { timeout: "120", jobs: "1" },
  });
  const command = options.oracle ? [redisServerPath() ?? "redis-server"] : keyrexCommand();
  const source = await suiteSource();
  const files = filesToRun(options._.map(String), options.quick);
  const queue = [...files];
  const bad: string[] = [];
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => interruption.abort());
  }
  const work = async (worker: number) => {
    const harness: HarnessOptions = {
      source,
      command,
      // Harnesses that run at once keep out of each other's way.
      basePort: FIRST_PORT + (Deno.pid + worker) % PORT_RANGES * (PORTS_PER_RUN + 40),
      timeoutSeconds: Number(options.timeout),
      deniedTags: options.oracle ? [] : Object.keys(DENIED_TAGS),
      signal: interruption.signal,
      extra: options.only === undefined ? [] : ["--only", options.only],
    };
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const expected = options.oracle ? {} : expectedFailures[file.unit] ?? {};
      let isAsExpected = false;
      for (let attempt = 1; attempt <= ATTEMPTS && !isAsExpected; attempt++) {
        if (attempt > 1) console.log(`${file.unit} once more`);
        const run = await runFile(file, harness);
        if (interruption.signal.aborted) return;
        const verdict = judge(run.result, expected);
        report(run, verdict, options);
        isAsExpected = isGood(run.result, verdict);
      }
      if (!isAsExpected) bad.push(file.unit);
    }
  };
  await Promise.all(Array.from({ length: Number(options.jobs) }, (_, worker) => work(worker)));
  if (interruption.signal.aborted) return 130;
  console.log(
    bad.length === 0
      ? `\n${files.length} files, all as expected`
      : `\n${files.length} files, not as expected: ${bad.join(", ")}`,
  );
  return bad.length === 0 ? 0 : 1;
}

function filesToRun(named: readonly string[], onlyQuick: boolean): SuiteFile[] {
  if (named.length === 0) return suiteFiles.filter(({ quick }) => quick || !onlyQuick);
  return named.map((unit) =>
    suiteFiles.find((file) => file.unit === unit) ?? { unit, quick: false }
  );
}

function report({ result, output, seconds }: FileRun, verdict: Verdict, options: Options): void {
  if (options.output) console.log(output);
  const { file, passed, failed, skipped, crashed } = result;
  const counts = `${String(passed.length).padStart(4)} passed ${
    String(failed.length).padStart(4)
  } failed ${String(skipped.length).padStart(3)} skipped`;
  console.log(
    `${file.padEnd(26)} ${counts} ${seconds.toFixed(0).padStart(4)} s${crashed ? "  CRASHED" : ""}`,
  );
  if (crashed) console.log(indented(crashed));
  if (options.list) return console.log(entries(file, failed));
  for (const { title, message } of verdict.unexpected) {
    console.log(`  fails: ${title}\n${indented(message)}`);
  }
  for (const title of verdict.passing) {
    console.log(`  passes now, take it off expected_failures.ts: ${title}`);
  }
  if (verdict.unseen.length > 0) console.log(`  not run: ${verdict.unseen.join("; ")}`);
}

function indented(text: string): string {
  return text.split("\n").slice(0, 12).map((line) => `      ${line}`).join("\n");
}

/** Source text for expected_failures.ts. */
function entries(file: string, failures: readonly Failure[]): string {
  const groups = Object.entries(guessReasons(failures)).map(([reason, titles]) =>
    `    ${JSON.stringify(reason)}: [\n${
      titles.map((title) => `      ${JSON.stringify(title)},\n`).join("")
    }    ],\n`
  );
  return `  ${JSON.stringify(file)}: {\n${groups.join("")}  },`;
}

if (import.meta.main) Deno.exit(await main());
