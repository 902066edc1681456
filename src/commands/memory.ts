/** MEMORY: where the memory is, and what to do about it. */
import { type Args, keyword } from "../resp/args.ts";
import type { Client } from "./context.ts";
import { SYNTAX } from "./errors.ts";
import { helpSubcommand } from "./help.ts";
import { memoryDiagnosis } from "./memory/doctor.ts";
import { mallocStats } from "./memory/malloc_stats.ts";
import { replyMemoryStats } from "./memory/stats.ts";
import { arg, commandTable, key } from "./spec.ts";

const SAMPLES = keyword("SAMPLES");
/** How many elements of a collection are looked at to estimate all of it. */
const DEFAULT_SAMPLES = 5;

// ---------------------------------------------------------------- handlers

/** The blocks of the key, its value and all that it consists of; looking at them is no use of the key. */
function usageCommand({ db, reply }: Client, args: Args): void {
  let samples = DEFAULT_SAMPLES;
  for (let i = 3; i < args.count; i += 2) {
    if (!args.is(i, SAMPLES) || i + 1 === args.count) throw SYNTAX;
    samples = args.integer(i + 1);
    if (samples < 0) throw SYNTAX;
  }
  const entry = db.peek(args.bufs[2], args.starts[2], args.ends[2]);
  if (entry === 0) reply.nullBulk();
  else reply.integer(db.entryBytes(entry, samples));
}

function statsCommand({ reply, server }: Client, _args: Args): void {
  replyMemoryStats(reply, server.memoryReport());
}

function doctorCommand({ reply, server }: Client, _args: Args): void {
  reply.verbatim("txt", memoryDiagnosis(server.memoryReport(), server.clients.size));
}

function mallocStatsCommand({ reply, server }: Client, _args: Args): void {
  reply.verbatim("txt", mallocStats(server.keyspace.slabs));
}

/** Moves together what is scattered, so that pages can be given back. */
function purgeCommand({ reply, server }: Client, _args: Args): void {
  server.compactor.runNow();
  reply.ok();
}

// ---------------------------------------------------------------- the table

const REPORT_TIPS = [
  "nondeterministic_output",
  "request_policy:all_shards",
  "response_policy:special",
];

export const memoryCommands = commandTable("server", [
  {
    name: "memory",
    arity: -2,
    since: "4.0.0",
    complexity: "Depends on the subcommand.",
    summary: "Tells where the memory is.",
    subcommands: [
      {
        name: "doctor",
        arity: 2,
        tips: REPORT_TIPS,
        since: "4.0.0",
        complexity: "O(1)",
        summary: "Tells what is wrong with the use of memory, if anything is.",
        handler: doctorCommand,
      },
      helpSubcommand("memory", "4.0.0", [
        "DOCTOR",
        "    Tells what is wrong with the use of memory, if anything is.",
        "MALLOC-STATS",
        "    Shows the allocator's blocks, by size.",
        "PURGE",
        "    Moves blocks together and gives free pages back to the system.",
        "STATS",
        "    Tells how much memory there is for what.",
        "USAGE <key> [SAMPLES <count>]",
        "    Tells how many bytes a key and its value take. Of a collection, up to <count>",
        "    elements are looked at (5 unless told otherwise, 0 for all).",
      ]),
      {
        name: "malloc-stats",
        arity: 2,
        tips: REPORT_TIPS,
        since: "4.0.0",
        complexity: "O(1)",
        summary: "Shows the allocator's blocks, by size.",
        handler: mallocStatsCommand,
      },
      {
        name: "purge",
        arity: 2,
        tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
        since: "4.0.0",
        complexity:
          "O(N) where N is the number of keys, when much of the memory is free; else O(1)",
        summary: "Moves blocks together and gives free pages back to the system.",
        handler: purgeCommand,
      },
      {
        name: "stats",
        arity: 2,
        tips: REPORT_TIPS,
        since: "4.0.0",
        complexity: "O(1)",
        summary: "Tells how much memory there is for what.",
        handler: statsCommand,
      },
      {
        name: "usage",
        arity: -3,
        flags: ["readonly"],
        keys: [key({ at: 2, access: "ro" })],
        args: [arg.key(), arg.integer("count", { token: "SAMPLES", optional: true })],
        since: "4.0.0",
        complexity: "O(N) where N is the number of elements looked at",
        summary: "Tells how many bytes a key and its value take.",
        handler: usageCommand,
      },
    ],
  },
]);
