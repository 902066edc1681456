import { assertEquals } from "@std/assert";
import { EmbeddedServer } from "../../support/embedded_server.ts";
import { latin1Text } from "../../support/latin1.ts";

/** What a server tells, a line for each command. */
function listen(server: EmbeddedServer): () => string[] {
  const { effects } = server.server;
  effects.active = true;
  return () => {
    const text = latin1Text(effects.buf.subarray(0, effects.end));
    effects.clear();
    return text.split(/\*\d+\r\n/).slice(1).map((command) =>
      [...command.matchAll(/\$\d+\r\n(.*?)\r\n/gs)].map(([, argument]) => argument).join(" ")
    );
  };
}

Deno.test("A request that says what it does is told as it came, with its database", () => {
  const server = new EmbeddedServer();
  const told = listen(server);
  const client = server.connect();
  client.send("set k v");
  client.send("get k");
  client.send("del missing");
  client.send("incr k");
  client.send("select 3");
  client.send("append k 12");
  assertEquals(told(), ["SELECT 0", "set k v", "SELECT 3", "append k 12"]);
});

Deno.test("Times to live are told as due times, sums of floats as results", () => {
  const server = new EmbeddedServer();
  const told = listen(server);
  const client = server.connect();
  const now = server.clock.nowMs();
  client.send("setex k 10 v");
  client.send("set k v px 5 nx");
  client.send("set k v keepttl get");
  client.send("expire k 7 gt");
  client.send("getex k ex 9");
  client.send("getex k persist");
  client.send("expire k -1");
  client.send("incrbyfloat f 1.5");
  client.send("getdel f");
  assertEquals(told(), [
    "SELECT 0",
    `SET k v PXAT ${now + 10_000}`,
    "SET k v KEEPTTL",
    `PEXPIREAT k ${now + 9000}`,
    "PERSIST k",
    "DEL k",
    "SET f 1.5 KEEPTTL",
    "DEL f",
  ]);
});

Deno.test("A transaction is told as a whole, without what changes nothing", () => {
  const server = new EmbeddedServer();
  const told = listen(server);
  const client = server.connect();
  client.sendRaw("multi\r\nset a 1\r\nget a\r\nset b 2 ex 1\r\nexec\r\n");
  client.sendRaw("multi\r\nset a 1\r\nget a\r\nexec\r\n");
  const dueMs = server.clock.nowMs() + 1000;
  assertEquals(told(), [
    "MULTI",
    "SELECT 0",
    "set a 1",
    `SET b 2 PXAT ${dueMs}`,
    "EXEC",
    "set a 1",
  ]);
});

Deno.test("A key that is due is told as removed, before what replaces it", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.send("debug set-active-expire 0");
  client.send("set k 1 px 10");
  client.send("set other 1 px 10");
  const told = listen(server);
  server.server.expiry.enabled = false;
  server.clock.advance(11);
  client.send("incr k");
  client.send("get other");
  assertEquals(told(), ["MULTI", "SELECT 0", "DEL k", "incr k", "EXEC", "DEL other"]);
});

Deno.test("What chance has picked is told by name", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.send("sadd s 1 2 3 4 5 6");
  const told = listen(server);
  const [, member] = client.send("spop s").split("\r\n");
  const several = client.send("spop s 3").split("\r\n");
  client.send("spop s 9");
  assertEquals(told(), [
    "SELECT 0",
    `SREM s ${member}`,
    `SREM s ${several[2]} ${several[4]} ${several[6]}`,
    "DEL s",
  ]);
});

Deno.test("What is popped is told without waiting, by whoever it is served", () => {
  const server = new EmbeddedServer();
  const [client, waiting, moving] = [server.connect(), server.connect(), server.connect()];
  const told = listen(server);
  waiting.send("blpop none l 0");
  moving.send("blmove l2 l3 right left 0");
  client.send("rpush l a");
  client.send("rpush l2 b");
  client.send("zadd z 1 m 2 n");
  client.send("zmpop 1 z max count 1");
  client.send("bzpopmin z 0");
  client.send("lmpop 1 l3 left count 5");
  assertEquals(told(), [
    "SELECT 0",
    "rpush l a",
    "LPOP l 1",
    "rpush l2 b",
    "LMOVE l2 l3 RIGHT LEFT",
    "zadd z 1 m 2 n",
    "ZPOPMAX z 1",
    "ZPOPMIN z 1",
    "LPOP l3 5",
  ]);
});

