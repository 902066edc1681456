import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { latin1Text } from "../../support/latin1.ts";
import { EmbeddedClient, EmbeddedServer } from "../../support/embedded_server.ts";

/** A client on another host. */
class RemoteClient extends EmbeddedClient {
  override readonly isLocal = false;
}

/** What a client is told that is not let in; null when it is. */
function refusal({ server }: EmbeddedServer, client: EmbeddedClient): string | null {
  const peer = server.accept(client);
  if (peer === null) return latin1Text(server.refusal);
  client.peer = peer;
  return null;
}

Deno.test("Only maxclients clients are let in", () => {
  const server = new EmbeddedServer({ settings: { maxclients: 2 } });
  const [first, second] = [server.connect(), server.connect()];
  const { server: inner } = server;
  assertEquals(
    refusal(server, new EmbeddedClient(inner)),
    "-ERR max number of clients reached\r\n",
  );
  assertStringIncludes(first.send("info stats"), "rejected_connections:1\r\n");
  second.close();
  assertEquals(refusal(server, new EmbeddedClient(inner)), null);
  first.send("config set maxclients 3");
  assertEquals(refusal(server, new EmbeddedClient(inner)), null);
});

Deno.test("Protected mode keeps other hosts out while there is no password", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  assertMatch(refusal(server, new RemoteClient(server.server))!, /^-DENIED /);
  client.send("config set requirepass secret");
  const remote = new RemoteClient(server.server);
  assertEquals(refusal(server, remote), null);
  assertEquals(remote.send("ping"), "-NOAUTH Authentication required.\r\n");
  client.sendRaw('config set requirepass ""\r\nconfig set protected-mode no\r\n');
  assertEquals(refusal(server, new RemoteClient(server.server)), null);
});

Deno.test("A new password is asked of new clients, none any more is asked of nobody", () => {
  const server = new EmbeddedServer();
  const early = server.connect();
  early.send("config set requirepass secret");
  const late = server.connect();
  assertEquals(early.send("ping"), "+PONG\r\n");
  assertEquals(late.send("ping"), "-NOAUTH Authentication required.\r\n");
  early.send('config set requirepass ""');
  assertEquals(late.send("ping"), "+PONG\r\n");
  early.send("config set requirepass other");
  assertEquals(late.send("ping"), "-NOAUTH Authentication required.\r\n");
  assertEquals(
    late.send("auth secret"),
    "-WRONGPASS invalid username-password pair or user is disabled.\r\n",
  );
  assertEquals(late.send("auth other"), "+OK\r\n");
  assertEquals(late.send("reset"), "+RESET\r\n");
  assertEquals(late.send("ping"), "-NOAUTH Authentication required.\r\n");
});

Deno.test("Whoever is not known may send short requests only", () => {
  const server = new EmbeddedServer({ settings: { requirepass: "secret" } });
  assertEquals(
    server.connect().sendRaw("*11\r\n"),
    "-ERR Protocol error: unauthenticated multibulk length\r\n",
  );
  const long = "*1\r\n$20000\r\n";
  assertEquals(
    server.connect().sendRaw(long),
    "-ERR Protocol error: unauthenticated bulk length\r\n",
  );
  const known = server.connect();
  known.send("auth secret");
  assertEquals(known.sendRaw(long), "");
  const freed = server.connect();
  server.connect().sendRaw('auth secret\r\nconfig set requirepass ""\r\n');
  assertEquals(freed.sendRaw(long), "");
});

Deno.test("A request that does not fit into client-query-buffer-limit ends the connection", () => {
  const server = new EmbeddedServer({ settings: { clientQueryBufferLimit: 1 << 20 } });
  const client = server.connect();
  client.sendRaw(`*2000\r\n`);
  for (let i = 0; i < 2000 && !client.isClosed; i++) {
    client.sendRaw(`$1000\r\n${"x".repeat(1000)}\r\n`);
  }
  assertEquals(client.isClosed, true);
  assertStringIncludes(
    server.platform.process.out,
    "Closing client that reached max query buffer length: id=",
  );
  const stats = server.connect().send("info stats");
  assertStringIncludes(stats, "client_query_buffer_limit_disconnections:1\r\n");
});

Deno.test("LRU and LFU clocks follow maxmemory-policy within the turn", () => {
  const client = new EmbeddedServer().connect();
  assertEquals(
    client.sendRaw("config set maxmemory-policy allkeys-lfu\r\nset k v\r\nobject freq k\r\n"),
    "+OK\r\n+OK\r\n:5\r\n",
  );
});
