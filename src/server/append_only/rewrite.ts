/**
 * Rewriting the append-only files: a new base with all data as it is now, and a new increment for what
 * follows, in place of all that has been logged so far.
 *
 * The increment is begun first, so that what is told while the base is written is in a file of its own.
 * Until the base is complete and named in the manifest, the old files hold everything as before.
 */
import { joined } from "../../persistence/rdb/save.ts";
import type { AofDirectory } from "../../persistence/aof/directory.ts";
import type { AofLog } from "../../persistence/aof/log.ts";
import {
  nextBase,
  nextIncrement,
  withBase,
  withIncrement,
} from "../../persistence/aof/manifest.ts";
import { errorText } from "../../platform/mod.ts";
import type { Server } from "../server.ts";
import type { BaseWriter } from "./base.ts";

/** After so many failures in a row, rewrites that nobody asks for wait a minute, and twice as long each time, */
const FAILURES_IN_A_ROW = 3;
/** up to an hour. */
const MAX_DELAY_MINUTES = 60;

export class AofRewrite {
  /** Whether a rewrite shall begin as soon as it can. */
  isScheduled = false;
  /** How many have begun. */
  count = 0;
  /** How many in a row have failed. */
  failuresInRow = 0;
  /** Whether the last one has succeeded. */
  succeeded = true;
  /** How long the last one took, in s; -1 when there was none. */
  lastSeconds = -1;
  /** The size of base and increments when the last one was done, in bytes. */
  baseBytes = 0;
  /** Before when none is to begin by itself, monotonic, ms; 0 for no such moment. */
  #notBeforeMs = 0;
  /** Since when one goes on, wall clock in ms; 0 when none does. */
  #startedMs = 0;
  #giveUp: (() => void) | null = null;
  /** Whether what is told goes into an increment that the manifest does not name yet. */
  #isFirst = false;
  readonly #server: Server;
  readonly #directory: AofDirectory;
  readonly #log: AofLog;
  readonly #writer: BaseWriter;
  readonly #done: (isFirst: boolean) => void;

  /**
   * @param done Is called when one has succeeded, with whether it was the one that follows the
   *   switching on.
   */
  constructor(
    server: Server,
    directory: AofDirectory,
    log: AofLog,
    writer: BaseWriter,
    done: (isFirst: boolean) => void,
  ) {
    this.#server = server;
    this.#directory = directory;
    this.#log = log;
    this.#writer = writer;
    this.#done = done;
  }

  get isRunning(): boolean {
    return this.#giveUp !== null;
  }