Deno.test("Streams are told with the IDs and times of the first time", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  const told = listen(server);
  const now = server.clock.nowMs();
  client.send("xadd s * f v");
  client.send("xadd s maxlen 1 * f w");
  client.send("xgroup create s g 0");
  client.send("xreadgroup group g c streams s >");
  client.send("xreadgroup group g c streams s >");
  client.send("xreadgroup group g c streams s 0");
  client.send("xclaim s g d 0 1-1");
  client.send(`xclaim s g d 0 ${now}-1 justid`);
  assertEquals(told(), [
    "SELECT 0",
    `XADD s ${now}-0 f v`,
    `XADD s MAXLEN = 1 ${now}-1 f w`,
    "xgroup create s g 0",
    "MULTI",
    "XGROUP CREATECONSUMER s g c",
    `XCLAIM s g c 0 ${now}-1 TIME ${now} RETRYCOUNT 1 FORCE JUSTID`,
    `XGROUP SETID s g ${now}-1 ENTRIESREAD 2`,
    "EXEC",
    "XGROUP CREATECONSUMER s g d",
    `XCLAIM s g d 0 ${now}-1 TIME ${now} RETRYCOUNT 2 FORCE JUSTID`,
  ]);
});

Deno.test("Fields of hashes are told with their due times", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  const told = listen(server);
  const now = server.clock.nowMs();
  client.send("hset h a 1 b 2 c 3");
  client.send("hexpire h 5 nx fields 1 a");
  client.send("hincrbyfloat h a 0.5");
  client.send("hincrbyfloat h b 0.5");
  client.send("hgetex h px 7 fields 2 b c");
  client.send("hgetex h persist fields 1 c");
  client.send("hsetex h ex 1 fields 1 d 4");
  client.send("hgetdel h fields 1 c");
  assertEquals(told(), [
    "SELECT 0",
    "hset h a 1 b 2 c 3",
    `HPEXPIREAT h ${now + 5000} nx fields 1 a`,
    "HSETEX h KEEPTTL FIELDS 1 a 1.5",
    "HSET h b 2.5",
    `HPEXPIREAT h ${now + 7} FIELDS 2 b c`,
    "HPERSIST h FIELDS 1 c",
    `HSETEX h PXAT ${now + 1000} FIELDS 1 d 4`,
    "HDEL h c",
  ]);
});

Deno.test("A flush is told once, also of an empty database", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  const told = listen(server);
  client.send("flushdb");
  client.send("set k v");
  client.send("flushall");
  client.send("set k v");
  client.send("flushdb async");
  assertEquals(told(), ["SELECT 0", "flushdb", "set k v", "flushall", "set k v", "flushdb async"]);
});

Deno.test("A payload is told with the time it falls due, as it came where it says so", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.send("set k v");
  const payload = client.send("dump k").split("\r\n").slice(1, -1).join("\r\n");
  const told = listen(server);
  const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`;
  const restore = (key: string, ttl: string, ...options: string[]) => {
    const request = ["restore", key, ttl, payload, ...options];
    client.sendRaw(`*${request.length}\r\n${request.map(bulk).join("")}`);
  };
  restore("a", "1000");
  restore("a", "1000", "replace");
  restore("a", "9999999999999", "absttl", "replace");
  restore("b", "0");
  const due = server.clock.nowMs() + 1000;
  assertEquals(told().map((line) => line.replace(payload, "…")), [
    "SELECT 0",
    `RESTORE a ${due} … ABSTTL`,
    `RESTORE a ${due} … ABSTTL REPLACE`,
    "restore a 9999999999999 … absttl replace",
    "restore b 0 …",
  ]);
});
