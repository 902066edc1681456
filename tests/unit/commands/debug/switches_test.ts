import { assert, assertEquals } from "@std/assert";
import { type EmbeddedClient, EmbeddedServer } from "../../../support/embedded_server.ts";

function startDebug(): { server: EmbeddedServer; client: EmbeddedClient } {
  const server = new EmbeddedServer({ settings: { enableDebugCommand: "yes" } });
  return { server, client: server.connect() };
}

Deno.test("DEBUG SET-ACTIVE-EXPIRE 0 leaves keys that are due until somebody looks", () => {
  const { server, client } = startDebug();
  client.sendRaw("debug set-active-expire 0\r\nset k v px 10\r\nset l v px 10\r\n");
  server.clock.advance(1000);
  assertEquals(client.send("dbsize"), ":2\r\n");
  assertEquals(client.send("get k"), "$-1\r\n");
  assertEquals(client.send("dbsize"), ":1\r\n");
  client.send("debug set-active-expire 1");
  assertEquals(client.send("dbsize"), ":0\r\n");
});

Deno.test("DEBUG DICT-RESIZING 0 keeps tables as they are, in all databases", () => {
  const { server, client } = startDebug();
  const { keyspace } = server.server;
  client.sendRaw("debug populate 100\r\ndebug dict-resizing 0\r\n");
  const { buckets } = keyspace.database(0).dict.stats();
  client.sendRaw("debug populate 5000\r\nselect 7\r\ndebug populate 500\r\n");
  assertEquals(keyspace.database(0).dict.stats().buckets, buckets);
  assertEquals(keyspace.database(7).dict.stats().buckets, 1);
  client.sendRaw("debug dict-resizing 0\r\ndebug dict-resizing 1\r\nset k v\r\n");
  assert(keyspace.database(7).dict.stats().buckets > 1);
  assertEquals(client.send("get key:499"), "$9\r\nvalue:499\r\n");
});

Deno.test("DEBUG QUICKLIST-PACKED-THRESHOLD takes an amount of memory below 4gb", () => {
  const { server, client } = startDebug();
  const { debug } = server.server;
  const error = "-ERR argument must be a memory value bigger than 1 and smaller than 4gb\r\n";
  for (const [text, bytes] of [["100b", 100], ["5", 5], ["1kb", 1024], ["2k", 2000]] as const) {
    assertEquals(client.send(`debug quicklist-packed-threshold ${text}`), "+OK\r\n");
    assertEquals(debug.quicklistPackedThreshold, bytes);
  }
  assertEquals(client.send("debug quicklist-packed-threshold 0"), "+OK\r\n");
  assertEquals(debug.quicklistPackedThreshold, null);
  for (const text of ["4gb", "-1", "x", "1xb", "1.5"]) {
    assertEquals(client.send(`debug quicklist-packed-threshold ${text}`), error);
  }
});

Deno.test("DEBUG REPLYBUFFER is accepted, and its words are checked", () => {
  const { client } = startDebug();
  for (const words of ["peak-reset-time never", "peak-reset-time 100", "resizing 0"]) {
    assertEquals(client.send(`debug replybuffer ${words}`), "+OK\r\n");
  }
  assertEquals(
    client.send("debug replybuffer peak-reset-time x"),
    "-ERR value is not an integer or out of range\r\n",
  );
});