  /** For how long the present one goes on, in s; -1 when none does. */
  get currentSeconds(): number {
    return this.isRunning ? Math.floor((this.#server.nowMs - this.#startedMs) / 1000) : -1;
  }

  /** Whether the failures of the last ones forbid that one begins by itself. */
  get isLimited(): boolean {
    if (this.failuresInRow < FAILURES_IN_A_ROW) return false;
    const nowMs = this.#server.platform.clock.monotonicMs();
    if (this.#notBeforeMs !== 0) {
      if (nowMs < this.#notBeforeMs) return true;
      this.#notBeforeMs = 0;
      return false;
    }
    const minutes = Math.min(2 ** (this.failuresInRow - FAILURES_IN_A_ROW), MAX_DELAY_MINUTES);
    this.#notBeforeMs = nowMs + minutes * 60_000;
    this.#server.log.warning(
      "Background AOF rewrite has repeatedly failed and triggered the limit, will retry in " +
        `${minutes} minutes`,
    );
    return true;
  }

  /**
   * Begins one.
   *
   * @param isFirst Whether nothing has been logged before: the log is just being switched on.
   * @returns False when that fails, of which the log tells why.
   */
  begin(isFirst: boolean): boolean {
    const server = this.#server;
    const { log, platform: { process } } = server;
    this.isScheduled = false;
    this.count++;
    this.#isFirst = isFirst;
    try {
      this.#beginIncrement();
    } catch (error) {
      log.warning(`Can't begin an AOF rewrite: ${errorText(error)}`);
      this.#failed();
      return false;
    }
    this.#startedMs = server.nowMs;
    const name = `temp-rewriteaof-bg-${process.pid}.aof`;
    const format = server.settings.aofUseRdbPreamble ? "rdb" as const : "aof" as const;
    log.notice(`Background append only file rewriting started by pid ${process.pid}`);
    this.#log.syncsPaused = server.settings.noAppendfsyncOnRewrite;
    this.#giveUp = this.#writer.begin({ name, format }, (failure) => {
      this.#giveUp = null;
      this.#log.syncsPaused = false;
      // What is told now must be sound, or the next start could not load it.
      if (this.#log.isSuspect) failure ??= "the log could not be brought to the disk";
      if (failure === null && this.#install(name, format)) return this.#succeeded();
      if (failure !== null) log.warning(`Background AOF rewrite failed: ${failure}`);
      this.#failed();
    });
    return true;
  }

  /** Gives up the one that goes on, if one does. */
  abort(): void {
    if (this.#giveUp === null) return;
    this.#server.log.notice("Killing running AOF rewrite child");
    this.#giveUp();
    this.#giveUp = null;
    this.#log.syncsPaused = false;
  }

  #beginIncrement(): void {
    const { log } = this.#server;
    const directory = this.#directory;
    directory.make();
    if (this.#isFirst) {
      const name = directory.temporaryIncrement;
      this.#log.open(directory.createIncrement(name), 0);
      log.notice(`Creating AOF incr file ${name} on background rewrite`);
      return;
    }
    if (!this.#log.isOpen) return;
    if (!this.#log.flush(this.#server.nowMs, true)) {
      throw new Error(this.#log.failure?.text ?? "the log cannot be written");
    }
    // A file that another one follows must be whole: what is torn there would leave a gap.
    this.#log.sync();
    const increment = nextIncrement(directory.manifest, directory.prefix);
    const file = directory.createIncrement(increment.name);
    try {
      directory.write(withIncrement(directory.manifest, increment));
    } catch (error) {
      file.close();
      // The manifest may name the new file now, or after a failure of the power: neither one can be relied on.
      if (directory.manifest.incrementSeq === increment.seq) this.#log.suspect(error);
      throw error;
    }
    this.#log.open(file, 0);
    log.notice(`Creating AOF incr file ${increment.name} on background rewrite`);
  }

  /** The base is written: gives all files their names, and the manifest; false where that fails. */
  #install(name: string, format: "rdb" | "aof"): boolean {
    const { log, settings } = this.#server;
    const directory = this.#directory;
    const { manifest, prefix } = directory;
    const path = joined(settings.dir, name);
    try {
      const base = nextBase(manifest, prefix, format);
      directory.take(path, base.name);
      log.notice(`Successfully renamed the temporary AOF base file ${name} into ${base.name}`);
      const keptIncrements = this.#log.isOpen && !this.#isFirst ? 1 : 0;
      let next = withBase(manifest, base, keptIncrements);
      if (this.#isFirst) {
        const increment = nextIncrement(manifest, prefix);
        directory.take(directory.pathOf(directory.temporaryIncrement), increment.name);
        next = withIncrement(next, increment);
        log.notice(
          `Successfully renamed the temporary AOF incr file ${directory.temporaryIncrement} into ` +
            increment.name,
        );
      }
      directory.write(next);
      return true;
    } catch (error) {
      log.warning(`Error moving the files of an AOF rewrite to their places: ${errorText(error)}`);
      directory.discard(path);
      return false;
    }
  }

  #succeeded(): void {
    const { log, settings } = this.#server;
    this.#over();
    this.succeeded = true;
    this.failuresInRow = 0;
    this.#notBeforeMs = 0;
    this.#done(this.#isFirst);
    log.notice("Background AOF rewrite finished successfully");
    if (!settings.aofDisableAutoGc) this.removeHistory();
  }

  /** Removes the files of no more use; where that fails, the log says so. */
  removeHistory(): void {
    const { log } = this.#server;
    try {
      this.#directory.removeHistory((name) => {
        log.notice(`Removing the history file ${name} in the background`);
      });
    } catch (error) {
      log.warning(`Cannot remove the history files of the AOF: ${errorText(error)}`);
    }
  }

  #failed(): void {
    this.#over();
    this.succeeded = false;
    this.failuresInRow++;
    this.#notBeforeMs = 0;
    if (this.#isFirst) this.isScheduled = true;
  }

  #over(): void {
    if (this.#startedMs > 0) {
      this.lastSeconds = Math.floor((this.#server.nowMs - this.#startedMs) / 1000);
    }
    this.#startedMs = 0;
  }
}
