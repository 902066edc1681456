import { assert, assertEquals } from "@std/assert";
import { EmbeddedServer } from "../../support/embedded_server.ts";
import type { SimulatedClock } from "../../support/simulated_platform.ts";

const MIB = 1024 * 1024;

/** Has each look at the monotonic clock take time, as work does. */
function slowDown(clock: SimulatedClock, ms: number): void {
  const monotonicMs = clock.monotonicMs.bind(clock);
  let spentMs = 0;
  clock.monotonicMs = () => monotonicMs() + (spentMs += ms);
}

function fill(server: EmbeddedServer, keys: number, bytes = 10): void {
  const client = server.connect();
  const value = "v".repeat(bytes);
  for (let first = 0; first < keys; first += 1000) {
    let requests = "";
    for (let i = first; i < first + 1000; i++) requests += `set key:${i} ${value}\r\n`;
    client.sendRaw(requests);
  }
}

Deno.test("FLUSHALL ASYNC is done at once, and its memory is freed in slices", () => {
  const server = new EmbeddedServer();
  fill(server, 100_000);
  const client = server.connect();
  slowDown(server.clock, 0.2);
  assertEquals(client.send("flushall async"), "+OK\r\n");
  assertEquals(client.send("dbsize"), ":0\r\n");
  const { lazyFree, slabs } = server.server.keyspace;
  server.clock.advance(100);
  const left = lazyFree.pending;
  assert(left > 0 && left < 100_000);
  server.clock.advance(2);
  assert(lazyFree.pending < left);
  assert(lazyFree.pending > left - 10_000, "a slice is short");
  assertEquals(client.send("set key:1 new"), "+OK\r\n");
  server.clock.advance(1000);
  assertEquals([lazyFree.pending, lazyFree.freed], [0, 100_000]);
  assertEquals(client.send("get key:1"), "$3\r\nnew\r\n");
  assert(slabs.usedBytes < 1000);
});

Deno.test("UNLINK of a giant string frees it behind the client's back", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.send("setrange giant 50000000 x");
  const { slabs, lazyFree } = server.server.keyspace;
  assertEquals(client.send("unlink giant"), ":1\r\n");
  assertEquals(lazyFree.pending, 1);
  assert(slabs.usedBytes > 50_000_000);
  server.clock.advance(200);
  assertEquals([lazyFree.pending, lazyFree.freed], [0, 1]);
  assert(slabs.usedBytes < 1000);
});

Deno.test("Evictions that take longer than a command may wait go on in the background", () => {
  const server = new EmbeddedServer({
    settings: { maxmemoryPolicy: "allkeys-lru", maxmemoryEvictionTenacity: 0 },
  });
  fill(server, 20_000);
  const client = server.connect();
  slowDown(server.clock, 0.2);
  client.send("config set maxmemory 100kb");
  assertEquals(client.send("ping"), "+PONG\r\n");
  const { keyspace, evictor } = server.server;
  assert(keyspace.size > 19_000 && !evictor.hasRoom);
  server.clock.advance(5000);
  assert(evictor.hasRoom);
  assert(server.server.usedBytes <= 100 * 1024);
});

Deno.test("Active defragmentation gives memory back while clients are served", () => {
  const server = new EmbeddedServer({
    settings: { activedefrag: true, activeDefragIgnoreBytes: MIB },
  });
  fill(server, 100_000, 700);
  const client = server.connect();
  for (let i = 0; i < 100_000; i++) if (i % 10 !== 0) client.send(`del key:${i}`);
  const { slabs } = server.server.keyspace;
  const { pageBytes } = slabs;
  slowDown(server.clock, 0.2);
  server.clock.advance(150);
  assert(server.server.compactor.isRunning);
  for (let i = 0; i < 100; i++) {
    server.clock.advance(100);
    client.send(`set new:${i} v`);
  }
  assert(slabs.pageBytes < pageBytes / 2, `${slabs.pageBytes} of ${pageBytes}`);
  for (let i = 0; i < 100_000; i += 10) {
    assertEquals(client.send(`strlen key:${i}`), ":700\r\n");
  }
  slabs.check();
});

Deno.test("A server that is stopped does nothing in the background", () => {
  const server = new EmbeddedServer();
  fill(server, 100_000);
  slowDown(server.clock, 0.2);
  server.connect().send("flushall async");
  server.clock.advance(100);
  server.server.stop();
  const { pending } = server.server.keyspace.lazyFree;
  server.clock.advance(1000);
  assertEquals(server.server.keyspace.lazyFree.pending, pending);
});
