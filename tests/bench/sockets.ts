/** Part "sockets": SET and GET over TCP, at each size and each depth of pipelining. */
import { compareCost, Contenders, fill, warmUp } from "./contenders.ts";
import type { Plan } from "./plan.ts";
import type { Group } from "./result.ts";

const TESTS = ["set", "get"];

/** A depth at which every server soon has run what it is going to run. */
const WARM_UP_PIPELINE = 16;

/** Compares SET and GET at every number of keys, length of values and depth of pipelining. */
export async function benchSockets(plan: Plan): Promise<Group> {
  const group: Group = {
    title: "SET and GET over sockets",
    unit: "µs/command",
    commandLines: [
      `redis-benchmark -t set|get -c ${plan.clients} -P PIPELINE -r KEYS -d BYTES -n COMMANDS`,
    ],
    rows: [],
    notes: [],
  };
  for (const keys of plan.keyCounts) {
    for (const valueBytes of plan.valueSizes) {
      await using contenders = await Contenders.start();
      for (const server of contenders.both) {
        using client = await server.connect();
        await fill(client, keys, valueBytes);
      }
      const shared = { clients: plan.clients, keys, valueBytes };
      for (const test of TESTS) {
        const load = { ...shared, test, commands: plan.warmUpCommands, pipeline: WARM_UP_PIPELINE };
        await warmUp(contenders, load);
      }
      for (const pipeline of plan.pipelines) {
        for (const test of TESTS) {
          const name = `${test.toUpperCase()}, ${thousands(keys)} keys, ${valueBytes} B, ` +
            `pipeline ${pipeline}`;
          const commands = plan.commandsAt(pipeline);
          const load = { ...shared, test, commands, pipeline };
          group.rows.push(await compareCost(contenders, name, load, plan.repetitions));
        }
      }
    }
  }
  return group;
}

/** 100000 as "100 k", 1000000 as "1 M". */
export function thousands(count: number): string {
  if (count >= 1_000_000) return `${count / 1_000_000} M`;
  return count >= 1000 ? `${count / 1000} k` : String(count);
}
