/** What the server keeps on disk: saving the dump, and loading it. */
import type {
  BackgroundSaveOutcome,
  PersistenceService,
  ReloadRequest,
} from "../commands/context.ts";
import { isOutOfMemory } from "../memory/out_of_memory.ts";
import { RdbError } from "../persistence/rdb/errors.ts";
import { FileSource } from "../persistence/rdb/file_source.ts";
import { RdbInput } from "../persistence/rdb/input.ts";
import { type LoadOptions, RdbLoader } from "../persistence/rdb/loader.ts";
import { RdbReader } from "../persistence/rdb/reader.ts";
import {
  fileWriter,
  joined,
  saveDump,
  type SaveSettings,
  saveVersion,
  writeKeyspace,
} from "../persistence/rdb/save.ts";
import { errorCode, errorText, type OpenFile } from "../platform/mod.ts";
import { LoadProgress } from "./load_progress.ts";
import type { Server } from "./server.ts";

/** The settings that say what is kept on disk, and where. */
export interface PersistenceSettings extends SaveSettings {
  readonly dir: string;
  readonly dbfilename: string;
}

/** Records that are loaded between two looks at the clients. */
const RECORDS_PER_SLICE = 1000;
/** For how long slices follow each other without such a look. */
const SLICE_MS = 10;

export class Persistence implements PersistenceService {
  readonly #server: Server;
  /** Wall clock in ms of the last save; before the first one that of the start. */
  lastSaveMs: number;
  /** How many dumps have been saved. */
  saves = 0;
  /** The load that is under way. */
  loading: LoadProgress | null = null;
  /** Keys loaded, and passed over as expired, by the last load. */
  lastLoadKeys = 0;
  lastLoadExpired = 0;
  /** The code of function libraries that dumps had; one character for each byte. */
  functions: readonly string[] = [];

  constructor(server: Server) {
    this.#server = server;
    this.lastSaveMs = server.startedMs;
  }

  /** The progress of a load that begins now. */
  progress(totalBytes: number): LoadProgress {
    const { log, platform: { clock } } = this.#server;
    return new LoadProgress({ log, clock }, totalBytes);
  }

  get isLoading(): boolean {
    return this.loading !== null;
  }

  // ---------------------------------------------------------------- saving

  save(): boolean {
    const server = this.#server;
    const { backgroundSave, keyspace, log, platform: { files, process }, settings } = server;
    const origin = {
      redisVersion: server.redisVersion,
      nowMs: server.nowMs,
      usedBytes: server.usedBytes,
      isAofBase: false,
    };
    const version = saveVersion(keyspace, settings);
    this.noteVersion();
    try {
      saveDump(
        files,
        settings.dir,
        settings.dbfilename,
        `temp-${process.pid}.rdb`,
        (file) =>
          writeKeyspace(fileWriter(file, settings, version), keyspace, origin, this.functions),
      );
    } catch (error) {
      log.warning(`Error saving DB on disk: ${errorText(error)}`);
      return false;
    }
    log.notice("DB saved on disk");
    keyspace.counters.dirty = 0;
    this.lastSaveMs = server.nowMs;
    this.saves++;
    backgroundSave.noteResult(true);
    return true;
  }

  /** Tells if a dump must have another version than the one that was asked for. */
  noteVersion(): void {
    const { keyspace, log, settings } = this.#server;
    const version = saveVersion(keyspace, settings);
    if (version === settings.rdbVersion) return;
    log.warning(
      `There are hashes with fields that expire, which rdb-version ${settings.rdbVersion} cannot ` +
        `hold: the dump has version ${version}`,
    );
  }

  get isSavingInBackground(): boolean {
    return this.#server.backgroundSave.isRunning;
  }

  saveInBackground(schedules: boolean, mayBegin: boolean): BackgroundSaveOutcome {
    return this.#server.backgroundSave.request(schedules, mayBegin);
  }

  beforeFlushAll(): void {
    this.#server.backgroundSave.abort();
  }

