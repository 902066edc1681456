/** A benchmark run: the parts in order, the results together. */
import { keyrexCommand } from "../support/servers.ts";
import { benchCollections } from "./collections.ts";
import { benchCommands } from "./commands.ts";
import { benchEngine } from "./engine.ts";
import { benchExpiry } from "./expiry.ts";
import { describeMachine } from "./machine.ts";
import { benchMemory } from "./memory.ts";
import { benchMaxmemory } from "./maxmemory.ts";
import type { Part, Plan } from "./plan.ts";
import type { BenchResult, Group } from "./result.ts";
import { benchSockets } from "./sockets.ts";
import { benchStall } from "./stall.ts";

const BENCHES: Record<Part, (plan: Plan) => Promise<Group | Group[]>> = {
  engine: benchEngine,
  sockets: benchSockets,
  commands: benchCommands,
  collections: benchCollections,
  memory: benchMemory,
  maxmemory: benchMaxmemory,
  expiry: benchExpiry,
  stall: benchStall,
};

/** What both servers are started with besides; see the harness of the tests. */
const COMMON = '--bind 127.0.0.1 --port PORT --save "" --appendonly no --dir TEMPORARY';

/**
 * Measures.
 *
 * @param parts What to measure, in this order.
 * @param onPart Told of each part before it begins.
 */
export async function runBench(
  plan: Plan,
  parts: readonly Part[],
  onPart: (part: Part) => void = () => {},
): Promise<BenchResult> {
  const result: BenchResult = {
    startedAt: new Date().toISOString(),
    machine: await describeMachine(),
    servers: {
      redis: `redis-server ${COMMON}`,
      keyrex: `${keyrexCommand().map((word) => word.split("/").at(-1)).join(" ")} ${COMMON}`,
    },
    groups: [],
  };
  for (const part of parts) {
    onPart(part);
    result.groups.push(...[await BENCHES[part](plan)].flat());
  }
  return result;
}
