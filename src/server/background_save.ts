/**
 * BGSAVE and the `save` points: the dump is written while commands go on, under a temporary name,
 * and gets its own when all of it is on the disk.
 *
 * While a dump could not be saved, writes are refused, as `stop-writes-on-bgsave-error` has it, until
 * one is saved.
 */
import type { BackgroundSaveOutcome } from "../commands/context.ts";
import { joined, saveVersion } from "../persistence/rdb/save.ts";
import { usageNoteOf } from "../persistence/rdb/writer.ts";
import { Snapshot } from "../persistence/snapshot/mod.ts";
import { errorText } from "../platform/mod.ts";
import { ReplyError } from "../resp/errors.ts";
import type { Server } from "./server.ts";

/** The settings that say when a dump is saved in the background. */
export interface BackgroundSaveSettings {
  /** After so many seconds, if there have been so many changes. */
  readonly save: readonly { readonly seconds: number; readonly changes: number }[];
  readonly stopWritesOnBgsaveError: boolean;
  /** In µs. */
  readonly rdbKeySaveDelay: number;
}

/** After a failure there is no new attempt for so long, unless somebody asks for it. */
const RETRY_MS = 5000;

const MISCONF = new ReplyError(
  "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. " +
    "Commands that may modify the data set are disabled, because this instance is configured to " +
    "report errors during writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). " +
    "Please check the Redis logs for details about the RDB error.",
);

export class BackgroundSave {
  readonly #server: Server;
  #snapshot: Snapshot | null = null;
  /** Changes before the save that is under way, and when it began. */
  #dirtyBefore = 0;
  #startedMs = 0;
  #lastTryMs = -Infinity;
  /** Where the save that is under way writes, and is to be found in the end. */
  #directory = "";
  #temporaryPath = "";
  #path = "";
  /** Whether one is to begin as soon as nothing stands in its way. */
  isScheduled = false;
  /** Whether the last save has succeeded. */
  succeeded = true;
  /** How long the last one took, in seconds; -1 before the first. */
  lastSeconds = -1;
  /** Memory of the keys that the last one had to write early, in bytes. */
  lastEarlyBytes = 0;
  /** Why writes are refused; null: they are not. */
  refusal: ReplyError | null = null;

  constructor(server: Server) {
    this.#server = server;
    server.config.onChange(["save", "stop-writes-on-bgsave-error"], () => {
      this.#decideOnWrites();
      return null;
    });
  }

  get isRunning(): boolean {
    return this.#snapshot !== null;
  }

  /** How long the save that is under way has taken so far, in seconds; -1 when there is none. */
  get currentSeconds(): number {
    return this.isRunning ? this.#secondsSince() : -1;
  }

  // ---------------------------------------------------------------- beginning

  request(schedules: boolean, mayBegin: boolean): BackgroundSaveOutcome {
    if (this.isRunning) return "running";
    if (mayBegin && this.#server.activeSnapshot === null) {
      this.#begin();
      return "started";
    }
    if (mayBegin && !schedules) return "busy";
    this.isScheduled = true;
    return "scheduled";
  }

  /** Begins if it is time to: called by the cron. */
  cron(): void {
    const { activeSnapshot, keyspace, log, nowMs, persistence, settings } = this.#server;
    if (activeSnapshot !== null || this.isRunning || persistence.isLoading) return;
    const mayTry = this.succeeded || nowMs - this.#lastTryMs > RETRY_MS;
    if (!mayTry) return;
    if (this.isScheduled) return this.#begin();
    const { dirty } = keyspace.counters;
    const secondsPassed = Math.floor((nowMs - persistence.lastSaveMs) / 1000);
    const due = settings.save.find((point) =>
      dirty >= point.changes && secondsPassed > point.seconds
    );
    if (due === undefined) return;
    log.notice(`${due.changes} changes in ${due.seconds} seconds. Saving...`);
    this.#begin();
  }

