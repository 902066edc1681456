import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type EmbeddedClient, EmbeddedServer } from "../../support/embedded_server.ts";

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

/** The message that says that keys have changed. */
function changed(...keys: string[]): string {
  return `>2\r\n${bulk("invalidate")}*${keys.length}\r\n${keys.map(bulk).join("")}`;
}

/** Has a client set a key to a value of 200 KB. */
function setBig(client: EmbeddedClient, key: string): void {
  client.sendRaw(`*3\r\n${bulk("set")}${bulk(key)}${bulk("x".repeat(200_000))}`);
}

const ALL_CHANGED = `>2\r\n${bulk("invalidate")}_\r\n`;

/** A client of RESP3 that tracks. */
function connectTracker(server: EmbeddedServer, options = ""): EmbeddedClient {
  const client = server.connect();
  client.send("hello 3");
  assertEquals(client.send(`client tracking on ${options}`), "+OK\r\n");
  return client;
}

function info(client: EmbeddedClient, name: string): string {
  return client.send("info everything").match(new RegExp(`${name}:(.*)\r\n`))![1];
}

Deno.test("A client is told once of a change to what it has read", () => {
  const server = new EmbeddedServer();
  const tracker = connectTracker(server);
  const writer = server.connect();
  tracker.send("mget k l");
  writer.send("set k 1");
  assertEquals(tracker.takeReplies(), changed("k"));
  writer.send("set k 2");
  assertEquals(tracker.takeReplies(), "");
  writer.send("del l k");
  assertEquals(tracker.takeReplies(), "");
  assertEquals(info(writer, "tracking_total_keys"), "1");
});

Deno.test("Nothing is told in the middle of a client's own replies", () => {
  const server = new EmbeddedServer();
  const tracker = connectTracker(server);
  tracker.send("get k");
  assertEquals(tracker.send("set k 1"), "+OK\r\n" + changed("k"));
  tracker.send("get k");
  tracker.send("multi");
  tracker.send("incr k");
  tracker.send("ping");
  assertEquals(tracker.send("exec"), "*2\r\n:2\r\n+PONG\r\n" + changed("k"));
  // The same for one who hears of others' keys.
  const listener = server.connect();
  listener.send("hello 3");
  tracker.send(`client tracking on redirect 2`);
  tracker.send("get k");
  listener.send("multi");
  listener.send("set k 1");
  listener.send("ping");
  assertEquals(listener.send("exec"), "*2\r\n+OK\r\n+PONG\r\n" + changed("k"));
});

Deno.test("Keys that expire or are evicted are told, the latter before the command's reply", () => {
  const server = new EmbeddedServer({ settings: { maxmemoryPolicy: "allkeys-lru" } });
  const tracker = connectTracker(server);
  const writer = server.connect();
  writer.send("set k 1 px 100");
  tracker.send("get k");
  server.clock.advance(200);
  assertEquals(tracker.takeReplies(), changed("k"));

  setBig(writer, "big");
  tracker.send("strlen big");
  writer.send("config set maxmemory 100000");
  assertEquals(tracker.send("get other"), changed("big") + "_\r\n");
});

Deno.test("Messages about evicted keys do not drive out further keys", () => {
  const server = new EmbeddedServer({
    settings: { maxmemoryPolicy: "allkeys-lru", maxmemoryEvictionTenacity: 100 },
  });
  const trackers = Array.from({ length: 10 }, () => connectTracker(server));
  const writer = server.connect();
  for (let i = 0; i < 300; i++) {
    const key = `${i}${"x".repeat(1000)}`;
    writer.send(`set ${key} x`);
    for (const tracker of trackers) tracker.send(`get ${key}`);
  }
  const used = Number(info(writer, "used_memory"));
  writer.send(`config set maxmemory ${used - 40_000}`);
  writer.send("ping");
  const evicted = Number(info(writer, "evicted_keys"));
  assert(evicted >= 10 && evicted <= 50, `${evicted} keys were evicted`);
});

Deno.test("An error for lack of memory does not swallow what was told", () => {
  const server = new EmbeddedServer({ settings: { maxmemoryPolicy: "volatile-lru" } });
  const tracker = connectTracker(server);
  const writer = server.connect();
  setBig(writer, "lasting");
  writer.send(`set passing ${"x".repeat(1000)} ex 1000`);
  tracker.send("get passing");
  writer.send("config set maxmemory 100000");
  const replies = tracker.send("set k 1");
  assert(replies.startsWith(changed("passing") + "-OOM "), replies);
});

