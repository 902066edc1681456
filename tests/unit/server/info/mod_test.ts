import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { EmbeddedServer } from "../../../support/embedded_server.ts";

/** The titles in a text of INFO. */
function titles(text: string): string[] {
  return [...text.matchAll(/^# (\w+)\r$/gm)].map(([, title]) => title);
}

const DEFAULT = [
  "Server",
  "Clients",
  "Memory",
  "Persistence",
  "Stats",
  "Replication",
  "CPU",
  "Modules",
  "Errorstats",
  "Cluster",
  "Keyspace",
];

Deno.test("INFO shows the sections asked for, each once and in its place", () => {
  const { server } = new EmbeddedServer();
  assertEquals(titles(server.info([])), DEFAULT);
  assertEquals(titles(server.info(["default"])), DEFAULT);
  assertEquals(titles(server.info(["keyspace", "CPU", "cpu"])), ["CPU", "Keyspace"]);
  assertEquals(titles(server.info(["nosuch"])), []);
  assertEquals(titles(server.info(["default", "commandstats"])).length, DEFAULT.length + 1);
  for (const word of ["all", "everything"]) {
    assertEquals(titles(server.info([word])).length, DEFAULT.length + 2);
  }
});

Deno.test("Sections are parted by an empty line, fields end with one line feed each", () => {
  const { server } = new EmbeddedServer();
  assertEquals(
    server.info(["cluster", "keyspace"]),
    "# Cluster\r\ncluster_enabled:0\r\n\r\n# Keyspace\r\n",
  );
  for (const line of server.info(["everything"]).split("\r\n")) {
    assertMatch(line, /^(|# \w+|[\w|.:]+?:.*)$/);
  }
});

Deno.test("INFO is verbatim text in RESP3", () => {
  const client = new EmbeddedServer().connect();
  client.send("hello 3");
  assertEquals(client.send("info cluster"), "=34\r\ntxt:# Cluster\r\ncluster_enabled:0\r\n\r\n");
});

Deno.test("INFO server names version, process and sockets", () => {
  const { server } = new EmbeddedServer({
    settings: { bind: ["127.0.0.1", "-::1"], port: 7000, unixsocket: "/tmp/s" },
  });
  const text = server.info(["server"]);
  assertStringIncludes(text, "\r\nredis_version:7.4.0\r\n");
  assertStringIncludes(text, "\r\nserver_name:keyrex\r\n");
  assertStringIncludes(text, "\r\nprocess_id:12345\r\n");
  assertStringIncludes(text, "\r\nos:Linux 6.1.0 x86_64\r\n");
  assertStringIncludes(text, "\r\nlistener0:name=tcp,bind=127.0.0.1,bind=-::1,port=7000\r\n");
  assertStringIncludes(text, "\r\nlistener1:name=unix,bind=/tmp/s\r\n");
});

Deno.test("INFO server counts the time", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  server.clock.advance(2 * 86_400_000 + 3000);
  const text = client.send("info server");
  assertStringIncludes(text, "\r\nuptime_in_seconds:172803\r\nuptime_in_days:2\r\n");
});

Deno.test("INFO keyspace has a line for each database that holds keys", () => {
  const client = new EmbeddedServer().connect();
  client.sendRaw("select 9\r\nset a 1\r\nset b 1 px 5000\r\nselect 2\r\nset a 1\r\n");
  assertStringIncludes(
    client.send("info keyspace"),
    "# Keyspace\r\ndb2:keys=1,expires=0,avg_ttl=0,subexpiry=0\r\n" +
      "db9:keys=2,expires=1,avg_ttl=5000,subexpiry=0\r\n",
  );
});

Deno.test("INFO commandstats, errorstats and latencystats tell of what has been called", () => {
  const client = new EmbeddedServer().connect();
  client.sendRaw("set k v\r\nget\r\nincr k\r\nconfig get hz\r\nnosuch\r\n");
  const commands = client.send("info commandstats");
  assertMatch(commands, /cmdstat_set:calls=1,usec=\d+,usec_per_call=\d+\.\d\d,rejected_calls=0,/);
  assertMatch(commands, /cmdstat_get:calls=0,.*,rejected_calls=1,failed_calls=0\r\n/);
  assertMatch(commands, /cmdstat_incr:calls=1,.*,rejected_calls=0,failed_calls=1\r\n/);
  assertMatch(commands, /cmdstat_config\|get:calls=1,/);
  assert(!commands.includes("cmdstat_mget"));
  assertStringIncludes(client.send("info errorstats"), "errorstat_ERR:count=3\r\n");
  assertMatch(
    client.send("info latencystats"),
    /latency_percentiles_usec_set:p50=\d+\.\d{3},p99=\d+\.\d{3},p99\.9=\d+\.\d{3}\r\n/,
  );
});

Deno.test("INFO stats counts what has happened, until CONFIG RESETSTAT", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.sendRaw("set k v\r\nget k\r\nget l\r\nauth a b\r\nset k v px 10\r\n");
  server.clock.advance(1000);
  const text = client.send("info stats");
  for (
    const field of [
      "total_connections_received:1",
      "total_commands_processed:6",
      "keyspace_hits:1",
      "keyspace_misses:1",
      "expired_keys:1",
      "total_error_replies:1",
      "acl_access_denied_auth:1",
    ]
  ) assertStringIncludes(text, `\r\n${field}\r\n`);
  client.send("config resetstat");
  assertStringIncludes(client.send("info stats"), "\r\nexpired_keys:0\r\n");
});

Deno.test("INFO memory agrees with the allocator", () => {
  const server = new EmbeddedServer({ settings: { maxmemory: 1 << 30 } });
  const client = server.connect();
  client.send(`set k ${"x".repeat(2000)}`);
  const { usedBytes, pageBytes } = server.server.keyspace.slabs;
  const text = client.send("info memory");
  assertStringIncludes(text, `\r\nallocator_allocated:${usedBytes}\r\n`);
  assertStringIncludes(text, `\r\nallocator_active:${pageBytes}\r\n`);
  assertStringIncludes(text, "\r\nmaxmemory_human:1.00G\r\n");
  assertMatch(text, /\r\nused_memory_human:\d+\.\d\dK\r\n/);
});

Deno.test("INFO stats tells for how long memory has been above maxmemory", () => {
  const server = new EmbeddedServer();
  const client = server.connect();
  client.send(`set k ${"x".repeat(40_000)}`);
  client.send("config set maxmemory 20000");
  server.clock.advance(1000);
  const [, ms] = /total_eviction_exceeded_time:(\d+)/.exec(client.send("info stats"))!;
  assert(Number(ms) >= 800 && Number(ms) <= 1000, ms);
});
