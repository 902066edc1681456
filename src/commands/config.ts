/** CONFIG: the settings of the running server. What can be set, and how, is src/config's. */
import { latin1Text, utf8 } from "../memory/bytes.ts";
import type { Args } from "../resp/args.ts";
import { ReplyError } from "../resp/errors.ts";
import type { Client } from "./context.ts";
import { SYNTAX } from "./errors.ts";
import { helpSubcommand } from "./help.ts";
import { arg, type CommandRow, commandTable } from "./spec.ts";

// ---------------------------------------------------------------- handlers

function getCommand({ reply, server }: Client, args: Args): void {
  const found = server.config.get(textsFrom(args, 2));
  reply.map(found.length);
  for (const [name, value] of found) {
    reply.bulkText(name);
    reply.bulkText(value);
  }
}

function setCommand({ isLocal, reply, server }: Client, args: Args): void {
  if (args.count % 2 === 1) throw SYNTAX;
  const texts = textsFrom(args, 2);
  const pairs: [name: string, value: string][] = [];
  for (let i = 0; i < texts.length; i += 2) pairs.push([texts[i], texts[i + 1]]);
  const refusal = server.config.set(pairs, { isLocal, isLoading: server.persistence.isLoading });
  if (refusal !== null) throw errorReply(refusal);
  reply.ok();
}

/** Values whose directives are secrets must not be shown. */
function secretsOfSet({ server }: Client, args: Args): number[] {
  const secrets: number[] = [];
  for (let i = 2; i + 1 < args.count; i += 2) {
    if (server.config.isSensitive(args.text(i))) secrets.push(i + 1);
  }
  return secrets;
}

function rewriteCommand({ reply, server }: Client, _args: Args): void {
  const refusal = server.rewriteConfig();
  if (refusal !== null) throw errorReply(refusal);
  reply.ok();
}

function resetstatCommand({ reply, server }: Client, _args: Args): void {
  server.resetStatistics();
  reply.ok();
}

function textsFrom(args: Args, first: number): string[] {
  const texts: string[] = [];
  for (let i = first; i < args.count; i++) texts.push(args.text(i));
  return texts;
}

/** A refusal of the configuration, which quotes names in Unicode, as an error reply, which is bytes. */
function errorReply(refusal: string): ReplyError {
  const isWhole = refusal.startsWith("LOADING ");
  const bytes = utf8(isWhole ? refusal : `ERR ${refusal}`);
  return new ReplyError(latin1Text(bytes, 0, bytes.length));
}

// ---------------------------------------------------------------- the table

const HELP = [
  "GET <pattern>",
  "    Return parameters matching the glob-like <pattern> and their values.",
  "SET <directive> <value>",
  "    Set the configuration <directive> to <value>.",
  "RESETSTAT",
  "    Reset statistics reported by the INFO command.",
  "REWRITE",
  "    Rewrite the configuration file.",
];

const FLAGS: CommandRow["flags"] = ["admin", "noscript", "loading", "stale"];

export const configCommands = commandTable("server", [
  {
    name: "config",
    arity: -2,
    since: "2.0.0",
    complexity: "Depends on the subcommand.",
    summary: "Shows and changes the settings.",
    subcommands: [
      {
        name: "get",
        arity: -3,
        flags: FLAGS,
        args: [arg.block("parameter", [arg.string("parameter")], { multiple: true })],
        since: "2.0.0",
        complexity: "O(N) where N is the number of directives, for a pattern; else O(1)",
        summary: "Shows settings by names or patterns.",
        history: [["7.0.0", "Takes several patterns."]],
        handler: getCommand,
      },
      helpSubcommand("config", "5.0.0", HELP),
      {
        name: "resetstat",
        arity: 2,
        flags: FLAGS,
        since: "2.0.0",
        complexity: "O(N) where N is the number of commands",
        summary: "Sets the counters that INFO shows to zero.",
        handler: resetstatCommand,
      },
      {
        name: "rewrite",
        arity: 2,
        flags: FLAGS,
        since: "2.8.0",
        complexity: "O(N) where N is the number of directives and of lines in the file",
        summary: "Writes the settings into the configuration file.",
        handler: rewriteCommand,
      },
      {
        name: "set",
        arity: -4,
        flags: FLAGS,
        args: [
          arg.block("parameter_value", [arg.string("parameter"), arg.string("value")], {
            multiple: true,
          }),
        ],
        tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
        since: "2.0.0",
        complexity: "O(N) where N is the number of settings",
        summary: "Changes settings, all of them or none.",
        history: [["7.0.0", "Takes several settings."]],
        secrets: secretsOfSet,
        handler: setCommand,
      },
    ],
  },
]);
