import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { processorMs, readProcessCost } from "./process_cost.ts";
import { startServer } from "./processes.ts";
import { oracleTest, startRedis } from "./servers.ts";

oracleTest("A server is started on a free port, answers, and is gone when stopped", async () => {
  const server = await startRedis({ directives: { databases: 3 } });
  using client = await server.connect();
  assertEquals(await client.command("PING"), "PONG");
  assertEquals(await client.command("CONFIG", "GET", "databases"), ["databases", "3"]);
  assertStringIncludes(server.log, "Ready to accept connections");

  const before = await readProcessCost(server.pid);
  if (before !== null) {
    assert(before.residentBytes > 1 << 20);
    const after = await readProcessCost(server.pid);
    assert(after !== null && processorMs(before, after) >= 0);
  }
  await server.stop();
  assertEquals(server.running, false);
  await assertRejects(() => Deno.stat(server.directory), Deno.errors.NotFound);
});

oracleTest("A server is started on a unix socket", async () => {
  await using server = await startRedis({ transport: "unix" });
  using client = await server.connect();
  assertEquals(await client.command("PING"), "PONG");
});

oracleTest("A server that cannot start is reported with its log", async () => {
  await assertRejects(
    () => startRedis({ directives: { databases: "many" } }),
    Error,
    "argument couldn't be parsed into an integer",
  );
});

Deno.test("A program that is no server is stopped and reported", async () => {
  const command = ["deno", "eval", "setInterval(() => {}, 60_000)", "--"];
  await assertRejects(
    () => startServer({ command, name: "a mute program", startTimeoutMs: 100 }),
    Error,
    "Cannot start a mute program: no answer to PING in 100 ms",
  );
});
