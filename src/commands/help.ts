/** The HELP subcommand that every container command has. */
import type { CommandRow } from "./spec.ts";

/**
 * The row of a HELP subcommand.
 *
 * @param container The container's name, in lower case.
 * @param lines What is said about the other subcommands; see {@link ReplyWriter.help}.
 */
export function helpSubcommand(
  container: string,
  since: string,
  lines: readonly string[],
): CommandRow {
  return {
    name: "help",
    arity: 2,
    flags: ["loading", "stale"],
    since,
    complexity: "O(1)",
    summary: "Lists the subcommands.",
    handler: ({ reply }) => reply.help(container.toUpperCase(), lines),
  };
}