Deno.test("Emptied and exchanged databases make everything void", () => {
  const server = new EmbeddedServer();
  const tracker = connectTracker(server);
  const writer = server.connect();
  for (const command of ["flushall", "flushdb async", "swapdb 0 1"]) {
    tracker.send("get k");
    writer.send(command);
    assertEquals(tracker.takeReplies(), ALL_CHANGED);
    assertEquals(info(writer, "tracking_total_keys"), "0");
    writer.send("set k 1");
    assertEquals(tracker.takeReplies(), "");
  }
});

Deno.test("Changes of a turn are told together to those who track by prefixes", () => {
  const server = new EmbeddedServer();
  const tracker = connectTracker(server, "bcast prefix a prefix b: noloop");
  const everything = connectTracker(server, "bcast");
  const writer = server.connect();
  writer.sendRaw("set b:1 1\r\nset b 1\r\nset ab 1\r\nset aa 1\r\nset ab 2\r\n");
  assertEquals(tracker.takeReplies(), changed("aa", "ab") + changed("b:1"));
  assertEquals(everything.takeReplies(), changed("aa", "ab", "b", "b:1"));
  assertEquals(tracker.send("set a 1"), "+OK\r\n");
  assertEquals(everything.takeReplies(), changed("a"));
  assertEquals(info(writer, "tracking_total_prefixes"), "3");
  tracker.send("reset");
  assertEquals(info(writer, "tracking_total_prefixes"), "1");
});

Deno.test("The table keeps no more keys than it may, and tells of those it gives up", () => {
  const server = new EmbeddedServer({ settings: { trackingTableMaxKeys: 10 } });
  const tracker = connectTracker(server);
  for (let i = 0; i < 15; i++) tracker.send(`get k${i}`);
  assertEquals(info(server.connect(), "tracking_total_keys"), "10");
  // All of them, if it takes many steps.
  const keys = Array.from({ length: 1000 }, (_, i) => `k${i}`);
  const replies = tracker.send(`mget ${keys.join(" ")}`);
  const told = replies.split(">2\r\n").length - 1;
  assertEquals(told, 100);
  server.clock.advance(5000);
  assertEquals(info(server.connect(), "tracking_total_keys"), "10");
});

Deno.test("A key that very many clients have is told and noted anew", () => {
  const server = new EmbeddedServer();
  const trackers = Array.from({ length: 5 }, () => connectTracker(server));
  for (const tracker of trackers) tracker.send("get k");
  assertEquals(info(trackers[0], "tracking_total_items"), "5");
  assertEquals(info(trackers[0], "tracking_total_keys"), "1");
  assertEquals(info(trackers[0], "tracking_clients"), "5");
});

Deno.test("When nobody tracks any more, nothing is remembered and nobody listens to changes", () => {
  const server = new EmbeddedServer();
  const { keyspace } = server.server;
  const trackers = [connectTracker(server), connectTracker(server, "bcast prefix a")];
  trackers[0].send("mget a b c");
  assert(keyspace.modificationsWatched);
  trackers[0].close();
  assert(keyspace.modificationsWatched);
  trackers[1].send("client tracking off");
  assert(!keyspace.modificationsWatched);
  keyspace.lazyFree.finish();
  assertEquals(keyspace.slabs.usedBytes, 0);
});

Deno.test("CLIENT LIST shows who tracks, and for whom", () => {
  const server = new EmbeddedServer();
  const listener = server.connect();
  const tracker = connectTracker(server, "redirect 1");
  assertStringIncludes(tracker.send("client info"), " flags=t ");
  assertStringIncludes(tracker.send("client info"), " redir=1 ");
  tracker.send("get k");
  listener.close();
  server.connect().send("set k 1");
  assertEquals(tracker.takeReplies(), `>2\r\n${bulk("tracking-redir-broken")}:1\r\n`);
  assertStringIncludes(tracker.send("client info"), " flags=tR ");
  tracker.send("client tracking off");
  tracker.send("client tracking on bcast");
  assertStringIncludes(tracker.send("client info"), " flags=tB ");
});
