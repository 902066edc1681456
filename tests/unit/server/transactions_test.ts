import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { EmbeddedServer } from "../../support/embedded_server.ts";

Deno.test("What is queued is copied, and runs as a whole", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  const big = "x".repeat(10_000);
  assertEquals(
    client.sendRaw(`multi\r\nset a 1\r\nset b ${big}\r\n`),
    "+OK\r\n+QUEUED\r\n+QUEUED\r\n",
  );
  client.send("ping pong");
  client.send("strlen b");
  assertEquals(client.send("exec"), "*4\r\n+OK\r\n+OK\r\n$4\r\npong\r\n:10000\r\n");
  assertEquals(server.server.transactions.memoryBytes, 0);
});

Deno.test("Blocks of big arguments are freed when they are not run", () => {
  const server = new EmbeddedServer();
  const { slabs } = server.server.keyspace;
  const [client, leaving] = [server.connect(), server.connect()];
  const before = slabs.usedBytes;
  const request = `*3\r\n$3\r\nset\r\n$1\r\nk\r\n$1000000\r\n${"x".repeat(1_000_000)}\r\n`;
  for (const one of [client, leaving]) {
    one.send("multi");
    assertEquals(one.sendRaw(request), "+QUEUED\r\n");
  }
  assertMatch(
    server.connect().send("client list id 1"),
    / multi=1 .* multi-mem=1000004 /,
  );
  client.send("discard");
  leaving.close();
  assertEquals(slabs.usedBytes, before);
  assertEquals(server.server.transactions.memoryBytes, 0);
});

Deno.test("What is queued counts as memory of the client and of the server", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.send("multi");
  const { usedBytes } = server.server;
  const clientBytes = server.server.clients.memoryBytes();
  for (let i = 0; i < 100; i++) client.send(`set k ${"x".repeat(1000)}`);
  assertEquals(server.server.usedBytes - usedBytes > 100_000, true);
  assertEquals(server.server.clients.memoryBytes() - clientBytes > 100_000, true);
});

Deno.test("What is queued counts against client-query-buffer-limit", () => {
  const server = new EmbeddedServer({ settings: { clientQueryBufferLimit: 1 << 20 } });
  const client = server.connect();
  client.send("multi");
  for (let i = 0; i < 20; i++) client.send(`set k ${"x".repeat(50_000)}`);
  assertEquals(client.isClosed, false);
  client.send(`set k ${"x".repeat(50_000)}`);
  assertEquals(client.isClosed, true);
  assertEquals(server.server.stats.queryBufferLimitDisconnections, 1);
});

Deno.test("A transaction that cannot be run keeps nothing of what follows", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.sendRaw("multi\r\nget\r\n");
  client.takeReplies();
  assertEquals(client.send("get k"), "+QUEUED\r\n");
  assertMatch(client.send("client info"), /^\+QUEUED/);
  assertMatch(server.connect().send("client list id 1"), / multi=0 .* multi-mem=0 /);
});

Deno.test("Statistics count what EXEC runs, not what is queued", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.sendRaw("set s x\r\nmulti\r\nget s\r\nincr s\r\nget s\r\n");
  client.takeReplies();
  const { stats } = server.server;
  assertEquals(stats.commandsProcessed, 2);
  client.send("exec");
  assertEquals(stats.commandsProcessed, 6);
  assertEquals(stats.errorReplies, 1);
  const commands = client.send("info commandstats");
  assertMatch(commands, /cmdstat_get:calls=2,.*rejected_calls=0,failed_calls=0/);
  assertMatch(commands, /cmdstat_incr:calls=1,.*rejected_calls=0,failed_calls=1/);
  assertMatch(commands, /cmdstat_exec:calls=1,.*rejected_calls=0,failed_calls=0/);
});

Deno.test("The time of EXEC contains that of its commands, of which the slow log shows each", () => {
  const settings = { slowlogLogSlowerThan: 5000, enableDebugCommand: "yes" } as const;
  const server = new EmbeddedServer({ settings });
  const client = server.connect();
  client.sendRaw("multi\r\ndebug sleep 0.01\r\ndebug sleep 0.02\r\n");
  assertEquals(client.send("exec"), "*2\r\n+OK\r\n+OK\r\n");
  const commands = client.send("info commandstats");
  assertMatch(commands, /cmdstat_debug:calls=2,usec=30000,/);
  assertMatch(commands, /cmdstat_exec:calls=1,usec=30000,/);
  const text = new TextDecoder();
  assertEquals(
    server.server.slowlog.newest(-1).map(({ args }) =>
      args.map((arg) => text.decode(arg)).join(" ")
    ),
    ["debug sleep 0.02", "debug sleep 0.01"],
  );
});

Deno.test("While nobody watches, the keyspace tells of no change", () => {
  const server = new EmbeddedServer();
  const { keyspace, transactions } = server.server;
  const [a, b] = [server.connect(), server.connect()];
  assertEquals(keyspace.modificationsWatched, false);
  a.send("watch k l");
  b.send("watch k");
  assertEquals([transactions.watches.clientCount, transactions.watches.keyCount], [2, 2]);
  assertStringIncludes(a.send("info clients"), "watching_clients:2\r\n");
  assertStringIncludes(a.send("info clients"), "total_watched_keys:2\r\n");
  assertMatch(a.send("client info"), / watch=2 /);
  a.send("unwatch");
  assertEquals(keyspace.modificationsWatched, true);
  b.send("set k v");
  assertEquals(keyspace.modificationsWatched, false);
  assertEquals(transactions.memoryBytes, 0);
  a.send("watch k");
  a.close();
  assertEquals(keyspace.modificationsWatched, false);
  assertEquals(b.sendRaw("multi\r\nexec\r\n"), "+OK\r\n*-1\r\n");
});

Deno.test("A watched key that falls due spoils the transaction, also when nobody has looked", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.sendRaw("set k v px 100\r\nset l v px 100\r\nwatch k l\r\nmulti\r\n");
  client.takeReplies();
  server.clock.advance(101);
  assertEquals(client.send("exec"), "*-1\r\n");
});

Deno.test("An evicted key has changed", () => {
  const server = new EmbeddedServer({ settings: { maxmemoryPolicy: "allkeys-lru" } });
  const [client, other] = [server.connect(), server.connect()];
  client.sendRaw("set k v\r\nwatch k\r\nmulti\r\n");
  client.takeReplies();
  server.server.keyspace.database(0).evictEntry(
    server.server.keyspace.database(0).randomEntry(),
  );
  assertEquals(other.send("exists k"), ":0\r\n");
  assertEquals(client.send("exec"), "*-1\r\n");
});

Deno.test("WAIT in EXEC is answered at once", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  assertEquals(
    client.sendRaw("multi\r\nwait 1 0\r\nexec\r\nping\r\n"),
    "+OK\r\n+QUEUED\r\n*1\r\n:0\r\n+PONG\r\n",
  );
  assertEquals(server.server.blocking.count, 0);
  assertEquals(client.sendRaw("wait 1 0\r\n"), "");
  assertEquals(server.server.blocking.count, 1);
});

Deno.test("A client that is killed by its own transaction is still told of it", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.sendRaw("multi\r\nclient kill id 1 skipme no\r\nset k v\r\n");
  client.takeReplies();
  assertEquals(client.send("exec"), "*2\r\n:1\r\n+OK\r\n");
  assertEquals(client.isClosed, true);
  assertEquals(server.server.stats.unexpectedErrors, 0);
});
