/** COMMAND: the server's commands, as it knows them itself. Everything here is read off the registry. */
import { globMatch } from "../memory/glob.ts";
import { utf8 } from "../memory/bytes.ts";
import { type Args, keyword } from "../resp/args.ts";
import { ReplyError } from "../resp/errors.ts";
import { replyDocsOf } from "./command/docs.ts";
import { replyInfo, replyKeyFlags } from "./command/info.ts";
import type { Client } from "./context.ts";
import { SYNTAX } from "./errors.ts";
import { helpSubcommand } from "./help.ts";
import { innerRequest } from "./inner_request.ts";
import { findKeys, takesKeys } from "./keys.ts";
import { categoryNames } from "./registry.ts";
import { arg, type Command, type CommandRow, commandTable, type FoundKey } from "./spec.ts";

const FILTERBY = keyword("FILTERBY");
const MODULE = keyword("MODULE");
const ACLCAT = keyword("ACLCAT");
const PATTERN = keyword("PATTERN");

const INVALID_COMMAND = new ReplyError("ERR Invalid command specified");
const NO_KEY_ARGUMENTS = new ReplyError("ERR The command has no key arguments");
const INVALID_COUNT = new ReplyError("ERR Invalid number of arguments specified for command");
const INVALID_ARGUMENTS = new ReplyError("ERR Invalid arguments specified for command");

// ---------------------------------------------------------------- handlers

function commandCommand({ reply, server }: Client, _args: Args): void {
  const { commands } = server.registry;
  reply.array(commands.length);
  for (const command of commands) replyInfo(reply, command);
}

function countCommand({ reply, server }: Client, _args: Args): void {
  reply.integer(server.registry.commands.length);
}

function infoCommand(client: Client, args: Args): void {
  if (args.count === 2) return commandCommand(client, args);
  const { reply, server } = client;
  reply.array(args.count - 2);
  for (let i = 2; i < args.count; i++) {
    const command = server.registry.byFullName(args.text(i));
    if (command === null) reply.nullBulk();
    else replyInfo(reply, command);
  }
}

function docsCommand({ reply, server }: Client, args: Args): void {
  const { registry } = server;
  if (args.count === 2) return replyDocsOf(reply, registry.commands);
  const wanted: Command[] = [];
  for (let i = 2; i < args.count; i++) {
    const command = registry.byFullName(args.text(i));
    if (command !== null) wanted.push(command);
  }
  replyDocsOf(reply, wanted);
}

function listCommand({ reply, server }: Client, args: Args): void {
  const isWanted = readFilter(args);
  const names = server.registry.all.filter(isWanted).map(({ fullName }) => fullName);
  reply.array(names.length);
  for (const name of names) reply.bulkText(name);
}

/** What COMMAND LIST has been asked for: all, or what one filter lets through. */
function readFilter(args: Args): (command: Command) => boolean {
  if (args.count === 2) return () => true;
  if (args.count !== 5 || !args.is(2, FILTERBY)) throw SYNTAX;
  if (args.is(3, MODULE)) return () => false;
  if (args.is(3, ACLCAT)) {
    const category = args.text(4).toLowerCase();
    return (command) => categoryNames(command).includes(category);
  }
  if (!args.is(3, PATTERN)) throw SYNTAX;
  const pattern = args.copy(4);
  return ({ fullName }) => {
    const name = utf8(fullName);
    return globMatch(pattern, 0, pattern.length, name, 0, name.length, true);
  };
}

function getkeysCommand({ reply, server }: Client, args: Args): void {
  const request = innerRequest(args, 2);
  const keys = keysOf(server.registry.resolve(request), request);
  reply.array(keys.length);
  for (const { index } of keys) replyArgument(reply, request, index);
}

function getkeysandflagsCommand({ reply, server }: Client, args: Args): void {
  const request = innerRequest(args, 2);
  const keys = keysOf(server.registry.resolve(request), request);
  reply.array(keys.length);
  for (const { index, spec } of keys) {
    reply.array(2);
    replyArgument(reply, request, index);
    replyKeyFlags(reply, spec);
  }
}

