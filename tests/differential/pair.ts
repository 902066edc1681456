/** The two servers that are compared: redis-server, and Keyrex. */
import type { ServerProcess } from "../support/processes.ts";
import { redisServerPath, startKeyrex, startRedis } from "../support/servers.ts";
import type { Directives } from "../support/processes.ts";

/** Neither saves, both take DEBUG. */
export const SERVER_DIRECTIVES: Directives = {
  "enable-debug-command": "yes",
  "enable-protected-configs": "yes",
};

export class Pair implements AsyncDisposable {
  #directives: Directives;
  #servers: ServerProcess[];

  private constructor(directives: Directives, servers: ServerProcess[]) {
    this.#directives = directives;
    this.#servers = servers;
  }

  /**
   * Starts both.
   *
   * @param directives For both, beyond those every comparison needs.
   * @param options `alone`: Keyrex without its judge, even where redis-server is installed.
   */
  static async start(directives: Directives = {}, options = { alone: false }): Promise<Pair> {
    const all = { ...SERVER_DIRECTIVES, ...directives };
    const keyrex = await startKeyrex({ directives: all });
    const servers = [keyrex];
    if (!options.alone && redisServerPath() !== null) {
      try {
        servers.unshift(await startRedis({ directives: all }));
      } catch (error) {
        await keyrex.stop();
        throw error;
      }
    }
    return new Pair(all, servers);
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
   * @returns Null when it has not, else the end of its log.
   */
  async revive(): Promise<string | null> {
    const dead = this.keyrex;
    if (dead.running) return null;
    await dead.stop();
    this.#servers[this.#servers.length - 1] = await startKeyrex({ directives: this.#directives });
    return dead.log.slice(-4000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.stop()));
  }
}
