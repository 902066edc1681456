import { assertEquals } from "@std/assert";
import { EmbeddedServer } from "../../support/embedded_server.ts";
import { latin1Text } from "../../support/latin1.ts";

/** What a server tells, a line for each command. */
function listen(server: EmbeddedServer): () => string[] {
  const { effects } = server.server;
  effects.active = true;
  return () => {
    const text = latin1Text(effects.buf.subarray(0, effects.end));
    effects.clear();
    return text.split(/\*\d+\r\n/).slice(1).map((command) =>
      [...command.matchAll(/\$\d+\r\n(.*?)\r\n/gs)].map(([, argument]) => argument).join(" ")
    );
  };
}

Deno.test("A request that says what it does is told as it came, with its database", () => {
  const server = new EmbeddedServer();
  const told = listen(server);
  const client = server.connect();
  client.send("set k v");
  client.send("get k");
  client.send("del missing");
  client.send("incr k");
  client.send("select 3");
  client.send("append k 12");
  assertEquals(told(), ["SELECT 0", "set k v", "SELECT 3", "append k 12"]);
});

Deno.test("Times to live are told as due times, sums of floats as results", () => {
  const server = new EmbeddedServer();
  const told = listen(server);
  const client = server.connect();
  const now = server.clock.nowMs();
  client.send("setex k 10 v");
  client.send("set k v px 5 nx");
  client.send("set k v keepttl get");
  client.send("expire k 7 gt");
  client.send("getex k ex 9");
  client.send("getex k persist");
  client.send("expire k -1");
  client.send("incrbyfloat f 1.5");
  client.send("getdel f");
  assertEquals(told(), [
    "SELECT 0",
    `SET k v PXAT ${now + 10_000}`,
    "SET k v KEEPTTL",
    `PEXPIREAT k ${now + 9000}`,
    "PERSIST k",
    "DEL k",
    "SET f 1.5 KEEPTTL",
    "DEL f",
  ]);
});

Deno.test("A transaction is told as a whole, without what changes nothing", () => {
  const server = new EmbeddedServer();
  const told = listen(server);
  const client = server.connect();
  client.sendRaw("multi\r\nset a 1\r\nget a\r\nset b 2 ex 1\r\nexec\r\n");
  client.sendRaw("multi\r\nset a 1\r\nget a\r\nexec\r\n");
  const dueMs = server.clock.nowMs() + 1000;
  assertEquals(told(), [
    "MULTI",
    "SELECT 0",
    "set a 1",
    `SET b 2 PXAT ${dueMs}`,
    "EXEC",
    "set a 1",
  ]);
});

Deno.test("A key that is due is told as removed, before what replaces it", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.send("debug set-active-expire 0");
  client.send("set k 1 px 10");
  client.send("set other 1 px 10");
  const told = listen(server);
  server.server.expiry.enabled = false;
  server.clock.advance(11);
  client.send("incr k");
  client.send("get other");
  assertEquals(told(), ["MULTI", "SELECT 0", "DEL k", "incr k", "EXEC", "DEL other"]);
});
