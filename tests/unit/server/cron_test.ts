import { assertEquals, assertStringIncludes } from "@std/assert";
import { EmbeddedServer } from "../../support/embedded_server.ts";

Deno.test("A client that is silent for longer than the timeout is closed", () => {
  const server = new EmbeddedServer({ settings: { timeout: 2, loglevel: "verbose" } });
  const [idle, busy] = [server.connect(), server.connect()];
  for (let second = 1; second <= 5; second++) {
    server.clock.advance(1000);
    busy.send("ping");
    assertEquals([idle.isClosed, busy.isClosed], [second > 2, false]);
  }
});

Deno.test("Subscribers, monitors and clients that are paused may be silent for ever", () => {
  const server = new EmbeddedServer({ settings: { timeout: 1 } });
  const clients = ["subscribe a", "monitor", "client pause 100000"].map((command) => {
    const client = server.connect();
    client.send(command);
    return client;
  });
  const paused = server.connect();
  paused.send("get k");
  server.clock.advance(5000);
  assertEquals(clients.map(({ isClosed }) => isClosed), [false, false, true]);
  assertEquals(paused.isClosed, false);
});

Deno.test("No timeout is no timeout", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  server.clock.advance(600_000);
  assertEquals(client.isClosed, false);
});

Deno.test("DEBUG PAUSE-CRON stops all that is done at regular intervals", () => {
  const server = new EmbeddedServer({ settings: { timeout: 1, enableDebugCommand: "yes" } });
  const [idle, client] = [server.connect(), server.connect()];
  client.send("debug pause-cron 1");
  const { loops } = server.server.cron;
  server.clock.advance(5000);
  assertEquals([server.server.cron.loops, idle.isClosed], [loops, false]);
  client.send("debug pause-cron 0");
  server.clock.advance(200);
  assertEquals(idle.isClosed, true);
});

Deno.test("Resident memory, rates and buffers are measured as time goes by", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  server.clock.advance(200);
  server.platform.process.rss = 77_000_000;
  for (let i = 0; i < 16; i++) {
    client.sendRaw("ping\r\n".repeat(10));
    server.clock.advance(100);
  }
  const stats = client.send("info stats");
  assertStringIncludes(stats, "instantaneous_ops_per_sec:100\r\n");
  assertStringIncludes(client.send("info memory"), "used_memory_rss:77000000\r\n");
});
