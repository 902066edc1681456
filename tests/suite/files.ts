/** The files of Redis's suite that Keyrex is measured by, with the commands it has so far. */

export interface SuiteFile {
  /** As the harness names it. */
  readonly unit: string;
  /** Quick enough for every run of continuous integration: a few seconds on redis-server. */
  readonly quick: boolean;
  /** Tests that are not run at all, with the reason: they would hang, or judge what is no behaviour. */
  readonly skipped?: Readonly<Record<string, readonly string[]>>;
  /** Why encodings are not compared. */
  readonly encodingsDiffer?: string;
}

/** Tags of tests and of whole blocks that are not run, with what they need. */
export const DENIED_TAGS: Readonly<Record<string, string>> = {
  "repl": "replication comes later",
  "needs:repl": "replication comes later",
  "scripting": "scripting comes later",
};

const quick = (unit: string, skipped?: SuiteFile["skipped"]): SuiteFile => ({
  unit,
  quick: true,
  skipped,
});
const slow = (unit: string, skipped?: SuiteFile["skipped"]): SuiteFile => ({
  unit,
  quick: false,
  skipped,
});

/** A file that expects every list to be a quicklist, and every set that is no intset a hash table. */
const ofOldEncodings = (file: SuiteFile): SuiteFile => ({
  ...file,
  encodingsDiffer: "small lists and sets are listpacks since Redis 7.2",
});

export const suiteFiles: readonly SuiteFile[] = [
  quick("unit/printver"),
  quick("unit/auth"),
  quick("unit/acl"),
  quick("unit/acl-v2"),
  quick("unit/protocol"),
  quick("unit/keyspace"),
  quick("unit/scan"),
  quick("unit/info"),
  quick("unit/info-command"),
  quick("unit/type/string"),
  quick("unit/type/incr"),
  ofOldEncodings(slow("unit/type/list")),
  ofOldEncodings(slow("unit/type/list-2")),
  ofOldEncodings(slow("unit/type/list-3")),
  quick("unit/type/hash"),
  ofOldEncodings(slow("unit/type/set")),
  slow("unit/type/zset"),
  slow("unit/type/stream"),
  quick("unit/type/stream-cgroups"),
  quick("unit/expire"),
  quick("unit/quit"),
  quick("unit/slowlog"),
  quick("unit/introspection"),
  quick("unit/introspection-2"),
  quick("unit/multi", {
    "persistence comes later: without it the test leaves a transaction open": [
      "MULTI with BGREWRITEAOF",
      "MULTI with config set appendonly",
    ],
  }),
  quick("unit/pubsub"),
  quick("unit/pubsubshard"),
  ofOldEncodings(slow("unit/sort")),
  quick("unit/limits"),
  quick("unit/bitops"),
  quick("unit/bitfield"),
  slow("unit/geo"),
  quick("unit/pause", {
    "scripting comes later: without it the test waits for replies that never come": [
      "Test scripts are blocked by pause RO",
      "Test RO scripts are not blocked by pause RO",
    ],
  }),
  quick("unit/dump"),
  quick("integration/convert-zipmap-hash-on-load"),
  quick("integration/convert-ziplist-hash-on-load"),
  quick("integration/convert-ziplist-zset-on-load"),
  slow("integration/corrupt-dump-fuzzer"),
  quick("unit/querybuf"),
  quick("unit/networking"),
  quick("unit/tracking"),
  quick("unit/latency-monitor"),
  slow("unit/other"),
  quick("unit/shutdown", {
    "a save for which everybody waits is not interrupted by a signal": [
      "Temp rdb will be deleted in signal handle",
    ],
  }),
  slow("integration/rdb"),
  slow("unit/obuf-limits"),
  slow("unit/lazyfree"),
  slow("unit/violations"),
  slow("unit/client-eviction", {
    "a client that does not read is not read from either: its replies do not pile up for ever": [
      "client evicted due to output buf",
      "client total memory grows during client no-evict",
      "client total memory grows during maxmemory-clients disabled",
    ],
    "a big argument arrives in several turns, and the test may look between two": [
      "client evicted due to percentage of maxmemory",
      "evict clients in right order (large to small)",
    ],
    "scripting comes later": [
      "client evicted due to tracking redirection",
    ],
  }),
  slow("unit/replybufsize"),
  slow("unit/hyperloglog"),
  slow("unit/maxmemory"),
  slow("unit/memefficiency"),
];
