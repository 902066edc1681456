/**
 * LATENCY GRAPH: samples as columns of characters, with the age of each written downwards below.
 *
 *        #
 *      _ |
 *     _|o|
 *     ||||
 *
 *     4321
 *     ssss
 */
import type { LatencySample } from "../context.ts";

const COLUMNS = 80;
const ROWS = 4;
/** The heights that one row can show, and what is below the top of a column. */
const TOPS = "_o#";
const FILL = "|";
const LEVELS = ROWS * TOPS.length;

/**
 * @param event The event's name.
 * @param samples At least one, the oldest first.
 * @param maxMs The worst there ever was.
 * @param nowSeconds Unix time.
 */
export function drawGraph(
  event: string,
  samples: readonly LatencySample[],
  maxMs: number,
  nowSeconds: number,
): string {
  const latencies = samples.map(({ latency }) => latency);
  const high = Math.max(...latencies);
  const low = Math.min(...latencies);
  const levels = latencies.map((latency) => levelOf(latency, low, high));
  const ages = samples.map(({ time }) => ageText(nowSeconds - time));
  let graph = `${event} - high ${high} ms, low ${low} ms (all time high ${maxMs} ms)\n` +
    `${"-".repeat(COLUMNS)}\n`;
  for (let start = 0; start < samples.length; start += COLUMNS) {
    if (start > 0) graph += "\n";
    const end = start + COLUMNS;
    graph += columns(levels.slice(start, end)) + downwards(ages.slice(start, end));
  }
  return graph;
}

/** How high a sample stands, from 0 for the lowest to LEVELS - 1 for the highest. */
function levelOf(latency: number, low: number, high: number): number {
  const range = high === low ? 1 : high - low;
  return Math.min(LEVELS - 1, Math.floor((latency - low) * LEVELS / range));
}

function columns(levels: readonly number[]): string {
  let text = "";
  for (let row = ROWS - 1; row >= 0; row--) {
    for (const level of levels) {
      const height = level - row * TOPS.length;
      text += height < 0 ? " " : TOPS[height] ?? FILL;
    }
    text += "\n";
  }
  return text;
}

/** An empty line, then texts that are read from top to bottom. */
function downwards(texts: readonly string[]): string {
  let lines = `${" ".repeat(texts.length)}\n`;
  const height = Math.max(...texts.map((text) => text.length));
  for (let i = 0; i < height; i++) {
    lines += `${texts.map((text) => text[i] ?? " ").join("")}\n`;
  }
  return lines;
}

/** An age in the largest unit of which it is at least one: `59s`, `1m`, `23h`, `2d`. */
function ageText(seconds: number): string {
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86400)}d`;
}
