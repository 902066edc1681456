import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { EmbeddedServer } from "../../support/embedded_server.ts";
import { SimulatedExit } from "../../support/simulated_platform.ts";

const PLAIN = { save: null, now: false, force: false };

Deno.test("A shutdown closes all connections and ends the process with 0", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  const exit = assertThrows(() => server.server.shutdown.begin(PLAIN), SimulatedExit);
  assertEquals(exit.exitCode, 0);
  assertEquals(client.isClosed, true);
  assertStringIncludes(server.platform.process.out, "# User requested shutdown...\n");
  assertStringIncludes(server.platform.process.out, "ready to exit, bye bye...\n");
});

/** Where nothing can be saved. */
const MISSING = { dir: "/missing" };

Deno.test("A shutdown saves when it is asked to, or has save points and is not asked not to", () => {
  for (const [save, points, saves] of [[true, 0, 1], [null, 1, 1], [null, 0, 0], [false, 1, 0]]) {
    const settings = { save: points ? [{ seconds: 60, changes: 1 }] : [] };
    const { server } = new EmbeddedServer({ settings });
    const request = { ...PLAIN, save: save as boolean | null };
    assertThrows(() => server.shutdown.begin(request), SimulatedExit);
    assertEquals(server.persistence.saves, saves);
  }
});

Deno.test("A shutdown that cannot save is refused, unless forced", () => {
  const server = new EmbeddedServer({ settings: MISSING });
  const client = server.connect();
  assertEquals(
    client.send("shutdown save"),
    "-ERR Errors trying to SHUTDOWN. Check logs.\r\n",
  );
  assertStringIncludes(server.platform.process.out, "Error trying to save the DB, can't exit.");
  assertEquals(client.send("ping"), "+PONG\r\n");
  const { shutdown } = server.server;
  assertThrows(() => shutdown.begin({ save: true, now: true, force: true }), SimulatedExit);
  assertStringIncludes(server.platform.process.out, "Error trying to save the DB. Exit anyway.");
});

Deno.test("SHUTDOWN ABORT calls off what a signal has asked for", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  assertEquals(client.send("shutdown abort"), "-ERR No shutdown in progress.\r\n");
  server.server.shutdown.signalled("SIGTERM");
  assertEquals(client.send("shutdown abort"), "+OK\r\n");
  server.server.shutdown.cron();
  assertStringIncludes(server.platform.process.out, "Shutdown manually aborted.");
});

Deno.test("A second SIGINT ends the process at once", () => {
  const { server } = new EmbeddedServer();
  server.shutdown.signalled("SIGINT");
  assertThrows(() => server.shutdown.signalled("SIGINT"), SimulatedExit, "code 1");
});

Deno.test("A signal shuts down as the configuration says", () => {
  const server = new EmbeddedServer({
    settings: { ...MISSING, save: [], shutdownOnSigint: ["save"], shutdownOnSigterm: [] },
  });
  server.server.shutdown.signalled("SIGINT");
  assertStringIncludes(server.platform.process.out, "Received SIGINT scheduling shutdown...");
  server.server.shutdown.cron();
  assertStringIncludes(server.platform.process.out, "Error trying to save the DB, can't exit.");
  server.server.shutdown.signalled("SIGTERM");
  assertThrows(() => server.server.shutdown.cron(), SimulatedExit);
});
