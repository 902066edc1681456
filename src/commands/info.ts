/** Commands that tell about the server: what it is, what it does, when it saved last. */
import type { Args } from "../resp/args.ts";
import type { Client } from "./context.ts";
import { arg, commandTable } from "./spec.ts";

// ---------------------------------------------------------------- handlers

function infoCommand(client: Client, args: Args): void {
  const sections: string[] = [];
  for (let i = 1; i < args.count; i++) sections.push(args.latin1(i));
  client.reply.verbatim("txt", client.server.info(sections));
}

function lastsaveCommand(client: Client, _args: Args): void {
  client.reply.integer(Math.floor(client.server.persistence.lastSaveMs / 1000));
}

/** A primary that has written nothing to a replication log, and has no replicas. */
function roleCommand({ reply }: Client, _args: Args): void {
  reply.array(3);
  reply.bulkText("master");
  reply.integer(0);
  reply.array(0);
}

// ---------------------------------------------------------------- the table

export const infoCommands = commandTable("server", [
  {
    name: "info",
    arity: -1,
    flags: ["loading", "stale"],
    acl: ["dangerous"],
    args: [arg.string("section", { optional: true, multiple: true })],
    tips: ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"],
    since: "1.0.0",
    complexity: "O(1), and the number of commands, clients and databases where they are told of",
    summary: "Tells about the server, in sections.",
    history: [["7.0.0", "Takes several sections."]],
    handler: infoCommand,
  },
  {
    name: "lastsave",
    arity: 1,
    flags: ["loading", "stale", "fast"],
    acl: ["admin", "dangerous"],
    tips: ["nondeterministic_output"],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Tells when the data was last saved, in seconds since 1970.",
    handler: lastsaveCommand,
  },
  {
    name: "role",
    arity: 1,
    flags: ["noscript", "loading", "stale", "fast"],
    acl: ["admin", "dangerous"],
    since: "2.8.12",
    complexity: "O(1)",
    summary: "Tells the server's part in replication.",
    handler: roleCommand,
  },
]);