  /** The dump is made empty as well. */
  afterFlushAll(): void {
    if (this.#server.settings.save.length > 0) this.save();
  }

  // ---------------------------------------------------------------- loading

  reload({ saves, flushes, replaces }: ReloadRequest): "ok" | "unsaved" | "unloaded" {
    const { keyspace, log } = this.#server;
    if (saves && !this.save()) return "unsaved";
    if (flushes) keyspace.flush(-1, false);
    const file = this.#openDump();
    if (file === null) return "unloaded";
    try {
      const loader = this.#loader(file, replaces);
      while (!loader.step(RECORDS_PER_SLICE));
      this.#note(loader);
    } catch (error) {
      this.#tellDamage(error);
      return "unloaded";
    } finally {
      file.close();
    }
    log.warning("DB reloaded by DEBUG RELOAD");
    return "ok";
  }

  payloadRefused(why: Error): void {
    this.#server.log.warning(`RESTORE refused a payload. ${why.message}`);
  }

  /**
   * Loads the dump, if there is one, in slices, and then calls `done`. Meanwhile clients are told that
   * the server is loading. What cannot be loaded ends the process.
   */
  loadAtStart(done: () => void): void {
    const server = this.#server;
    const file = this.#openDump();
    if (file === null) return done();
    const loader = this.#loader(file, false);
    const startedMs = server.platform.clock.monotonicMs();
    const status = file.statusSync();
    this.loading = this.progress(status.size);
    const slice = () => {
      try {
        if (this.#slice(loader)) {
          file.close();
          this.loading = null;
          this.#note(loader);
          const seconds = (server.platform.clock.monotonicMs() - startedMs) / 1000;
          server.log.notice(`DB loaded from disk: ${seconds.toFixed(3)} seconds`);
          return done();
        }
      } catch (error) {
        this.#tellDamage(error);
        server.log.warning(
          error instanceof RdbError
            ? "Terminating server after rdb file reading failure."
            : "Fatal error loading the DB, check server logs. Exiting.",
        );
        return server.platform.process.exit(1);
      }
      this.loading!.reach(loader.offset);
      server.after(0, "loading", slice);
    };
    slice();
  }

  /** Loads for a while; true at the end. */
  #slice(loader: RdbLoader): boolean {
    const { clock } = this.#server.platform;
    const endMs = clock.monotonicMs() + SLICE_MS;
    do if (loader.step(RECORDS_PER_SLICE)) return true; while (clock.monotonicMs() < endMs);
    return false;
  }

  get #path(): string {
    const { dir, dbfilename } = this.#server.settings;
    return joined(dir, dbfilename);
  }

  /** The dump; null when there is none. What else keeps it from being opened ends the process. */
  #openDump(): OpenFile | null {
    const { log, platform: { files, process } } = this.#server;
    try {
      return files.openSync(this.#path, { read: true });
    } catch (error) {
      if (errorCode(error) === "ENOENT") return null;
      log.warning(`Fatal error loading the DB, ${this.#path}: ${errorText(error)}. Exiting.`);
      return process.exit(1);
    }
  }

  #loader(file: OpenFile, replaces: boolean): RdbLoader {
    const { keyspace, settings } = this.#server;
    const input = new RdbInput(new FileSource(file), settings.rdbchecksum);
    const options: LoadOptions = {
      settings,
      keepsExpired: false,
      replaces,
    };
    return new RdbLoader(new RdbReader(input, settings.rdbchecksum), keyspace, options);
  }

  /** Tells what has been loaded. */
  #note({ report }: RdbLoader): void {
    const { log, nowMs, keyspace } = this.#server;
    const { aux } = report;
    this.lastLoadKeys = report.keys;
    this.lastLoadExpired = report.expired;
    this.functions = report.functions;
    log.notice(`Loading RDB produced by version ${aux.get("redis-ver") ?? "unknown"}`);
    const created = Number(aux.get("ctime"));
    if (created > 0) {
      log.notice(`RDB age ${Math.max(0, Math.floor(nowMs / 1000) - created)} seconds`);
    }
    const used = Number(aux.get("used-mem"));
    if (used > 0) log.notice(`RDB memory usage when created ${(used / 2 ** 20).toFixed(2)} Mb`);
    for (const [name, count] of report.modules) {
      log.warning(`Skipped what the module ${name} has written: ${count} values`);
    }
    for (const key of report.emptyKeys) log.notice(`Loading RDB, skipping empty key: ${key}`);
    const empty = report.empty > 0 ? `, empty keys skipped: ${report.empty}` : "";
    log.notice(
      `Done loading RDB, keys loaded: ${report.keys}, keys expired: ${report.expired}${empty}.`,
    );
    keyspace.counters.dirty = 0;
  }

  /** Says why the dump cannot be loaded, where, and what can be done. */
  #tellDamage(error: unknown): void {
    const { log } = this.#server;
    const path = this.#path;
    if (error instanceof RdbError) {
      log.warning(
        `${path} cannot be loaded. ${error.message}. The file is left as it is: look at it with ` +
          `'keyrex check ${path}', or put a sound one in its place.`,
      );
    } else if (isOutOfMemory(error)) {
      log.warning(`${path} cannot be loaded: there is not enough memory.`);
    } else {
      log.warning(`${path} cannot be read: ${errorText(error)}`);
    }
  }
}
