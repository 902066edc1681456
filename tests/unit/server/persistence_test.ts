/** Saving and loading, seen from the server: what clients, log and files show. */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { writeAllSync } from "../../../src/platform/mod.ts";
import { EmbeddedServer } from "../../support/embedded_server.ts";
import { SimulatedExit } from "../../support/simulated_platform.ts";
import { bytes, dump, le, str } from "../persistence/rdb/builder.ts";

/** A server in whose directory a dump lies. */
function serverWithDump(content: Uint8Array): EmbeddedServer {
  const server = new EmbeddedServer();
  const file = server.platform.files.openSync("/dump.rdb", { write: true, create: true });
  writeAllSync(file, content);
  return server;
}

Deno.test("SAVE leaves a dump under its name, and nothing beside it", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.send("set k v");
  server.clock.advance(5000);
  assertEquals(client.send("save"), "+OK\r\n");
  const { files } = server.platform;
  assertEquals(files.statusSync("/dump.rdb")?.isFile, true);
  assertEquals(files.statusSync("/temp-12345.rdb"), null);
  const { keyspace, persistence } = server.server;
  assertEquals(keyspace.counters.dirty, 0);
  assertEquals(persistence.lastSaveMs, server.clock.nowMs());
  assertStringIncludes(client.send("info persistence"), "rdb_saves:1\r\n");
});

Deno.test("SAVE that fails is an error, and the log tells why", () => {
  const server = new EmbeddedServer({ settings: { dir: "/missing" } });
  assertEquals(server.connect().send("save"), "-ERR\r\n");
  assertStringIncludes(server.platform.process.out, "Error saving DB on disk: No such file");
});

Deno.test("A dump is loaded at the start, and told of in Redis's words", () => {
  const server = serverWithDump(dump(
    "REDIS0009",
    [250, str("redis-ver"), str("6.0.16")],
    [250, str("used-mem"), str("1048576")],
    [0, str("k"), str("v")],
    [252, le(1, 8), 0, str("gone"), str("v")],
  ));
  let isDone = false;
  server.server.persistence.loadAtStart(() => isDone = true);
  assert(isDone);
  const { out } = server.platform.process;
  for (
    const line of [
      "Loading RDB produced by version 6.0.16",
      "RDB memory usage when created 1.00 Mb",
      "Done loading RDB, keys loaded: 1, keys expired: 1.",
      "DB loaded from disk: 0.000 seconds",
    ]
  ) assertStringIncludes(out, line);
  assertEquals(server.connect().send("get k"), "$1\r\nv\r\n");
});

Deno.test("Without a dump there is nothing to load", () => {
  const server = new EmbeddedServer();
  let isDone = false;
  server.server.persistence.loadAtStart(() => isDone = true);
  assert(isDone);
});

Deno.test("A damaged dump ends the start with its place and what can be done, and stays as it is", () => {
  const content = bytes("REDIS0009", [1, str("list"), 5], 0xff);
  const server = serverWithDump(content);
  const exit = assertThrows(() => server.server.persistence.loadAtStart(() => {}), SimulatedExit);
  assertEquals(exit.exitCode, 1);
  assertStringIncludes(
    server.platform.process.out,
    '/dump.rdb cannot be loaded. Reading a value of the type list, of key "list" at offset 16: ' +
      "5 elements are announced, for which too little follows. The file is left as it is: look at " +
      "it with 'keyrex check /dump.rdb', or put a sound one in its place.",
  );
  assertEquals(server.platform.files.readSync("/dump.rdb"), content);
});

Deno.test("DEBUG RELOAD of a damaged dump is an error", () => {
  const server = serverWithDump(bytes("REDIS0009", 99));
  Object.assign(server.server.settings, { enableDebugCommand: "yes" });
  assertEquals(
    server.connect().send("debug reload nosave"),
    "-ERR Error trying to load the RDB dump, check server logs.\r\n",
  );
});

Deno.test("While the data is loaded, clients are told so, but for what needs no data", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  const { persistence } = server.server;
  persistence.loading = persistence.progress(1000);
  persistence.loading.reach(250);
  const refusal = "-LOADING Redis is loading the dataset in memory\r\n";
  assertEquals(client.send("get k"), refusal);
  assertEquals(client.send("ping"), refusal);
  const info = client.send("info persistence");
  assertStringIncludes(info, "loading:1\r\n");
  assertStringIncludes(info, "loading_loaded_perc:25.00\r\n");
  persistence.loading = null;
  assertEquals(client.send("ping"), "+PONG\r\n");
});
