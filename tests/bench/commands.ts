/** Part "commands": redis-benchmark's other default tests, without pipelining and with it. */
import { compareCost, Contenders, warmUp } from "./contenders.ts";
import { runRequests } from "./load.ts";
import { RequestBuffer } from "./requests.ts";
import type { Plan } from "./plan.ts";
import type { Group } from "./result.ts";
import type { ServerProcess } from "../support/processes.ts";

/** How often each is measured, at most: there are many. */
const REPETITIONS_MAX = 2;

/** Fewer commands take less than the millisecond in which redis-benchmark counts. */
const COMMANDS_MIN = 2000;

/** Elements that one command of a fill adds. */
const FILL_BATCH = 500;

/** One of redis-benchmark's tests. */
interface SuiteTest {
  /** Its name as `-t` takes it. */
  readonly test: string;
  /** What it sends, where `-t` would first send something else in order to prepare. */
  readonly command?: readonly string[];
  /** Adds elements for the test to find; without it, the tests before have left enough. */
  readonly fill?: (element: number) => readonly string[];
  readonly fillCommand?: readonly string[];
  /** How much dearer the command is than most: so many times fewer are sent. */
  readonly weight?: number;
}

/** An element of the list, set or sorted set as redis-benchmark spells them. */
function element(i: number): string {
  return `element:${String(i).padStart(12, "0")}`;
}

function lrange(count: number): SuiteTest {
  return {
    test: `lrange_${count}`,
    command: ["LRANGE", "list", "0", String(count - 1)],
    fillCommand: ["RPUSH", "list"],
    fill: (i) => [element(i)],
    weight: count / 20,
  };
}

/** All default tests besides SET and GET, in redis-benchmark's order, but that pops follow pushes. */
const TESTS: readonly SuiteTest[] = [
  { test: "ping_inline" },
  { test: "ping_mbulk" },
  { test: "incr" },
  { test: "lpush" },
  { test: "rpush" },
  { test: "lpop" },
  { test: "rpop" },
  { test: "sadd" },
  { test: "hset" },
  { test: "spop", fillCommand: ["SADD", "myset"], fill: (i) => [element(i)] },
  { test: "zadd" },
  { test: "zpopmin", fillCommand: ["ZADD", "myzset"], fill: (i) => [String(i % 1000), element(i)] },
  lrange(100),
  lrange(300),
  lrange(500),
  lrange(600),
  { test: "mset", weight: 4 },
];

/** Compares them at the first two depths of pipelining. */
export async function benchCommands(plan: Plan): Promise<Group> {
  await using contenders = await Contenders.start();
  const keys = plan.keyCounts[0];
  const valueBytes = plan.valueSizes[0];
  const shared = { clients: plan.clients, keys, valueBytes };
  const group: Group = {
    title: "The other default tests of redis-benchmark",
    unit: "µs/command",
    commandLines: [
      `redis-benchmark -t TEST -c ${plan.clients} -P PIPELINE -r ${keys} -d ${valueBytes} ` +
      "-n COMMANDS",
    ],
    rows: [],
    notes: [],
  };
  const pipelines = plan.pipelines.slice(0, 2);
  const repetitions = Math.min(plan.repetitions, REPETITIONS_MAX);
  for (const { test, command, fill, fillCommand, weight = 1 } of TESTS) {
    const load = { ...shared, test, command };
    const weighed = (commands: number) => Math.max(COMMANDS_MIN, Math.ceil(commands / weight));
    const commandsAt = (pipeline: number) => weighed(plan.commandsAt(pipeline) / 2);
    if (fill !== undefined && fillCommand !== undefined) {
      const runs = pipelines.reduce((sum, depth) => sum + commandsAt(depth), 0) * repetitions;
      const elements = plan.warmUpCommands + (command === undefined ? runs : 0);
      for (const server of contenders.both) {
        await addElements(server, plan, fillCommand, fill, elements);
      }
    }
    const commands = weighed(plan.warmUpCommands / 2);
    await warmUp(contenders, { ...load, commands, pipeline: pipelines[pipelines.length - 1] });
    for (const pipeline of pipelines) {
      const name = `${test.toUpperCase()}, pipeline ${pipeline}`;
      const request = { ...load, commands: commandsAt(pipeline), pipeline };
      group.rows.push(await compareCost(contenders, name, request, repetitions));
    }
  }
  return group;
}

/** Adds elements to one collection, many by each command. */
async function addElements(
  server: ServerProcess,
  plan: Plan,
  command: readonly string[],
  words: (element: number) => readonly string[],
  elements: number,
): Promise<void> {
  const requests = new RequestBuffer(1);
  for (let start = 0; start < elements; start += FILL_BATCH) {
    const count = Math.min(FILL_BATCH, elements - start);
    requests.add([...command, ...Array.from({ length: count }, (_, i) => words(start + i)).flat()]);
  }
  await runRequests(server, requests, plan.clients);
}
