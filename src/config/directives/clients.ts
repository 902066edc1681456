/** How many clients there may be, and what each may take up. */
import { bufferLimits } from "../kinds/lists.ts";
import { integer, LONG_MAX, memory, memoryOrPercentage, UINT_MAX } from "../kinds/numbers.ts";
import type { Directive } from "./directive.ts";

const MEBIBYTE = 1024 * 1024;

export const clientDirectives = [
  {
    name: "maxclients",
    kind: integer(1, UINT_MAX),
    initial: "10000",
    summary: "How many clients may be connected.",
  },
  {
    name: "maxmemory-clients",
    kind: memoryOrPercentage,
    initial: "0",
    summary:
      "What all clients together may take up before the largest are disconnected; 0 for any.",
  },
  {
    name: "client-query-buffer-limit",
    kind: memory(MEBIBYTE, LONG_MAX),
    initial: "1gb",
    summary: "What a client may send before it makes up a command.",
  },
  {
    name: "client-output-buffer-limit",
    kind: bufferLimits,
    initial: "normal 0 0 0 replica 256mb 64mb 60 pubsub 32mb 8mb 60",
    summary: "What may wait to be sent before a client is disconnected; 0 for any.",
  },
  {
    name: "proto-max-bulk-len",
    kind: memory(MEBIBYTE, LONG_MAX),
    initial: "512mb",
    summary: "The longest argument and the longest string.",
  },
  {
    name: "tracking-table-max-keys",
    kind: integer(0, LONG_MAX),
    initial: "1000000",
    summary: "How many keys are remembered for clients that cache; 0 for any.",
  },
] as const satisfies readonly Directive[];
