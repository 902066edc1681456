/** What is slow, and scripts that take too long. */
import { boolean } from "../kinds/kind.ts";
import { percentiles } from "../kinds/lists.ts";
import { INT_MAX, integer, LONG_MAX } from "../kinds/numbers.ts";
import type { Directive } from "./directive.ts";

const NO_DEBUG_AID = "an aid for finding faults in Redis itself";

export const monitoringDirectives = [
  {
    name: "slowlog-log-slower-than",
    kind: integer(-1, LONG_MAX),
    initial: "10000",
    summary: "Microseconds from which a command is in SLOWLOG; -1 for none.",
  },
  {
    name: "slowlog-max-len",
    kind: integer(0, LONG_MAX),
    initial: "128",
    summary: "How many commands SLOWLOG holds.",
  },
  {
    name: "latency-monitor-threshold",
    kind: integer(0, LONG_MAX),
    initial: "0",
    summary: "Milliseconds from which LATENCY remembers an event; 0 for none.",
  },
  {
    name: "latency-tracking",
    kind: boolean,
    initial: "yes",
    summary: "Keep a histogram of the time each command takes.",
  },
  {
    name: "latency-tracking-info-percentiles",
    kind: percentiles,
    initial: "50 99 99.9",
    summary: "Percentiles of these times that INFO shows.",
  },
  {
    name: "busy-reply-threshold",
    alias: "lua-time-limit",
    kind: integer(0, LONG_MAX),
    initial: "5000",
    summary: "Milliseconds after which a script counts as stuck and can be killed.",
  },
  {
    name: "lua-enable-deprecated-api",
    kind: boolean,
    initial: "no",
    flags: ["immutable", "hidden"],
    summary: "Give scripts what was taken from Lua's environment for safety.",
  },
  {
    name: "watchdog-period",
    kind: integer(0, INT_MAX),
    initial: "0",
    flags: ["hidden"],
    summary: "Milliseconds after which a stuck server logs where it is.",
    inert: NO_DEBUG_AID,
  },
  {
    name: "use-exit-on-panic",
    kind: boolean,
    initial: "no",
    flags: ["hidden"],
    summary: "Exit, not abort, on a fault.",
    inert: NO_DEBUG_AID,
  },
  {
    name: "enable-debug-assert",
    kind: boolean,
    initial: "no",
    flags: ["immutable", "hidden"],
    summary: "Check more assertions.",
    inert: NO_DEBUG_AID,
  },
] as const satisfies readonly Directive[];
