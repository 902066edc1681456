/** The form of the tables: what a case, a scenario and a table are. */
import type { NormaliserName } from "./normalisers.ts";
import type { Protocol } from "./reply_notation.ts";

/**
 * A command, the reply expected to it (see reply_notation.ts; `closed` for the end of the
 * connection; null for none), and what may differ from it.
 *
 * Without an expected reply the two servers are each other's judge; with one, all three must agree.
 */
export type Case =
  | string
  | readonly [command: string, expected: string | null]
  | readonly [command: string, expected: string | null, normaliser: NormaliserName];

/** Cases that follow each other on an empty database and fresh connections. */
export interface Scenario {
  /** A sentence: what is being shown. */
  readonly title: string;
  readonly cases: readonly Case[];
  /** Default both. The connections of a scenario begin in that protocol. */
  readonly protocols: readonly Protocol[];
}

export interface Table {
  /** The command group. */
  readonly group: string;
  readonly scenarios: readonly Scenario[];
  /**
   * The version of Redis that brought these commands or options, when redis-server 7.0 lacks them:
   * such a table runs against Keyrex alone.
   */
  readonly since?: string;
  /** A command without which the table is pointless: it runs as soon as Keyrex has it. */
  readonly needs?: string;
}

/** Scenarios by title; the cases alone, or with the protocols they are about. */
export type Scenarios = Readonly<
  Record<
    string,
    readonly Case[] | { readonly protocols: readonly Protocol[]; readonly cases: readonly Case[] }
  >
>;

const BOTH: readonly Protocol[] = [2, 3];

export function table(
  group: string,
  scenarios: Scenarios,
  options: Pick<Table, "since" | "needs"> = {},
): Table {
  const list = Object.entries(scenarios).map(([title, scenario]): Scenario =>
    "cases" in scenario ? { title, ...scenario } : { title, cases: scenario, protocols: BOTH }
  );
  return { group, scenarios: list, ...options };
}

/** The command line of a case. */
export function lineOf(oneCase: Case): string {
  return typeof oneCase === "string" ? oneCase : oneCase[0];
}
