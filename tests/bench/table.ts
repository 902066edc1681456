/** A run's results as one table, which is Markdown as well. */
import type { BenchResult, Group, Load, Row } from "./result.ts";

const HEADS = [
  "",
  "redis",
  "keyrex",
  "ratio",
  "spread",
  "k/s",
  "p50 ms",
  "p99 ms",
  "p99.9 ms",
];

/** Renders everything a reader needs in order to judge the figures, and to take them again. */
export function renderResult(result: BenchResult): string {
  const lines = [
    `Keyrex and redis-server, ${result.startedAt}`,
    "",
    ...result.machine.map((fact) => `- ${fact}`),
    `- redis-server: \`${result.servers.redis}\``,
    `- keyrex: \`${result.servers.keyrex}\``,
    "",
    "µs/command is processor time, user and system, of all threads of the server. The ratio is",
    "Keyrex's figure over redis-server's: below 1, Keyrex is cheaper. Pairs are redis / keyrex.",
    "",
  ];
  const cells = [HEADS, ...result.groups.flatMap(groupCells)];
  const widths = HEADS.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const table = cells.map((row) =>
    `| ${
      row.map((cell, i) => i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])).join(" | ")
    } |`
  );
  const rule = `|${
    widths.map((width, i) => i === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`).join(
      "|",
    )
  }|`;
  lines.push(table[0], rule, ...table.slice(1), "");
  for (const { title, commandLines, notes } of result.groups) {
    lines.push(`${title}:`, ...commandLines.map((line) => `- \`${line}\``));
    lines.push(...notes.map((note) => `- ${note}`), "");
  }
  return lines.join("\n");
}

function groupCells(group: Group): string[][] {
  const title = [`**${group.title}**, ${group.unit}`, ...HEADS.slice(1).map(() => "")];
  return [title, ...group.rows.map(rowCells)];
}

function rowCells(row: Row): string[] {
  const { redisLoad, keyrexLoad } = row;
  function pair(show: (load: Load) => string): string {
    return redisLoad && keyrexLoad ? `${show(redisLoad)} / ${show(keyrexLoad)}` : "";
  }
  return [
    row.name,
    figure(row.redis),
    figure(row.keyrex),
    Number.isFinite(row.ratio) ? row.ratio.toFixed(2) : "–",
    row.ratioLow < row.ratioHigh ? `${row.ratioLow.toFixed(2)}–${row.ratioHigh.toFixed(2)}` : "",
    pair((load) => (load.commandsPerSecond / 1000).toFixed(0)),
    pair((load) => load.p50Ms.toFixed(2)),
    pair((load) => load.p99Ms.toFixed(2)),
    pair((load) => load.p999Ms.toFixed(2)),
  ];
}

/** Three digits that count. */
function figure(value: number): string {
  return value < 1 ? value.toFixed(3) : value < 10 ? value.toFixed(2) : value.toFixed(1);
}
