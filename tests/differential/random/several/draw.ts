/** Draws random commands of several clients that block each other, and commands in transactions. */
import type { Random } from "../../../support/random.ts";
import { type Command, drawCommand } from "../generator.ts";
import { compileGrammar, type Draw, type Pool } from "../grammar.ts";
import { pools } from "../pools.ts";

/** A command of one of several clients. */
export interface Sent extends Command {
  /** The client's letter. */
  readonly connection: string;
}

/** The first never waits, so that there is always somebody who can go on. */
export const CONNECTIONS = ["a", "b", "c", "d", "e"] as const;

/**
 * How long to wait: for ever, so long that it is for ever here, or for a moment. What lies in between
 * would end at another command on each server.
 */
const TIMEOUTS = ["0", "0", "0", "0", "0", "0", "0", "0", "100", "3600.25", "-0.0001"];
const MOMENTS = ["0.001", "0.002", "1e-3"];
const NO_TIMEOUTS = ["-1", "x", "", "nan", "0x", "-5.5", " 1"];

const severalPools: Readonly<Record<string, Pool>> = {
  ...pools,
  timeout: (random) =>
    random.pick(random.oneIn(30) ? MOMENTS : random.oneIn(20) ? NO_TIMEOUTS : TIMEOUTS),
  blockms: (random) =>
    random.pick(random.oneIn(30) ? ["1", "2"] : random.oneIn(20) ? ["-1", "x", "1.5"] : ["0"]),
  xlast: (random) => random.oneIn(3) ? pools.xid(random) : "$",
  id: (random) => `{${random.pick(CONNECTIONS)}.id}`,
};

/**
 * Of each command one key at most is there at any time: since 7.2 a command that has waited begins with
 * its first key again, where 7.0 takes the key that became ready first.
 */
const blocking = compileRules([
  "BLPOP <listkey> <timeout>",
  "BLPOP <listkey> nosuch <timeout>",
  "BRPOP nosuch <listkey> <timeout>",
  "BLMOVE <listkey> <listkey> (LEFT | RIGHT) (LEFT | RIGHT) <timeout>",
  "BRPOPLPUSH <listkey> <listkey> <timeout>",
  "BLMPOP <timeout> <numkeys> <listkey> (LEFT | RIGHT) [COUNT <popcount>]",
  "BLMPOP <timeout> (1 <listkey> | 2 nosuch <listkey>) (LEFT | RIGHT) [COUNT <popcount>]",
  "(BZPOPMIN | BZPOPMAX) <zkey> nosuch <timeout>",
  "BZMPOP <timeout> <numkeys> <zkey> (MIN | MAX) [COUNT <popcount>]",
  "BZMPOP <timeout> (1 <zkey> | 2 nosuch <zkey>) (MIN | MAX) [COUNT <popcount>]",
  "XREAD [COUNT <popcount>] BLOCK <blockms> STREAMS <xkey> <xlast>",
  "XREAD BLOCK <blockms> STREAMS nosuch <xkey> <xlast> <xlast>",
  "XREADGROUP GROUP g0 <consumer> [COUNT <popcount>] BLOCK <blockms> STREAMS <xkey> >",
]);

/** What serves those who wait more often than commands at large do, and what empties keys for the next. */
const serving = compileRules([
  "(LPUSH | RPUSH) <listkey> <listelement>+",
  "ZADD <zkey> <score> <zmember>",
  "XADD <xkey> <xnewid> <field> <value>",
  "XADD <xkey> 40-* <field> <value>",
  "XGROUP CREATE <xkey> g0 $ MKSTREAM",
  "DEL (<listkey> | <zkey> | <xkey>)+",
  "RENAME (<listkey> <listkey> | <zkey> <zkey> | <xkey> <xkey>)",
  "COPY (<listkey> <listkey> | <zkey> <zkey>) REPLACE",
  "(LMOVE <listkey> <listkey> LEFT LEFT | RPOPLPUSH <listkey> <listkey>)",
  "CLIENT UNBLOCK <id> [TIMEOUT | ERROR]",
]);

const transactions = compileRules([
  "MULTI",
  "MULTI",
  "EXEC",
  "EXEC",
  "DISCARD",
  "WATCH <anykey>+",
  "WATCH <listkey> <zkey>",
  "UNWATCH",
]);

function compileRules(grammars: readonly string[]): readonly Draw[] {
  return grammars.map((grammar) => compileGrammar(grammar, severalPools));
}

const MULTI: Command = { args: ["MULTI"], normaliser: null };
const EXEC: Command = { args: ["EXEC"], normaliser: null };

/** Draws a sequence: runs of commands, each of one client. */
export function drawSequence(random: Random, count: number): Sent[] {
  const sequence: Sent[] = [];
  while (sequence.length < count) {
    const connection = random.oneIn(2) ? CONNECTIONS[0] : random.pick(CONNECTIONS);
    // A run that is a transaction from end to end; most of the others are broken off by a mistake.
    const isTransaction = random.oneIn(8);
    if (isTransaction) sequence.push({ ...MULTI, connection });
    for (let left = random.between(1, isTransaction ? 6 : 12); left > 0; left--) {
      sequence.push({ ...drawOne(random, connection), connection });
    }
    if (isTransaction) sequence.push({ ...EXEC, connection });
  }
  return sequence;
}

function drawOne(random: Random, connection: string): Command {
  const kind = random.below(20);
  if (kind < 4 && connection !== CONNECTIONS[0]) return drawFrom(random, blocking);
  if (kind < 9) return drawFrom(random, serving);
  if (kind < 12) return drawFrom(random, transactions);
  for (;;) {
    const command = drawCommand(random);
    if (!isUnsettled(command)) return command;
  }
}

/**
 * SWAPDB makes keys ready in the order of a table of redis-server; and whoever is sent a value of
 * 1 MiB goes on when it has been taken, while others may go on before.
 */
function isUnsettled({ args }: Command): boolean {
  return /^swapdb$/i.test(args[0]) || args.includes("1048575");
}

function drawFrom(random: Random, rules: readonly Draw[]): Command {
  const args: string[] = [];
  random.pick(rules)(random, args);
  return { args, normaliser: args[0] === "XREADGROUP" ? "group-lost" : null };
}

/** Whether a command may wait for a moment: then what follows must wait as well. */
export function waitsAMoment({ args }: Command): boolean {
  const name = args[0].toUpperCase();
  if (name.startsWith("XREAD")) return /^[12]$/.test(args[args.indexOf("BLOCK") + 1] ?? "");
  return name.startsWith("B") && args.some((arg) => MOMENTS.includes(arg));
}
