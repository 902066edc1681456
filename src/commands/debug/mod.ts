/**
 * DEBUG: what tests of servers and clients need, and nobody else should have. It is refused unless
 * `enable-debug-command` allows it.
 */
import type { Args } from "../../resp/args.ts";
import type { Client } from "../context.ts";
import { wrongSubcommandArity } from "../errors.ts";
import { commandTable } from "../spec.ts";
import { keySubcommands } from "./keys.ts";
import { processSubcommands } from "./process.ts";
import { reloadSubcommands } from "./reload.ts";
import { replySubcommands } from "./replies.ts";
import type { DebugSubcommand } from "./subcommand.ts";
import { switchSubcommands } from "./switches.ts";
import { tableSubcommands } from "./tables.ts";

const SUBCOMMANDS: readonly DebugSubcommand[] = [
  ...keySubcommands,
  ...processSubcommands,
  ...reloadSubcommands,
  ...replySubcommands,
  ...switchSubcommands,
  ...tableSubcommands,
].sort((a, b) => a.name < b.name ? -1 : 1);

function debugCommand(client: Client, args: Args): void {
  const name = args.quoted(1);
  if (name.toUpperCase() === "HELP" && args.count === 2) return help(client);
  const subcommand = SUBCOMMANDS.find((subcommand) => subcommand.name === name.toUpperCase());
  const count = args.count - 2;
  if (
    subcommand === undefined || count < subcommand.arguments[0] || count > subcommand.arguments[1]
  ) {
    throw wrongSubcommandArity("debug", name);
  }
  subcommand.handler(client, args);
}

function help({ reply }: Client): void {
  reply.help("DEBUG", SUBCOMMANDS.flatMap((subcommand) => subcommand.help));
}

export const debugCommands = commandTable("server", [
  {
    name: "debug",
    arity: -2,
    flags: ["admin", "noscript", "loading", "stale"],
    protectedBy: "enable-debug-command",
    since: "1.0.0",
    complexity: "Depends on the subcommand.",
    summary: "Looks into the server and meddles with it, for tests.",
    handler: debugCommand,
  },
]);
