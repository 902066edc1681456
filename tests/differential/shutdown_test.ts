/** How a server ends: what clients see of it, and with which code the process exits. */
import { assertEquals } from "@std/assert";
import type { ServerProcess } from "../support/processes.ts";
import { oracleTest, startKeyrex, startRedis } from "../support/servers.ts";

const WAYS = ["SHUTDOWN", "SHUTDOWN NOSAVE", "SHUTDOWN NOW FORCE", "SIGTERM", "SIGINT"] as const;

/** Ends a server in one of the ways; returns what its client got, and the exit code. */
async function endOf(server: ServerProcess, way: typeof WAYS[number]): Promise<[string, number]> {
  await using ending = server;
  using client = await ending.connect();
  using bystander = await ending.connect();
  await bystander.command("PING");
  if (way === "SIGTERM" || way === "SIGINT") ending.signal(way);
  else await client.send(...way.split(" "));
  const ends = await Promise.all([client.readReplyBytes(), bystander.readReplyBytes()]);
  const { code } = await ending.exited;
  return [ends.map((bytes) => bytes === null ? "closed" : "answered").join(", "), code];
}

for (const way of WAYS) {
  oracleTest(`${way} ends Keyrex as it ends redis-server`, async () => {
    const [real, ours] = await Promise.all([startRedis(), startKeyrex()]);
    const ends = await Promise.all([endOf(real, way), endOf(ours, way)]);
    assertEquals(ends[1], ends[0]);
    assertEquals(ends[1], ["closed, closed", 0]);
  });
}
