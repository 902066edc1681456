/**
 * The append-only file, seen from the server: switched on and off, written at the end of each turn
 * before any reply leaves, rewritten when it has grown, loaded at the start.
 */
import type { AppendOnlyService, RewriteOutcome } from "../../commands/context.ts";
import { AofDirectory } from "../../persistence/aof/directory.ts";
import { AofError } from "../../persistence/aof/errors.ts";
import { type AofEvent, type AofFailure, AofLog } from "../../persistence/aof/log.ts";
import {
  EMPTY_MANIFEST,
  filesToLoad,
  nextBase,
  nextIncrement,
  withBase,
  withIncrement,
} from "../../persistence/aof/manifest.ts";
import { joined } from "../../persistence/rdb/save.ts";
import { errorText } from "../../platform/mod.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { Server } from "../server.ts";
import { baseWriter, writeBase } from "./base.ts";
import { AofLoading } from "./load.ts";
import { AofRewrite } from "./rewrite.ts";

/** The settings of the append-only file. */
export interface AppendOnlySettings {
  readonly dir: string;
  readonly appendonly: boolean;
  readonly appendfilename: string;
  readonly appenddirname: string;
  readonly appendfsync: "always" | "everysec" | "no";
  readonly noAppendfsyncOnRewrite: boolean;
  readonly autoAofRewritePercentage: number;
  readonly autoAofRewriteMinSize: number;
  readonly aofLoadTruncated: boolean;
  readonly aofUseRdbPreamble: boolean;
  readonly aofTimestampEnabled: boolean;
  readonly aofRewriteIncrementalFsync: boolean;
  readonly aofDisableAutoGc: boolean;
  readonly rdbKeySaveDelay: number;
}

/**
 * `off`: nothing is logged. `first`: what happens is logged, but the base that it belongs to is still
 * being written. `on`: base and increments hold all data.
 */
type State = "off" | "first" | "on";

const RETRY_EVERY_MS = 1000;

export class AppendOnly implements AppendOnlyService {
  readonly rewrite: AofRewrite;
  /** Why commands that write are refused; null when they are not. */
  refusal: ReplyError | null = null;
  readonly #server: Server;
  readonly #directory: AofDirectory;
  readonly #log: AofLog;
  #state: State = "off";
  #retriedMs = 0;
  /** Whether the files may lack something, so that new ones are being written in their place. */
  #isDistrusted = false;
  /** The size of the files before the one that is being written, in bytes. */
  #olderBytes = 0;

