/** Keys and values: events, expiry, and up to which size a value is kept in its compact form. */
import { boolean } from "../kinds/kind.ts";
import { eventClasses } from "../kinds/events.ts";
import { INT_MAX, INT_MIN, integer, LONG_MAX, memory } from "../kinds/numbers.ts";
import type { Directive } from "./directive.ts";

export const keyspaceDirectives = [
  {
    name: "notify-keyspace-events",
    kind: eventClasses,
    initial: "",
    summary: "Which events of keys are published: K by key, E by event, and classes of events.",
  },
  {
    name: "active-expire-effort",
    kind: integer(1, 10),
    initial: "1",
    summary: "How hard to look for expired keys.",
    inert: "expired keys are found by an index, on time",
  },
  {
    name: "activerehashing",
    kind: boolean,
    initial: "yes",
    summary: "Go on resizing tables while no commands come.",
  },
  {
    name: "hash-max-listpack-entries",
    alias: "hash-max-ziplist-entries",
    kind: integer(0, LONG_MAX),
    initial: "512",
    summary: "Fields up to which a hash is a listpack.",
  },
  {
    name: "hash-max-listpack-value",
    alias: "hash-max-ziplist-value",
    kind: memory(0, LONG_MAX),
    initial: "64",
    summary: "Bytes of its longest field or value up to which a hash is a listpack.",
  },
  {
    name: "list-max-listpack-size",
    alias: "list-max-ziplist-size",
    kind: integer(INT_MIN, INT_MAX),
    initial: "-2",
    summary: "Elements in a node of a list, or -1 to -5 for 4, 8, 16, 32 or 64 kilobytes.",
  },
  {
    name: "list-compress-depth",
    kind: integer(0, INT_MAX),
    initial: "0",
    summary: "Nodes at both ends of a list that are not compressed; 0 compresses none.",
  },
  {
    name: "set-max-intset-entries",
    kind: integer(0, LONG_MAX),
    initial: "512",
    summary: "Members up to which a set of integers is an intset.",
  },
  {
    name: "set-max-listpack-entries",
    kind: integer(0, LONG_MAX),
    initial: "128",
    summary: "Members up to which a set is a listpack.",
  },
  {
    name: "set-max-listpack-value",
    kind: integer(0, LONG_MAX),
    initial: "64",
    summary: "Bytes of its longest member up to which a set is a listpack.",
  },
  {
    name: "zset-max-listpack-entries",
    alias: "zset-max-ziplist-entries",
    kind: integer(0, LONG_MAX),
    initial: "128",
    summary: "Members up to which a sorted set is a listpack.",
  },
  {
    name: "zset-max-listpack-value",
    alias: "zset-max-ziplist-value",
    kind: memory(0, LONG_MAX),
    initial: "64",
    summary: "Bytes of its longest member up to which a sorted set is a listpack.",
  },
  {
    name: "hll-sparse-max-bytes",
    kind: memory(0, LONG_MAX),
    initial: "3000",
    summary: "Bytes up to which a HyperLogLog is sparse.",
  },
  {
    name: "stream-node-max-bytes",
    kind: memory(0, LONG_MAX),
    initial: "4096",
    summary: "Bytes in a node of a stream; 0 for any.",
  },
  {
    name: "stream-node-max-entries",
    kind: integer(0, LONG_MAX),
    initial: "100",
    summary: "Entries in a node of a stream; 0 for any.",
  },
] as const satisfies readonly Directive[];
