/** ACL: who the users are and what they may do. Who may what, in truth, is src/server/acl's. */
import type { Args } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { Client } from "../context.ts";
import { wrongSubcommandArity } from "../errors.ts";
import { helpSubcommand } from "../help.ts";
import { arg, CATEGORIES, type CommandRow, commandTable } from "../spec.ts";
import { logCommand } from "./log.ts";
import {
  deluserCommand,
  dryrunCommand,
  getuserCommand,
  listCommand,
  secretsOfUsers,
  setuserCommand,
  usersCommand,
  whoamiCommand,
} from "./users.ts";

const DEFAULT_BITS = 256;
const MAX_BITS = 4096;
const BITS_PER_DIGIT = 4;

const BITS_OUT_OF_RANGE = new ReplyError(
  "ERR ACL GENPASS argument must be the number of bits for the output password, a positive number " +
    `up to ${MAX_BITS}`,
);

// ---------------------------------------------------------------- handlers

function catCommand({ reply, server }: Client, args: Args): void {
  if (args.count > 3) throw wrongSubcommandArity("acl", args.latin1(1));
  const names: readonly string[] = args.count === 2
    ? CATEGORIES
    : namesIn(args, server.registry.all);
  reply.array(names.length);
  for (const name of names) reply.bulkText(name);
}

/** The commands in the category that argument 2 names. */
function namesIn(args: Args, commands: Client["server"]["registry"]["all"]): string[] {
  const wanted = args.latin1(2).toLowerCase();
  const bit = CATEGORIES.findIndex((category) => category === wanted);
  if (bit < 0) throw new ReplyError(`ERR Unknown category '${args.quoted(2).slice(0, 128)}'`);
  return commands.filter(({ categoryBits }) => (categoryBits & (1 << bit)) !== 0)
    .map(({ fullName }) => fullName);
}

function genpassCommand({ reply, server }: Client, args: Args): void {
  if (args.count > 3) throw wrongSubcommandArity("acl", args.latin1(1));
  const bits = args.count === 3 ? args.integer(2) : DEFAULT_BITS;
  if (bits <= 0 || bits > MAX_BITS) throw BITS_OUT_OF_RANGE;
  reply.bulkText(server.access.generatePassword(Math.ceil(bits / BITS_PER_DIGIT)));
}

function loadCommand({ reply, server }: Client, _args: Args): void {
  replyDone(reply, server.access.load());
}

function saveCommand({ reply, server }: Client, _args: Args): void {
  replyDone(reply, server.access.save());
}

function replyDone(reply: Client["reply"], failure: string | null): void {
  if (failure !== null) throw new ReplyError(`ERR ${failure}`);
  reply.ok();
}

// ---------------------------------------------------------------- the table

const HELP = [
  "CAT [<category>]",
  "    Lists the commands of a category, or all categories.",
  "DELUSER <username> [<username> ...]",
  "    Takes users away.",
  "DRYRUN <username> <command> [<arg> ...]",
  "    Tells whether a user may run a command, without running it.",
  "GETUSER <username>",
  "    Shows a user.",
  "GENPASS [<bits>]",
  "    Makes a password that nobody can guess, of 256 bits or as many as are asked for.",
  "LIST",
  "    Lists the users as an ACL file has them.",
  "LOAD",
  "    Reads the users from the ACL file.",
  "LOG [<count> | RESET]",
  "    Shows what clients have been refused.",
  "SAVE",
  "    Writes the users into the ACL file.",
  "SETUSER <username> <attribute> [<attribute> ...]",
  "    Makes or changes a user.",
  "USERS",
  "    Lists the names of the users.",
  "WHOAMI",
  "    Tells the name of the connection's user.",
];

const OPEN: CommandRow["flags"] = ["noscript", "loading", "stale"];
const ADMIN: CommandRow["flags"] = ["admin", "noscript", "loading", "stale"];
const EVERYWHERE = ["request_policy:all_nodes", "response_policy:all_succeeded"];

const PER_USER = "O(N) where N is the number of users";
const PER_RULE = "O(N) where N is the number of rules of the user";

