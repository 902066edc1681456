/** Draws random commands. */
import type { Random } from "../../support/random.ts";
import { joinWords } from "../command_notation.ts";
import type { NormaliserName } from "../normalisers.ts";
import { compileGrammar, type Draw } from "./grammar.ts";
import { pools } from "./pools.ts";
import { groups } from "./rules.ts";

/** A command to be sent to both servers. */
export interface Command {
  readonly args: readonly string[];
  readonly normaliser: NormaliserName | null;
}

interface CompiledRule {
  readonly draw: Draw;
  readonly normaliser: NormaliserName | null;
}

/** One command in so many is damaged. */
const DAMAGED_ONE_IN = 25;

/** These have looked at their arguments before they look for the key since 7.2: a miss is an event. */
const UNDAMAGED = /^bit(count|pos)$/i;

/** The lowest weight of a group is one part in so many. */
const TURNS_PER_WEIGHT = 20;

/** Groups of compiled rules, each as often in the list as its weight says. */
const turns: readonly (readonly CompiledRule[])[] = groups.flatMap(({ weight, rules }) => {
  const compiled = rules.map((rule): CompiledRule => {
    const [grammar, normaliser] = typeof rule === "string" ? [rule, null] : rule;
    return { draw: compileGrammar(grammar, pools), normaliser };
  });
  return Array.from({ length: Math.round(weight * TURNS_PER_WEIGHT) }, () => compiled);
});

/** A command that mostly makes sense. */
export function drawCommand(random: Random): Command {
  const { draw, normaliser } = random.pick(random.pick(turns));
  const args: string[] = [];
  draw(random, args);
  // A damaged SCAN begins somewhere in the table, and what follows depends on the hash function.
  const isSpared = normaliser === "unordered" || UNDAMAGED.test(args[0]) ||
    isOfNumbers(args);
  if (!isSpared && random.oneIn(DAMAGED_ONE_IN)) damage(random, args);
  return { args, normaliser };
}

/** Whether it makes a list that is sorted by numbers: see the rules of SORT. */
function isOfNumbers([name, key]: readonly string[]): boolean {
  return name === "RPUSH" && /^n\d$/.test(key);
}

/** Takes an argument away, puts another in its place, or one too many beside it. */
function damage(random: Random, args: string[]): void {
  // What is sorted stays what the rules say: some orders of other things are each server's own.
  const first = args.some((arg) => /^sort|lex/i.test(arg)) ? 2 : 1;
  const at = random.between(first, args.length);
  const kind = random.below(3);
  if (kind === 0 && at < args.length) args.splice(at, 1);
  else args.splice(at, kind === 1 ? 1 : 0, pools.odd(random));
  if (random.oneIn(2)) args[0] = args[0].toLowerCase();
}

/** Every key that the pools hold, for comparing what is stored under it. */
const KEYS = [..."bdghklnostxyz"].flatMap((prefix) =>
  Array.from({ length: 8 }, (_, i) => `${prefix}${i}`)
);

/** Commands that look at all there is: sent after a batch, they find what replies did not show. */
export const inspection: readonly Command[] = [
  { args: ["DEBUG", "DIGEST"], normaliser: null },
  { args: ["DBSIZE"], normaliser: null },
  ...KEYS.flatMap((key): Command[] => [
    { args: ["OBJECT", "ENCODING", key], normaliser: "encoding" },
    { args: ["PTTL", key], normaliser: "pttl" },
  ]),
];

/** The command as a case of a table, on the connection that it names. */
export function asCase(
  { args, connection, normaliser }: Command & { readonly connection?: string },
): string {
  const prefix = connection === undefined ? "" : `${connection}> `;
  const line = JSON.stringify(prefix + joinWords(args));
  return normaliser === null ? `${line},` : `[${line}, null, "${normaliser}"],`;
}
