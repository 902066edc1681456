/**
 * Writes redis-server's replies into tables of cases:
 *
 * ```
 * deno task test:record string bitmap
 * ```
 *
 * turns each case of tables/string.ts and tables/bitmap.ts that is a command line alone into one with
 * its expected reply. So a new table is written as a list of commands, recorded, and read: what the
 * real server says may surprise. Cases with a normaliser, replies too long for a line, and replies
 * that the notation cannot express for both protocols are left as they are.
 */
import { sameBytes } from "../support/latin1.ts";
import type { ServerProcess } from "../support/processes.ts";
import { decodeReply, encodeReply } from "../support/reply.ts";
import { startRedis } from "../support/servers.ts";
import { parseStep } from "./command_notation.ts";
import { SERVER_DIRECTIVES } from "./pair.ts";
import { asSentIn, parseReply, type Protocol, showReply } from "./reply_notation.ts";
import { directivesSet } from "./runner.ts";
import { lineOf, type Scenario, type Table } from "./scenario.ts";
import { type Outcome, Stage } from "./stage.ts";
import { tables } from "./tables/mod.ts";

const LONGEST_NOTATION = 160;

/** The replies to a scenario's cases in one protocol. */
async function play(
  redis: ServerProcess,
  scenario: Scenario,
  protocol: Protocol,
): Promise<Outcome[]> {
  const steps = scenario.cases.map((oneCase) => parseStep(lineOf(oneCase)));
  const stage = await Stage.set(redis, protocol, directivesSet(steps));
  const outcomes: Outcome[] = [];
  for (const step of steps) outcomes.push(await stage.perform(step));
  await stage.clear();
  return outcomes;
}

/** The notation that means these replies, one in each protocol; null when there is none. */
function notationOf(outcomes: readonly Outcome[], protocols: readonly Protocol[]): string | null {
  if (outcomes.every((outcome) => outcome === "closed")) return "closed";
  const replies = outcomes.filter((outcome) => typeof outcome !== "string");
  if (replies.length < outcomes.length) return null;
  const candidates = replies.map((bytes) => showReply(decodeReply(bytes))).reverse();
  const fits = (notation: string) =>
    protocols.every((protocol, i) =>
      sameBytes(encodeReply(asSentIn(protocol, parseReply(notation))), replies[i])
    );
  const notation = candidates.find((candidate) => fits(candidate)) ?? null;
  return notation !== null && notation.length <= LONGEST_NOTATION && /^[ -~]*$/.test(notation)
    ? notation
    : null;
}

/** For each case of the table that is a line alone: its reply's notation, or null. */
async function recordTable(redis: ServerProcess, table: Table): Promise<(string | null)[]> {
  const recorded: (string | null)[] = [];
  for (const scenario of table.scenarios) {
    const plays: Outcome[][] = [];
    for (const protocol of scenario.protocols) plays.push(await play(redis, scenario, protocol));
    scenario.cases.forEach((oneCase, i) => {
      if (typeof oneCase !== "string") return;
      recorded.push(notationOf(plays.map((outcomes) => outcomes[i]), scenario.protocols));
    });
  }
  return recorded;
}

const LINE_ALONE = /^( +)((["'`]).*\3),$/;

/** The source with the recorded replies beside their commands, in the order they stand there. */
function withReplies(source: string, recorded: readonly (string | null)[]): string {
  let next = 0;
  let insideCase = false;
  const lines = source.split("\n").map((line) => {
    if (line.trim() === "[") insideCase = true;
    if (line.trim() === "],") insideCase = false;
    const match = insideCase ? null : LINE_ALONE.exec(line);
    if (!match) return line;
    const notation = recorded[next++];
    return notation === null ? line : `${match[1]}[${match[2]}, ${literal(notation)}],`;
  });
  if (next !== recorded.length) {
    throw new Error(`Cannot match cases and lines: ${recorded.length} cases, ${next} lines`);
  }
  return lines.join("\n");
}

function literal(text: string): string {
  return text.includes('"') && !text.includes("'")
    ? `'${text.replaceAll("\\", "\\\\")}'`
    : JSON.stringify(text);
}

if (import.meta.main) {
  await using redis = await startRedis({ directives: SERVER_DIRECTIVES });
  for (const name of Deno.args) {
    const path = new URL(`tables/${name}.ts`, import.meta.url);
    const exported = Object.values(await import(path.href));
    const table = tables.find((one) => exported.includes(one));
    if (table === undefined) throw new Error(`Cannot record ${name}: it is not in tables/mod.ts`);
    const source = await Deno.readTextFile(path);
    const recorded = await recordTable(redis, table);
    await Deno.writeTextFile(path, withReplies(source, recorded));
    const count = recorded.filter((notation) => notation !== null).length;
    console.log(`${name}: ${count} replies recorded, ${recorded.length - count} cases left alone`);
  }
}
