import { assertEquals, assertMatch } from "@std/assert";
import { type EmbeddedClient, EmbeddedServer } from "../../../support/embedded_server.ts";

const NOTHING = "0".repeat(40);

function startDebug(): { server: EmbeddedServer; client: EmbeddedClient } {
  const server = new EmbeddedServer({ settings: { enableDebugCommand: "yes" } });
  return { server, client: server.connect() };
}

Deno.test("The digest of a dataset is Redis's", () => {
  const { client } = startDebug();
  assertEquals(client.send("debug digest"), `+${NOTHING}\r\n`);
  client.send("set a 1");
  assertEquals(client.send("debug digest"), "+943d800368fb9c0e951138f1bc0e313ac769d91f\r\n");
  client.send('set b "\\x00\\xff"');
  assertEquals(client.send("debug digest"), "+934f912a677eda4d2b6f1ef10651866c75056114\r\n");
  client.sendRaw("select 5\r\nset a text\r\n");
  assertEquals(client.send("debug digest"), "+772e197ba3e6e8c9741ac7f62b21b8d1aaa53871\r\n");
  client.send("expire a 1000");
  assertEquals(client.send("debug digest"), "+6d33a543a3fed7824665aa866f23b72083b375e0\r\n");
});

Deno.test("The digest does not depend on the order of keys, nor of databases, nor on where values lie", () => {
  const { client: one } = startDebug();
  const { client: other } = startDebug();
  const value = "x".repeat(2000);
  const commands = [`set a ${value}`, "set b 2", "select 3", "set c 3", "select 0"];
  for (const command of commands) one.send(command);
  for (const command of ["select 3", "set c 3", "select 0", "set b 2"]) other.send(command);
  other.send(`set a ${value.slice(1)}`);
  other.send("append a x");
  assertEquals(one.send("debug digest"), other.send("debug digest"));
});

Deno.test("DEBUG DIGEST-VALUE tells of values, not of keys", () => {
  const { client } = startDebug();
  client.sendRaw("mset a 1 b 1 c 2\r\n");
  const [a, b, c, missing] = client.send("debug digest-value a b c missing").split("\r\n").slice(1);
  assertEquals([a, missing], ["+b4fc66738120fba0b5aa500ab5c2bf89cea1c5da", `+${NOTHING}`]);
  assertEquals([a === b, a === c], [true, false]);
});

Deno.test("DEBUG OBJECT tells encoding, length in a dump, and the last use", () => {
  const { server, client } = startDebug();
  client.sendRaw(`mset i 12 j 300 l 70000 h 12345678901 s abc r ${"x".repeat(300)}\r\n`);
  server.clock.advance(7000);
  const expected = {
    i: ["int", 2],
    j: ["int", 3],
    l: ["int", 5],
    h: ["int", 12],
    s: ["embstr", 4],
  };
  for (const [key, [encoding, length]] of Object.entries({ ...expected, r: ["raw", 302] })) {
    assertMatch(
      client.send(`debug object ${key}`),
      RegExp(
        `^\\+Value at:0x[0-9a-f]+ refcount:1 encoding:${encoding} serializedlength:${length} ` +
          `lru:\\d+ lru_seconds_idle:7\\r\\n$`,
      ),
    );
  }
  assertEquals(client.send("debug object missing"), "-ERR no such key\r\n");
  client.sendRaw("config set maxmemory-policy allkeys-lfu\r\nset f 1\r\n");
  assertMatch(client.send("debug object f"), / lfu_freq:5 lfu_access_time_minutes:\d+\r\n$/);
});

Deno.test("DEBUG POPULATE makes keys that are not there, as long as asked for", () => {
  const { client } = startDebug();
  client.send("set p:1 mine");
  assertEquals(client.send("debug populate 3 p 4"), "+OK\r\n");
  assertEquals(
    client.send("mget p:0 p:1 p:2 p:3"),
    "*4\r\n$4\r\nvalu\r\n$4\r\nmine\r\n$4\r\nvalu\r\n$-1\r\n",
  );
  client.send("debug populate 1 q 10");
  assertEquals(client.send("get q:0"), "$10\r\nvalue:0\0\0\0\r\n");
  client.send("debug populate 2");
  assertEquals(client.send("mget key:0 key:1"), "*2\r\n$7\r\nvalue:0\r\n$7\r\nvalue:1\r\n");
  const error = "-ERR value is out of range, must be positive\r\n";
  assertEquals(client.send("debug populate -1"), error);
  assertEquals(client.send("debug populate 1 p -1"), error);
});
