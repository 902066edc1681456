/** Part "sockets": SET and GET over TCP, at each size; part "commands": redis-benchmark's other tests. */
import { compareCost, Contenders, fill } from "./contenders.ts";
import type { Plan } from "./plan.ts";
import type { Group } from "./result.ts";

const UNIT = "µs/command";

/** Compares SET and GET at every number of keys, length of values and depth of pipelining. */
export async function benchSockets(plan: Plan): Promise<Group> {
  const group: Group = {
    title: "SET and GET over sockets",
    unit: UNIT,
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
      for (const pipeline of plan.pipelines) {
        for (const test of ["set", "get"]) {
          const name = `${test.toUpperCase()}, ${thousands(keys)} keys, ${valueBytes} B, ` +
            `pipeline ${pipeline}`;
          const commands = plan.commandsAt(pipeline);
          const load = { test, commands, clients: plan.clients, pipeline, keys, valueBytes };
          group.rows.push(await compareCost(contenders, name, load, plan.repetitions));
        }
      }
    }
  }
  return group;
}

/** The default tests of redis-benchmark besides SET and GET, with the command that each one needs. */
const OTHER_TESTS = [
  ["ping_inline", "PING"],
  ["ping_mbulk", "PING"],
  ["incr", "INCR"],
  ["mset", "MSET"],
  ["lpush", "LPUSH"],
  ["rpush", "RPUSH"],
  ["lpop", "LPOP"],
  ["rpop", "RPOP"],
  ["sadd", "SADD"],
  ["hset", "HSET"],
  ["spop", "SPOP"],
  ["zadd", "ZADD"],
  ["zpopmin", "ZPOPMIN"],
  ["lrange_100", "LRANGE"],
];

/** Compares the other default tests of redis-benchmark, as far as Keyrex knows their commands. */
export async function benchCommands(plan: Plan): Promise<Group> {
  await using contenders = await Contenders.start();
  using client = await contenders.keyrex.connect();
  const keys = plan.keyCounts[0];
  const valueBytes = plan.valueSizes[0];
  const group: Group = {
    title: "Other tests of redis-benchmark",
    unit: UNIT,
    commandLines: [
      `redis-benchmark -t TEST -c ${plan.clients} -P PIPELINE -r ${keys} -d ${valueBytes} ` +
      "-n COMMANDS",
    ],
    rows: [],
    notes: [],
  };
  const unknown: string[] = [];
  for (const [test, commandName] of OTHER_TESTS) {
    const info = await client.command("COMMAND", "INFO", commandName);
    if (Array.isArray(info) && info[0] === null) {
      unknown.push(test);
      continue;
    }
    for (const pipeline of plan.pipelines.slice(0, 2)) {
      const name = `${test.toUpperCase()}, pipeline ${pipeline}`;
      const commands = plan.commandsAt(pipeline) / 2;
      const load = { test, commands, clients: plan.clients, pipeline, keys, valueBytes };
      group.rows.push(await compareCost(contenders, name, load, 1));
    }
  }
  if (unknown.length > 0) group.notes.push(`Keyrex does not know yet: ${unknown.join(", ")}`);
  return group;
}

/** 100000 as "100 k", 1000000 as "1 M". */
export function thousands(count: number): string {
  if (count >= 1_000_000) return `${count / 1_000_000} M`;
  return count >= 1000 ? `${count / 1000} k` : String(count);
}
