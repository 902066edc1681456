/** How much memory the data may take, and how it is given back. */
import { boolean, choice, oneOf } from "../kinds/kind.ts";
import { oomScores } from "../kinds/lists.ts";
import { INT_MAX, integer, LONG_MAX, memory, ULONG_MAX } from "../kinds/numbers.ts";
import type { Directive } from "./directive.ts";

const NO_OOM_SCORES = "the server leaves its score to the service manager";

export const memoryDirectives = [
  {
    name: "maxmemory",
    kind: memory(0, ULONG_MAX),
    initial: "0",
    summary: "What the data may take up; 0 for any.",
  },
  {
    name: "maxmemory-policy",
    kind: oneOf(
      "volatile-lru",
      "volatile-lfu",
      "volatile-random",
      "volatile-ttl",
      "allkeys-lru",
      "allkeys-lfu",
      "allkeys-random",
      "noeviction",
    ),
    initial: "noeviction",
    summary: "Which keys are evicted when `maxmemory` is reached.",
  },
  {
    name: "maxmemory-samples",
    kind: integer(1, INT_MAX),
    initial: "5",
    summary: "How many keys are compared to evict one.",
  },
  {
    name: "maxmemory-eviction-tenacity",
    kind: integer(0, 100),
    initial: "10",
    summary: "How long eviction may hold up commands: 0 briefly, 100 as long as it takes.",
  },
  {
    name: "lfu-log-factor",
    kind: integer(0, INT_MAX),
    initial: "10",
    summary: "How slowly a key's counter of uses grows, for the LFU policies.",
  },
  {
    name: "lfu-decay-time",
    kind: integer(0, INT_MAX),
    initial: "1",
    summary: "Minutes after which that counter is lowered; 0 for at every look.",
  },
  {
    name: "lazyfree-lazy-eviction",
    kind: boolean,
    initial: "no",
    summary: "Free evicted values step by step.",
  },
  {
    name: "lazyfree-lazy-expire",
    kind: boolean,
    initial: "no",
    summary: "Free expired values step by step.",
  },
  {
    name: "lazyfree-lazy-server-del",
    kind: boolean,
    initial: "no",
    summary: "Free overwritten values step by step.",
  },
  {
    name: "lazyfree-lazy-user-del",
    kind: boolean,
    initial: "no",
    summary: "Let DEL free values step by step, as UNLINK does.",
  },
  {
    name: "lazyfree-lazy-user-flush",
    kind: boolean,
    initial: "no",
    summary: "Let FLUSHALL and FLUSHDB free values step by step unless they say SYNC.",
  },
  {
    name: "activedefrag",
    kind: boolean,
    initial: "no",
    summary: "Compact the memory while the server runs.",
  },
  {
    name: "active-defrag-ignore-bytes",
    kind: memory(1, LONG_MAX),
    initial: "100mb",
    summary: "Waste below which nothing is compacted.",
  },
  {
    name: "active-defrag-threshold-lower",
    kind: integer(0, 1000),
    initial: "10",
    summary: "Waste in percent from which compaction begins.",
  },
  {
    name: "active-defrag-threshold-upper",
    kind: integer(0, 1000),
    initial: "100",
    summary: "Waste in percent from which compaction does its utmost.",
  },
  {
    name: "active-defrag-cycle-min",
    kind: integer(1, 99),
    initial: "1",
    summary: "Processor time for compaction in percent at the lower threshold.",
  },
  {
    name: "active-defrag-cycle-max",
    kind: integer(1, 99),
    initial: "25",
    summary: "Processor time for compaction in percent at the upper threshold.",
  },
  {
    name: "active-defrag-max-scan-fields",
    kind: integer(1, LONG_MAX),
    initial: "1000",
    summary: "Elements up to which a value is compacted in one go.",
  },
  {
    name: "jemalloc-bg-thread",
    kind: boolean,
    initial: "yes",
    summary: "Let the allocator return memory from a thread of its own.",
    inert: "the allocator is the server's own",
  },
  {
    name: "disable-thp",
    kind: boolean,
    initial: "yes",
    flags: ["immutable"],
    summary: "Turn off the system's huge pages for the process.",
    inert: "the runtime cannot; nothing is forked, so they do no harm",
  },
  {
    name: "oom-score-adj",
    kind: choice({ no: "no", yes: "yes", relative: "yes", absolute: "absolute" }),
    initial: "no",
    summary: "Whether to tell the system which process to end when memory runs out.",
    inert: NO_OOM_SCORES,
  },
  {
    name: "oom-score-adj-values",
    kind: oomScores,
    initial: "0 200 800",
    summary: "Its scores for a primary, a replica and a child process.",
    inert: NO_OOM_SCORES,
  },
] as const satisfies readonly Directive[];
