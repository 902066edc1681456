/**
 * What a hunt has really asked: how often each command ran, and how often in vain. A hunt in which
 * most calls fail proves little.
 */

/** One command as the judge has counted it. */
export interface Tallied {
  /** `command` or `container|subcommand`. */
  readonly name: string;
  /** Executions, also those that ended in an error. */
  readonly calls: number;
  /** Executions that ended in an error, and requests refused before: queued ones, too. */
  readonly errors: number;
}

/** Reads `INFO commandstats`; the command asked most often comes first. */
export function readTally(info: string): Tallied[] {
  const tallied: Tallied[] = [];
  for (const [, name, fields] of info.matchAll(/^cmdstat_([^:\r\n]+):(.*)$/gm)) {
    const field = (wanted: string): number =>
      Number(new RegExp(`\\b${wanted}=(\\d+)`).exec(fields)?.[1] ?? 0);
    const rejected = field("rejected_calls");
    tallied.push({
      name,
      calls: field("calls") + rejected,
      errors: field("failed_calls") + rejected,
    });
  }
  return tallied.sort((a, b) => b.calls - a.calls);
}

/** A line for each command: its name, how often it was asked, and what part of that ended in errors. */
export function showTally(tallied: readonly Tallied[]): string {
  return tallied.map(({ name, calls, errors }) =>
    `${name.padEnd(24)}${String(calls).padStart(10)}${percent(errors, calls).padStart(8)} errors`
  ).join("\n");
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "" : `${(100 * part / whole).toFixed(1)} %`;
}
