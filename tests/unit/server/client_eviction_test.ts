import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type EmbeddedClient, EmbeddedServer } from "../../support/embedded_server.ts";

/** Has a client send most of a request with a big argument. */
function sendHalf(client: EmbeddedClient, bytes: number): void {
  client.sendRaw(`*2\r\n$${bytes + 1000}\r\n${"x".repeat(bytes)}`);
}

function start(limit: string): { server: EmbeddedServer; control: EmbeddedClient } {
  const server = new EmbeddedServer();
  const control = server.connect();
  control.send(`config set maxmemory-clients ${limit}`);
  return { server, control };
}

function evictedClients(client: EmbeddedClient): string {
  return client.send("info stats").match(/evicted_clients:(\d+)/)![1];
}

Deno.test("The largest clients are disconnected until the others may hold what they hold", () => {
  const { server, control } = start("1000000");
  const clients = [100_000, 400_000, 200_000].map((bytes) => {
    const client = server.connect();
    sendHalf(client, bytes);
    return client;
  });
  assert(clients.every((client) => !client.isClosed));
  control.send("config set maxmemory-clients 250000");
  assertEquals(clients.map((client) => client.isClosed), [false, true, true]);
  assertEquals(evictedClients(control), "2");
  assertMatch(server.platform.process.out, /\* Evicting client: id=3 /);
});

Deno.test("A client may be the one that makes it too much, and lose its request", () => {
  const { server, control } = start("200000");
  const client = server.connect();
  client.send("multi");
  for (let i = 0; i < 4; i++) client.send(`set k ${"v".repeat(60_000)}`);
  assert(client.isClosed);
  assertEquals(control.send("exists k"), ":0\r\n");
});

Deno.test("What a client watches and listens to counts", () => {
  for (const command of ["watch", "subscribe", "psubscribe", "ssubscribe"]) {
    const { server } = start("200000");
    const client = server.connect();
    for (let i = 0; i < 3000 && !client.isClosed; i++) client.send(`${command} name${i}`);
    assert(client.isClosed, command);
    assertEquals(server.server.clientBytes, 0);
  }
});

Deno.test("A client with CLIENT NO-EVICT stays, whatever it holds", () => {
  const { server } = start("200000");
  const client = server.connect();
  client.send("client no-evict on");
  sendHalf(client, 300_000);
  assert(!client.isClosed);
  assertStringIncludes(server.platform.process.out, "# Over client maxmemory after evicting all");
  client.sendRaw(`${"x".repeat(1000)}\r\n$2\r\nxx\r\n`);
  client.send("client no-evict off");
  sendHalf(client, 300_000);
  server.clock.advance(200);
  assert(client.isClosed);
});

Deno.test("The limit may be a part of maxmemory, and is 128 KiB at least", () => {
  const { server, control } = start("10%");
  const client = server.connect();
  sendHalf(client, 300_000);
  assert(!client.isClosed, "without maxmemory there is nothing to take a part of");
  control.send("config set maxmemory 4000000");
  assert(!client.isClosed);
  control.send("config set maxmemory 2000000");
  assert(client.isClosed);
  control.send("config set maxmemory-clients 1");
  const small = server.connect();
  sendHalf(small, 100_000);
  assert(!small.isClosed);
});
