/** Runs one file of the suite with its own, unmodified harness. */
import { type FileResult, parseOutput } from "./output.ts";
import type { SuiteFile } from "./files.ts";
import { makeWorkplace } from "./workplace.ts";

export interface HarnessOptions {
  /** The unpacked source package. */
  readonly source: string;
  /** How the server under test is started. */
  readonly command: readonly string[];
  /** First of the ports that the harness may use. */
  readonly basePort: number;
  /** Without progress for so long, the file counts as crashed. */
  readonly timeoutSeconds: number;
  /** Tests and blocks with these tags are left out. */
  readonly deniedTags: readonly string[];
  /** Ends the run; its servers are ended, too. */
  readonly signal: AbortSignal;
  /** Further options of the harness, such as `--only`. */
  readonly extra: readonly string[];
}

/** How many ports one run may use; it counts upwards and comes round. */
export const PORTS_PER_RUN = 200;

const PORT_ATTEMPTS = 3;

export interface FileRun {
  readonly result: FileResult;
  /** What the harness printed. */
  readonly output: string;
  readonly seconds: number;
}

/**
 * `--durable` makes an exception in a test that test's failure, instead of the end of the whole run;
 * one client keeps the output in order.
 */
export async function runFile(file: SuiteFile, options: HarnessOptions): Promise<FileRun> {
  for (let attempt = 1;; attempt++) {
    const run = await runFileOnce(file, options);
    // The port on which the harness talks with itself may be somebody else's.
    const portTaken = run.output.includes("couldn't open socket: address already in use");
    if (!portTaken || attempt === PORT_ATTEMPTS) return run;
  }
}

async function runFileOnce(file: SuiteFile, options: HarnessOptions): Promise<FileRun> {
  await using workplace = await makeWorkplace(options.source, options.command);
  const skipped = Object.values(file.skipped ?? {}).flat();
  const args = [
    "tests/test_helper.tcl",
    ...["--single", file.unit],
    ...["--clients", "1"],
    "--durable",
    ...["--timeout", String(options.timeoutSeconds)],
    ...["--baseport", String(options.basePort)],
    ...["--portcount", String(PORTS_PER_RUN)],
    ...(options.deniedTags.length === 0
      ? []
      : ["--tags", options.deniedTags.map((tag) => `-${tag}`).join(" ")]),
    ...skipped.flatMap((title) => ["--skiptest", title]),
    ...(file.encodingsDiffer === undefined ? [] : ["--ignore-encoding"]),
    ...options.extra,
  ];
  const started = performance.now();
  const command = new Deno.Command("tclsh", {
    args,
    cwd: workplace.folder,
    stdin: "null",
    signal: options.signal,
  });
  const { stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  const output = decoder.decode(stdout) + decoder.decode(stderr);
  const seconds = (performance.now() - started) / 1000;
  return { result: parseOutput(file.unit, output), output, seconds };
}
