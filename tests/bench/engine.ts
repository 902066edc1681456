/**
 * Part "engine": Keyrex without sockets, from request bytes to reply bytes through the real parser,
 * dispatch and handlers, beside redis-server over sockets at the deepest pipelining, where sockets
 * cost it least.
 */
import { keyrexCommand, startRedis } from "../support/servers.ts";
import { fill, measureCost } from "./contenders.ts";
import type { EngineFigures, EngineRequest } from "./engine_loop.ts";
import type { Plan } from "./plan.ts";
import { compare, type Group } from "./result.ts";
import { thousands } from "./sockets.ts";

const VALUE_BYTES = 16;

/** Compares SET and GET; the notes tell what inserting costs, and the longest turn. */
export async function benchEngine(plan: Plan): Promise<Group> {
  const keys = plan.manyKeys;
  const pipeline = plan.pipelines[plan.pipelines.length - 1];
  const commands = plan.commandsAt(pipeline);
  const repetitions = plan.repetitions;

  const redisUs = { set: [] as number[], get: [] as number[] };
  {
    await using redis = await startRedis();
    using client = await redis.connect();
    await fill(client, keys, VALUE_BYTES);
    const load = { commands, clients: plan.clients, pipeline, keys, valueBytes: VALUE_BYTES };
    for (let repetition = 0; repetition < repetitions; repetition++) {
      for (const test of ["set", "get"] as const) {
        redisUs[test].push((await measureCost(redis, { ...load, test })).costUs);
      }
    }
  }

  const figures = await runEngine({
    keys,
    commands: Math.min(commands, keys),
    pipeline,
    repetitions,
    valueBytes: VALUE_BYTES,
  });
  const size = `${thousands(keys)} keys, ${VALUE_BYTES} B`;
  return {
    title: `Keyrex without sockets, redis-server at pipeline ${pipeline}`,
    unit: "µs/command",
    commandLines: [
      `redis-benchmark -t set|get -c ${plan.clients} -P ${pipeline} -r ${keys} -d ${VALUE_BYTES} ` +
      `-n ${commands}`,
    ],
    rows: [
      compare(`SET, ${size}`, redisUs.set, figures.setUs),
      compare(`GET, ${size}`, redisUs.get, figures.getUs),
    ],
    notes: [
      `Keyrex: ${figures.insertUs.toFixed(3)} µs for each SET of a new key`,
      `Keyrex: longest turn of ${pipeline} commands ${figures.longestTurnMs.toFixed(2)} ms`,
      `Keyrex: ${figures.replyBytes} bytes of replies`,
    ],
  };
}

/** Runs the engine in a process of its own, so that nothing else is in its heap and its figures. */
async function runEngine(request: EngineRequest): Promise<EngineFigures> {
  const v8Flags = keyrexCommand().filter((word) => word.startsWith("--v8-flags="));
  const script = new URL("engine_process.ts", import.meta.url).pathname;
  const { success, stdout, stderr } = await new Deno.Command("deno", {
    args: ["run", "--no-prompt", ...v8Flags, script, JSON.stringify(request)],
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`Cannot run the engine alone:\n${decoder.decode(stderr)}`);
  return JSON.parse(decoder.decode(stdout));
}