export const aclCommands = commandTable("server", [
  {
    name: "acl",
    arity: -2,
    since: "6.0.0",
    complexity: "Depends on the subcommand.",
    summary: "Says who may do what.",
    subcommands: [
      {
        name: "cat",
        arity: -2,
        flags: OPEN,
        args: [arg.string("category", { optional: true })],
        since: "6.0.0",
        complexity: "O(N) where N is the number of commands, or of categories",
        summary: "Lists the commands of a category, or all categories.",
        handler: catCommand,
      },
      {
        name: "deluser",
        arity: -3,
        flags: ADMIN,
        args: [arg.string("username", { multiple: true })],
        tips: EVERYWHERE,
        since: "6.0.0",
        complexity: "O(N) where N is the number of names, and of clients for each user",
        summary: "Takes users away, and closes their connections.",
        secrets: secretsOfUsers,
        handler: deluserCommand,
      },
      {
        name: "dryrun",
        arity: -4,
        flags: ADMIN,
        args: [
          arg.string("username"),
          arg.string("command"),
          arg.string("arg", { optional: true, multiple: true }),
        ],
        since: "7.0.0",
        complexity: PER_RULE,
        summary: "Tells whether a user may run a command, without running it.",
        handler: dryrunCommand,
      },
      {
        name: "genpass",
        arity: -2,
        flags: OPEN,
        args: [arg.integer("bits", { optional: true })],
        since: "6.0.0",
        complexity: "O(1)",
        summary: "Makes a password that nobody can guess.",
        handler: genpassCommand,
      },
      {
        name: "getuser",
        arity: 3,
        flags: ADMIN,
        args: [arg.string("username")],
        since: "6.0.0",
        complexity: PER_RULE,
        summary: "Shows a user.",
        history: [
          ["6.2.0", "Shows channels."],
          ["7.0.0", "Shows selectors, and keys and channels as rules."],
        ],
        secrets: secretsOfUsers,
        handler: getuserCommand,
      },
      helpSubcommand("acl", "6.0.0", HELP),
      {
        name: "list",
        arity: 2,
        flags: ADMIN,
        since: "6.0.0",
        complexity: PER_USER,
        summary: "Lists the users as an ACL file has them.",
        handler: listCommand,
      },
      {
        name: "load",
        arity: 2,
        flags: ADMIN,
        since: "6.0.0",
        complexity: PER_USER,
        summary: "Reads the users from the ACL file, all of them or none.",
        handler: loadCommand,
      },
      {
        name: "log",
        arity: -2,
        flags: ADMIN,
        args: [
          arg.oneOf("operation", [arg.integer("count"), arg.token("RESET")], { optional: true }),
        ],
        since: "6.0.0",
        complexity: "O(N) where N is the number of entries shown",
        summary: "Shows what clients have been refused.",
        history: [["7.2.0", "Shows ids and times of entries."]],
        handler: logCommand,
      },
      {
        name: "save",
        arity: 2,
        flags: ADMIN,
        tips: EVERYWHERE,
        since: "6.0.0",
        complexity: PER_USER,
        summary: "Writes the users into the ACL file.",
        handler: saveCommand,
      },
      {
        name: "setuser",
        arity: -3,
        flags: ADMIN,
        args: [
          arg.string("username"),
          arg.string("rule", { optional: true, multiple: true }),
        ],
        tips: EVERYWHERE,
        since: "6.0.0",
        complexity: "O(N) where N is the number of rules, and of clients for a rule about channels",
        summary: "Makes or changes a user, by all rules or not at all.",
        history: [
          ["6.2.0", "Takes channels."],
          ["7.0.0", "Takes selectors, and keys for reading or writing alone."],
        ],
        secrets: secretsOfUsers,
        handler: setuserCommand,
      },
      {
        name: "users",
        arity: 2,
        flags: ADMIN,
        since: "6.0.0",
        complexity: PER_USER,
        summary: "Lists the names of the users.",
        handler: usersCommand,
      },
      {
        name: "whoami",
        arity: 2,
        flags: OPEN,
        since: "6.0.0",
        complexity: "O(1)",
        summary: "Tells the name of the connection's user.",
        handler: whoamiCommand,
      },
    ],
  },
]);
