/**
 * The executable that `deno task compile` makes, alone: an empty environment, no Deno on PATH, an
 * empty folder to run in. `deno task smoke` builds it first.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { freePort } from "../support/processes.ts";
import { RespClient } from "../support/resp_client.ts";
import { PROJECT_ROOT, readSource } from "../support/sources.ts";

const BINARY = new URL("dist/keyrex", PROJECT_ROOT).pathname;
const { version } = JSON.parse(readSource("deno.json"));

/** Deno frames what it appends to its runtime with these bytes. */
const PAYLOAD_MARK = "d3n0l4nd";

/** A folder to run in, and the executable with nothing around it. */
async function inEmptyWorld(
  use: (spawn: (...args: string[]) => Deno.ChildProcess) => Promise<void>,
): Promise<void> {
  // Not in the system's folder: Deno 2.5 writes to no folder that has, however deep, a program which
  // it may run, and the whole checkout may lie there.
  const parent = new URL("tmp/", PROJECT_ROOT).pathname;
  await Deno.mkdir(parent, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: parent, prefix: "smoke-" });
  try {
    await use((...args) =>
      new Deno.Command(BINARY, {
        args,
        cwd: folder,
        clearEnv: true,
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn()
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What a process prints until it ends, and how it ends. */
async function outcome(child: Deno.ChildProcess): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** Connects to a server that is about to listen. */
async function connectSoon(port: number, child: Deno.ChildProcess): Promise<RespClient> {
  let ended = false;
  child.status.then(() => ended = true);
  for (;;) {
    try {
      return await RespClient.connect({ port });
    } catch (error) {
      if (ended || !(error instanceof Deno.errors.ConnectionRefused)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

Deno.test("The executable tells its version and its help", () =>
  inEmptyWorld(async (spawn) => {
    const told = await outcome(spawn("--version"));
    assertEquals(told.code, 0);
    assertStringIncludes(told.text, version);

    const help = await outcome(spawn("--help"));
    assertEquals(help.code, 0);
    assertMatch(help.text, /Usage: /);
  }));

Deno.test("The executable serves, and shuts down in order at SIGTERM", () =>
  inEmptyWorld(async (spawn) => {
    const port = freePort();
    const child = spawn("--port", String(port), "--save", "", "--unixsocket", "server.sock");
    const ended = outcome(child);
    try {
      using client = await connectSoon(port, child);
      assertEquals(await client.command("PING"), "PONG");
      assertEquals(await client.command("SET", "key", "value", "EX", 100), "OK");
      assertEquals(await client.command("GET", "key"), "value");
      const info = String(await client.command("INFO", "server"));
      assertStringIncludes(info, `keyrex_version:${version}\r\n`);
    } finally {
      child.kill("SIGTERM");
      await ended;
    }
    const { code, text } = await ended;
    assertEquals(code, 0, text);
    assertStringIncludes(text, "Ready to accept connections");
  }));

Deno.test("The executable refuses a directive that it does not know", () =>
  inEmptyWorld(async (spawn) => {
    const { code, text } = await outcome(spawn("--no-such-directive", "yes"));
    assertEquals(code, 1);
    assertStringIncludes(text, "no-such-directive");
  }));

Deno.test("The executable holds Keyrex's sources and no package", async () => {
  const text = new TextDecoder("latin1").decode(await Deno.readFile(BINARY));
  const end = text.lastIndexOf(PAYLOAD_MARK);
  const payload = text.slice(text.lastIndexOf(PAYLOAD_MARK, end - 1), end);
  assertStringIncludes(payload.slice(0, 1 << 20), "main.ts");
  assert(!/node_modules(?!":null)/.test(payload)); // Its settings say "node_modules":null.
});