  constructor(server: Server) {
    const { config, effects, platform: { clock, files }, settings } = server;
    this.#server = server;
    this.#directory = new AofDirectory(files, settings);
    this.#log = new AofLog(effects, settings, clock, {
      failed: (failure) => this.#failed(failure),
      recovered: () => this.#recovered(),
      delayed: () =>
        server.log.notice(
          "Asynchronous AOF fsync is taking too long (disk is busy?). Writing the AOF buffer " +
            "without waiting for fsync to complete, this may slow down Keyrex.",
        ),
      synced: () => server.localWaits.serve(),
      took: (event, ms) => this.#took(event, ms),
    });
    this.rewrite = new AofRewrite(
      server,
      this.#directory,
      this.#log,
      baseWriter(server),
      (isFirst) => {
        if (isFirst) this.#state = "on";
        this.#isDistrusted = false;
        if (this.refusal !== null && this.#log.failure === null) this.#recovered();
        this.#measure();
        this.rewrite.baseBytes = this.currentBytes;
      },
    );
    config.onChange(["appendonly"], () => this.#followSetting());
    config.onChange(["aof-disable-auto-gc"], () => {
      if (!settings.aofDisableAutoGc && this.#state === "on") this.rewrite.removeHistory();
      return null;
    });
  }

  // ---------------------------------------------------------------- what it says of itself

  get isOn(): boolean {
    return this.#state !== "off";
  }

  /** Whether what happens is logged, but could not be loaded yet. */
  get isFirst(): boolean {
    return this.#state === "first";
  }

  /** The size of all files together, in bytes. */
  get currentBytes(): number {
    return this.#olderBytes + this.#log.size;
  }

  get log(): AofLog {
    return this.#log;
  }

  get writesFail(): boolean {
    return this.#log.failure !== null || this.#isDistrusted;
  }

  get flushDelayMs(): number {
    return this.#log.sleepMs;
  }

  set flushDelayMs(ms: number) {
    this.#log.sleepMs = ms;
  }

  get toldBytes(): number {
    return this.#log.toldBytes;
  }

  get syncedBytes(): number {
    return this.#log.syncedBytes;
  }

  // ---------------------------------------------------------------- turns

  /** The end of a turn in which something may have been told: before any reply leaves. */
  flush(): void {
    const { nowMs, settings } = this.#server;
    const isWhole = this.#log.flush(nowMs);
    if (isWhole || this.#log.failure === null || settings.appendfsync !== "always") return;
    // Nothing has been promised of a log that has no base yet.
    if (this.#state === "first") return;
    // The replies that are about to leave would promise what is not kept.
    this.#log.takeBackUnsynced();
    this.#server.log.warning(
      "Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...",
    );
    this.#server.platform.process.exit(1);
  }

  /** At regular intervals: tries again what has failed or was put off, and looks whether a rewrite is due. */
  cron(): void {
    const { nowMs } = this.#server;
    const mayRetry = Math.abs(nowMs - this.#retriedMs) >= RETRY_EVERY_MS;
    if (mayRetry) this.#retriedMs = nowMs;
    if (this.#log.isOpen && (mayRetry || this.#log.failure === null)) this.flush();
    if (this.#log.isSuspect) this.#distrust();
    const { rewrite } = this;
    if (rewrite.isRunning || !this.#mayRewrite()) return;
    const mayBegin = this.#isDistrusted ? mayRetry : !rewrite.isLimited;
    if (rewrite.isScheduled && mayBegin) this.#beginRewrite();
    else if (this.#hasGrown() && !rewrite.isLimited) {
      const percent = Math.floor(this.#growth());
      this.#server.log.notice(`Starting automatic rewriting of AOF on ${percent}% growth`);
      this.#beginRewrite();
    }
  }

  #beginRewrite(): boolean {
    if (this.#state !== "first") return this.rewrite.begin(false);
    // The base will hold all that has been done so far.
    this.#server.effects.clear();
    if (!this.rewrite.begin(true)) return false;
    this.#server.effects.active = true;
    return true;
  }

  /** There is one snapshot at a time. */
  #mayRewrite(): boolean {
    return !this.#server.persistence.isLoading && this.#server.activeSnapshot === null;
  }

  #hasGrown(): boolean {
    const { autoAofRewriteMinSize, autoAofRewritePercentage } = this.#server.settings;
    return this.#state === "on" && autoAofRewritePercentage > 0 &&
      this.currentBytes > autoAofRewriteMinSize && this.#growth() >= autoAofRewritePercentage;
  }

  /** By how much the files have grown since the last rewrite, in percent. */
  #growth(): number {
    return this.currentBytes * 100 / Math.max(1, this.rewrite.baseBytes) - 100;
  }

  // ---------------------------------------------------------------- switching on and off

  /** CONFIG SET appendonly. */
  #followSetting(): string | null {
    const { settings } = this.#server;
    if (settings.appendonly === this.isOn) return null;
    if (!settings.appendonly) {
      this.#switchOff();
      return null;
    }
    if (this.#switchOn()) return null;
    return "Unable to turn on AOF. Check server logs.";
  }

  #switchOn(): boolean {
    const { rewrite } = this;
    rewrite.abort();
    this.#state = "first";
    if (!this.#mayRewrite()) {
      this.#server.log.notice(
        "AOF was enabled but there is already another background operation. An AOF background was " +
          "scheduled to start when possible.",
      );
      rewrite.isScheduled = true;
      return true;
    }
    if (this.#beginRewrite()) return true;
    this.#forget();
    return false;
  }

  #switchOff(): void {
    const { log } = this.#server;
    this.rewrite.abort();
    this.rewrite.isScheduled = false;
    try {
      this.#log.close();
    } catch (error) {
      log.warning(`Writing the AOF failed while it was switched off: ${errorText(error)}`);
    }
    this.#forget();
  }

  #forget(): void {
    this.#state = "off";
    this.#server.effects.active = false;
    this.#log.abandon();
    this.refusal = null;
    this.#isDistrusted = false;
    this.#olderBytes = 0;
    this.#server.localWaits.serve();
  }

  /** The end of the process: all is on the disk. False when that fails. */
  close(): boolean {
    const { log } = this.#server;
    this.rewrite.abort();
    if (this.#state === "off") return true;
    log.notice("Calling fsync() on the AOF file.");
    try {
      this.#log.close();
      return true;
    } catch (error) {
      log.warning(`Fail to write or fsync the AOF file: ${errorText(error)}`);
      return false;
    }
  }

  // ---------------------------------------------------------------- BGREWRITEAOF

  requestRewrite(mayBegin: boolean): RewriteOutcome {
    const { rewrite } = this;
    if (rewrite.isRunning) return "running";
    if (!mayBegin || !this.#mayRewrite()) {
      rewrite.isScheduled = true;
      return "scheduled";
    }
    return this.#beginRewrite() ? "started" : "failed";
  }

  // ---------------------------------------------------------------- loading

  /** Loads what there is at the start, in slices, opens the log, and calls `done`. Damage ends the process. */
  loadAtStart(done: () => void): void {
    const server = this.#server;
    this.#orExit(() => this.#directory.read());
    this.#orExit(() => this.#adoptOldFile());
    const loading = this.#orExit(() => new AofLoading(server, this.#directory));
    if (!loading.isNeeded) this.#warnOfDump();
    const progress = server.persistence.progress(loading.totalBytes);
    if (loading.isNeeded) server.persistence.loading = progress;
    const slice = () => {
      let isDone: boolean;
      try {
        isDone = !loading.isNeeded || loading.slice();
      } catch (error) {
        this.#exit(loading.explain(error));
      }
      progress.reach(loading.loadedBytes);
      if (!isDone) {
        server.after(0, "loading", slice);
        return;
      }
      loading.close();
      server.persistence.loading = null;
      server.keyspace.counters.dirty = 0;
      this.#orExit(() => this.#open());
      done();
    };
    slice();
  }

  /** DEBUG LOADAOF: all data is what the files say. Damage ends the process. */
  reload(): void {
    const { keyspace } = this.#server;
    if (this.isOn) this.#log.flush(this.#server.nowMs, true);
    keyspace.flush(-1, false);
    const { effects } = this.#server;
    const wasActive = effects.active;
    effects.active = false;
    if (this.#state === "on") this.#orExit(() => this.#directory.read());
    const loading = this.#orExit(() => new AofLoading(this.#server, this.#directory));
    try {
      while (loading.isNeeded && !loading.slice());
    } catch (error) {
      this.#exit(loading.explain(error));
    } finally {
      loading.close();
      effects.active = wasActive;
    }
    keyspace.counters.dirty = 0;
    this.#server.log.warning("Append Only File loaded by DEBUG LOADAOF");
  }

  #adoptOldFile(): void {
    const directory = this.#directory;
    if (!directory.adoptOldFile()) return;
    this.#server.log.notice(
      `Successfully migrated an old-style AOF configuration (${directory.prefix}) into the AOF ` +
        `directory (${directory.path}).`,
    );
  }

  /** As in Redis, a dump is not looked at when `appendonly` says yes: that this may surprise is told. */
  #warnOfDump(): void {
    const { log, platform: { files }, settings } = this.#server;
    const path = joined(settings.dir, settings.dbfilename);
    if (files.statusSync(path) === null) return;
    log.warning(
      `There is no append only file yet, and ${path} is not loaded because appendonly is yes. To go ` +
        "on with what it holds, start with 'appendonly no', then do 'CONFIG SET appendonly yes'. " +
        "Keep a copy of it: the next save replaces it",
    );
  }

  /** Goes on in the last increment, or in a first one, with an empty base. */
  #open(): void {
    const directory = this.#directory;
    const { effects, log, settings } = this.#server;
    directory.make();
    let { manifest } = directory;
    if (filesToLoad(manifest).length === 0) {
      const format = settings.aofUseRdbPreamble ? "rdb" : "aof";
      const base = nextBase(EMPTY_MANIFEST, directory.prefix, format);
      const temporary = `temp-rewriteaof-${this.#server.platform.process.pid}.base`;
      log.notice(`Creating AOF base file ${base.name} on server start`);
      writeBase(this.#server, { name: temporary, format });
      directory.take(joined(settings.dir, temporary), base.name);
      manifest = withBase(manifest, base, 0);
    }
    const last = manifest.increments.at(-1);
    if (last === undefined) {
      const increment = nextIncrement(manifest, directory.prefix);
      log.notice(`Creating AOF incr file ${increment.name} on server start`);
      this.#log.open(directory.createIncrement(increment.name), 0);
      directory.write(withIncrement(manifest, increment));
    } else {
      log.notice(`Opening AOF incr file ${last.name} on server start`);
      this.#log.open(directory.openIncrement(last.name), directory.sizeOf(last.name)!);
    }
    effects.active = true;
    this.#state = "on";
    this.#measure();
    const { base } = directory.manifest;
    this.rewrite.baseBytes = base === null ? 0 : directory.sizeOf(base.name) ?? 0;
    if (!settings.aofDisableAutoGc) this.rewrite.removeHistory();
  }

  /** Adds up the files before the one that is being written. */
  #measure(): void {
    const directory = this.#directory;
    const sizes = filesToLoad(directory.manifest).map(({ name }) => directory.sizeOf(name) ?? 0);
    this.#olderBytes = sizes.slice(0, -1).reduce((sum, size) => sum + size, 0);
  }

  #orExit<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.#exit(
        error instanceof AofError ? error.message : `${this.#directory.path}: ${errorText(error)}`,
      );
    }
  }

  #exit(reason: string): never {
    this.#server.log.warning(reason);
    return this.#server.platform.process.exit(1);
  }

  // ---------------------------------------------------------------- failures

  #failed({ what, text }: AofFailure): void {
    this.refusal = new ReplyError(`MISCONF Errors writing to the AOF file: ${text}`);
    this.#server.log.warning(
      what === "write"
        ? `Error writing to the AOF file: ${text}`
        : `Fail to fsync the AOF file: ${text}`,
    );
  }

  /**
   * The log has a hole, or may have one: memory has all data, so base and increment are written anew.
   * Until the disk has them the old files stand for what there was, and commands that write are refused.
   */
  #distrust(): void {
    this.#server.log.warning("What the AOF has on the disk is not known: it will be written anew.");
    this.rewrite.abort();
    this.#log.abandon();
    this.#server.effects.active = false;
    this.#state = "first";
    this.#isDistrusted = true;
    this.rewrite.isScheduled = true;
  }

  #recovered(): void {
    if (this.#isDistrusted) return;
    this.refusal = null;
    this.#server.log.warning("AOF write error looks solved, Keyrex can write again.");
  }

  #took(event: AofEvent, ms: number): void {
    this.#server.latency.add(event, ms, this.#server.nowMs);
  }
}
