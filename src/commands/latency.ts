/** LATENCY: what took long, by kinds of events, and how long each command takes. */
import type { Args } from "../resp/args.ts";
import { ReplyError } from "../resp/errors.ts";
import type { Client } from "./context.ts";
import { helpSubcommand } from "./help.ts";
import { diagnose } from "./latency/doctor.ts";
import { drawGraph } from "./latency/graph.ts";
import { arg, type Command, type CommandRow, commandTable } from "./spec.ts";

// ---------------------------------------------------------------- handlers: spikes

function latestCommand({ reply, server }: Client, _args: Args): void {
  const { events } = server.latency;
  reply.array(events.length);
  for (const { event, max, samples } of events) {
    const { latency, time } = samples[samples.length - 1];
    reply.array(4);
    reply.bulkText(event);
    reply.integer(time);
    reply.integer(latency);
    reply.integer(max);
  }
}

function historyCommand({ reply, server }: Client, args: Args): void {
  const samples = findEvent(server.latency.events, args.text(2))?.samples ?? [];
  reply.array(samples.length);
  for (const { latency, time } of samples) {
    reply.array(2);
    reply.integer(time);
    reply.integer(latency);
  }
}

function resetCommand({ reply, server }: Client, args: Args): void {
  const names: string[] = [];
  for (let i = 2; i < args.count; i++) names.push(args.text(i));
  reply.integer(server.latency.reset(names));
}

function graphCommand({ reply, server }: Client, args: Args): void {
  const found = findEvent(server.latency.events, args.text(2));
  if (found === null) {
    throw new ReplyError(`ERR No samples available for event '${args.quoted(2)}'`);
  }
  const { event, max, samples } = found;
  reply.verbatim("txt", drawGraph(event, samples, max, Math.floor(server.nowMs / 1000)));
}

function doctorCommand({ reply, server }: Client, _args: Args): void {
  const { latency, nowMs, settings } = server;
  reply.verbatim("txt", diagnose(latency.events, settings, Math.floor(nowMs / 1000)));
}

function findEvent<T extends { readonly event: string }>(
  events: readonly T[],
  name: string,
): T | null {
  return events.find(({ event }) => event === name) ?? null;
}

// ---------------------------------------------------------------- handlers: distributions

function histogramCommand({ reply, server }: Client, args: Args): void {
  const { registry, stats } = server;
  const commands: Command[] = args.count === 2 ? [...registry.all] : [];
  for (let i = 2; i < args.count; i++) {
    const command = registry.byFullName(args.text(i));
    if (command !== null) commands.push(command, ...command.children);
  }
  const used = commands.filter(({ index }) => stats.histograms[index] !== null);
  reply.map(used.length);
  for (const { fullName, index } of used) {
    const histogram = stats.histograms[index]!;
    const rows = histogram.cumulative();
    reply.bulkText(fullName);
    reply.map(2);
    reply.bulkText("calls");
    reply.integer(histogram.total);
    reply.bulkText("histogram_usec");
    reply.map(rows.length);
    for (const { count, usec } of rows) {
      reply.integer(usec);
      reply.integer(count);
    }
  }
}

// ---------------------------------------------------------------- the table

const HELP = [
  "DOCTOR",
  "    Return a human readable latency analysis report.",
  "GRAPH <event>",
  "    Return an ASCII latency graph for the <event> class.",
  "HISTORY <event>",
  "    Return time-latency samples for the <event> class.",
  "LATEST",
  "    Return the latest latency samples for all events.",
  "RESET [<event> ...]",
  "    Reset latency data of one or more <event> classes.",
  "    (default: reset all data for all event classes)",
  "HISTOGRAM [COMMAND ...]",
  "    Return a cumulative distribution of latencies in the format of a histogram for the specified command names.",
  "    If no commands are specified then all histograms are replied.",
];

const FLAGS: CommandRow["flags"] = ["admin", "noscript", "loading", "stale"];
const TIPS = ["nondeterministic_output", "request_policy:all_nodes", "response_policy:special"];

export const latencyCommands = commandTable("server", [
  {
    name: "latency",
    arity: -2,
    since: "2.8.13",
    complexity: "Depends on the subcommand.",
    summary: "Shows what took long.",
    subcommands: [
      {
        name: "doctor",
        arity: 2,
        flags: FLAGS,
        tips: TIPS,
        since: "2.8.13",
        complexity: "O(N) where N is the number of samples",
        summary: "Tells in words what took long, and what may help.",
        handler: doctorCommand,
      },
      {
        name: "graph",
        arity: 3,
        flags: FLAGS,
        args: [arg.string("event")],
        tips: TIPS,
        since: "2.8.13",
        complexity: "O(N) where N is the number of samples",
        summary: "Draws the samples of an event.",
        handler: graphCommand,
      },
      helpSubcommand("latency", "2.8.13", HELP),
      {
        name: "histogram",
        arity: -2,
        flags: FLAGS,
        args: [arg.string("command", { optional: true, multiple: true })],
        tips: TIPS,
        since: "7.0.0",
        complexity: "O(N) where N is the number of commands",
        summary: "Shows how many calls of a command took how long.",
        handler: histogramCommand,
      },
      {
        name: "history",
        arity: 3,
        flags: FLAGS,
        args: [arg.string("event")],
        tips: TIPS,
        since: "2.8.13",
        complexity: "O(N) where N is the number of samples",
        summary: "Shows the samples of an event.",
        handler: historyCommand,
      },
      {
        name: "latest",
        arity: 2,
        flags: FLAGS,
        tips: TIPS,
        since: "2.8.13",
        complexity: "O(N) where N is the number of events",
        summary: "Shows the last sample of each event.",
        handler: latestCommand,
      },
      {
        name: "reset",
        arity: -2,
        flags: FLAGS,
        args: [arg.string("event", { optional: true, multiple: true })],
        tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
        since: "2.8.13",
        complexity: "O(N) where N is the number of events",
        summary: "Forgets the samples of some events, or of all.",
        handler: resetCommand,
      },
    ],
  },
]);
