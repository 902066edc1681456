/** INFO's sections and fields: what redis-server tells, Keyrex tells too, unless it has no meaning. */
import { assertEquals } from "@std/assert";
import type { ServerProcess } from "../support/processes.ts";
import { oracleTest } from "../support/servers.ts";
import { Pair } from "./pair.ts";

/** Fields of redis-server that Keyrex leaves out, by the reason. */
const WITHOUT_MEANING: Readonly<Record<string, readonly string[]>> = {
  "They describe a program written in C.": [
    "Server/monotonic_clock",
    "Server/atomicvar_api",
    "Server/gcc_version",
  ],
  "There are no modules.": [
    "Persistence/module_fork_in_progress",
    "Persistence/module_fork_last_cow_size",
  ],
  "There are no threads for input and output, and what threads the runtime has it does not tell apart.":
    [
      "Stats/io_threaded_reads_processed",
      "Stats/io_threaded_writes_processed",
      "CPU/used_cpu_sys_main_thread",
      "CPU/used_cpu_user_main_thread",
    ],
  "There is no MIGRATE, and there are no replicas that could be written to.": [
    "Stats/migrate_cached_sockets",
    "Stats/slave_expires_tracked_keys",
  ],
  "Compaction counts blocks, and runs in passes that it has decided on once.": [
    "Stats/active_defrag_key_hits",
    "Stats/active_defrag_key_misses",
    "Stats/current_active_defrag_time",
  ],
  "Clients take chunks from a pool for their replies, and have no buffers of their own.": [
    "Stats/reply_buffer_shrinks",
    "Stats/reply_buffer_expands",
  ],
};

/** `section/field` of everything that INFO tells. */
async function infoFields(server: ServerProcess): Promise<string[]> {
  using client = await server.connect();
  await client.pipeline([["SET", "k", "v"], ["NOSUCH"]]);
  const info = String(await client.command("INFO", "everything"));
  const fields: string[] = [];
  let section = "";
  for (const line of info.split("\r\n")) {
    if (line.startsWith("# ")) section = line.slice(2);
    else if (line.includes(":")) fields.push(`${section}/${line.split(":", 1)[0]}`);
  }
  return fields;
}

oracleTest("INFO has every field of redis-server's that means something here", async () => {
  await using pair = await Pair.start();
  const [real, ours] = await Promise.all(pair.servers.map(infoFields));
  const excused = new Set(Object.values(WITHOUT_MEANING).flat());
  const idle = [...excused].filter((field) => ours.includes(field) || !real.includes(field));
  assertEquals(idle, [], "these need no excuse any more");
  const missing = real.filter((field) => !ours.includes(field) && !excused.has(field));
  assertEquals(missing, []);
});
