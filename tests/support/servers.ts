/**
 * The two servers that tests know by name: Keyrex as it stands in this repository, and the real
 * redis-server, the judge of behaviour.
 */
import {
  type Directives,
  type ServerProcess,
  type StartOptions,
  startServer,
} from "./processes.ts";
import { findProgram, program, testWith } from "./requirements.ts";

type Options = Omit<StartOptions, "command" | "name">;

const repository = new URL("../../", import.meta.url);

/**
 * How Keyrex is started: what the environment's KEYREX_COMMAND says (words separated by spaces; for a
 * compiled binary, or another server for the tests of the tests), else deno.json's task `start`.
 */
export function keyrexCommand(): string[] {
  const told = Deno.env.get("KEYREX_COMMAND")?.trim();
  if (told) return told.split(/\s+/);
  const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", repository)));
  const task: string = tasks.start?.command ?? tasks.start;
  const [program, verb, ...rest] = task.trim().split(/\s+/);
  if (program !== "deno" || verb !== "run") {
    throw new Error(`Cannot start Keyrex: task "start" is not "deno run …" but ${task}`);
  }
  // A server runs in a directory of its own choice, so the script must be found from anywhere.
  const script = rest.map((word) =>
    word.endsWith(".ts") ? new URL(word, repository).pathname : word
  );
  return [program, verb, ...script];
}

/**
 * The transports that tests of connections run on: the one that the environment's KEYREX_TRANSPORT
 * names; else the best one and the portable one. `null` leaves the choice to the server, which may be
 * another than Keyrex.
 */
export function transportsToTest(): readonly (string | null)[] {
  if (Deno.env.get("KEYREX_TRANSPORT") !== undefined || Deno.env.get("KEYREX_COMMAND")) {
    return [null];
  }
  return [null, "portable"];
}

/** The directive that has Keyrex use the transport which KEYREX_TRANSPORT names; none without it. */
export function transportDirective(): Directives {
  const transport = Deno.env.get("KEYREX_TRANSPORT");
  return transport ? { transport } : {};
}

/**
 * Keyrex, answering PING.
 *
 * @param transport What the directive of that name is to say; default what KEYREX_TRANSPORT says.
 */
export function startKeyrex(
  options: Options = {},
  transport: string | null = null,
): Promise<ServerProcess> {
  const pinned = transport === null ? transportDirective() : { transport };
  const directives = { ...pinned, ...options.directives };
  return startServer({ ...options, directives, command: keyrexCommand(), name: "keyrex" });
}

/** The path of redis-server, from PATH; null when it is not installed. */
export function redisServerPath(): string | null {
  return findProgram("redis-server");
}

/**
 * The real redis-server, answering PING.
 *
 * @throws Error when it is not installed: ask {@link redisServerPath}, or use {@link oracleTest}.
 */
export function startRedis(options: Options = {}): Promise<ServerProcess> {
  const path = redisServerPath();
  if (path === null) throw new Error("Cannot start redis-server: it is not on PATH");
  return startServer({ ...options, command: [path], name: "redis-server" });
}

/** A test that needs the real redis-server: see {@link testWith}. */
export function oracleTest(title: string, fn: (t: Deno.TestContext) => Promise<void>): void {
  testWith(program("redis-server"), title, fn);
}
