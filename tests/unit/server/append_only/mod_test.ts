/** The append-only file, seen from the server: what clients, log and files show. */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Files, writeAllSync } from "../../../../src/platform/mod.ts";
import { EmbeddedServer } from "../../../support/embedded_server.ts";
import { latin1Bytes, latin1Text } from "../../../support/latin1.ts";
import { SimulatedExit } from "../../../support/simulated_platform.ts";
import { SystemError } from "../../../support/system_error.ts";
import type { Settings } from "../../../../src/config/mod.ts";

const INCREMENT = "/appendonlydir/appendonly.aof.1.incr.aof";
const MANIFEST = "/appendonlydir/appendonly.aof.manifest";

/** A server that logs, on a disk with these files. */
function serverWith(
  files: Readonly<Record<string, string>> = {},
  settings: { -readonly [Name in keyof Settings]?: Settings[Name] } = {},
): EmbeddedServer {
  const server = new EmbeddedServer({
    settings: { save: [], appendonly: true, enableDebugCommand: "yes", ...settings },
  });
  for (const [path, content] of Object.entries(files)) put(server.platform.files, path, content);
  return server;
}

function put(files: Files, path: string, content: string): void {
  if (path.startsWith("/appendonlydir/")) files.makeDirectorySync("/appendonlydir");
  const file = files.openSync(path, { write: true, create: true });
  writeAllSync(file, latin1Bytes(content));
  file.close();
}

function started(server: EmbeddedServer): EmbeddedServer {
  let isDone = false;
  server.server.load(() => isDone = true);
  assert(isDone);
  return server;
}

function command(...args: string[]): string {
  return `*${args.length}\r\n` + args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join("");
}

function contentOf(server: EmbeddedServer, path: string): string {
  return latin1Text(server.platform.files.readSync(path));
}

/** Lets writes, or syncs, of open files fail until it is called again with null. */
function letFail(
  server: EmbeddedServer,
  method: "writeSync" | "syncDataSync",
): (on: boolean) => void {
  const { files } = server.platform;
  let fails = false;
  const open = files.openSync.bind(files);
  files.openSync = (path, mode) => {
    const file = open(path, mode);
    const work = file[method].bind(file) as (source: Uint8Array) => number;
    Object.assign(file, {
      [method](source: Uint8Array) {
        if (fails) throw new SystemError("ENOSPC", "No space left on device (os error 28)");
        return work(source);
      },
    });
    return file;
  };
  return (on) => fails = on;
}

const LOGGED = {
  [MANIFEST]: "file appendonly.aof.1.incr.aof seq 1 type i\n",
  [INCREMENT]: command("SELECT", "0") + command("SET", "k", "v"),
};

Deno.test("A first start makes an empty base, an increment, and the manifest of both", () => {
  const server = started(serverWith());
  assertEquals(
    contentOf(server, MANIFEST),
    "file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n",
  );
  server.connect().send("set k v");
  assertEquals(contentOf(server, INCREMENT), command("SELECT", "0") + command("set", "k", "v"));
});

Deno.test("What has been logged is there again, but for what has fallen due since", () => {
  const server = started(serverWith({
    ...LOGGED,
    [INCREMENT]: LOGGED[INCREMENT] + command("SET", "old", "a", "PXAT", "1000") +
      command("APPEND", "old", "b") + command("RENAME", "old", "older") +
      command("MULTI") + command("SET", "m", "1") + command("EXEC"),
  }));
  const client = server.connect();
  assertEquals(client.send("mget k older m"), "*3\r\n$1\r\nv\r\n$-1\r\n$1\r\n1\r\n");
  assertStringIncludes(contentOf(server, INCREMENT), command("DEL", "older"));
});

for (
  const tail of [command("SET", "k", "long").slice(0, -5), "*3\r\n$3\r\nSET\0\0\0\0", "\0\0\0"]
) {
  Deno.test(`A torn tail is cut off, kept and told: ${JSON.stringify(tail)}`, () => {
    const server = started(serverWith({ ...LOGGED, [INCREMENT]: LOGGED[INCREMENT] + tail }));
    assertEquals(server.connect().send("get k"), "$1\r\nv\r\n");
    const { length } = LOGGED[INCREMENT];
    assertEquals(contentOf(server, INCREMENT), LOGGED[INCREMENT]);
    assertEquals(contentOf(server, `${INCREMENT}.cut-at-${length}`), tail);
    assertStringIncludes(
      server.platform.process.out,
      `the last ${tail.length} bytes, behind offset ${length}, are cut off and kept in`,
    );
  });
}

Deno.test("A transaction without an end is cut off as a whole", () => {
  const tail = command("MULTI") + command("SET", "k", "w");
  const server = started(serverWith({ ...LOGGED, [INCREMENT]: LOGGED[INCREMENT] + tail }));
  assertEquals(server.connect().send("get k"), "$1\r\nv\r\n");
  assertEquals(contentOf(server, `${INCREMENT}.cut-at-${LOGGED[INCREMENT].length}`), tail);
});

