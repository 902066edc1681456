/** SLOWLOG: the last commands that took long. */
import type { Args } from "../resp/args.ts";
import { ReplyError } from "../resp/errors.ts";
import { readInteger } from "./arguments.ts";
import type { Client } from "./context.ts";
import { wrongSubcommandArity } from "./errors.ts";
import { helpSubcommand } from "./help.ts";
import { arg, type CommandRow, commandTable } from "./spec.ts";

const DEFAULT_COUNT = 10;
const INVALID_COUNT = new ReplyError("ERR count should be greater than or equal to -1");

// ---------------------------------------------------------------- handlers

function getCommand({ reply, server }: Client, args: Args): void {
  if (args.count > 3) throw wrongSubcommandArity("slowlog", args.latin1(1));
  const count = args.count === 3 ? readInteger(args, 2, INVALID_COUNT, -1) : DEFAULT_COUNT;
  const entries = server.slowlog.newest(count);
  reply.array(entries.length);
  for (const entry of entries) {
    reply.array(6);
    reply.integer(entry.id);
    reply.integer(Math.floor(entry.atMs / 1000));
    reply.integer(entry.usec);
    reply.array(entry.args.length);
    for (const argument of entry.args) reply.bulkBytes(argument);
    reply.bulkText(entry.address);
    reply.bulkText(entry.clientName);
  }
}

function lenCommand({ reply, server }: Client, _args: Args): void {
  reply.integer(server.slowlog.length);
}

function resetCommand({ reply, server }: Client, _args: Args): void {
  server.slowlog.clear();
  reply.ok();
}

// ---------------------------------------------------------------- the table

const HELP = [
  "GET [<count>]",
  "    Return top <count> entries from the slowlog (default: 10, -1 mean all).",
  "    Entries are made of:",
  "    id, timestamp, time in microseconds, arguments array, client IP and port,",
  "    client name",
  "LEN",
  "    Return the length of the slowlog.",
  "RESET",
  "    Reset the slowlog.",
];

const FLAGS: CommandRow["flags"] = ["admin", "loading", "stale"];

export const slowlogCommands = commandTable("server", [
  {
    name: "slowlog",
    arity: -2,
    since: "2.2.12",
    complexity: "Depends on the subcommand.",
    summary: "Shows the commands that took long.",
    subcommands: [
      {
        name: "get",
        arity: -2,
        flags: FLAGS,
        args: [arg.integer("count", { optional: true })],
        tips: ["request_policy:all_nodes", "nondeterministic_output"],
        since: "2.2.12",
        complexity: "O(N) where N is the number of entries shown",
        summary: "Shows the last entries of the slow log.",
        history: [["4.0.0", "Shows the client's address and name."]],
        handler: getCommand,
      },
      helpSubcommand("slowlog", "6.2.0", HELP),
      {
        name: "len",
        arity: 2,
        flags: FLAGS,
        tips: [
          "request_policy:all_nodes",
          "response_policy:agg_sum",
          "nondeterministic_output",
        ],
        since: "2.2.12",
        complexity: "O(1)",
        summary: "Counts the entries of the slow log.",
        handler: lenCommand,
      },
      {
        name: "reset",
        arity: 2,
        flags: FLAGS,
        tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
        since: "2.2.12",
        complexity: "O(N) where N is the number of entries",
        summary: "Empties the slow log.",
        handler: resetCommand,
      },
    ],
  },
]);
