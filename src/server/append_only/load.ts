/**
 * Loading the append-only files: all of them, in the order of the manifest.
 *
 * While this goes on nothing is due: a key that was there when a command was logged is there when it is
 * repeated. What has fallen due since goes when all is loaded.
 */
import { isOutOfMemory } from "../../memory/out_of_memory.ts";
import type { AofDirectory } from "../../persistence/aof/directory.ts";
import { AofError } from "../../persistence/aof/errors.ts";
import { AofFileLoader, AofStep } from "../../persistence/aof/load.ts";
import { type AofFile, filesToLoad } from "../../persistence/aof/manifest.ts";
import { RdbError } from "../../persistence/rdb/errors.ts";
import { errorText, type OpenFile } from "../../platform/mod.ts";
import type { Server } from "../server.ts";
import { keepTail } from "../../persistence/aof/torn_tail.ts";
import { LogRepeater } from "./repeater.ts";

/** Records that are loaded between two looks at the clock. */
const RECORDS_PER_STEP = 1000;
/** For how long steps follow each other before clients are looked after. */
const SLICE_MS = 10;

/** A file that is being loaded. */
interface Current {
  readonly index: number;
  readonly file: OpenFile;
  readonly path: string;
  readonly loader: AofFileLoader;
  readonly repeater: LogRepeater;
  readonly startedMs: number;
}

export class AofLoading {
  /** The size of all files, and of those that are loaded already, in bytes. */
  readonly totalBytes: number;
  #passedBytes = 0;
  readonly #server: Server;
  readonly #directory: AofDirectory;
  readonly #files: readonly AofFile[];
  readonly #sizes: readonly number[];
  readonly #startedMs: number;
  #current: Current | null = null;
  #eventMask = 0;

