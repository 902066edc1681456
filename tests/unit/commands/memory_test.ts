import { assert, assertEquals, assertMatch } from "@std/assert";
import { EmbeddedServer } from "../../support/embedded_server.ts";

Deno.test("MEMORY USAGE is the size of a key's blocks", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  const { slabs } = server.server.keyspace;
  assertEquals(client.send("memory usage k"), "$-1\r\n");
  client.send("set other v");
  const before = slabs.usedBytes;
  client.send(`set k ${"x".repeat(3000)}`);
  assertEquals(client.send("memory usage k"), `:${slabs.usedBytes - before}\r\n`);
  assertEquals(client.send("memory usage k samples 0"), `:${slabs.usedBytes - before}\r\n`);
});

Deno.test("MEMORY USAGE does not touch the key", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.send("set k v");
  server.clock.advance(5000);
  client.send("memory usage k");
  assertEquals(client.send("object idletime k"), ":5\r\n");
});

Deno.test("MEMORY PURGE gives pages back", () => {
  const server = new EmbeddedServer({ settings: { enableDebugCommand: "yes" } });
  const client = server.connect();
  const { slabs } = server.server.keyspace;
  client.send("debug populate 8000 k 16000");
  for (let i = 0; i < 8000; i++) if (i % 10 !== 0) client.send(`del k:${i}`);
  const before = slabs.pageBytes;
  assertEquals(client.send("memory purge"), "+OK\r\n");
  assert(slabs.pageBytes <= before / 2, `${slabs.pageBytes} of ${before} bytes are left`);
  slabs.check();
  assertEquals(client.send("dbsize"), ":800\r\n");
  assertMatch(client.send("get k:7990"), /^\$16000\r\nvalue:7990\0/);
});

Deno.test("MEMORY DOCTOR and MALLOC-STATS are texts", () => {
  const client = new EmbeddedServer().connect();
  client.send("hello 3");
  assertMatch(client.send("memory doctor"), /^=\d+\r\ntxt:There is next to nothing in memory/);
  assertMatch(client.send("memory malloc-stats"), /^=\d+\r\ntxt:Slabs: 0 bytes/);
});
