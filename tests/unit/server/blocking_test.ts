import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { EmbeddedServer } from "../../support/embedded_server.ts";

Deno.test("WAIT answers at once when it asks for no replicas", () => {
  const client = new EmbeddedServer().connect();
  assertEquals(client.send("wait 0 0"), ":0\r\n");
  assertEquals(client.send("wait -1 100"), ":0\r\n");
});

Deno.test("WAIT holds its client until the timeout, and nobody else", () => {
  const server = new EmbeddedServer();
  const [waiting, other] = [server.connect(), server.connect()];
  assertEquals(waiting.sendRaw("wait 1 500\r\nping\r\n"), "");
  assertEquals(waiting.send("echo later"), "");
  assertEquals(other.send("ping"), "+PONG\r\n");
  server.clock.advance(499);
  assertEquals(waiting.takeReplies(), "");
  server.clock.advance(1);
  assertEquals(waiting.takeReplies(), ":0\r\n+PONG\r\n$5\r\nlater\r\n");
  assertEquals(server.server.blocking.count, 0);
});

Deno.test("WAIT with timeout 0 waits for ever", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.send("wait 1 0");
  server.clock.advance(3_600_000);
  assertEquals(client.takeReplies(), "");
  assertEquals(server.server.blocking.timedCount, 0);
});

Deno.test("A client that waits is shown as such, and is not idle", () => {
  const server = new EmbeddedServer({ settings: { timeout: 1 } });
  const [waiting, other] = [server.connect(), server.connect()];
  waiting.send("wait 1 60000");
  assertMatch(other.send("client list"), / flags=b .* cmd=wait /);
  assertStringIncludes(other.send("info clients"), "blocked_clients:1\r\n");
  assertStringIncludes(other.send("info clients"), "clients_in_timeout_table:1\r\n");
  server.clock.advance(5000);
  assertEquals([waiting.isClosed, other.isClosed], [false, true]);
});

Deno.test("A client that goes while it waits leaves nothing behind", () => {
  const server = new EmbeddedServer();
  const [leaving, killed, other] = [server.connect(), server.connect(), server.connect()];
  leaving.send("wait 1 100");
  killed.send("wait 1 0");
  leaving.close();
  other.send("client kill skipme yes");
  assertEquals(killed.isClosed, true);
  assertEquals(server.server.blocking.count, 0);
  server.clock.advance(1000);
  assertEquals(server.server.stats.unexpectedErrors, 0);
});

Deno.test("CLIENT REPLY applies to the reply that ends a wait", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  assertEquals(client.sendRaw("client reply skip\r\nwait 1 10\r\nping\r\n"), "");
  server.clock.advance(10);
  assertEquals(client.takeReplies(), "+PONG\r\n");
  client.sendRaw("client reply off\r\nwait 1 10\r\n");
  server.clock.advance(10);
  assertEquals(client.send("client reply on"), "+OK\r\n");
});
