import { assertEquals, assertStringIncludes } from "@std/assert";
import { EmbeddedServer } from "../../support/embedded_server.ts";

/** A server, and clients as many as are asked for. */
function stage() {
  const server = new EmbeddedServer();
  return { server, connect: () => server.connect() };
}

/** The reply of BLPOP. */
function popped(key: string, element: string): string {
  return `*2\r\n$${key.length}\r\n${key}\r\n$${element.length}\r\n${element}\r\n`;
}

Deno.test("BLPOP takes what is there without waiting, from the first key that has something", () => {
  const { server, connect } = stage();
  const client = connect();
  client.send("rpush b 1 2");
  assertEquals(client.send("blpop a b c 0"), popped("b", "1"));
  assertEquals(client.send("brpop a b c 0"), popped("b", "2"));
  assertEquals(server.server.blocking.count, 0);
});

Deno.test("BLPOP waits for an element, and those who wait are served in the order of arrival", () => {
  const { server, connect } = stage();
  const [first, second, third, other] = [connect(), connect(), connect(), connect()];
  for (const client of [first, second, third]) assertEquals(client.send("blpop a 0"), "");
  assertEquals(other.send("rpush a 1 2"), ":2\r\n");
  assertEquals(first.takeReplies(), popped("a", "1"));
  assertEquals(second.takeReplies(), popped("a", "2"));
  assertEquals(third.takeReplies(), "");
  assertEquals(other.send("exists a"), ":0\r\n");
  assertEquals(server.server.blocking.keys.count, 1);
  assertEquals(other.send("lpush a 3"), ":1\r\n");
  assertEquals(third.takeReplies(), popped("a", "3"));
  assertEquals(server.server.keyspace.awaitedTypes, 0);
});

Deno.test("What a client sends while it waits is run when it has been served", () => {
  const { connect } = stage();
  const [waiting, other] = [connect(), connect()];
  assertEquals(waiting.sendRaw("blpop a 0\r\nping\r\nblpop a 0\r\necho end\r\n"), "");
  other.send("rpush a 1");
  assertEquals(waiting.takeReplies(), `${popped("a", "1")}+PONG\r\n`);
  other.send("rpush a 2");
  assertEquals(waiting.takeReplies(), `${popped("a", "2")}$3\r\nend\r\n`);
});

Deno.test("A key is looked at when EXEC as a whole is over", () => {
  const { connect } = stage();
  const [waiting, other] = [connect(), connect()];
  waiting.send("blpop a 0");
  other.sendRaw("multi\r\nrpush a 1\r\ndel a\r\nset a x\r\nexec\r\n");
  assertEquals(waiting.takeReplies(), "");
  other.send("del a");
  other.sendRaw("multi\r\nrpush a 1\r\nlpush a 0\r\nexec\r\n");
  assertEquals(waiting.takeReplies(), popped("a", "0"));
});

Deno.test("In EXEC nobody waits", () => {
  const { server, connect } = stage();
  const client = connect();
  client.sendRaw("multi\r\nblpop a 0\r\nblmove a b left left 0\r\nblmpop 0 1 a left\r\n");
  assertEquals(client.send("exec"), "*3\r\n*-1\r\n$-1\r\n*-1\r\n");
  assertEquals(server.server.blocking.count, 0);
});

Deno.test("Keys become ready by commands of every kind", () => {
  const ways: readonly string[] = [
    "rename b a",
    "renamenx b a",
    "copy b a",
    "lmove b a left left",
    "sort b by nosort store a",
  ];
  for (const way of ways) {
    const { connect } = stage();
    const [waiting, other] = [connect(), connect()];
    other.send("rpush b 1");
    waiting.send("blpop a 0");
    if (other.send(way).startsWith("-ERR unknown command")) continue;
    assertEquals(waiting.takeReplies(), popped("a", "1"), way);
  }
});

Deno.test("Keys become ready by MOVE and SWAPDB in the database in which they are waited for", () => {
  for (const way of ["select 1|rpush a 1|move a 0", "select 1|rpush a 1|swapdb 0 1"]) {
    const { connect } = stage();
    const [waiting, other] = [connect(), connect()];
    waiting.send("blpop a 0");
    for (const line of way.split("|")) other.send(line);
    assertEquals(waiting.takeReplies(), popped("a", "1"), way);
  }
});

Deno.test("BLMOVE passes an element on to who waits for its target, along a chain", () => {
  const { server, connect } = stage();
  const [last, middle, first, other] = [connect(), connect(), connect(), connect()];
  last.send("blpop c 0");
  middle.send("blmove b c left right 0");
  first.send("brpoplpush a b 0");
  assertEquals(other.send("rpush a x"), ":1\r\n");
  assertEquals(first.takeReplies(), "$1\r\nx\r\n");
  assertEquals(middle.takeReplies(), "$1\r\nx\r\n");
  assertEquals(last.takeReplies(), popped("c", "x"));
  assertEquals(other.send("dbsize"), ":0\r\n");
  assertEquals(server.server.blocking.count, 0);
});

