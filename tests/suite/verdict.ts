/** A file's result compared with what is expected of it. */
import type { Failure, FileResult } from "./output.ts";

/** Tests of one file that do not pass yet: titles by the reason. */
export type ExpectedFailures = Readonly<Record<string, readonly string[]>>;

export interface Verdict {
  /** Failures that are not on the list. */
  readonly unexpected: readonly Failure[];
  /** Titles on the list that pass now: they must be taken off it. */
  readonly passing: readonly string[];
  /** Titles on the list that this run did not come to; only worth a note. */
  readonly unseen: readonly string[];
}

/** A title may come up several times in a file: it fails when it fails once. */
export function judge(result: FileResult, expected: ExpectedFailures): Verdict {
  const listed = new Set(Object.values(expected).flat());
  const failed = new Set(result.failed.map(({ title }) => title));
  const passed = new Set(result.passed);
  return {
    unexpected: result.failed.filter(({ title }) => !listed.has(title)),
    passing: [...listed].filter((title) => passed.has(title) && !failed.has(title)),
    unseen: [...listed].filter((title) => !passed.has(title) && !failed.has(title)),
  };
}

/** Whether the file is as expected. */
export function isGood(result: FileResult, verdict: Verdict): boolean {
  return result.crashed === null && verdict.unexpected.length === 0 && verdict.passing.length === 0;
}
