/**
 * Part "maxmemory": how much memory the process really takes, by the kernel's count, while more is
 * written than `maxmemory` allows: values of random sizes, then of sizes that change all the time,
 * which is the hardest for an allocator.
 */
import { readProcessCost } from "../support/process_cost.ts";
import type { ServerProcess } from "../support/processes.ts";
import { freshSeed, Random } from "../support/random.ts";
import { concatBytes, encodeCommand } from "../support/resp_client.ts";
import { Contenders } from "./contenders.ts";
import type { Plan } from "./plan.ts";
import { compare, type Group } from "./result.ts";

/** Commands sent at once. */
const BATCH = 200;
const KEYS = 10_000_000;
const LOOK_EVERY_MS = 100;

/** Two ways of choosing the length of the next value; `share` is how much of the time has passed. */
const SIZES = {
  "random sizes": (random: Random) => Math.floor(10 * 1000 ** (random.next() / 2 ** 32)),
  "shifting sizes": (random: Random, share: number) =>
    random.between(1, 100) + 150 * Math.floor(share * 20),
};

/** What one server did under one kind of load. */
interface Growth {
  /** Resident memory above that of the empty server, in per cent of maxmemory: the most, the mean. */
  readonly peak: number;
  readonly mean: number;
  /** What the server itself counts at the end, likewise. */
  readonly used: number;
  readonly writesPerSecond: number;
}

export async function benchMaxmemory(plan: Plan): Promise<Group> {
  const seed = freshSeed();
  const rows: Group["rows"] = [];
  const notes = [`seed ${seed}`];
  for (const [name, sizeOf] of Object.entries(SIZES)) {
    const directives = { maxmemory: plan.maxmemoryBytes, "maxmemory-policy": "allkeys-lru" };
    await using contenders = await Contenders.start(directives);
    const [redis, keyrex] = [
      await measure(contenders.redis, plan, new Random(seed), sizeOf),
      await measure(contenders.keyrex, plan, new Random(seed), sizeOf),
    ];
    rows.push(compare(`${name}, the most`, [redis.peak], [keyrex.peak]));
    rows.push(compare(`${name}, on average`, [redis.mean], [keyrex.mean]));
    rows.push(compare(`${name}, counted at the end`, [redis.used], [keyrex.used]));
    notes.push(
      `${name}: ${redis.writesPerSecond.toFixed(0)} / ${keyrex.writesPerSecond.toFixed(0)} ` +
        "writes a second by one client",
    );
  }
  const mebibytes = plan.maxmemoryBytes / 2 ** 20;
  return {
    title: `Growth of resident memory, maxmemory ${mebibytes} MiB, allkeys-lru`,
    unit: "% of maxmemory",
    commandLines: [`SET key:N VALUE, ${BATCH} at a time, for ${plan.maxmemoryMs / 1000} s`],
    rows,
    notes,
  };
}

async function measure(
  server: ServerProcess,
  plan: Plan,
  random: Random,
  sizeOf: (random: Random, share: number) => number,
): Promise<Growth> {
  using client = await server.connect();
  const emptyBytes = await residentBytes(server);
  const value = new Uint8Array(16_384).fill(0x76);
  const startMs = performance.now();
  let looks = 0;
  let sum = 0;
  let peak = 0;
  let writes = 0;
  for (let share = 0; share < 1;) {
    const commands = Array.from(
      { length: BATCH },
      () =>
        encodeCommand([
          "SET",
          `key:${random.below(KEYS)}`,
          value.subarray(0, sizeOf(random, share)),
        ]),
    );
    const sent = client.sendBytes(concatBytes(commands));
    for (let i = 0; i < BATCH; i++) await client.readReplyBytes();
    await sent;
    writes += BATCH;
    const passedMs = performance.now() - startMs;
    share = passedMs / plan.maxmemoryMs;
    if (passedMs < (looks + 1) * LOOK_EVERY_MS) continue;
    const grown = await residentBytes(server) - emptyBytes;
    looks++;
    // The first third only fills the memory.
    if (share > 1 / 3) sum += grown;
    peak = Math.max(peak, grown);
  }
  const info = String(await client.command("INFO", "memory"));
  const percent = (bytes: number) => bytes * 100 / plan.maxmemoryBytes;
  return {
    peak: percent(peak),
    mean: percent(sum / Math.max(1, looks * 2 / 3)),
    used: percent(Number(/^used_memory:(\d+)/m.exec(info)?.[1])),
    writesPerSecond: writes * 1000 / (performance.now() - startMs),
  };
}

async function residentBytes(server: ServerProcess): Promise<number> {
  return (await readProcessCost(server.pid))?.residentBytes ?? NaN;
}
