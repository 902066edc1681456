/** DEBUG's hands: what it may do to a server. */
import type { DebugService } from "../commands/context.ts";
import type { Server } from "./server.ts";

export class Debug implements DebugService {
  readonly #server: Server;
  quicklistPackedThreshold: number | null = null;
  comparesChecksums = true;

  constructor(server: Server) {
    this.#server = server;
  }

  get activeExpiry(): boolean {
    return this.#server.expiry.enabled;
  }

  set activeExpiry(on: boolean) {
    this.#server.expiry.enabled = on;
  }

  get cronPaused(): boolean {
    return this.#server.cron.paused;
  }

  set cronPaused(paused: boolean) {
    this.#server.cron.paused = paused;
  }

  sleep(ms: number): void {
    this.#server.platform.clock.sleep(ms);
  }

  log(message: string): void {
    this.#server.log.warning(message);
  }
}
