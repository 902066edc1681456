/** redis.conf, standard input and the command line, against redis-server. */
import { assertEquals } from "@std/assert";
import { oracleTest } from "../../support/servers.ts";
import { type Start, startBoth } from "./both.ts";

/** A configuration file, or a start; then the directives to compare when it is sound. */
type Case = readonly [start: string | Start, ...names: string[]];

const FILES: readonly Case[] = [
  ["# c\n\nfoo bar\n"],
  ["  FOO   bar baz  \r\n"],
  ["timeout 1 2\n"],
  ["timeout\n"],
  ["maxmemory 1zb\n"],
  ["MaxMemory 1Gb # comment\n"],
  ['requirepass "abc\n'],
  ['timeout "63"79\n'],
  ["timeout '5'\n", "timeout"],
  ["  timeout\t5\r\n", "timeout"],
  ["masteruser \"a\\x41\\\"b\\n\"\nmasterauth 'it\\'s'\n", "masteruser", "masterauth"],
  ['masteruser "\\xc3\\xa9"\n', "masteruser"],
  ['logfile ""\n', "logfile"],
  ["hz 1000\n", "hz"],
  ["databases 0\n"],
  ["io-threads 129\n"],
  ["supervised foo\n"],
  ["syslog-facility x\n"],
  ["enable-debug-command Local\n", "enable-debug-command"],
  ["appendfilename a/b\n"],
  ['appendfilename ""\n'],
  ['appenddirname ""\n'],
  ["appenddirname a/b\n"],
  ["unixsocketperm 888\n"],
  ["unixsocketperm 1000\n"],
  ["unixsocketperm -1\n"],
  ["unixsocketperm 0700\n", "unixsocketperm"],
  ['unixsocketperm ""\n', "unixsocketperm"],
  [
    "hash-max-ziplist-entries 5\nslave-priority 7\n",
    "hash-max-listpack-entries",
    "replica-priority",
  ],
  ["save\n", "save"],
  ["save 1\n"],
  ['save "900 1 300"\n'],
  ['save "900 1 300 10"\n', "save"],
  ["save 900 1\nsave 300 10\n", "save"],
  ['save 900 1\nsave ""\nsave 5 5\n', "save"],
  [
    "client-output-buffer-limit normal 1 1 1\nclient-output-buffer-limit replica 2mb 1mb 60\n",
    "client-output-buffer-limit",
  ],
  ["client-output-buffer-limit pubsub 1 1\n"],
  ["bind 127.0.0.1 -::1\n", "bind"],
  ['bind "127.0.0.1 -::1"\n', "bind"],
  ['notify-keyspace-events ""\n', "notify-keyspace-events"],
  ["notify-keyspace-events\n"],
  ["shutdown-on-sigterm\n"],
  ['shutdown-on-sigterm "save force"\n', "shutdown-on-sigterm"],
  ["latency-tracking-info-percentiles\n", "latency-tracking-info-percentiles"],
  ["oom-score-adj-values \"1 2 '3\n"],
  ["replicaof no one\n", "replicaof"],
  ["slaveof 127.0.0.1 77777\n"],
  ["replicaof 127.0.0.1\n"],
  ["slaveof 127.0.0.1 1\n", "replicaof", "slaveof"],
  ["cluster-enabled yes\nreplicaof 127.0.0.1 1\n"],
  ["dir /nonexistent\n"],
  ["dir /dev/null\n"],
  ['dir ""\n'],
  ["dir a b\n"],
  ["dir .\n", "dir"],
  ["list-max-ziplist-entries 5\nlist-max-ziplist-value 5\nlua-replicate-commands yes\n", "timeout"],
  ["list-max-ziplist-entries\n"],
  ["rename-command NOSUCH x\n"],
  ["rename-command GET SET\n"],
  ["rename-command GET\n"],
  ['rename-command GET ""\nrename-command get x\n'],
  ["rename-command GET fetch\nrename-command SET get\nrename-command fetch set\n", "timeout"],
  ["user alice on nopass ~* +@all\n", "timeout"],
  ["user\n"],
  ["loadmodule\n"],
  ["loadmodule /nonexistent.so a\n"],
  ["a.b 1\n"],
  ["a.b\n"],
  ["sentinel monitor x\n"],
];

