/**
 * Makes the page about the commands from the command tables:
 *
 *   deno run --allow-write=docs docs/commands.ts
 *
 * A test compares the page that is here with what this makes.
 */
import { Registry } from "../src/commands/registry.ts";
import type { Command, Group } from "../src/commands/spec.ts";
import { COMMAND_TABLES } from "../src/commands/tables.ts";
import { REDIS_COMMANDS } from "./redis_commands.ts";

const INTRODUCTION = `# Commands

What Keyrex has of the commands of Redis 7.4, and of the hash commands of 8.0. A command counts with
each of its subcommands. \`COMMAND DOCS\` tells of their arguments, and
[differences.md](differences.md) of what differs.

This page is made by \`docs/commands.ts\`.
`;

const TITLES: Readonly<Record<Group, string>> = {
  generic: "Keys",
  string: "Strings",
  bitmap: "Bitmaps",
  hyperloglog: "HyperLogLog",
  list: "Lists",
  set: "Sets",
  "sorted-set": "Sorted sets",
  hash: "Hashes",
  stream: "Streams",
  geo: "Geo",
  pubsub: "Publish and subscribe",
  transactions: "Transactions",
  connection: "Connection",
  server: "Server",
  scripting: "Scripting",
  cluster: "Cluster",
};

/** A group as the page shows it. */
interface Chapter {
  readonly title: string;
  /** Redis's commands in it. */
  readonly total: number;
  /** What there is of them here, and what there is beside. */
  readonly commands: readonly Command[];
  /** Names of what is not there. */
  readonly missing: readonly string[];
}

function readChapters(): Chapter[] {
  const commands = new Map<string, Command>();
  for (const command of new Registry(COMMAND_TABLES).commands) {
    for (const one of [command, ...command.children]) commands.set(one.fullName, one);
  }
  return REDIS_COMMANDS.map(({ group, names }) => ({
    title: TITLES[group],
    total: names.length,
    commands: [...commands.values()].filter((command) => command.group === group)
      .sort((a, b) => a.fullName < b.fullName ? -1 : 1),
    missing: names.filter((name) => !commands.has(name)),
  }));
}

/** Names of Redis's commands that Keyrex does not have, subcommands as `container|subcommand`. */
export function missingCommands(): string[] {
  return readChapters().flatMap(({ missing }) => missing);
}

/** The page, as Markdown. */
export function commandsPage(): string {
  const chapters = readChapters();
  const overview = table(["Group", "Here", "Of", "Missing"], chapters.map(coverage));
  const details = chapters.filter(({ commands }) => commands.length > 0)
    .map(({ title, commands }) =>
      `## ${title}\n\n${table(["Command", "Since", "What it does", "Time"], commands.map(cells))}`
    );
  return [INTRODUCTION, overview, ...details].join("\n");
}

function coverage({ title, total, missing }: Chapter): string[] {
  return [title, String(total - missing.length), String(total), missing.map(shown).join(", ")];
}

function cells({ fullName, since, summary, complexity }: Command): string[] {
  return [shown(fullName), since, summary, complexity];
}

function shown(name: string): string {
  return `\`${name.toUpperCase().replace("|", " ")}\``;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [titles, ...rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")))];
  const widths = titles.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  const rule = line(widths.map((width) => "-".repeat(width)));
  return [line(all[0]), rule, ...all.slice(1).map(line), ""].join("\n");
}

if (import.meta.main) {
  Deno.writeTextFileSync(new URL("commands.md", import.meta.url), commandsPage());
}
