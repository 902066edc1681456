/**
 * Part "stall": the longest wait of any command while the table grows by millions of keys, as the
 * load sees it, and as another client does that sends a PING every millisecond.
 */
import type { ServerProcess } from "../support/processes.ts";
import { keyrexCommand, startRedis } from "../support/servers.ts";
import { portOf, startContender } from "./contenders.ts";
import type { Plan } from "./plan.ts";
import { loadArguments, runLoad } from "./redis_benchmark.ts";
import { compare, type Group, type Load } from "./result.ts";
import { thousands } from "./sockets.ts";

/** Few clients, so that a wait is the server's and not a queue of the load's own making. */
const LOAD = { test: "set", clients: 10, pipeline: 16, valueBytes: 16 };

/** So many possible keys that nearly all that are drawn are distinct. */
const KEY_SPACE = 1_000_000_000;

/** What SLOWLOG keeps, in µs. */
const SLOW_US = 2000;

/** Compares the longest waits; the notes tell what can be known of their causes. */
export async function benchStall(plan: Plan): Promise<Group> {
  const load = { ...LOAD, commands: plan.stallKeys, keys: KEY_SPACE };
  const directives = { "slowlog-log-slower-than": SLOW_US, "slowlog-max-len": 100 };
  const notes: string[] = [];
  const longestPings: number[] = [];

  async function measure(server: ServerProcess): Promise<Load> {
    const running = runLoad({ ...load, port: portOf(server) });
    const waits = await pingDuring(server, running);
    longestPings.push(waits[waits.length - 1]);
    notes.push(
      `${server.name}: ${describeWaits(waits)}`,
      `${server.name}: ${await slowestCommand(server)}`,
    );
    const pause = longestCollectionMs(server.log);
    if (pause > 0) notes.push(`${server.name}: longest garbage collection ${pause} ms`);
    return running;
  }

  // One after the other: ten million keys of both at once would ask for twice the memory.
  const loads: Load[] = [];
  {
    await using redis = await startRedis({ directives });
    loads.push(await measure(redis));
  }
  {
    await using keyrex = await startContender(tracingCommand(keyrexCommand()), directives);
    loads.push(await measure(keyrex));
  }

  const [redisLoad, keyrexLoad] = loads;
  const [redisPing, keyrexPing] = longestPings;
  const row = compare(`${thousands(plan.stallKeys)} new keys`, [redisLoad.maxMs], [
    keyrexLoad.maxMs,
  ]);
  return {
    title: "Longest wait while new keys come in",
    unit: "ms",
    commandLines: [`redis-benchmark ${loadArguments({ ...load, port: 6379 }).join(" ")}`],
    rows: [
      { ...row, redisLoad, keyrexLoad },
      compare("PING of another client meanwhile", [redisPing], [keyrexPing]),
    ],
    notes,
  };
}

/** How long the client that only asks waits between two questions, in ms. */
const PING_EVERY_MS = 1;

/** Asks again and again until `load` has ended; gives all waits in ms, the longest last. */
async function pingDuring(server: ServerProcess, load: Promise<unknown>): Promise<number[]> {
  using client = await server.connect();
  const waits: number[] = [];
  let isOver = false;
  load.finally(() => isOver = true).catch(() => {});
  do {
    const sentMs = performance.now();
    await client.command("PING");
    waits.push(performance.now() - sentMs);
    await new Promise((resolve) => setTimeout(resolve, PING_EVERY_MS));
  } while (!isOver);
  return waits.sort((a, b) => a - b);
}

function describeWaits(waits: readonly number[]): string {
  const at = (share: number) => waits[Math.floor(share * (waits.length - 1))].toFixed(1);
  const long = waits.filter((ms) => ms > 10).length;
  return `${waits.length} PINGs, half within ${at(0.5)} ms, 99.9 % within ${at(0.999)} ms, ` +
    `${long} above 10 ms`;
}

/** What SLOWLOG says: the longest time inside a command, as opposed to between commands. */
async function slowestCommand(server: ServerProcess): Promise<string> {
  using client = await server.connect();
  const entries = await client.command("SLOWLOG", "GET", "-1");
  if (!Array.isArray(entries) || entries.length === 0) {
    return `no single command took ${SLOW_US / 1000} ms`;
  }
  const slowestUs = Math.max(...entries.map((entry) => Number((entry as unknown[])[2])));
  return `slowest single command ${slowestUs / 1000} ms`;
}

const TRACE = "--trace-gc";

/** Makes V8 tell of its collections in the server's log, where the server is run by Deno. */
export function tracingCommand(command: readonly string[]): string[] {
  if (command[0] !== "deno") return [...command];
  const flags = command.findIndex((word) => word.startsWith("--v8-flags="));
  if (flags < 0) return [...command.slice(0, 2), `--v8-flags=${TRACE}`, ...command.slice(2)];
  return command.with(flags, `${command[flags]},${TRACE}`);
}

/** The longest pause among the lines that V8 logs for its collections, in ms; 0 when there are none. */
export function longestCollectionMs(log: string): number {
  let longest = 0;
  for (
    const [, ms] of log.matchAll(/(?:Scavenge|Mark-Compact).*? MB, (?:pooled: .*?, )?([\d.]+) \//g)
  ) {
    longest = Math.max(longest, Number(ms));
  }
  return longest;
}