Deno.test("BLMOVE that cannot move when its source is ready ends with an error and takes nothing", () => {
  const { connect } = stage();
  const [waiting, next, other] = [connect(), connect(), connect()];
  other.send("set b x");
  waiting.send("blmove a b left right 0");
  next.send("blpop a 0");
  other.send("rpush a 1");
  assertStringIncludes(waiting.takeReplies(), "-WRONGTYPE ");
  assertEquals(next.takeReplies(), popped("a", "1"));
});

Deno.test("A wait ends when its time is over, to the millisecond, the nearest first", () => {
  const { server, connect } = stage();
  const clients = [300, 100, 200].map((ms) => {
    const client = connect();
    client.send(`blpop a ${ms / 1000}`);
    return client;
  });
  const replies = () => clients.map((client) => client.takeReplies());
  server.clock.advance(99);
  assertEquals(replies(), ["", "", ""]);
  server.clock.advance(1);
  assertEquals(replies(), ["", "*-1\r\n", ""]);
  server.clock.advance(100);
  assertEquals(replies(), ["", "", "*-1\r\n"]);
  assertEquals(server.server.blocking.timedCount, 1);
  clients[0].close();
  assertEquals(server.server.blocking.timedCount, 0);
  assertEquals(server.server.blocking.keys.count, 0);
});

Deno.test("CLIENT UNBLOCK ends a wait as if its time were over, or with an error", () => {
  const { connect } = stage();
  const [waiting, other] = [connect(), connect()];
  const id = waiting.send("client id").slice(1, -2);
  assertEquals(other.send(`client unblock ${id}`), ":0\r\n");
  waiting.send("blpop a 0");
  assertEquals(other.send(`client unblock ${id}`), ":1\r\n");
  assertEquals(waiting.takeReplies(), "*-1\r\n");
  waiting.sendRaw("blmove a b left left 0\r\nping\r\n");
  assertEquals(other.send(`client unblock ${id} error`), ":1\r\n");
  assertEquals(
    waiting.takeReplies(),
    "-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n+PONG\r\n",
  );
  assertEquals(other.send(`client unblock ${id} timeout`), ":0\r\n");
  assertEquals(other.send("client unblock 12345"), ":0\r\n");
});

Deno.test("A client that goes while it waits for keys leaves nothing behind", () => {
  const { server, connect } = stage();
  const [leaving, killed, other] = [connect(), connect(), connect()];
  const { blocking, keyspace } = server.server;
  leaving.send("blpop a b 10");
  killed.send("brpop b c 0");
  assertStringIncludes(other.send("info clients"), "total_blocking_keys:3\r\n");
  leaving.close();
  other.send("client kill skipme yes");
  assertEquals([blocking.count, blocking.keys.count, keyspace.awaitedTypes], [0, 0, 0]);
  assertEquals(blocking.memoryBytes, 0);
  assertEquals(other.send("rpush b 1"), ":1\r\n");
});

Deno.test("A key that is ready but due serves nobody", () => {
  const { server, connect } = stage();
  const [waiting, other] = [connect(), connect()];
  waiting.send("blpop a 0");
  other.sendRaw("multi\r\nrpush a 1\r\npexpire a -1\r\nexec\r\n");
  assertEquals(waiting.takeReplies(), "");
  other.send("rpush b 1");
  other.send("pexpire b 10");
  server.clock.advance(10);
  other.send("rename b a");
  assertEquals(waiting.takeReplies(), "");
});

Deno.test("A call that has waited is counted when it is answered, failed ones as such", () => {
  const { connect } = stage();
  const [waiting, other] = [connect(), connect()];
  const id = waiting.send("client id").slice(1, -2);
  waiting.send("blpop a 0");
  assertEquals(other.send("info commandstats").includes("cmdstat_blpop"), false);
  other.send("rpush a 1");
  waiting.send("blpop a 0");
  other.send(`client unblock ${id} error`);
  const stats = other.send("info commandstats");
  assertEquals(/cmdstat_blpop:(calls=\d+).*(failed_calls=\d+)/.exec(stats)?.slice(1), [
    "calls=2",
    "failed_calls=1",
  ]);
  assertStringIncludes(other.send("info errorstats"), "errorstat_UNBLOCKED:count=1");
});

Deno.test("Elements that fill blocks of their own are kept while their command waits, and freed with it", () => {
  const { server, connect } = stage();
  const [waiting, other] = [connect(), connect()];
  const before = server.server.keyspace.slabs.usedBytes;
  const name = "k".repeat(100_000);
  waiting.sendRaw(`*3\r\n$5\r\nblpop\r\n$${name.length}\r\n${name}\r\n$1\r\n0\r\n`);
  other.sendRaw(`*3\r\n$5\r\nrpush\r\n$${name.length}\r\n${name}\r\n$1\r\nx\r\n`);
  assertEquals(waiting.takeReplies(), popped(name, "x"));
  assertEquals(server.server.keyspace.slabs.usedBytes, before);
});
