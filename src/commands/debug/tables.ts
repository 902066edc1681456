/** DEBUG's subcommands about hash tables. */
import type { Database } from "../../keyspace/database.ts";
import type { DictStats } from "../../structures/dict_stats.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { Client } from "../context.ts";
import { NO_SUCH_KEY, wrongSubcommandArity } from "../errors.ts";
import type { DebugSubcommand } from "./subcommand.ts";

const FULL = keyword("FULL");

const NO_SUCH_DATABASE = new ReplyError("ERR Out of range database");
const NOT_A_TABLE = new ReplyError(
  "ERR The value stored at the specified key is not represented using an hash table",
);

function htstats(client: Client, args: Args): void {
  const { reply, server: { keyspace } } = client;
  const index = args.integer(2);
  if (index < 0 || index >= keyspace.databaseCount) throw NO_SUCH_DATABASE;
  const isFull = readFull(args);
  reply.verbatim("txt", describeDatabase(keyspace.database(index), isFull));
}

function htstatsKey({ db }: Client, args: Args): void {
  readFull(args);
  if (db.peek(args.bufs[2], args.starts[2], args.ends[2]) === 0) throw NO_SUCH_KEY;
  // No type that there is has such an encoding.
  throw NOT_A_TABLE;
}

/** Whether the distribution of the chains' lengths is wanted, too. */
function readFull(args: Args): boolean {
  if (args.count < 4) return false;
  if (!args.is(3, FULL)) throw wrongSubcommandArity("debug", args.quoted(1));
  return true;
}

function describeDatabase({ dict, expires }: Database, isFull: boolean): string {
  return "[Dictionary HT]\n" + describeTable(dict.stats(), isFull) + "[Expires HT]\n" +
    (expires.size === 0
      ? "No stats available for empty dictionaries\n"
      : `A heap, ordered by due time:\n number of elements: ${expires.size}\n`);
}

/** A chain is a bucket of the table, with those that it overflows into. */
function describeTable({ entries, buckets, chainLengths }: DictStats, isFull: boolean): string {
  if (entries === 0) {
    return "Hash table 0 stats (main hash table):\nNo stats available for empty dictionaries\n";
  }
  const occupied = buckets - (chainLengths[0] ?? 0);
  const lines = [
    "Hash table 0 stats (main hash table):",
    ` table size: ${buckets}`,
    ` number of elements: ${entries}`,
    ` different slots: ${occupied}`,
    ` max chain length: ${chainLengths.length - 1}`,
    ` avg chain length: ${(entries / occupied).toFixed(2)}`,
  ];
  if (isFull) {
    lines.push(" Chain length distribution:");
    chainLengths.forEach((count, length) => {
      const percent = (count / buckets * 100).toFixed(2);
      if (count > 0) lines.push(`   ${length}: ${count} (${percent}%)`);
    });
  }
  return lines.join("\n") + "\n";
}

export const tableSubcommands: readonly DebugSubcommand[] = [
  {
    name: "HTSTATS",
    arguments: [1, 2],
    help: [
      "HTSTATS <dbid> [full]",
      "    Tells how the keys of a database are spread over its hash table, in full or not.",
    ],
    handler: htstats,
  },
  {
    name: "HTSTATS-KEY",
    arguments: [1, 2],
    help: ["HTSTATS-KEY <key> [full]", "    Tells the same of the hash table in a key's value."],
    handler: htstatsKey,
  },
];
