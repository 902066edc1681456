/**
 * The end of the process, asked for by SHUTDOWN or by a signal.
 *
 * Nothing has to be waited for: there are no replicas that could lag. Where the data cannot be saved,
 * the process goes on, unless one insists on the end.
 */
import type { ShutdownRequest, ShutdownService } from "../commands/context.ts";
import type { Server } from "./server.ts";

/** The words of `shutdown-on-sigint` and `shutdown-on-sigterm`. */
export interface ShutdownSettings {
  readonly shutdownOnSigint: readonly string[];
  readonly shutdownOnSigterm: readonly string[];
}

export class Shutdown implements ShutdownService {
  readonly #server: Server;
  /** The signal that the cron is to act on. */
  #signal: "SIGINT" | "SIGTERM" | null = null;

  constructor(server: Server) {
    this.#server = server;
  }

  begin({ save, force }: ShutdownRequest): void {
    const { backgroundSave, log, persistence, platform, settings } = this.#server;
    log.warning("User requested shutdown...");
    backgroundSave.abort();
    const saves = !persistence.isLoading && (save ?? settings.save.length > 0);
    if (saves) log.notice("Saving the final RDB snapshot before exiting.");
    if (saves && !persistence.save()) {
      log.warning(`Error trying to save the DB${force ? ". Exit anyway." : ", can't exit."}`);
      if (!force) {
        log.warning(
          "Errors trying to shut down the server. Check the logs for more information.",
        );
        return;
      }
    }
    if (!this.#closeLog() && !force) {
      log.warning("Errors trying to shut down the server. Check the logs for more information.");
      return;
    }
    this.#server.stop();
    log.warning("Keyrex is now ready to exit, bye bye...");
    platform.process.exit(0);
  }

  /** Brings the append-only file to the disk; false when that fails, or there is no whole one yet. */
  #closeLog(): boolean {
    const { appendOnly, log } = this.#server;
    if (!appendOnly.isFirst) return appendOnly.close();
    log.warning("Writing initial AOF. Can't exit.");
    return false;
  }

  /** Calls off a shutdown that a signal has asked for; once it has begun it is over at once. */
  abort(): boolean {
    if (this.#signal === null) return false;
    this.#signal = null;
    this.#server.log.notice("Shutdown manually aborted.");
    return true;
  }

  /** A signal has arrived: the cron will act on it. A second SIGINT insists. */
  signalled(signal: "SIGINT" | "SIGTERM"): void {
    const { backgroundSave, log, persistence, platform } = this.#server;
    if (this.#signal !== null && signal === "SIGINT") {
      log.warning("You insist... exiting now.");
      backgroundSave.abort();
      platform.process.exit(1);
    }
    log.warning(`Received ${signal} scheduling shutdown...`);
    this.#signal = signal;
    if (persistence.isLoading) this.cron();
  }

  /** Does as the configuration says for a signal that has arrived: called by the cron. */
  cron(): void {
    const signal = this.#signal;
    if (signal === null) return;
    this.#signal = null;
    const { settings } = this.#server;
    const words = signal === "SIGINT" ? settings.shutdownOnSigint : settings.shutdownOnSigterm;
    this.begin({
      save: words.includes("save") ? true : words.includes("nosave") ? false : null,
      now: words.includes("now"),
      force: words.includes("force"),
    });
  }
}
