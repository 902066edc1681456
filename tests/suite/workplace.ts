/**
 * The folder in which the suite believes to be: Redis's source tree as far as its harness looks, with
 * the server under test where the built redis-server would be.
 */

export interface Workplace extends AsyncDisposable {
  readonly folder: string;
}

/** What the harness may start besides the server. */
const TOOLS = ["redis-cli", "redis-benchmark", "redis-check-aof"];

/**
 * @param source The unpacked source package; only linked to.
 * @param command How the server under test is started; the harness's arguments follow.
 */
export async function makeWorkplace(
  source: string,
  command: readonly string[],
): Promise<Workplace> {
  const folder = await Deno.makeTempDir({ prefix: "keyrex-suite-" });
  await Deno.mkdir(`${folder}/tests/tmp`, { recursive: true });
  await Deno.mkdir(`${folder}/src`);
  await Deno.mkdir(`${folder}/pids`);
  for await (const { name } of Deno.readDir(`${source}/tests`)) {
    if (name !== "tmp") await Deno.symlink(`${source}/tests/${name}`, `${folder}/tests/${name}`);
  }
  await Deno.writeTextFile(`${folder}/src/redis-server`, wrapper(folder, command), { mode: 0o755 });
  for (const tool of TOOLS) {
    await Deno.writeTextFile(`${folder}/src/${tool}`, `#!/bin/sh\nexec ${tool} "$@"\n`, {
      mode: 0o755,
    });
  }
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await endLeftovers(folder);
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** The harness knows a server by its pid, so the shell is replaced by it; the pid is noted for the end. */
function wrapper(folder: string, command: readonly string[]): string {
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  return `#!/bin/sh\n: > '${folder}/pids/'$$\nexec ${quoted} "$@"\n`;
}

/** Ends servers that a crashed or interrupted harness has left running, and no other process. */
async function endLeftovers(folder: string): Promise<void> {
  for await (const { name: pid } of Deno.readDir(`${folder}/pids`)) {
    // A server of this run has its configuration file below this run's folder.
    if (!(await commandLine(pid)).includes("tests/tmp/redis.conf")) continue;
    try {
      Deno.kill(Number(pid), "SIGKILL");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

async function commandLine(pid: string): Promise<string> {
  const { stdout } = await new Deno.Command("cat", {
    args: [`/proc/${pid}/cmdline`],
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}
