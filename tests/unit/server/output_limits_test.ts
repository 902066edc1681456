import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { EmbeddedClient, EmbeddedServer } from "../../support/embedded_server.ts";

/** A client that sends, but reads nothing. */
class DeafClient extends EmbeddedClient {
  override flush(): void {}
}

function connectDeaf({ server }: EmbeddedServer): DeafClient {
  const client = new DeafClient(server);
  client.peer = server.accept(client)!;
  return client;
}

/** Has a client that is deaf ask for `kilobytes` KB of replies. */
function ask(client: DeafClient, kilobytes: number): void {
  for (let i = 0; i < kilobytes && !client.isClosed; i++) client.send("get kilobyte");
}

function start(limits: string): EmbeddedServer {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.send(`set kilobyte ${"x".repeat(1000)}`);
  client.send(`config set client-output-buffer-limit "${limits}"`);
  return server;
}

Deno.test("A client whose replies exceed the hard limit is closed, and the log tells", () => {
  const server = start("normal 100000 0 0");
  const client = connectDeaf(server);
  ask(client, 60);
  assertEquals(client.isClosed, false);
  ask(client, 200);
  assertEquals(client.isClosed, true);
  assertMatch(
    server.platform.process.out,
    /# Client id=\d+ .* scheduled to be closed ASAP for overcoming of output buffer limits\.\n/,
  );
  const stats = server.connect().send("info stats");
  assertStringIncludes(stats, "client_output_buffer_limit_disconnections:1\r\n");
});

Deno.test("Of replies that exceed the hard limit within a turn nothing is sent", () => {
  const client = start("normal 100000 0 0").connect();
  assertEquals(client.sendRaw("get kilobyte\r\n".repeat(105)), "");
  assertEquals(client.isClosed, true);
});

Deno.test("A client whose replies stay above the soft limit for too long is closed", () => {
  const server = start("normal 0 100000 3");
  const client = connectDeaf(server);
  ask(client, 300);
  server.clock.advance(3900);
  assertEquals(client.isClosed, false);
  server.clock.advance(200);
  assertEquals(client.isClosed, true);
});

Deno.test("A client that reads in time is kept", () => {
  const server = start("normal 0 100000 3");
  const client = connectDeaf(server);
  ask(client, 300);
  server.clock.advance(2000);
  EmbeddedClient.prototype.flush.call(client);
  ask(client, 300);
  server.clock.advance(3500);
  assertEquals(client.isClosed, false);
});

Deno.test("Subscribers have limits of their own", () => {
  const server = start("normal 0 0 0 pubsub 100000 0 0");
  const [subscriber, other, publisher] = [
    connectDeaf(server),
    connectDeaf(server),
    server.connect(),
  ];
  subscriber.send("subscribe news");
  ask(other, 300);
  for (let i = 0; i < 300; i++) publisher.send(`publish news ${"x".repeat(1000)}`);
  assertEquals([subscriber.isClosed, other.isClosed], [true, false]);
  assertEquals(publisher.send("publish news x"), ":0\r\n");
});

Deno.test("A client without limits may let anything wait", () => {
  const server = start("normal 0 0 0");
  const client = connectDeaf(server);
  ask(client, 900);
  server.clock.advance(60_000);
  assertEquals(client.isClosed, false);
});
