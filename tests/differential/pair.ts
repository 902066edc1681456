/** The two servers that are compared: redis-server, and Keyrex. */
import type { Directives, ServerProcess } from "../support/processes.ts";
import { redisServerPath, startKeyrex, startRedis } from "../support/servers.ts";

/** Neither saves, both take DEBUG. */
export const SERVER_DIRECTIVES: Directives = {
  "enable-debug-command": "yes",
  "enable-protected-configs": "yes",
};

export interface PairOptions {
  /** For both, beyond those every comparison needs. */
  readonly directives?: Directives;
  /** Keyrex without its judge, even where redis-server is installed. */
  readonly alone?: boolean;
  /** Starts the server under test; default Keyrex, with the same directives. */
  readonly startUnderTest?: (directives: Directives) => Promise<ServerProcess>;
}

export class Pair implements AsyncDisposable {
  #startUnderTest: () => Promise<ServerProcess>;
  #servers: ServerProcess[];

  private constructor(startUnderTest: () => Promise<ServerProcess>, servers: ServerProcess[]) {
    this.#startUnderTest = startUnderTest;
    this.#servers = servers;
  }

  /** Starts both. */
  static async start(options: PairOptions = {}): Promise<Pair> {
    const directives = { ...SERVER_DIRECTIVES, ...options.directives };
    const startUnderTest = options.startUnderTest ??
      ((directives) => startKeyrex({ directives }));
    const servers = [await startUnderTest(directives)];
    if (!options.alone && redisServerPath() !== null) {
      try {
        servers.unshift(await startRedis({ directives }));
      } catch (error) {
        await servers[0].stop();
        throw error;
      }
    }
    return new Pair(() => startUnderTest(directives), servers);
  }

  /** The server under test. */
  get keyrex(): ServerProcess {
    return this.#servers[this.#servers.length - 1];
  }

  /** The judge; null where it is not installed, or not wanted. */
  get redis(): ServerProcess | null {
    return this.#servers.length === 2 ? this.#servers[0] : null;
  }

  /** Those there are, the judge first. */
  get servers(): readonly ServerProcess[] {
    return this.#servers;
  }

  /**
   * Starts Keyrex again if it has ended.
   *
   * @param graceMs How long to wait for it to end, when it behaves as if it were about to.
   * @returns Null when it has not, else the end of its log.
   */
  async revive(graceMs = 0): Promise<string | null> {
    const dead = this.keyrex;
    if (graceMs > 0) await hasEnded(dead, graceMs);
    if (dead.running) return null;
    await dead.stop();
    this.#servers[this.#servers.length - 1] = await this.#startUnderTest();
    return dead.log.slice(-4000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.stop()));
  }
}

async function hasEnded(server: ServerProcess, timeoutMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise((resolve) => timer = setTimeout(resolve, timeoutMs));
  await Promise.race([server.exited, late]);
  clearTimeout(timer);
}
