/** What the suite's harness prints, as data. */

export interface FileResult {
  readonly file: string;
  /** Titles of tests that passed. */
  readonly passed: readonly string[];
  /** Tests that failed, and blocks that ended with an exception outside of a test. */
  readonly failed: readonly Failure[];
  /** Tests left out, by our choice or for their tags. */
  readonly skipped: readonly string[];
  /** Why the file was not finished; null when it was. */
  readonly crashed: string | null;
}

export interface Failure {
  /** The test's title, or {@link OUTSIDE} with the first words of the exception, numbers as `#`. */
  readonly title: string;
  readonly message: string;
}

/** How much is told of a harness that ended by itself. */
const LAST_LINES = 5;

/** Title of what failed between the tests of a file. */
export const OUTSIDE = "(outside of a test)";

// deno-lint-ignore no-control-regex
const COLOURS = /\x1b\[[0-9;]*m/g;
const STATUS = /^\[(ok|err|skip|ignore|exception|TIMEOUT|ready|\d+\/\d+ done)\]: (.*)$/;

/**
 * @param file The unit that the harness was told to run, such as "unit/type/string".
 * @param output All it printed.
 */
export function parseOutput(file: string, output: string): FileResult {
  const passed: string[] = [];
  const failed: Failure[] = [];
  const skipped: string[] = [];
  const lines = output.replace(COLOURS, "").split("\n");
  const end = lines.filter((line) => line.trim() !== "").slice(-LAST_LINES);
  let crashed: string | null = ["the harness ended before the file did; its end:", ...end].join(
    "\n",
  );
  for (let i = 0; i < lines.length; i++) {
    const [, status, text] = STATUS.exec(lines[i]) ?? [];
    if (status === undefined) continue;
    if (status === "ok") passed.push(text.replace(/ \(\d+ ms\)$/, ""));
    else if (status === "skip" || status === "ignore") skipped.push(text);
    else if (status === "err") failed.push(failure(text, details(lines, i + 1)));
    else if (status === "exception" || status === "TIMEOUT") {
      crashed = [text, ...details(lines, i + 1)].join("\n");
      break;
    } else if (status.endsWith("done")) crashed = null;
  }
  return { file, passed, failed, skipped, crashed };
}

/** The lines up to the next one with a status. */
function details(lines: readonly string[], start: number): string[] {
  const rest = lines.slice(start);
  const end = rest.findIndex((line) => STATUS.test(line) || /^={5}|^ +The End$/.test(line));
  return rest.slice(0, end < 0 ? undefined : end).filter((line) => line.trim() !== "");
}

function failure(text: string, lines: readonly string[]): Failure {
  const title = / in tests\/\S+\.tcl$/.test(text)
    ? text.replace(/ in tests\/\S+\.tcl$/, "")
    : `${OUTSIDE} ${text.replace(/\d+/g, "#")}`;
  // The harness cuts the first chars of an exception off; its trace, which follows, has them.
  const [first = text, second = ""] = lines;
  return { title, message: second.endsWith(first) ? second : first };
}
