/** The two servers of a run, started alike, measured in turns. */
import { processorMs, readProcessCost } from "../support/process_cost.ts";
import { type Directives, type ServerProcess, startServer } from "../support/processes.ts";
import { concatBytes, encodeCommand, type RespClient } from "../support/resp_client.ts";
import { keyrexCommand, startRedis, transportDirective } from "../support/servers.ts";
import { type LoadRequest, runLoad } from "./redis_benchmark.ts";
import { compare, type Load, medianLoad, type Row } from "./result.ts";

export class Contenders implements AsyncDisposable {
  constructor(readonly redis: ServerProcess, readonly keyrex: ServerProcess) {}

  /** Starts both with the same directives, without persistence. */
  static async start(directives: Directives = {}): Promise<Contenders> {
    const redis = await startRedis({ directives });
    try {
      return new Contenders(redis, await startContender(keyrexCommand(), directives));
    } catch (error) {
      await redis.stop();
      throw error;
    }
  }

  /** The servers in the order in which they take turns. */
  get both(): [ServerProcess, ServerProcess] {
    return [this.redis, this.keyrex];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.redis.stop(), this.keyrex.stop()]);
  }
}

/** Starts the server that is compared, by a command line of its own. */
export function startContender(
  command: readonly string[],
  directives: Directives,
): Promise<ServerProcess> {
  return startServer({
    command,
    directives: { ...transportDirective(), ...directives },
    name: "keyrex",
  });
}

/** The TCP port that a server listens on. */
export function portOf(server: ServerProcess): number {
  if (!("port" in server.address)) throw new TypeError(`${server.name} listens on no TCP port`);
  return server.address.port;
}

/** A measurement's load, without the port: both servers get the same. */
export type SharedLoad = Omit<LoadRequest, "port">;

/** What a load has cost a server, and what redis-benchmark saw of it. */
export interface CostedLoad {
  /** Processor time in µs per command, all threads, user and system. */
  costUs: number;
  load: Load;
}

/** Puts a load on one server. */
export async function measureCost(server: ServerProcess, load: SharedLoad): Promise<CostedLoad> {
  const before = await readProcessCost(server.pid);
  const seen = await runLoad({ ...load, port: portOf(server) });
  const after = await readProcessCost(server.pid);
  if (before === null || after === null) {
    throw new Error("Cannot read processor times: there is no /proc");
  }
  return { costUs: processorMs(before, after) * 1000 / load.commands, load: seen };
}

/**
 * Has both servers run some of what will be measured: what V8 has not seen often it has not compiled,
 * and memory that nobody has touched is not there.
 */
export async function warmUp(contenders: Contenders, load: SharedLoad): Promise<void> {
  for (const server of contenders.both) await runLoad({ ...load, port: portOf(server) });
}

/**
 * Puts the same load on both servers in turns and compares the processor time it costs them.
 *
 * @returns Figures in µs of processor time per command, and what redis-benchmark saw.
 */
export async function compareCost(
  contenders: Contenders,
  name: string,
  load: SharedLoad,
  repetitions: number,
): Promise<Row> {
  const redis: CostedLoad[] = [];
  const keyrex: CostedLoad[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    redis.push(await measureCost(contenders.redis, load));
    keyrex.push(await measureCost(contenders.keyrex, load));
  }
  return {
    ...compare(name, redis.map(({ costUs }) => costUs), keyrex.map(({ costUs }) => costUs)),
    redisLoad: medianLoad(redis.map(({ load }) => load)),
    keyrexLoad: medianLoad(keyrex.map(({ load }) => load)),
  };
}

/** The i-th key of redis-benchmark: 16 bytes. */
export function keyAt(index: number): string {
  return `key:${String(index).padStart(12, "0")}`;
}

/** Commands sent before their replies are read. */
const FILL_BATCH = 10_000;

/** Sets the keys 0 to `keys - 1` of redis-benchmark, so that each GET finds one. */
export async function fill(client: RespClient, keys: number, valueBytes: number): Promise<void> {
  const value = "x".repeat(valueBytes);
  for (let start = 0; start < keys; start += FILL_BATCH) {
    const count = Math.min(FILL_BATCH, keys - start);
    const batch = Array.from({ length: count }, (_, i) => ["SET", keyAt(start + i), value]);
    const sent = client.sendBytes(concatBytes(batch.map(encodeCommand)));
    for (let i = 0; i < count; i++) await client.readReplyBytes();
    await sent;
  }
}