  #begin(): void {
    const server = this.#server;
    const { keyspace, log, persistence, platform: { process }, settings } = server;
    this.isScheduled = false;
    this.#startedMs = this.#lastTryMs = server.nowMs;
    this.#dirtyBefore = keyspace.counters.dirty;
    this.#directory = settings.dir;
    this.#path = joined(settings.dir, settings.dbfilename);
    // A name that neither SAVE uses, nor another process in the same directory.
    this.#temporaryPath = joined(settings.dir, `temp-${process.pid}-background.rdb`);
    log.notice(`Background saving started by pid ${process.pid}`);
    persistence.noteVersion();
    this.#snapshot = new Snapshot(server, this.#temporaryPath, {
      version: saveVersion(keyspace, settings),
      usage: usageNoteOf(settings.maxmemoryPolicy),
      compresses: settings.rdbcompression,
      sums: settings.rdbchecksum,
      syncsOften: settings.rdbSaveIncrementalFsync,
      origin: {
        redisVersion: server.redisVersion,
        nowMs: server.nowMs,
        usedBytes: server.usedBytes,
        isAofBase: false,
      },
      functions: persistence.functions,
      keyDelayUs: () => settings.rdbKeySaveDelay,
    }, (failure) => this.#written(failure));
  }

  // ---------------------------------------------------------------- the end

  /** Gives up a save that is under way. Writes are not refused for it. */
  abort(): void {
    if (this.#snapshot === null) return;
    this.#server.log.warning("Background saving stopped; what it has written is removed");
    this.lastSeconds = this.#secondsSince();
    this.#snapshot.abort();
    this.#snapshot = null;
  }

  /** The dump is on the disk under its temporary name, or has failed. */
  #written(failure: unknown): void {
    const { files } = this.#server.platform;
    if (failure !== null) return this.#failed(failure);
    try {
      files.renameSync(this.#temporaryPath, this.#path);
    } catch (error) {
      files.removeSync(this.#temporaryPath);
      return this.#failed(error);
    }
    void this.#syncDirectory();
  }

  async #syncDirectory(): Promise<void> {
    const server = this.#server;
    const snapshot = this.#snapshot;
    let failure: unknown = null;
    try {
      await server.platform.files.syncDirectory(this.#directory);
    } catch (error) {
      failure = error;
    }
    server.after(0, "the end of a background save", () => {
      if (this.#snapshot !== snapshot) return; // it has been given up
      if (failure === null) this.#saved();
      else this.#failed(failure);
    });
  }

  #saved(): void {
    const { keyspace, log, nowMs, persistence } = this.#server;
    log.notice("DB saved on disk");
    log.notice("Background saving terminated with success");
    keyspace.counters.dirty -= this.#dirtyBefore;
    persistence.lastSaveMs = nowMs;
    persistence.saves++;
    this.#over(true);
  }

  #failed(failure: unknown): void {
    const { log } = this.#server;
    log.warning(`Write error saving DB on disk: ${errorText(failure)}`);
    log.warning("Background saving error");
    this.#over(false);
  }

  #over(succeeded: boolean): void {
    this.lastSeconds = this.#secondsSince();
    this.lastEarlyBytes = this.#snapshot!.earlyBytes;
    this.#snapshot = null;
    this.noteResult(succeeded);
  }

  /** A save, in the background or not, has succeeded or failed: writes are refused or not. */
  noteResult(succeeded: boolean): void {
    this.succeeded = succeeded;
    this.#decideOnWrites();
  }

  #decideOnWrites(): void {
    const { save, stopWritesOnBgsaveError } = this.#server.settings;
    const refuses = !this.succeeded && stopWritesOnBgsaveError && save.length > 0;
    this.refusal = refuses ? MISCONF : null;
  }

  #secondsSince(): number {
    return Math.max(0, Math.floor((this.#server.nowMs - this.#startedMs) / 1000));
  }
}