const INCLUDES: readonly Case[] = [
  ["include a b\n"],
  ["include\n"],
  ["include {dir}/nosuch.conf\n"],
  ["include nosuch.conf\n"],
  ["include {dir}/no*.conf\nmaxmemory 3\n", "maxmemory"],
  ["include {dir}/no*/a.conf\nmaxmemory 3\n", "maxmemory"],
  [
    {
      text: "timeout 4\ninclude {dir}/c.d/*.conf\nmaxclients 12\n",
      files: {
        "c.d/b.conf": "maxmemory 2\n",
        "c.d/a.conf": "timeout 5\nmaxmemory 1\n",
        "c.d/.h.conf": "maxmemory 9\n",
        "c.d/other": "maxmemory 8\n",
      },
    },
    "maxmemory",
    "maxclients",
    "timeout",
  ],
  [{
    text: "include {dir}/*.d/[a-c].conf\n",
    files: { "a.d/a.conf": "timeout 5\nmaxmemory 1\n", "b.d/c.conf": "\nbad\n" },
  }],
  [{ text: "maxmemory 1\ninclude {dir}/a/a.conf\n", files: { "a/a.conf": "\nbad line\n" } }],
  [
    {
      text: "timeout 4\ndir {dir}/sub\ninclude x.conf\nmaxmemory 5\n",
      files: { "sub/x.conf": "timeout 7\ninclude y.conf", "sub/y.conf": "tcp-keepalive 9" },
    },
    "timeout",
    "dir",
    "tcp-keepalive",
    "maxmemory",
  ],
];

const ARGUMENTS: readonly Case[] = [
  [{ text: "save 3 3\n", args: ["--save", "4", "4", "5", "5"] }, "save"],
  [{ text: "save 3 3\n", args: ["--save", ""] }, "save"],
  [{ args: ["--save", "", "--maxmemory", "1"] }, "save", "maxmemory"],
  [{ args: ["--save", "--maxmemory", "1"] }, "save", "maxmemory"],
  [{ args: ["--maxmemory", "1", "--SAVE"] }, "save", "maxmemory"],
  [{ args: ["--save", "3600 1 300 100"] }, "save"],
  [{ args: ["--save 3600 1"] }, "save"],
  [{ args: ["--save 3600 1", "300", "100"] }, "save"],
  [{ args: ["--maxmemory=5"] }],
  [{ args: ["--maxmemory"] }],
  [{ args: ["--foo", "bar"] }],
  [{ args: ["--timeout", "1", "2"] }],
  [{ args: ["--bind", "127.0.0.1", "-::1"] }, "bind"],
  [{ args: ["--proc-title-template", "--my--title--"] }, "proc-title-template"],
  [{ args: ["--masteruser", 'q"\\ \n\x01é', "--Timeout", "7"] }, "masteruser", "timeout"],
  [{ args: ["--", "timeout", "5"] }, "timeout"],
  [{ args: ["--", "--timeout", "5"] }],
  [{ args: ["nosuch.conf"] }],
  [{ args: ["-x"] }],
  [{ text: "timeout 4\n", args: ["timeout", "5"] }, "timeout"],
  [{ text: "timeout 4\n", args: ["--timeout", "6", "--hz", "7"] }, "timeout", "hz"],
  [{ text: "timeout 4\n", args: ["--timeout", "6x"] }],
  [{ text: "timeout 4", args: ["--timeout", "6x"] }],
  [{ text: "timeout 4\n", args: ["-"], input: "timeout 5\nhz 20\n" }, "timeout", "hz"],
  [{ text: "timeout 4\n", args: ["--timeout", "6", "-"], input: "hz 20\ntimeout 5" }, "timeout"],
  [{ text: "timeout 4\n", args: ["-", "--timeout", "6"], input: "timeout 5" }],
  [{ text: "timeout 4\n", args: ["-"], input: "timeout 5\nbad" }],
  [{ args: ["-", "--timeout", "6x"], input: "timeout 5\nhz 3\n" }],
];

async function compare(cases: readonly Case[]): Promise<void> {
  for (const [start, ...names] of cases) {
    const title = JSON.stringify(start);
    await using both = await startBoth(typeof start === "string" ? { text: start } : start);
    assertEquals(both.keyrexError, both.redisError, title);
    assertEquals(names.length > 0, both.redisError === null, `is ${title} sound?`);
    if (both.redisError !== null) continue;
    const [redis, keyrex] = await both.get(names);
    assertEquals(keyrex, redis, title);
  }
}

oracleTest(
  "A configuration file means, and is refused for, what it is to redis-server",
  async () => {
    await compare(FILES);
  },
);

oracleTest("Files are included as redis-server includes them", async () => {
  await compare(INCLUDES);
});

oracleTest("The command line and standard input mean what they mean to redis-server", async () => {
  await compare(ARGUMENTS);
});
