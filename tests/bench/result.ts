/** What a benchmark run finds out, in the form in which it is written as JSON. */

/** What redis-benchmark saw from outside: of the repetition with the median throughput. */
export interface Load {
  commandsPerSecond: number;
  /** Latencies of a command, or of a whole pipeline of them, in ms: half, 99 %, 99.9 %, all were faster. */
  p50Ms: number;
  p99Ms: number;
  p999Ms: number;
  maxMs: number;
}

/** One measured thing of both servers. */
export interface Row {
  /** What was done: `SET`, `1 M keys`. */
  name: string;
  /** The median of what `unit` of the group names, for redis-server and for Keyrex. */
  redis: number;
  keyrex: number;
  /** Keyrex's cost over redis-server's, of each repetition: the median, and the extremes. */
  ratio: number;
  ratioLow: number;
  ratioHigh: number;
  redisLoad?: Load;
  keyrexLoad?: Load;
}

/** Rows that measure the same thing. */
export interface Group {
  title: string;
  /** What the figures of its rows are: `µs/command`, `bytes/key`, `ms`. */
  unit: string;
  /** The command lines that produced it, as a reader would type them. */
  commandLines: string[];
  rows: Row[];
  /** Observations that are no comparison. */
  notes: string[];
}

export interface BenchResult {
  /** When the run began, ISO 8601. */
  startedAt: string;
  /** Processor, memory, operating system, versions. */
  machine: string[];
  /** How the servers were started. */
  servers: { redis: string; keyrex: string };
  groups: Group[];
}

/**
 * The middle one of some figures; of an even number, the mean of the middle two.
 *
 * @param figures At least one.
 */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Makes a row of figures that were taken in turns.
 *
 * @param redis One figure for each repetition.
 * @param keyrex As many.
 */
export function compare(name: string, redis: readonly number[], keyrex: readonly number[]): Row {
  const ratios = keyrex.map((figure, i) => figure / redis[i]);
  return {
    name,
    redis: median(redis),
    keyrex: median(keyrex),
    ratio: median(ratios),
    ratioLow: Math.min(...ratios),
    ratioHigh: Math.max(...ratios),
  };
}

/** The load whose throughput is the median; of an even number, the lower of the middle two. */
export function medianLoad(loads: readonly Load[]): Load {
  const sorted = loads.toSorted((a, b) => a.commandsPerSecond - b.commandsPerSecond);
  return sorted[(sorted.length - 1) >> 1];
}