  /** @throws {AofError} When a file that the manifest names is not there. */
  constructor(server: Server, directory: AofDirectory) {
    this.#server = server;
    this.#directory = directory;
    this.#files = filesToLoad(directory.manifest);
    this.#sizes = this.#files.map(({ name }) => {
      const size = directory.sizeOf(name);
      if (size !== null) return size;
      throw new AofError(
        `Unable to obtain the AOF file ${name} length. stat: No such file or directory. The ` +
          `manifest in ${directory.path} names it: put it back, or take its line out`,
      );
    });
    this.totalBytes = this.#sizes.reduce((sum, size) => sum + size, 0);
    this.#startedMs = this.#clockMs();
  }

  /** Whether there is anything to load. */
  get isNeeded(): boolean {
    return this.#files.length > 0;
  }

  /** How many bytes have been loaded. */
  get loadedBytes(): number {
    return this.#passedBytes + (this.#current?.loader.offset ?? 0);
  }

  /**
   * Loads for a while.
   *
   * @returns True when all is loaded.
   * @throws {AofError} For damage; see {@link AofLoading.explain} for whatever else is thrown.
   */
  slice(): boolean {
    const { keyspace } = this.#server;
    const endMs = this.#clockMs() + SLICE_MS;
    // Nobody is told of keys that have been there all the time.
    this.#eventMask = keyspace.eventMask;
    keyspace.eventMask = 0;
    keyspace.standStill();
    try {
      do if (this.#step()) return true; while (this.#clockMs() < endMs);
      return false;
    } finally {
      keyspace.eventMask = this.#eventMask;
    }
  }

  /** The end, whatever it was: closes what is open, and lets time go on. */
  close(): void {
    this.#current?.file.close();
    this.#current?.repeater.close();
    this.#current = null;
    this.#server.keyspace.goOn(this.#server.nowMs);
  }

  /** What has gone wrong, for the log. */
  explain(error: unknown): string {
    if (error instanceof AofError) return error.message;
    const path = this.#current?.path ?? this.#directory.path;
    if (error instanceof RdbError) {
      return `Bad file format reading the append only file ${path}: ${error.message}. The file is ` +
        `left as it is: look at it with 'keyrex check ${path}', or put a sound one in its place`;
    }
    if (isOutOfMemory(error)) return `${path} cannot be loaded: there is not enough memory`;
    return `Fatal error: can't open the append log file ${path} for reading: ${errorText(error)}`;
  }

  /** Loads some records of one file; true when that was the end of the last one. */
  #step(): boolean {
    if (this.#current === null) {
      if (this.#files.length === 0) return true;
      this.#current = this.#open(0);
    }
    const current = this.#current;
    const outcome = current.loader.step(RECORDS_PER_STEP);
    if (outcome === AofStep.GOES_ON) return false;
    if (outcome === AofStep.TORN) this.#cut(current);
    this.#tellLoaded(current);
    current.file.close();
    current.repeater.close();
    this.#passedBytes += this.#sizes[current.index];
    const next = current.index + 1;
    this.#current = next < this.#files.length ? this.#open(next) : null;
    if (this.#current !== null) return false;
    this.#tellEnd();
    return true;
  }

  #open(index: number): Current {
    const { keyspace, log, platform: { files }, settings } = this.#server;
    const { name } = this.#files[index];
    const path = this.#directory.pathOf(name);
    const file = files.openSync(path, { read: true });
    const repeater = new LogRepeater(this.#server, name);
    try {
      const loader = new AofFileLoader(path, file, keyspace, repeater, {
        dump: { settings },
        rdbchecksum: settings.rdbchecksum,
      });
      if (loader.dump !== null) log.notice("Reading RDB base file on AOF loading...");
      return { index, file, path, loader, repeater, startedMs: this.#clockMs() };
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** The end of a file is torn: cuts it off, if it is the end of the last one and that is allowed. */
  #cut({ index, file, path, loader }: Current): void {
    const { log, platform: { files }, settings } = this.#server;
    const { wholeBytes } = loader;
    if (!settings.aofLoadTruncated) {
      throw new AofError(
        `Unexpected end of file reading the append only file ${path}, behind offset ` +
          `${wholeBytes}. You can: 1) make a copy of it, then use 'keyrex check --fix ${path}'; ` +
          "2) set 'aof-load-truncated' to yes and start again",
        wholeBytes,
      );
    }
    if (index < this.#files.length - 1) {
      throw new AofError(
        `Fatal error: the truncated file is not the last file: ${path} ends in the middle of a ` +
          `command, behind offset ${wholeBytes}. Make a copy of it, then use 'keyrex check'`,
        wholeBytes,
      );
    }
    if (loader.endsInTransaction) {
      log.warning(`Revert incomplete MULTI/EXEC transaction from AOF file ${path}`);
    }
    log.warning(`!!! Warning: short read while loading the AOF file ${path}!!!`);
    const kept = keepTail(files, file, path, wholeBytes);
    log.warning(
      `AOF ${path} loaded anyway because aof-load-truncated is enabled: the last ${kept.bytes} ` +
        `bytes, behind offset ${wholeBytes}, are cut off and kept in ${kept.path}`,
    );
  }

  #tellLoaded({ index, path, loader, startedMs }: Current): void {
    const { log, persistence } = this.#server;
    const seconds = ((this.#clockMs() - startedMs) / 1000).toFixed(3);
    const { dump } = loader;
    if (dump !== null) {
      const { keys, functions } = dump.report;
      if (functions.length > 0) persistence.functions = functions;
      log.notice(`Done loading RDB, keys loaded: ${keys}, keys expired: 0.`);
    }
    const isBase = index === 0 && this.#directory.manifest.base !== null;
    const { name } = this.#files[index];
    if (this.#sizes[index] === 0) log.notice(`The AOF file ${path} is empty`);
    log.notice(`DB loaded from ${isBase ? "base" : "incr"} file ${name}: ${seconds} seconds`);
  }

  #tellEnd(): void {
    const seconds = ((this.#clockMs() - this.#startedMs) / 1000).toFixed(3);
    this.#server.log.notice(`DB loaded from append only file: ${seconds} seconds`);
  }

  #clockMs(): number {
    return this.#server.platform.clock.monotonicMs();
  }
}
