/**
 * Makes the page about the configuration from the table of directives:
 *
 *   deno run --allow-write=docs docs/configuration.ts
 *
 * A test compares the page that is here with what this makes.
 */
import { CHAPTERS, hasFlag, inertReason } from "../src/config/directives.ts";
import type { Directive } from "../src/config/directives/directive.ts";

const INTRODUCTION = `# Configuration

Keyrex reads \`redis.conf\` as Redis 7.4 does, and knows all of its directives. They can be given

- in a file: \`keyrex redis.conf\`. A line is a directive and its value; values with spaces stand in
  quotes; \`#\` begins a comment; \`include PATH\` puts another file in, or several by wildcards.
- on the command line: \`keyrex redis.conf --port 6380 --save 900 1\`. What stands there wins.
- on the standard input: \`keyrex -\`.
- at run time: \`CONFIG SET maxmemory 1gb\`. \`CONFIG REWRITE\` brings the file up to date.

Memory is in bytes, or in \`k\`, \`m\`, \`g\` (powers of 1000) and \`kb\`, \`mb\`, \`gb\` (powers of 1024).

The column "Set" tells whether CONFIG SET takes the directive: _no_ means that it is for the start
alone, _protected_ that \`enable-protected-configs\` must allow it. A directive that is _kept only_
can be set and is shown, but changes nothing here.

This page is made by \`docs/configuration.ts\`.
`;

/** The page, as Markdown. */
export function configurationPage(): string {
  const chapters = CHAPTERS.map(({ title, directives }) => chapter(title, directives));
  return [INTRODUCTION, ...chapters].join("\n");
}

function chapter(title: string, directives: readonly Directive[]): string {
  const rows = [
    ["Directive", "Default", "Values", "Set", "What it does"],
    ...directives.map(cells),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const padded = rows.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column]))));
  const rule = line(widths.map((width) => "-".repeat(width)));
  return [`## ${title}\n`, padded[0], rule, ...padded.slice(1), ""].join("\n");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function cells(directive: Directive): string[] {
  const { name, alias, kind, initial, summary } = directive;
  const inert = inertReason(directive);
  const names = alias === undefined ? `\`${name}\`` : `\`${name}\`, \`${alias}\``;
  const meaning = inert === null ? summary : `${summary} _Kept only: ${inert}._`;
  return [names, initial === "" ? "" : `\`${initial}\``, kind.values, setWhen(directive), meaning];
}

function setWhen(directive: Directive): string {
  if (hasFlag(directive, "immutable")) return "no";
  return hasFlag(directive, "protected") ? "protected" : "yes";
}

if (import.meta.main) {
  Deno.writeTextFileSync(new URL("configuration.md", import.meta.url), configurationPage());
}
