/** CONFIG GET and CONFIG SET, directive by directive, against redis-server. */
import { assert, assertEquals } from "@std/assert";
import { oracleTest } from "../../support/servers.ts";
import { startBoth } from "./both.ts";

/** Directives that came after Redis 7.0. */
const NEWER = [
  "aof-rewrite-cpulist",
  "bgsave-cpulist",
  "bio-cpulist",
  "cluster-announce-human-nodename",
  "hide-user-data-from-log",
  "locale-collate",
  "max-new-connections-per-cycle",
  "max-new-tls-connections-per-cycle",
  "server-cpulist",
  "rdb-version",
  "transport",
  "set-max-listpack-entries",
  "set-max-listpack-value",
];

/** Directives whose values differ between the two processes, or whose texts have grown since 7.0. */
const DIFFERENT = new Set([
  "activedefrag", // Debian's build refuses it
  "loglevel", // knows `nothing` by now
]);

/** Directives that act on the process or on the connection when they are set. */
const ACTING = new Set([
  "appendonly",
  "bind",
  "client-output-buffer-limit",
  "crash-log-enabled",
  "dir",
  "maxclients",
  "maxmemory-clients",
  "oom-score-adj",
  "oom-score-adj-values",
  "port",
  "requirepass",
  "tls-cluster",
  "tls-port",
  "tls-replication",
  "watchdog-period",
]);

/** Values of which every kind takes some and refuses others. */
const VALUES = [
  "",
  "YES",
  "no",
  "0",
  "1",
  "-1",
  "007",
  "+1",
  " 1",
  "50%",
  "1mb",
  "1GB",
  "5 5",
  "a/b",
  "x",
  "2147483648",
  "4294967296",
  "9223372036854775807",
  "99999999999999999999",
];

/** What one directive takes, in more detail; the value is set, and then shown by both. */
const CASES: readonly (readonly [name: string, ...values: string[]])[] = [
  [
    "maxmemory",
    "kb",
    "1b",
    "0x10",
    "99999999999999999999gb",
    "18446744073709551615",
    "1.5mb",
    "1k",
  ],
  ["maxmemory-clients", "0%", "-5%", "100%", "101%", "%", "5mb", "9223372036854775808", "0"],
  ["repl-backlog-size", "0", "1kb", "20000", "99999999999999999999"],
  ["notify-keyspace-events", "A", "KEA", "Kxg", "g$lshzxet", "g$lshzxetd", "mnK", "AmK", "q", ""],
  ["shutdown-on-sigint", "SAVE now", "now force save", "default", "default now", "save nosave"],
  ["shutdown-on-sigint", "", "  now", "now ", "nosave"],
  ["save", "1 2", " 1 2", "1 2 ", "1  2", "0 1", "1 -1", "900 1 1", "", "1 1 2 2", "+1 0x1"],
  ["save", "1 01", "+3 +4", "99999999999 5", "1 99999999999", "1 ", "\t1 1"],
  ["latency-tracking-info-percentiles", "50", "50.5 99.999 100", "", "a", "-1", "100.1", "0"],
  ["latency-tracking-info-percentiles", "50.0000001", "1e1", "inf", "nan", "1 ", " 1", ".5"],
  ["client-output-buffer-limit", "", "replica 1mb 1kb 60", "slave 5 6 7", "foo 1 1 1"],
  ["client-output-buffer-limit", "pubsub 1 1 1 normal 0 0 0", "master 1 1 1", "PUBSUB 1 1 1"],
  ["client-output-buffer-limit", "pubsub a 1 1", "pubsub 1 1 -1", "pubsub 1 1 1x", "pubsub 1 1"],
  ["client-output-buffer-limit", "pubsub 1 1 99999999999", "pubsub 1 1 1 pubsub 2 2 2"],
  ["dbfilename", "", "a/b", "a\\b", "x.rdb"],
  ["dir", "", "/nonexistent", "/dev/null", "/", "tmp/..", "/tmp/."],
  ["hz", "0", "1", "500", "501", "10"],
  [
    "proc-title-template",
    "{title}",
    "{foo}",
    "{title",
    "a b",
    "",
    "{title}}",
    "{{title}",
    "{port}",
  ],
  ["proc-title-template", "{title} {tls-port} {listen-addr} {server-mode}", "{unixsocket}x"],
  ["cluster-announce-hostname", "a_b", "a.b-c", "", "a".repeat(255), "a".repeat(256)],
  ["masteruser", "ü x", ""],
  ["masterauth", "a\0b", ""],
  ["bind", "1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7"],
  ["oom-score-adj-values", "1 2", "1 2 3 4", "-2001 1 1", "a b c", "1  2 3", "0 200 800"],
  ["watchdog-period", "-1", "0"],
  ["nosuch", "1"],
  ["DAEMONIZE", "yes"],
  ["Slave-Priority", "x", "5", "100"],
];

