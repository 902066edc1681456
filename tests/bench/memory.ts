/** Part "memory": what a million small keys take, by the server's own count and by the kernel's. */
import { readProcessCost } from "../support/process_cost.ts";
import type { ServerProcess } from "../support/processes.ts";
import type { RespClient } from "../support/resp_client.ts";
import { Contenders, fill } from "./contenders.ts";
import type { Plan } from "./plan.ts";
import { compare, type Group } from "./result.ts";
import { thousands } from "./sockets.ts";

const VALUE_BYTES = 16;

/** Bytes in use: `used` as INFO says it, `resident` as the kernel does. */
interface Footprint {
  used: number;
  resident: number;
}

/** Compares the growth for each key; the notes say what an empty server takes. */
export async function benchMemory(plan: Plan): Promise<Group> {
  const keys = plan.manyKeys;
  const perKey: Footprint[] = [];
  const notes: string[] = [];
  await using contenders = await Contenders.start();
  for (const server of contenders.both) {
    using client = await server.connect();
    const before = await footprint(server, client);
    await fill(client, keys, VALUE_BYTES);
    const after = await footprint(server, client);
    perKey.push({
      used: (after.used - before.used) / keys,
      resident: (after.resident - before.resident) / keys,
    });
    notes.push(
      `${server.name}: resident ${mebibytes(before.resident)} empty, ` +
        `${mebibytes(after.resident)} filled`,
    );
  }
  const [redis, keyrex] = perKey;
  return {
    title: `Memory, ${thousands(keys)} keys of 16 B, values of ${VALUE_BYTES} B`,
    unit: "bytes/key",
    commandLines: [`SET key:000000000000 to key:${String(keys - 1).padStart(12, "0")}, pipelined`],
    rows: [
      compare("used, as INFO says", [redis.used], [keyrex.used]),
      compare("resident, as the kernel says", [redis.resident], [keyrex.resident]),
    ],
    notes,
  };
}

async function footprint(server: ServerProcess, client: RespClient): Promise<Footprint> {
  const info = String(await client.command("INFO", "memory"));
  const cost = await readProcessCost(server.pid);
  return {
    used: Number(/^used_memory:(\d+)/m.exec(info)?.[1]),
    resident: cost?.residentBytes ?? NaN,
  };
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
