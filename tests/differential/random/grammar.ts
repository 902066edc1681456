/**
 * The grammar of a command, as the random commands are drawn from it:
 *
 * ```
 * SET <key> <value> [NX | XX] [GET] [EX <seconds> | KEEPTTL]
 * MSET (<key> <value>)+
 * ```
 *
 * Words stand for themselves, `<name>` for a value drawn from that pool, `[…]` for something that is
 * there half of the time, `(…)` groups, `|` separates alternatives, `+` repeats one to four times and
 * `*` none to three.
 */
import type { Random } from "../../support/random.ts";
import type { NormaliserName } from "../normalisers.ts";

/** Draws one value. */
export type Pool = (random: Random) => string;

/** Appends words to `args`. */
export type Draw = (random: Random, args: string[]) => void;

/** A command's grammar, with the normaliser that its replies need. */
export type Rule = string | readonly [grammar: string, normaliser: NormaliserName];

interface Cursor {
  readonly tokens: readonly string[];
  readonly pools: Readonly<Record<string, Pool>>;
  at: number;
}

/**
 * @param grammar See above.
 * @param pools By name.
 * @throws SyntaxError for brackets that do not match, or a pool that is not there.
 */
export function compileGrammar(grammar: string, pools: Readonly<Record<string, Pool>>): Draw {
  const tokens = grammar.match(/[[\]()|+*]|<[^>]+>|[^\s[\]()|+*]+/g) ?? [];
  const cursor: Cursor = { tokens, pools, at: 0 };
  const draw = compileAlternatives(cursor);
  if (cursor.at < tokens.length) throw new SyntaxError(`Cannot compile: unmatched in ${grammar}`);
  return draw;
}

function compileAlternatives(cursor: Cursor): Draw {
  const alternatives = [compileSequence(cursor)];
  while (cursor.tokens[cursor.at] === "|") {
    cursor.at++;
    alternatives.push(compileSequence(cursor));
  }
  if (alternatives.length === 1) return alternatives[0];
  return (random, args) => random.pick(alternatives)(random, args);
}

function compileSequence(cursor: Cursor): Draw {
  const parts: Draw[] = [];
  while (cursor.at < cursor.tokens.length && !"|])".includes(cursor.tokens[cursor.at])) {
    parts.push(compileRepetition(cursor));
  }
  return (random, args) => {
    for (const part of parts) part(random, args);
  };
}

function compileRepetition(cursor: Cursor): Draw {
  const draw = compileItem(cursor);
  const sign = cursor.tokens[cursor.at];
  if (sign !== "+" && sign !== "*") return draw;
  cursor.at++;
  const least = sign === "+" ? 1 : 0;
  return (random, args) => {
    for (let count = least + random.below(4); count > 0; count--) draw(random, args);
  };
}

function compileItem(cursor: Cursor): Draw {
  const token = cursor.tokens[cursor.at++];
  if (token === "(" || token === "[") {
    const inner = compileAlternatives(cursor);
    const close = token === "(" ? ")" : "]";
    if (cursor.tokens[cursor.at++] !== close) throw new SyntaxError(`Cannot compile: no ${close}`);
    if (token === "(") return inner;
    return (random, args) => {
      if (random.oneIn(2)) inner(random, args);
    };
  }
  if (!token.startsWith("<")) return (_, args) => args.push(token);
  const pool = cursor.pools[token.slice(1, -1)];
  if (pool === undefined) throw new SyntaxError(`Cannot compile: no pool ${token}`);
  return (random, args) => args.push(pool(random));
}