for (
  const [title, tail, settings, message] of [
    [
      "aof-load-truncated says no",
      "*1\r\n",
      { aofLoadTruncated: false },
      `Unexpected end of file reading the append only file ${INCREMENT}, behind offset 50`,
    ],
    [
      "something else is damaged",
      "nonsense\r\n" + command("PING"),
      {},
      `Bad file format reading the append only file ${INCREMENT}, at offset 50`,
    ],
    [
      "a command is unknown",
      command("BLA", "x"),
      {},
      "Unknown command 'BLA' reading the append only file appendonly.aof.1.incr.aof",
    ],
  ] as const
) {
  Deno.test(`The start is refused when ${title}, and the file stays as it is`, () => {
    const content = LOGGED[INCREMENT] + tail;
    const server = serverWith({ ...LOGGED, [INCREMENT]: content }, settings);
    const exit = assertThrows(() => server.server.load(() => {}), SimulatedExit);
    assertEquals(exit.exitCode, 1);
    assertStringIncludes(server.platform.process.out, message);
    assertEquals(contentOf(server, INCREMENT), content);
  });
}

Deno.test("The file of old versions becomes the base", () => {
  const server = started(serverWith({ "/appendonly.aof": command("SET", "k", "v") }));
  assertEquals(server.connect().send("get k"), "$1\r\nv\r\n");
  assertEquals(server.platform.files.statusSync("/appendonly.aof"), null);
  assertEquals(
    contentOf(server, MANIFEST),
    "file appendonly.aof seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n",
  );
});

Deno.test("A dump that is not loaded because of appendonly is told of", () => {
  const server = started(serverWith({ "/dump.rdb": "REDIS" }));
  assertStringIncludes(
    server.platform.process.out,
    "/dump.rdb is not loaded because appendonly is yes",
  );
});

Deno.test("While the log cannot be written, writes are refused; nothing is lost", () => {
  const server = serverWith({}, { appendfsync: "no" });
  const fail = letFail(server, "writeSync");
  started(server);
  const client = server.connect();
  client.send("set a 1");
  const before = contentOf(server, INCREMENT);
  fail(true);
  assertEquals(client.send("set b 2"), "+OK\r\n");
  const refusal = "-MISCONF Errors writing to the AOF file: No space left on device\r\n";
  assertEquals(client.send("set c 3"), refusal);
  assertEquals(client.send("ping"), refusal);
  assertEquals(client.send("get b"), "$1\r\n2\r\n");
  assertStringIncludes(client.send("info persistence"), "aof_last_write_status:err\r\n");
  assertEquals(contentOf(server, INCREMENT), before);
  fail(false);
  server.clock.advance(2000);
  assertEquals(client.send("set c 3"), "+OK\r\n");
  assertEquals(
    contentOf(server, INCREMENT),
    before + command("set", "b", "2") + command("set", "c", "3"),
  );
  assertStringIncludes(server.platform.process.out, "AOF write error looks solved");
});

for (const method of ["writeSync", "syncDataSync"] as const) {
  Deno.test(`With appendfsync always no reply leaves when ${method} fails: the process ends`, () => {
    const server = serverWith({}, { appendfsync: "always" });
    const fail = letFail(server, method);
    started(server);
    const client = server.connect();
    client.send("set a 1");
    fail(true);
    assertThrows(() => client.send("set b 2"), SimulatedExit);
    assertEquals(client.takeReplies(), "");
  });
}

Deno.test("A log whose fsync has failed is not trusted any more, but written anew from memory", async () => {
  const server = serverWith({}, { appendfsync: "no" });
  const fail = letFail(server, "syncDataSync");
  started(server);
  const client = server.connect();
  client.send("set a 1");
  const before = contentOf(server, INCREMENT);
  fail(true);
  client.send("bgrewriteaof"); // which begins with an fsync of what there is
  assertEquals(
    client.send("set b 2"),
    "-MISCONF Errors writing to the AOF file: No space left on device\r\n",
  );
  fail(false);
  // The next fsync would succeed, whether or not the disk has what the failed one was about.
  for (let i = 0; i < 30; i++) {
    server.clock.advance(100);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }
  assertEquals(client.send("set b 2"), "+OK\r\n");
  assertEquals(
    contentOf(server, MANIFEST),
    "file appendonly.aof.2.base.rdb seq 2 type b\nfile appendonly.aof.2.incr.aof seq 2 type i\n",
  );
  assertEquals(
    contentOf(server, "/appendonlydir/appendonly.aof.2.incr.aof"),
    command("SELECT", "0") + command("set", "b", "2"),
  );
  assert(before.includes(command("set", "a", "1")));
  const again = new EmbeddedServer({ settings: { appendonly: true, save: [] } });
  for (const name of ["manifest", "2.base.rdb", "2.incr.aof"]) {
    const path = `/appendonlydir/appendonly.aof.${name}`;
    put(again.platform.files, path, contentOf(server, path));
  }
  assertEquals(started(again).connect().send("mget a b"), "*2\r\n$1\r\n1\r\n$1\r\n2\r\n");
});

Deno.test("The time is noted before what is logged in another second", () => {
  const server = started(serverWith({}, { aofTimestampEnabled: true, appendfsync: "no" }));
  const client = server.connect();
  const seconds = () => Math.floor(server.clock.nowMs() / 1000);
  const first = seconds();
  client.send("set a 1");
  client.send("set b 2");
  server.clock.advance(1000);
  client.sendRaw("multi\r\nset c 3\r\nset d 4\r\nexec\r\n");
  assertEquals(
    contentOf(server, INCREMENT),
    `#TS:${first}\r\n` + command("SELECT", "0") + command("set", "a", "1") +
      command("set", "b", "2") + `#TS:${seconds()}\r\n` + command("MULTI") +
      command("set", "c", "3") + command("set", "d", "4") + command("EXEC"),
  );
});
