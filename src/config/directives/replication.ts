/** Both roles of replication. */
import { boolean, oneOf, optionalText } from "../kinds/kind.ts";
import { primaryAddress } from "../kinds/lists.ts";
import { INT_MAX, integer, LONG_MAX, memory } from "../kinds/numbers.ts";
import type { Directive } from "./directive.ts";

const SMALLEST_BACKLOG_BYTES = 16 * 1024;

export const replicationDirectives = [
  {
    name: "replicaof",
    alias: "slaveof",
    kind: primaryAddress,
    initial: "",
    flags: ["immutable"],
    summary: "The primary whose replica this server is.",
  },
  {
    name: "masteruser",
    kind: optionalText(),
    initial: "",
    flags: ["sensitive"],
    summary: "User to be at the primary.",
  },
  {
    name: "masterauth",
    kind: optionalText(),
    initial: "",
    flags: ["sensitive"],
    summary: "Password at the primary.",
  },
  {
    name: "replica-serve-stale-data",
    alias: "slave-serve-stale-data",
    kind: boolean,
    initial: "yes",
    summary: "Answer while the primary is out of reach or sends its data.",
  },
  {
    name: "replica-read-only",
    alias: "slave-read-only",
    kind: boolean,
    initial: "yes",
    summary: "Refuse writes on a replica.",
  },
  {
    name: "replica-ignore-maxmemory",
    alias: "slave-ignore-maxmemory",
    kind: boolean,
    initial: "yes",
    summary: "Leave eviction to the primary.",
  },
  {
    name: "replica-ignore-disk-write-errors",
    kind: boolean,
    initial: "no",
    summary: "Go on as a replica although the disk refuses writes.",
  },
  {
    name: "replica-lazy-flush",
    alias: "slave-lazy-flush",
    kind: boolean,
    initial: "no",
    summary: "Free a replica's old data step by step before it takes the primary's.",
  },
  {
    name: "replica-priority",
    alias: "slave-priority",
    kind: integer(0, INT_MAX),
    initial: "100",
    summary: "Rank among replicas when a new primary is chosen; 0 is never chosen.",
  },
  {
    name: "replica-announced",
    kind: boolean,
    initial: "yes",
    summary: "Whether Sentinel tells of this replica.",
  },
  {
    name: "replica-announce-ip",
    alias: "slave-announce-ip",
    kind: optionalText(),
    initial: "",
    summary: "Address to be reached at, where it is not the one the primary sees.",
  },
  {
    name: "replica-announce-port",
    alias: "slave-announce-port",
    kind: integer(0, 65535),
    initial: "0",
    summary: "Port to be reached at; 0 for `port`.",
  },
  {
    name: "repl-timeout",
    kind: integer(1, INT_MAX),
    initial: "60",
    summary: "Seconds of silence after which the other side counts as gone.",
  },
  {
    name: "repl-ping-replica-period",
    alias: "repl-ping-slave-period",
    kind: integer(1, INT_MAX),
    initial: "10",
    summary: "Seconds between two pings to replicas.",
  },
  {
    name: "repl-disable-tcp-nodelay",
    kind: boolean,
    initial: "no",
    summary: "Let TCP gather what goes to replicas.",
  },
  {
    name: "repl-backlog-size",
    kind: memory(1, LONG_MAX, SMALLEST_BACKLOG_BYTES),
    initial: "1mb",
    summary: "How much of the stream of writes is kept for replicas that come back.",
  },
  {
    name: "repl-backlog-ttl",
    kind: integer(0, LONG_MAX),
    initial: "3600",
    summary: "Seconds without replicas after which that is freed; 0 for never.",
  },
  {
    name: "repl-diskless-sync",
    kind: boolean,
    initial: "yes",
    summary: "Send a dump to replicas without storing it first.",
  },
  {
    name: "repl-diskless-sync-delay",
    kind: integer(0, INT_MAX),
    initial: "5",
    summary: "Seconds to wait for further replicas before such a dump is sent.",
  },
  {
    name: "repl-diskless-sync-max-replicas",
    kind: integer(0, INT_MAX),
    initial: "0",
    summary: "How many replicas end that wait; 0 for no such number.",
  },
  {
    name: "repl-diskless-load",
    kind: oneOf("disabled", "on-empty-db", "swapdb"),
    initial: "disabled",
    flags: ["deny-loading"],
    summary: "When a replica reads the primary's dump off the socket.",
  },
  {
    name: "min-replicas-to-write",
    alias: "min-slaves-to-write",
    kind: integer(0, INT_MAX),
    initial: "0",
    summary: "Refuse writes with fewer replicas than this; 0 for never.",
  },
  {
    name: "min-replicas-max-lag",
    alias: "min-slaves-max-lag",
    kind: integer(0, INT_MAX),
    initial: "10",
    summary: "Seconds of lag up to which a replica counts among those.",
  },
  {
    name: "propagation-error-behavior",
    kind: oneOf("ignore", "panic", "panic-on-replicas"),
    initial: "ignore",
    summary: "What to do when a command that was replicated or logged fails.",
  },
] as const satisfies readonly Directive[];
