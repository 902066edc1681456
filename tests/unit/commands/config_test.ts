import { assertEquals } from "@std/assert";
import { EmbeddedServer } from "../../support/embedded_server.ts";

Deno.test("CONFIG RESETSTAT sets every counter to zero, and counts on", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.sendRaw("set k v px 10\r\nget k\r\nget missing\r\nincr k\r\n");
  server.clock.advance(20);
  const { cron, keyspace, registry, stats } = server.server;
  const get = registry.byFullName("get")!.index;
  assertEquals([stats.calls[get], stats.errors.size, keyspace.counters.expiredKeys], [2, 1, 1]);
  assertEquals(client.send("config resetstat"), "+OK\r\n");
  assertEquals([stats.calls[get], stats.errors.size, stats.commandsProcessed], [0, 0, 0]);
  const { hits, misses, expiredKeys, evictedKeys } = keyspace.counters;
  assertEquals([hits, misses, expiredKeys, evictedKeys], [0, 0, 0, 0]);
  assertEquals(cron.rates.commands.perSecond, 0);
  client.send("get missing");
  assertEquals([stats.calls[get], keyspace.counters.misses], [1, 1]);
});

Deno.test("CONFIG SET takes effect at once, and quotes names byte by byte", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  assertEquals(client.send("config set maxmemory 1mb hz 42"), "+OK\r\n");
  assertEquals([server.server.settings.maxmemory, server.server.settings.hz], [1 << 20, 42]);
  assertEquals(
    client.send('config set "\\xc3\\xbc" 1'),
    "-ERR Unknown option or number of arguments for CONFIG SET - '\xc3\xbc'\r\n",
  );
});

Deno.test("CONFIG REWRITE without a file says so, to the client and to the log", () => {
  const server = new EmbeddedServer();
  const refusal = "The server is running without a config file";
  assertEquals(server.connect().send("config rewrite"), `-ERR ${refusal}\r\n`);
  assertEquals(server.platform.process.out.includes(`CONFIG REWRITE failed: ${refusal}`), true);
});
