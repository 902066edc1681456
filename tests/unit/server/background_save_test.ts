/** BGSAVE and save points, seen from outside: replies, INFO, the log, and the files. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { EmbeddedServer } from "../../support/embedded_server.ts";
import { openDump, settle } from "../persistence/snapshot/support.ts";

const RUNNING = "-ERR Background save already in progress\r\n";

/** Lets time pass, and the disk do its work. */
async function pass(server: EmbeddedServer, ms = 20): Promise<void> {
  for (let i = 0; i < ms; i++) {
    server.clock.advance(1);
    await settle();
  }
}

function info(server: EmbeddedServer, field: string): string {
  const text = server.connect().send("info persistence");
  return new RegExp(`^${field}:(.*)\r$`, "m").exec(text)?.[1] ?? "missing";
}

function serverWith(keys: number, settings: Record<string, unknown> = {}): EmbeddedServer {
  const server = new EmbeddedServer({
    settings: { save: [], enableDebugCommand: "yes", ...settings },
  });
  if (keys > 0) server.connect().send(`debug populate ${keys}`);
  return server;
}

Deno.test("BGSAVE saves what there was when it was sent", async () => {
  const server = serverWith(100, { rdbKeySaveDelay: 1 });
  const client = server.connect();
  client.send("set k before");
  assertEquals(client.send("bgsave"), "+Background saving started\r\n");
  client.send("set k after");
  assertEquals(client.send("bgsave"), RUNNING);
  assertEquals(client.send("bgsave schedule"), RUNNING);
  assertEquals(client.send("save"), RUNNING);
  assertEquals(info(server, "rdb_bgsave_in_progress"), "1");
  assertEquals(info(server, "current_save_keys_total"), "101");
  await pass(server, 100);
  assertEquals(info(server, "rdb_bgsave_in_progress"), "0");
  assertEquals(info(server, "rdb_last_bgsave_status"), "ok");
  assertEquals(info(server, "rdb_saves"), "1");
  assertEquals(info(server, "rdb_changes_since_last_save"), "1");
  assert(Number(info(server, "rdb_last_cow_size")) > 0);
  const { out } = server.platform.process;
  for (
    const line of [
      "Background saving started by pid 12345",
      "DB saved on disk",
      "Background saving terminated with success",
    ]
  ) assertStringIncludes(out, line);
  assertEquals(openDump(server, "/dump.rdb").send("get k"), "$6\r\nbefore\r\n");
  assertEquals(server.platform.files.listSync("/").filter((name) => /^temp/.test(name)), []);
});

Deno.test("BGSAVE in EXEC is scheduled, for the transaction is not over", async () => {
  const server = serverWith(3);
  const client = server.connect();
  client.send("multi");
  client.send("bgsave");
  client.send("set k v");
  assertEquals(client.send("exec"), "*2\r\n+Background saving scheduled\r\n+OK\r\n");
  await pass(server, 300);
  assertEquals(openDump(server, "/dump.rdb").send("get k"), "$1\r\nv\r\n");
});

Deno.test("A save point saves when enough has changed for long enough", async () => {
  const server = serverWith(0, { save: [{ seconds: 60, changes: 2 }] });
  const client = server.connect();
  client.send("set k v");
  server.clock.advance(70_000);
  await pass(server);
  assertEquals(info(server, "rdb_saves"), "0");
  client.send("set k w");
  server.clock.advance(200);
  await pass(server);
  assertEquals(info(server, "rdb_saves"), "1");
  assertEquals(info(server, "rdb_changes_since_last_save"), "0");
  assertStringIncludes(server.platform.process.out, "2 changes in 60 seconds. Saving...");
});

Deno.test("Writes are refused after a save that failed, until one succeeds", async () => {
  const server = serverWith(3, { dir: "/missing", save: [{ seconds: 900, changes: 1 }] });
  const client = server.connect();
  assertEquals(client.send("bgsave"), "+Background saving started\r\n");
  await pass(server);
  assertEquals(info(server, "rdb_last_bgsave_status"), "err");
  assertStringIncludes(server.platform.process.out, "Background saving error");
  const refusal = client.send("set k v");
  assertStringIncludes(refusal, "-MISCONF Redis is configured to save RDB snapshots");
  assertEquals(client.send("ping"), refusal);
  assertEquals(client.send("get k"), "$-1\r\n");
  client.send("config set stop-writes-on-bgsave-error no");
  assertEquals(client.send("set k v"), "+OK\r\n");
  client.send("config set stop-writes-on-bgsave-error yes");
  assertEquals(client.send("set k v"), refusal);
  server.platform.files.makeDirectorySync("/missing");
  client.send("bgsave");
  await pass(server);
  assertEquals(client.send("set k v"), "+OK\r\n");
});

Deno.test("After a failure the save points wait five seconds before they try again", async () => {
  const server = serverWith(0, { dir: "/missing", save: [{ seconds: 1, changes: 1 }] });
  const client = server.connect();
  client.send("set k v");
  const attempts = () => server.platform.process.out.split("Background saving started").length - 1;
  server.clock.advance(2200);
  await pass(server);
  assertEquals(attempts(), 1);
  server.clock.advance(4500);
  await pass(server);
  assertEquals(attempts(), 1);
  server.clock.advance(1000);
  await pass(server);
  assertEquals(attempts(), 2);
});

Deno.test("FLUSHALL stops a save, and empties the dump where there are save points", async () => {
  const server = serverWith(100, { rdbKeySaveDelay: 1000, save: [{ seconds: 900, changes: 1 }] });
  const client = server.connect();
  client.send("save");
  client.send("bgsave");
  await pass(server, 5);
  client.send("flushall");
  assertEquals(info(server, "rdb_bgsave_in_progress"), "0");
  await pass(server, 5);
  assertEquals(openDump(server, "/dump.rdb").send("dbsize"), ":0\r\n");
  assertEquals(info(server, "rdb_changes_since_last_save"), "0");
});

Deno.test("Memory of a table that was flushed during a save is given back after it", async () => {
  const server = serverWith(0, { rdbKeySaveDelay: 1 });
  const { slabs } = server.server.keyspace;
  const before = slabs.usedBytes;
  const client = server.connect();
  client.send("debug populate 200");
  const digest = client.send("debug digest");
  client.send("bgsave");
  client.send("flushdb");
  client.send("debug populate 10 other");
  await pass(server, 400);
  assertEquals(openDump(server, "/dump.rdb").send("debug digest"), digest);
  client.send("flushdb");
  await pass(server, 200);
  assertEquals(slabs.usedBytes, before);
});

Deno.test("The end of the server gives a save up, and leaves nothing of it behind", async () => {
  const server = serverWith(100, { rdbKeySaveDelay: 1000 });
  server.connect().send("bgsave");
  await pass(server, 5);
  server.server.stop();
  await settle();
  assertEquals(server.platform.files.listSync("/"), []);
  assertEquals(server.server.activeSnapshot, null);
});
