/**
 * The grammar of a command, as the random commands are drawn from it:
 *
 * ```
 * SET <key> <value> [NX | XX] [GET] [EX <seconds> | KEEPTTL]
 * MSET (<key> <value>)+
 * ```
 *
 * Words stand for themselves, `<name>` for a value drawn from that pool, `[…]` for something that is
 * there half of the time, `(…)` groups, `|` separates alternatives. Right behind a bracket or a pool,
 * `+` repeats one to four times and `*` none to three; elsewhere they are words like any other.
 */
import type { Random } from "../../support/random.ts";
import type { NormaliserName } from "../normalisers.ts";

/** Draws one value. */
export type Pool = (random: Random) => string;

/** Appends words to `args`. */
export type Draw = (random: Random, args: string[]) => void;

/** A command's grammar, with the normaliser that its replies need. */
export type Rule = string | readonly [grammar: string, normaliser: NormaliserName];

/** A sign stands right behind what it repeats; what is no sign, bracket or pool is a word. */
const TOKEN =
  /(?<sign>(?<=[\])>])[+*])|(?<bracket>[[\]()|])|(?<pool><[^>]+>)|(?<word>[^\s[\]()|<]+)/g;

interface Token {
  readonly kind: "sign" | "bracket" | "pool" | "word";
  readonly text: string;
}

interface Cursor {
  readonly tokens: readonly Token[];
  readonly pools: Readonly<Record<string, Pool>>;
  at: number;
}

/**
 * @param grammar See above.
 * @param pools By name.
 * @throws SyntaxError for brackets that do not match, or a pool that is not there.
 */
export function compileGrammar(grammar: string, pools: Readonly<Record<string, Pool>>): Draw {
  const tokens = [...grammar.matchAll(TOKEN)].map(({ 0: text, groups }): Token => ({
    kind: groups?.sign ? "sign" : groups?.bracket ? "bracket" : groups?.pool ? "pool" : "word",
    text,
  }));
  const cursor: Cursor = { tokens, pools, at: 0 };
  const draw = compileAlternatives(cursor);
  if (cursor.at < tokens.length) throw new SyntaxError(`Cannot compile: unmatched in ${grammar}`);
  return draw;
}

/** Whether the next token is one of these brackets. */
function isAt(cursor: Cursor, brackets: string): boolean {
  const token = cursor.tokens[cursor.at];
  return token?.kind === "bracket" && brackets.includes(token.text);
}

function compileAlternatives(cursor: Cursor): Draw {
  const alternatives = [compileSequence(cursor)];
  while (isAt(cursor, "|")) {
    cursor.at++;
    alternatives.push(compileSequence(cursor));
  }
  if (alternatives.length === 1) return alternatives[0];
  return (random, args) => random.pick(alternatives)(random, args);
}

function compileSequence(cursor: Cursor): Draw {
  const parts: Draw[] = [];
  while (cursor.at < cursor.tokens.length && !isAt(cursor, "|])")) {
    parts.push(compileRepetition(cursor));
  }
  return (random, args) => {
    for (const part of parts) part(random, args);
  };
}

function compileRepetition(cursor: Cursor): Draw {
  const draw = compileItem(cursor);
  const sign = cursor.tokens[cursor.at];
  if (sign?.kind !== "sign") return draw;
  cursor.at++;
  const least = sign.text === "+" ? 1 : 0;
  return (random, args) => {
    for (let count = least + random.below(4); count > 0; count--) draw(random, args);
  };
}

function compileItem(cursor: Cursor): Draw {
  const { kind, text } = cursor.tokens[cursor.at++];
  if (kind === "word") return (_, args) => args.push(text);
  if (kind === "pool") {
    const pool = cursor.pools[text.slice(1, -1)];
    if (pool === undefined) throw new SyntaxError(`Cannot compile: no pool ${text}`);
    return (random, args) => args.push(pool(random));
  }
  const inner = compileAlternatives(cursor);
  const close = text === "(" ? ")" : "]";
  if (!isAt(cursor, close)) throw new SyntaxError(`Cannot compile: no ${close}`);
  cursor.at++;
  if (text === "(") return inner;
  return (random, args) => {
    if (random.oneIn(2)) inner(random, args);
  };
}
