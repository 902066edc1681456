/**
 * Saving a whole keyspace to a file, in one go: SAVE, the end of the process, DEBUG RELOAD.
 *
 * The dump is written under a temporary name and brought to the disk, then it gets its own name, and
 * the directory is brought to the disk: whatever happens, there is one whole dump, the old or the new.
 */
import type { Keyspace } from "../../keyspace/keyspace.ts";
import { type Files, type OpenFile, writeAllSync } from "../../platform/mod.ts";
import { type ByteSink, RdbOutput } from "./output.ts";
import { oldestVersionForAll } from "./values/mod.ts";
import { RdbWriter, usageNoteOf } from "./writer.ts";

/** The settings that say what a dump is like. */
export interface SaveSettings {
  readonly rdbVersion: number;
  readonly rdbcompression: boolean;
  readonly rdbchecksum: boolean;
  readonly rdbSaveIncrementalFsync: boolean;
  readonly maxmemoryPolicy: string;
}

/** What a dump tells of the server that has written it. */
export interface DumpOrigin {
  readonly redisVersion: string;
  /** Wall clock in ms. */
  readonly nowMs: number;
  readonly usedBytes: number;
  /** Whether the dump is the base of an append-only file. */
  readonly isAofBase: boolean;
}

/** With `rdb-save-incremental-fsync`, what has been written goes to the disk in portions of this size. */
const SYNC_EVERY_BYTES = 32 << 20;
/** Of a file that people shall read and its owner may write. */
const PERMISSIONS = 0o644;

/** A file as the sink of an output. */
export class FileSink implements ByteSink {
  readonly #file: OpenFile;
  readonly #syncsOften: boolean;
  #unsynced = 0;

  constructor(file: OpenFile, syncsOften: boolean) {
    this.#file = file;
    this.#syncsOften = syncsOften;
  }

  write(bytes: Uint8Array): void {
    writeAllSync(this.#file, bytes);
    this.#unsynced += bytes.length;
    if (!this.#syncsOften || this.#unsynced < SYNC_EVERY_BYTES) return;
    this.#file.syncDataSync();
    this.#unsynced = 0;
  }
}

/** The properties that a dump begins with, in Redis's order. */
export function auxOf(origin: DumpOrigin): [name: string, value: string][] {
  return [
    ["redis-ver", origin.redisVersion],
    ["redis-bits", "64"],
    ["ctime", String(Math.floor(origin.nowMs / 1000))],
    ["used-mem", String(Math.round(origin.usedBytes))],
    ["aof-base", origin.isAofBase ? "1" : "0"],
  ];
}

/**
 * Writes a dump of all keys.
 *
 * @param functions The code of function libraries, one character for each byte.
 */
export function writeKeyspace(
  writer: RdbWriter,
  keyspace: Keyspace,
  origin: DumpOrigin,
  functions: readonly string[],
): void {
  writer.begin(auxOf(origin));
  for (const code of functions) writer.library(code);
  for (const db of keyspace.used.toSorted((a, b) => a.index - b.index)) {
    if (db.size === 0) continue;
    writer.database(db.index);
    writer.sizes(db.size, db.expires.size);
    db.dict.forEach((entry) => writer.key(db, entry));
  }
  writer.end();
}

/**
 * Saves all keys to `directory/name`.
 *
 * @param temporary A name in the same directory that nobody else uses.
 * @throws the platform's error; then the old file is as it was, and nothing is left beside it.
 */
export function saveDump(
  files: Files,
  directory: string,
  name: string,
  temporary: string,
  write: (file: OpenFile) => void,
): void {
  const path = joined(directory, temporary);
  try {
    const file = files.openSync(path, {
      write: true,
      create: true,
      truncate: true,
      permissions: PERMISSIONS,
    });
    try {
      write(file);
      file.syncSync();
    } finally {
      file.close();
    }
    files.renameSync(path, joined(directory, name));
  } catch (error) {
    try {
      files.removeSync(path);
    } catch {
      // What went wrong before says more.
    }
    throw error;
  }
  files.syncDirectorySync(directory);
}

/**
 * A writer to a file, as the settings have it.
 *
 * @param version What `rdb-version` says, or more: {@link saveVersion}.
 */
export function fileWriter(file: OpenFile, settings: SaveSettings, version: number): RdbWriter {
  const sink = new FileSink(file, settings.rdbSaveIncrementalFsync);
  const output = new RdbOutput(sink, {
    compresses: settings.rdbcompression,
    sums: settings.rdbchecksum,
  });
  return new RdbWriter(output, version, usageNoteOf(settings.maxmemoryPolicy));
}

/**
 * The version in which all keys can be saved: what `rdb-version` says, unless that cannot hold
 * something of them. A dump that could not be loaded is better than one with something missing.
 */
export function saveVersion(keyspace: Keyspace, { rdbVersion }: SaveSettings): number {
  return Math.max(rdbVersion, oldestVersionForAll(keyspace));
}

/** A name in a directory. */
export function joined(directory: string, name: string): string {
  return directory === "" || directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}
