/**
 * Starts servers as processes of their own and gets rid of them again.
 *
 * Every server runs in a temporary directory of its own, on the loopback or on a unix socket in that
 * directory, saves nothing unless told to, and is ended by its own pid. `await using` does the rest:
 *
 * ```ts
 * await using server = await startServer({ command: ["redis-server"] });
 * using client = await server.connect();
 * ```
 */
import { type Address, RespClient } from "./resp_client.ts";

/** Directives by name; several tokens as an array (`save: ["900", "1"]`). */
export type Directives = Readonly<Record<string, string | number | readonly (string | number)[]>>;

export interface StartOptions {
  /** Program and first arguments; the directives follow as `--name value`. */
  readonly command: readonly string[];
  /** A configuration file in front of the directives. */
  readonly configFile?: string;
  readonly directives?: Directives;
  /** Where to listen; default "tcp", on a free port of the loopback. */
  readonly transport?: "tcp" | "unix";
  /** How the server is called in messages; default its program. */
  readonly name?: string;
  /** How long it may take until it answers PING. */
  readonly startTimeoutMs?: number;
}

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 10_000;
const POLL_MS = 10;
const PORT_ATTEMPTS = 5;
/** Of a longer log only the end is kept. */
const LOG_CHARS = 1 << 20;

export class ServerProcess implements AsyncDisposable {
  #child: Deno.ChildProcess;
  #pumps: Promise<unknown>;
  #log = "";
  #running = true;

  /** Name for messages. */
  readonly name: string;
  /** Where it listens. */
  readonly address: Address;
  /** Its working directory, removed by {@link stop}. */
  readonly directory: string;
  /** Settles when the process has ended, for whatever reason. */
  readonly exited: Promise<Deno.CommandStatus>;

  constructor(name: string, child: Deno.ChildProcess, address: Address, directory: string) {
    this.name = name;
    this.address = address;
    this.directory = directory;
    this.#child = child;
    this.#pumps = Promise.all([this.#pump(child.stdout), this.#pump(child.stderr)]);
    this.exited = child.status.finally(() => this.#running = false);
  }

  get pid(): number {
    return this.#child.pid;
  }

  get running(): boolean {
    return this.#running;
  }

  /** What it has written to its standard output and error so far. */
  get log(): string {
    return this.#log;
  }

  connect(): Promise<RespClient> {
    return RespClient.connect(this.address);
  }

  /** Sends a signal; harmless when the process has ended. */
  signal(signal: Deno.Signal): void {
    if (this.#running) this.#child.kill(signal);
  }

  /** Ends the process (SIGTERM, after 10 s SIGKILL), waits for it, and removes its directory. */
  async stop(): Promise<void> {
    this.signal("SIGTERM");
    const timer = setTimeout(() => this.signal("SIGKILL"), STOP_TIMEOUT_MS);
    await this.exited;
    clearTimeout(timer);
    await this.#pumps;
    await Deno.remove(this.directory, { recursive: true }).catch(ignoreMissing);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #pump(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream() as Decoder)) {
      this.#log += text;
      if (this.#log.length > 2 * LOG_CHARS) this.#log = this.#log.slice(-LOG_CHARS);
    }
  }
}

/** TextDecoderStream takes any BufferSource; the compiler wants the narrower stream said. */
type Decoder = ReadableWritablePair<string, Uint8Array>;

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/** A TCP port of the loopback that was free a moment ago. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}

/**
 * Starts a server and waits until it answers PING.
 *
 * @throws Error, with the server's log, when it ends or keeps silent instead; nothing is left over.
 */
export async function startServer(options: StartOptions): Promise<ServerProcess> {
  for (let attempt = 1;; attempt++) {
    const server = await spawnServer(options);
    try {
      await untilItAnswers(server, options.startTimeoutMs ?? START_TIMEOUT_MS);
      return server;
    } catch (error) {
      await server.stop();
      // Between freePort() and the start, somebody else may have taken the port.
      const portTaken = /already in use|Failed listening on port/.test(server.log);
      if (portTaken && attempt < PORT_ATTEMPTS) continue;
      throw new Error(`Cannot start ${server.name}: ${(error as Error).message}\n${server.log}`);
    }
  }
}

async function spawnServer(options: StartOptions): Promise<ServerProcess> {
  const { command, configFile, transport = "tcp", name = command[0] } = options;
  const directory = await Deno.makeTempDir({ prefix: "keyrex-server-" });
  const unix = transport === "unix";
  const path = `${directory}/server.sock`;
  const port = unix ? 0 : freePort();
  const directives: Directives = {
    bind: "127.0.0.1",
    port,
    ...(unix ? { unixsocket: path } : {}),
    dir: directory,
    save: "",
    appendonly: "no",
    ...options.directives,
  };
  const args = [
    ...command.slice(1),
    ...(configFile ? [configFile] : []),
    ...asArguments(directives),
  ];
  try {
    const child = new Deno.Command(command[0], {
      args,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return new ServerProcess(name, child, unix ? { path } : { port }, directory);
  } catch (error) {
    await Deno.remove(directory, { recursive: true });
    throw error;
  }
}

function asArguments(directives: Directives): string[] {
  return Object.entries(directives).flatMap(([name, value]) => [
    `--${name}`,
    ...(Array.isArray(value) ? value.map(String) : [String(value)]),
  ]);
}

async function untilItAnswers(server: ServerProcess, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (server.running) {
    if (Date.now() > deadline) throw new Error(`no answer to PING in ${timeoutMs} ms`);
    if (await answersPing(server)) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const { code, signal } = await server.exited;
  throw new Error(`it ended with ${signal ?? `exit code ${code}`}`);
}

async function answersPing(server: ServerProcess): Promise<boolean> {
  try {
    using client = await server.connect();
    await client.send("PING");
    const reply = await client.readReplyBytes(1000);
    // "-NOAUTH" is an answer, too; "-LOADING" means not yet.
    return reply !== null && !new TextDecoder().decode(reply).startsWith("-LOADING");
  } catch {
    return false;
  }
}
