/** redis-cli, in all the modes that need no more than keys and strings. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { ServerProcess } from "../support/processes.ts";
import { program, testWith } from "../support/requirements.ts";
import { startKeyrex } from "../support/servers.ts";

const redisCli = program("redis-cli");

/** Plays the user in front of a terminal; a pseudo-terminal is out of Deno's reach. */
const PYTHON = "/usr/bin/python3";
const terminalScript = new URL("terminal.py", import.meta.url).pathname;
const hasPython = await Deno.stat(PYTHON).then(() => true, () => false);
const terminal = { name: "redis-cli and python3", present: redisCli.present && hasPython };

function portOf(server: ServerProcess): string {
  return "port" in server.address ? String(server.address.port) : "";
}

/** Runs redis-cli to its end and returns what it printed. */
async function cli(server: ServerProcess, args: string[], input = ""): Promise<string> {
  const command = new Deno.Command("redis-cli", {
    args: ["-p", portOf(server), ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  await using child = command.spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { stdout, stderr, success } = await child.output();
  const decoder = new TextDecoder();
  assert(success, decoder.decode(stderr));
  return decoder.decode(stdout);
}

/** Runs redis-cli until it has printed `lines` lines, then ends it. */
async function firstLines(server: ServerProcess, args: string[], lines: number): Promise<string[]> {
  const command = new Deno.Command("redis-cli", {
    args: ["-p", portOf(server), ...args],
    stdout: "piped",
  });
  await using child = command.spawn();
  let text = "";
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.split("\n").length > lines) break;
  }
  return text.split("\n").slice(0, lines);
}

/** A server with 1000 keys `key:…`, of which key:7 is by far the biggest. */
async function startFilled(): Promise<ServerProcess> {
  const server = await startKeyrex({ directives: { "maxmemory-policy": "allkeys-lfu" } });
  using client = await server.connect();
  const keys = Array.from({ length: 1000 }, (_, i) => `key:${i}`);
  await client.command("MSET", ...keys.flatMap((key) => [key, "value"]));
  await client.command("SET", "key:7", "x".repeat(5000));
  return server;
}

testWith(redisCli, "redis-cli runs single commands, in every format", async () => {
  await using server = await startKeyrex();
  assertEquals(await cli(server, ["SET", "greeting", "Grüße"]), "OK\n");
  assertEquals(await cli(server, ["GET", "greeting"]), "Grüße\n");
  assertEquals(await cli(server, ["--no-raw", "GET", "missing"]), "(nil)\n");
  assertEquals(await cli(server, ["-r", "3", "INCR", "counter"]), "1\n2\n3\n");
  assertEquals(await cli(server, ["-x", "SET", "piped"], "from stdin"), "OK\n");
  assertEquals(await cli(server, [], "GET piped\nECHO 'two words'\n"), "from stdin\ntwo words\n");
  assertEquals(await cli(server, ["--csv", "MGET", "counter", "missing"]), '"3",NULL\n');
  assertEquals(
    await cli(server, ["--json", "CONFIG", "GET", "databases"]),
    '{"databases":"16"}\n',
  );
  assertEquals(await cli(server, ["-2", "CONFIG", "GET", "databases"]), "databases\n16\n");
  assertEquals(await cli(server, ["-n", "5", "DBSIZE"]), "0\n");
  assertEquals(
    await cli(server, ["SET", "key"]),
    "ERR wrong number of arguments for 'set' command\n\n",
  );
});

testWith(redisCli, "redis-cli --pipe inserts in bulk", async () => {
  await using server = await startKeyrex();
  const commands = Array.from({ length: 10_000 }, (_, i) => `SET key:${i} ${i}\r\n`).join("");
  assertStringIncludes(await cli(server, ["--pipe"], commands), "errors: 0, replies: 10000");
  assertEquals(await cli(server, ["DBSIZE"]), "10000\n");
});

testWith(redisCli, "redis-cli --scan lists every key", async () => {
  await using server = await startFilled();
  const keys = (await cli(server, ["--scan"])).trim().split("\n");
  assertEquals(new Set(keys).size, 1000);
  assertEquals(
    (await cli(server, ["--scan", "--pattern", "key:99?"])).trim().split("\n").length,
    10,
  );
});

testWith(redisCli, "redis-cli --bigkeys finds the longest value", async () => {
  await using server = await startFilled();
  const report = await cli(server, ["--bigkeys", "-i", "0"]);
  assertStringIncludes(report, `Biggest string found '"key:7"' has 5000 bytes`);
  assertStringIncludes(report, "1000 strings with 9995 bytes");
});

testWith(redisCli, "redis-cli --memkeys finds the key that takes most memory", async () => {
  await using server = await startFilled();
  const report = await cli(server, ["--memkeys", "-i", "0"]);
  assertMatch(report, /Biggest string found '"key:7"' has [5-9]\d{3} bytes/);
});

testWith(redisCli, "redis-cli --hotkeys finds the key that is read most", async () => {
  await using server = await startFilled();
  await cli(server, ["-r", "2000", "GET", "key:13"]);
  const report = await cli(server, ["--hotkeys", "-i", "0"]);
  assertMatch(report, /hot key found with counter: \d+\tkeyname: "?key:13"?/);
});

testWith(redisCli, "redis-cli --stat shows a line of figures for each interval", async () => {
  await using server = await startFilled();
  const [, heads, first, second] = await firstLines(server, ["--stat", "-i", "0.01"], 4);
  assertMatch(heads, /^keys +mem +clients +blocked +requests +connections/);
  for (const line of [first, second]) assertMatch(line, /^1000 +[\d.]+[KM] +\d+ +0 +\d+/);
});

testWith(redisCli, "redis-cli --latency measures round trips", async () => {
  await using server = await startKeyrex();
  const line = await cli(server, ["--raw", "--latency", "-i", "0.1"]);
  assertMatch(line, /^\d+ \d+ \d+\.\d+ [1-9]\d*\n$/); // Minimum, maximum, average, how often.
});

testWith(terminal, "redis-cli shows hints, which the server's COMMAND DOCS tell", async () => {
  await using server = await startKeyrex();
  const prompt = ["expect", `127.0.0.1:${portOf(server)}> `];
  const steps = [
    prompt,
    ["type", "set "],
    ["expect", "key value"],
    ["expect", "[NX|XX]"],
    ["expect", "[GET]"],
    ["expect", "EX seconds|PX milliseconds"],
    ["type", "greeting hello\r"],
    ["expect", "OK"],
    prompt,
    ["type", "client no-evict "],
    ["expect", "ON|OFF"],
    ["type", "on\r"],
    ["expect", "OK"],
    prompt,
    ["type", "help getdel\r"],
    ["expect", "GETDEL key"],
    ["expect", "summary: "],
    ["expect", "since: 6.2.0"],
    ["expect", "group: string"],
    prompt,
    ["type", "hello 3\r"],
    ["expect", '# "proto"'],
    ["expect", "(integer) 3"],
    prompt,
    ["type", "config get databases\r"],
    ["expect", '1# "databases" => "16"'],
  ];
  const { success, stdout, stderr } = await new Deno.Command(PYTHON, {
    args: [terminalScript, JSON.stringify(steps), "redis-cli", "-p", portOf(server)],
  }).output();
  const decoder = new TextDecoder();
  assert(success, decoder.decode(stderr) + decoder.decode(stdout));

  using client = await server.connect();
  const statistics = String(await client.command("INFO", "commandstats"));
  assertMatch(statistics, /cmdstat_command\|docs:calls=[1-9]/);
});