function keysOf(command: Command | null, request: Args): readonly FoundKey[] {
  if (command === null) throw INVALID_COMMAND;
  if (!takesKeys(command)) throw NO_KEY_ARGUMENTS;
  const { arity, flags = [] } = command;
  if (arity > 0 ? request.count !== arity : request.count < -arity) throw INVALID_COUNT;
  const keys = findKeys(command, request) ?? [];
  if (keys.length === 0 && !flags.includes("no_mandatory_keys")) throw INVALID_ARGUMENTS;
  return keys;
}

function replyArgument(reply: Client["reply"], args: Args, i: number): void {
  reply.bulk(args.bufs[i], args.starts[i], args.ends[i]);
}

// ---------------------------------------------------------------- the table

const HELP = [
  "(no subcommand)",
  "    Return details about all Redis commands.",
  "COUNT",
  "    Return the total number of commands in this Redis server.",
  "LIST",
  "    Return a list of all commands in this Redis server.",
  "INFO [<command-name> ...]",
  "    Return details about multiple Redis commands.",
  "    If no command names are given, documentation details for all",
  "    commands are returned.",
  "DOCS [<command-name> ...]",
  "    Return documentation details about multiple Redis commands.",
  "    If no command names are given, documentation details for all",
  "    commands are returned.",
  "GETKEYS <full-command>",
  "    Return the keys from a full Redis command.",
  "GETKEYSANDFLAGS <full-command>",
  "    Return the keys and the access flags from a full Redis command.",
];

const NAMES = [arg.string("command-name", { optional: true, multiple: true })];
const REQUEST = [arg.string("command"), arg.string("arg", { optional: true, multiple: true })];

type SubcommandRow = Pick<
  CommandRow,
  "name" | "arity" | "args" | "tips" | "since" | "complexity" | "summary" | "history" | "handler"
>;

/** What all subcommands have in common. */
function subcommand(row: SubcommandRow): CommandRow {
  return { flags: ["loading", "stale"], acl: ["connection"], ...row };
}

export const commandCommands = commandTable("server", [
  {
    name: "command",
    arity: -1,
    flags: ["loading", "stale"],
    acl: ["connection"],
    tips: ["nondeterministic_output_order"],
    since: "2.8.13",
    complexity: "O(N) where N is the number of commands",
    summary: "Describes all commands.",
    handler: commandCommand,
    subcommands: [
      subcommand({
        name: "count",
        arity: 2,
        since: "2.8.13",
        complexity: "O(1)",
        summary: "Counts the commands.",
        handler: countCommand,
      }),
      subcommand({
        name: "docs",
        arity: -2,
        args: NAMES,
        tips: ["nondeterministic_output_order"],
        since: "7.0.0",
        complexity: "O(N) where N is the number of commands",
        summary: "Documents some commands, or all.",
        handler: docsCommand,
      }),
      subcommand({
        name: "getkeys",
        arity: -4,
        args: REQUEST,
        since: "2.8.13",
        complexity: "O(N) where N is the number of arguments of the request",
        summary: "Tells which arguments of a request are keys.",
        handler: getkeysCommand,
      }),
      subcommand({
        name: "getkeysandflags",
        arity: -4,
        args: REQUEST,
        since: "7.0.0",
        complexity: "O(N) where N is the number of arguments of the request",
        summary: "Tells which arguments of a request are keys, and what is done with them.",
        handler: getkeysandflagsCommand,
      }),
      subcommand(helpSubcommand("command", "5.0.0", HELP)),
      subcommand({
        name: "info",
        arity: -2,
        args: NAMES,
        tips: ["nondeterministic_output_order"],
        since: "2.8.13",
        complexity: "O(N) where N is the number of commands",
        summary: "Describes some commands, or all.",
        history: [["7.0.0", "Without a name it describes all commands."]],
        handler: infoCommand,
      }),
      subcommand({
        name: "list",
        arity: -2,
        args: [
          arg.oneOf("filterby", [
            arg.string("module-name", { token: "MODULE" }),
            arg.string("category", { token: "ACLCAT" }),
            arg.pattern("pattern", { token: "PATTERN" }),
          ], { token: "FILTERBY", optional: true }),
        ],
        tips: ["nondeterministic_output_order"],
        since: "7.0.0",
        complexity: "O(N) where N is the number of commands",
        summary: "Names all commands, or those that a filter lets through.",
        handler: listCommand,
      }),
    ],
  },
]);
