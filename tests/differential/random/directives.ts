import type { Directives } from "../../support/processes.ts";

/** Limits so low that random commands reach them, and that no value grows big enough to be slow. */
export const RANDOM_DIRECTIVES: Directives = {
  "proto-max-bulk-len": "1mb",
  "hll-sparse-max-bytes": 300,
  "list-max-listpack-size": 8,
  "list-compress-depth": 1,
  "set-max-intset-entries": 12,
  "zset-max-listpack-entries": 8,
  "stream-node-max-entries": 4,
};
