/** How much a benchmark run does: the full plan, whose figures count, and the tiny one of the tests. */

/** What a run may measure, in this order. */
export const PARTS = [
  "engine",
  "sockets",
  "commands",
  "collections",
  "memory",
  "maxmemory",
  "expiry",
  "stall",
] as const;
export type Part = typeof PARTS[number];

/** Parts that take minutes each, and are measured only when they are asked for. */
export const SLOW_PARTS: readonly Part[] = ["maxmemory", "stall"];

/** The sizes of one run. "Commands" are requests as redis-benchmark counts them. */
export interface Plan {
  /** Simultaneous connections. */
  clients: number;
  /** Depths of pipelining; the last one is also what the engine alone is compared with. */
  pipelines: number[];
  /** Numbers of distinct keys, all of which exist before anything is measured. */
  keyCounts: number[];
  /** Lengths of the values, in bytes. */
  valueSizes: number[];
  /** How often each measurement is taken; the servers take turns, the median counts. */
  repetitions: number;
  /** How many commands a measurement sends at a given depth of pipelining. */
  commandsAt(pipeline: number): number;
  /** How many commands of each kind a server has run before any of them is measured. */
  warmUpCommands: number;
  /** Elements of a big collection; small ones: how many keys, of how many elements. */
  bigElements: number;
  smallKeys: number;
  smallElements: number;
  /** How many reads, and how many removals, are measured on the collections of each shape. */
  collectionCommands: number;
  /** Distinct keys in the engine alone, and in the memory figures. */
  manyKeys: number;
  /** The limit that is written against, and for how long, in ms, with each kind of values. */
  maxmemoryBytes: number;
  maxmemoryMs: number;
  /** Volatile keys that are not due while others are, and then as many that all are. */
  volatileKeys: number;
  /** Keys whose lateness is measured, and the time in which they fall due, in ms. */
  dueKeys: number;
  dueWindowMs: number;
  /** Keys inserted while the longest wait is looked for. */
  stallKeys: number;
}

export const FULL_PLAN: Plan = {
  clients: 50,
  pipelines: [1, 16, 100],
  keyCounts: [100_000, 1_000_000],
  valueSizes: [16, 100],
  repetitions: 3,
  // About half a second of the server's time each, in which the kernel counts 50 ticks.
  commandsAt: (pipeline) => pipeline === 1 ? 50_000 : pipeline < 50 ? 600_000 : 800_000,
  warmUpCommands: 300_000,
  bigElements: 1_000_000,
  smallKeys: 100_000,
  smallElements: 20,
  collectionCommands: 200_000,
  manyKeys: 1_000_000,
  maxmemoryBytes: 200 * 2 ** 20,
  maxmemoryMs: 60_000,
  volatileKeys: 1_000_000,
  dueKeys: 20_000,
  dueWindowMs: 10_000,
  stallKeys: 10_000_000,
};

/** Proves that everything runs; its figures mean nothing. */
export const QUICK_PLAN: Plan = {
  clients: 5,
  pipelines: [1, 10],
  keyCounts: [1000],
  valueSizes: [16],
  repetitions: 1,
  commandsAt: () => 4000,
  warmUpCommands: 4000,
  bigElements: 1000,
  smallKeys: 50,
  smallElements: 20,
  collectionCommands: 500,
  manyKeys: 1000,
  maxmemoryBytes: 4 * 2 ** 20,
  maxmemoryMs: 500,
  volatileKeys: 1000,
  dueKeys: 10,
  dueWindowMs: 100,
  stallKeys: 10_000,
};