oracleTest("CONFIG GET knows the names and the defaults of redis-server", async () => {
  await using both = await startBoth({ text: "" });
  assertEquals([both.redisError, both.keyrexError], [null, null]);
  const [redis, keyrex] = await both.get(["*"]) as Record<string, string>[];
  const missing = Object.keys(redis).filter((name) => !(name in keyrex));
  assertEquals(missing, []);
  for (const name of NEWER) {
    assert(name in keyrex, name);
    delete keyrex[name];
  }
  assertEquals(keyrex, redis);
});

oracleTest("CONFIG GET finds names as redis-server does", async () => {
  await using both = await startBoth({ text: "" });
  const patterns = [
    ["MAXmemory", "maxmemory", "MAXMEMORY-s*", "maxmemory"],
    ["hash-max-*-value", "slaveof", "replicaof", "nosuch", "watchdog*"],
    ["watchdog-period", "key-load-delay", "rdb-key-save-delay", "use-exit-on-panic"],
    ["loading-process-events-interval-bytes"],
    ["[a-d]ir", "\\dir", "d?r", "", "*replica*timeout*"],
  ];
  for (const names of patterns) {
    const [redis, keyrex] = await both.get(names);
    assertEquals(keyrex, redis, names.join(" "));
  }
});

oracleTest("CONFIG SET takes and refuses values as redis-server does", async () => {
  await using both = await startBoth({ text: "enable-protected-configs yes\n" });
  const names = both.config.get(["*"]).map(([name]) => name);
  for (const name of names) {
    if (NEWER.includes(name) || DIFFERENT.has(name) || ACTING.has(name)) continue;
    const initial = both.config.get([name])[0][1];
    for (const value of [...VALUES, initial]) {
      const [redisReply, keyrexReply] = await both.set([name, value]);
      assertEquals(keyrexReply, redisReply, `CONFIG SET ${name} "${value}"`);
      const [redis, keyrex] = await both.get([name]);
      assertEquals(keyrex, redis, `after CONFIG SET ${name} "${value}"`);
    }
  }
});

oracleTest("CONFIG SET reads what has its own form as redis-server does", async () => {
  await using both = await startBoth({ text: "enable-protected-configs yes\n" });
  for (const [name, ...values] of CASES) {
    for (const value of values) {
      const [redisReply, keyrexReply] = await both.set([name, value]);
      assertEquals(keyrexReply, redisReply, `CONFIG SET ${name} "${value}"`);
      const [redis, keyrex] = await both.get([name]);
      assertEquals(keyrex, redis, `after CONFIG SET ${name} "${value}"`);
    }
  }
});

oracleTest("CONFIG SET sets several directives or none, as redis-server does", async () => {
  await using both = await startBoth({ text: "" });
  const cases: [string, string][][] = [
    [["maxmemory", "5mb"], ["maxmemory-samples", "7"]],
    [["maxmemory", "6mb"], ["maxmemory-samples", "0"]],
    [["maxmemory-samples", "x"], ["maxmemory", "6mb"]],
    [["maxmemory", "1"], ["maxmemory", "2"]],
    [["MaxMemory", "1"], ["maxmemory", "2"]],
    [["hash-max-listpack-entries", "1"], ["hash-max-ziplist-entries", "2"]],
    [["maxmemory", "1"], ["nosuch", "5"], ["daemonize", "yes"]],
    [["daemonize", "yes"], ["nosuch", "1"]],
    [["maxmemory", "1"], ["dbfilename", "x"]],
    [["dir", "/"], ["maxmemory", "1"]],
    [["save", "1 1"], ["notify-keyspace-events", "KEA"], ["hz", "0"], [
      "hll-sparse-max-bytes",
      "x",
    ]],
  ];
  for (const pairs of cases) {
    const [redisReply, keyrexReply] = await both.set(...pairs);
    assertEquals(keyrexReply, redisReply, JSON.stringify(pairs));
    const [redis, keyrex] = await both.get(["*"]) as Record<string, string>[];
    for (const name of NEWER) delete keyrex[name];
    assertEquals(keyrex, redis, JSON.stringify(pairs));
  }
});
