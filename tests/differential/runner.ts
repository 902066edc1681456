/** Plays scenarios on both servers and collects where the replies part. */
import { sameBytes } from "../support/latin1.ts";
import { decodeReply, encodeReply } from "../support/reply.ts";
import { parseStep, type Step } from "./command_notation.ts";
import { type NormaliserName, normalisers } from "./normalisers.ts";
import { withBriefDoubles } from "./doubles.ts";
import type { Pair } from "./pair.ts";
import { asSentIn, parseReply, type Protocol, showReply } from "./reply_notation.ts";
import { type Outcome, Stage } from "./stage.ts";
import { type Case, lineOf, type Scenario, type Table } from "./scenario.ts";

/** A scenario in which not all judges agree. */
export interface Difference {
  readonly where: string;
  /** The lines of the scenario up to the last one that differs. */
  readonly lines: readonly string[];
  /** For each line that differs: who says what, in reply notation. */
  readonly verdicts: ReadonlyMap<number, Verdicts>;
}

/** A reply, or what there was instead, by the name of the judge. */
export type Verdicts = Readonly<Record<string, string>>;

/** Runs every scenario of a table in each of its protocols. */
export async function runTable(pair: Pair, table: Table): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const scenario of table.scenarios) {
    for (const protocol of scenario.protocols) {
      const where = `${table.group} › ${scenario.title}, RESP${protocol}`;
      try {
        const difference = await runScenario(pair, scenario, protocol, where);
        if (difference !== null) differences.push(difference);
        const lastWords = await pair.revive();
        if (lastWords !== null) differences.push(ending(where, lastWords));
      } catch (error) {
        const lastWords = await pair.revive(GRACE_MS);
        if (lastWords === null) throw error;
        differences.push(ending(where, `${error}\n${lastWords}`));
      }
    }
  }
  return differences;
}

/** A server that has closed a connection nobody asked it to close may be about to end. */
const GRACE_MS = 2_000;

function ending(where: string, lastWords: string): Difference {
  return { where, lines: ["(the server)"], verdicts: new Map([[0, { "has ended": lastWords }]]) };
}

async function runScenario(
  pair: Pair,
  scenario: Scenario,
  protocol: Protocol,
  where: string,
): Promise<Difference | null> {
  const steps = scenario.cases.map((oneCase) => parseStep(lineOf(oneCase)));
  const stages = await Promise.all(
    pair.servers.map((server) => Stage.set(server, protocol, directivesSet(steps))),
  );
  const verdicts = new Map<number, Verdicts>();
  try {
    for (let i = 0; i < steps.length; i++) {
      const outcomes = await Promise.all(stages.map((stage) => stage.perform(steps[i])));
      const verdict = judge(pair, scenario.cases[i], protocol, outcomes);
      if (verdict !== null) verdicts.set(i, verdict);
      // The connection has been given up, and what follows would only repeat that.
      if (outcomes.includes("silent")) break;
    }
  } finally {
    await Promise.all(stages.map((stage) => stage.clear()));
  }
  if (verdicts.size === 0) return null;
  const lines = scenario.cases.slice(0, Math.max(...verdicts.keys()) + 1).map(lineOf);
  return { where, lines, verdicts };
}

/** Names of the directives that a scenario changes. */
export function directivesSet(steps: readonly Step[]): string[] {
  return steps.flatMap(({ args }) => {
    if (!/^config$/i.test(args[0] ?? "") || !/^set$/i.test(args[1] ?? "")) return [];
    return args.slice(2).filter((_, i) => i % 2 === 0);
  });
}

/** Null when all agree, else who says what. Common silence is no agreement but a mistake in the case. */
function judge(
  pair: Pair,
  oneCase: Case,
  protocol: Protocol,
  outcomes: readonly Outcome[],
): Verdicts | null {
  const [, expected = null, name = null] = typeof oneCase === "string" ? [oneCase] : oneCase;
  const keyrex = outcomes[outcomes.length - 1];
  const wanted = expected === null ? null : expectedOutcome(expected, protocol);
  const agree = outcomes.every((outcome) =>
    outcome !== "silent" && sameOutcome(outcome, keyrex, name) &&
    (wanted === null || sameOutcome(outcome, wanted, name))
  );
  if (agree) return null;
  const verdicts: Record<string, string> = {};
  // The real server stands for the expectation when it is as expected.
  const redisAsExpected = pair.redis !== null && wanted !== null &&
    sameOutcome(outcomes[0], wanted, name);
  if (expected !== null && !redisAsExpected) verdicts.expected = expected;
  outcomes.forEach((outcome, i) => verdicts[pair.servers[i].name] = showOutcome(outcome));
  return verdicts;
}

function expectedOutcome(notation: string, protocol: Protocol): Outcome {
  if (notation === "closed") return notation;
  return encodeReply(asSentIn(protocol, parseReply(notation)));
}

/** Whether two outcomes are the same but for the digits of doubles, and for what the normaliser allows. */
export function sameOutcome(a: Outcome, b: Outcome, name: NormaliserName | null): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  if (sameBytes(a, b)) return true;
  const [left, right] = [a, b].map((outcome) => withBriefDoubles(decodeReply(outcome)));
  if (sameBytes(encodeReply(left), encodeReply(right))) return true;
  return name !== null && normalisers[name].same(left, right);
}

/** An outcome in reply notation. */
export function showOutcome(outcome: Outcome): string {
  return typeof outcome === "string" ? outcome : showReply(decodeReply(outcome));
}

/** All differences as text for people; those that are the same in both protocols once. */
export function showDifferences(differences: readonly Difference[]): string {
  const places = new Map<string, string[]>();
  for (const difference of differences) {
    const shown = showDifference(difference);
    places.set(shown, [...places.get(shown) ?? [], difference.where]);
  }
  return [...places].map(([shown, where]) => `${where.join("\n")}\n${shown}`).join("\n\n");
}

function showDifference({ lines, verdicts }: Difference): string {
  return lines.map((line, i) => {
    const verdict = verdicts.get(i);
    if (verdict === undefined) return `    ${line}`;
    const says = Object.entries(verdict).map(([who, what]) => `      ${who.padEnd(14)} ${what}`);
    return [`  > ${line}`, ...says].join("\n");
  }).join("\n");
}
