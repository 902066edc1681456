/**
 * Why tests fail that need what Keyrex does not have yet: a first guess from the message, for new
 * entries of expected_failures.ts.
 */
import type { Failure } from "./output.ts";

/** What a test misses, by the name of the command that it tried, or by other words of the message. */
const GUESSES: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/'(?:l|r)(?:push|pop)x?'|'l(?:insert|range|len|move|rem|set|trim|index|pos|mpop)'/i, "lists"],
  [/'(?:bl|br|bz)[a-z]+'|no blocked clients/i, "blocking commands"],
  [
    /'s(?:add|rem|pop|card|inter|union|diff|members|ismember|mismember|randmember|move|scan)/i,
    "sets",
  ],
  [/'h(?:m?set|setnx|get|del|incrby|scan|len|keys|vals|exists|randfield|strlen)/i, "hashes"],
  [/'z[a-z]+'/i, "sorted sets"],
  [/'x[a-z]+'|xgroup/i, "streams"],
  [/'geo[a-z]+'/i, "geo"],
  [/'(?:multi|exec|discard|watch|unwatch)'/i, "transactions"],
  [/'(?:eval|script|fcall|function)[a-z_]*'|NOSCRIPT/i, "scripting"],
  [/'(?:sync|psync|replicaof|slaveof|replconf|failover)'|replica|slave/i, "replication"],
  [/'acl'/i, "ACL"],
  [/'(?:cluster|readonly|readwrite|asking)'/i, "cluster"],
  [/'(?:dump|restore|migrate)'/i, "DUMP and RESTORE"],
  [/'(?:save|bgsave|bgrewriteaof)'|loadaof|appendonly|'RELOAD'|\.rdb/i, "persistence"],
  [/'(?:sort|sort_ro)'/i, "SORT"],
  [/tracking|caching|'UNBLOCK'/i, "client tracking and CLIENT UNBLOCK"],
];

export const UNEXPLAINED = "to be explained";

/** Titles by guessed reason. */
export function guessReasons(failures: readonly Failure[]): Record<string, string[]> {
  const grouped: Record<string, string[]> = {};
  for (const { title, message } of failures) {
    const guess = GUESSES.find(([pattern]) => pattern.test(message));
    const titles = grouped[guess ? `needs ${guess[1]}` : UNEXPLAINED] ??= [];
    if (!titles.includes(title)) titles.push(title);
  }
  return grouped;
}
