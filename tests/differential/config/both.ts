/** Starts redis-server and Keyrex's configuration from the same files and the same command line. */
import { Config, ConfigError, parseArguments, StartError } from "../../../src/config/mod.ts";
import { SystemFiles } from "../../../src/platform/files.ts";
import { RespClient } from "../../support/resp_client.ts";
import { redisServerPath } from "../../support/servers.ts";
import { RespError } from "../../support/reply.ts";

/** What a start begins with. `{dir}` in texts stands for the directory of the files. */
export interface Start {
  /** The configuration file; absent for none. */
  readonly text?: string;
  /** What follows it on the command line. */
  readonly args?: readonly string[];
  /** What standard input gives. */
  readonly input?: string;
  /** Files beside the configuration file, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Commands whose names the tests use. */
const COMMANDS = new Set(["get", "set", "config"]);
const CONNECT_ATTEMPTS = 500;
const POLL_MS = 10;

/** Both, started from the same; each is an error's report when it cannot start. */
export class Both implements AsyncDisposable {
  /** What redis-server wrote instead of starting; null when it runs. */
  redisError: string | null = null;
  /** What Keyrex would write; null when it would run. */
  keyrexError: string | null = null;
  /** Where both start, the same for both. */
  readonly directory: string;
  readonly config: Config;
  #child: Deno.ChildProcess | null = null;
  #client: RespClient | null = null;

  constructor(directory: string) {
    this.directory = directory;
    this.config = new Config(new SystemFiles(), directory);
  }

  /** Sends redis-server a command; an error reply is its text. */
  async redis(...args: string[]): Promise<unknown> {
    try {
      return await this.#client!.command(...args);
    } catch (error) {
      if (error instanceof RespError) return error.message;
      throw error;
    }
  }

  /** Values by name, of redis-server and of Keyrex. */
  async get(names: readonly string[]): Promise<[redis: unknown, keyrex: unknown]> {
    const flat = await this.redis("CONFIG", "GET", ...names) as string[];
    const redis: Record<string, string> = {};
    for (let i = 0; i < flat.length; i += 2) redis[flat[i]] = flat[i + 1];
    return [redis, Object.fromEntries(this.config.get(names))];
  }

  /** Sets the same in both and returns both replies. */
  async set(...pairs: [string, string][]): Promise<[redis: unknown, keyrex: unknown]> {
    const refusal = this.config.set(pairs, { isLocal: true, isLoading: false });
    const keyrex = refusal === null ? "OK" : `ERR ${refusal}`;
    return [await this.redis("CONFIG", "SET", ...pairs.flat()), keyrex];
  }

  async start({ text, args = [], input, files = {} }: Start): Promise<void> {
    const socket = `${this.directory}/redis.sock`;
    const own = ["port 0", `unixsocket ${socket}`];
    for (const [name, content] of Object.entries(files)) {
      const path = `${this.directory}/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(path, this.#filledIn(content));
    }
    let command = args.map((arg) => this.#filledIn(arg));
    if (text !== undefined) {
      const path = `${this.directory}/redis.conf`;
      await Deno.writeTextFile(path, this.#filledIn(`${own.join("\n")}\n${text}`));
      command.unshift(path);
    } else if (args[0]?.startsWith("--")) {
      command = [...own.flatMap((line) => `--${line}`), ...command];
    }
    this.#startKeyrex(command, input);
    await this.#startRedis(command, input, socket);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client?.close();
    this.#child?.kill("SIGKILL");
    await this.#child?.status;
    await Deno.remove(this.directory, { recursive: true });
  }

  #filledIn(text: string): string {
    return text.replaceAll("{dir}", this.directory);
  }

  #startKeyrex(command: readonly string[], input: string | undefined): void {
    const { file, readsInput, options } = parseArguments(command);
    const bytes = readsInput ? new TextEncoder().encode(input ?? "") : null;
    try {
      this.config.load({ file, input: bytes, options }, (name) => COMMANDS.has(name));
    } catch (error) {
      if (error instanceof ConfigError) this.keyrexError = error.report("Redis 7.0.15");
      else if (error instanceof StartError) this.keyrexError = error.message;
      else throw error;
    }
  }

  async #startRedis(command: string[], input: string | undefined, socket: string): Promise<void> {
    const child = new Deno.Command(redisServerPath()!, {
      args: command,
      cwd: this.directory,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    writer.write(new TextEncoder().encode(input ?? "")).catch(() => {}); // not all read it
    writer.close().catch(() => {});

    let ended = false;
    const output = Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    child.status.then(() => ended = true);
    for (let attempt = 0; attempt < CONNECT_ATTEMPTS && !ended; attempt++) {
      try {
        const client = await RespClient.connect({ path: socket });
        // It opens its sockets before it has done with its configuration.
        if (await answersPing(client)) {
          this.#client = client;
          this.#child = child;
          return;
        }
        client.close();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    }
    if (!ended) throw new Error("redis-server neither starts nor ends");
    const [log, report] = await output;
    // A warning of the log ends what cannot start for another reason than its configuration's text.
    this.redisError = report || (/# (.*)\n$/.exec(log)?.[1] ?? log);
  }
}

/** Whether a server serves; false when it ends the connection instead. */
async function answersPing(client: RespClient): Promise<boolean> {
  await client.send("PING");
  return await client.readReplyBytes() !== null;
}

/** Starts both. */
export async function startBoth(start: Start): Promise<Both> {
  const directory = await Deno.realPath(await Deno.makeTempDir({ prefix: "keyrex-config-" }));
  const both = new Both(directory);
  try {
    await both.start(start);
    return both;
  } catch (error) {
    await both[Symbol.asyncDispose]();
    throw error;
  }
}
