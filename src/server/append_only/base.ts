/** Writing the base of the append-only files: all data as it is at some moment. */
import { commandsTo } from "../../persistence/aof/base_commands.ts";
import type { BaseFormat } from "../../persistence/aof/manifest.ts";
import {
  type DumpOrigin,
  FileSink,
  fileWriter,
  joined,
  saveDump,
  saveVersion,
  writeKeyspace,
} from "../../persistence/rdb/save.ts";
import { usageNoteOf } from "../../persistence/rdb/writer.ts";
import { Snapshot } from "../../persistence/snapshot/mod.ts";
import { errorText } from "../../platform/mod.ts";
import type { Server } from "../server.ts";

/** A base that is to be written. */
export interface BaseRequest {
  /** The name of the file within `dir`; there may be one already. */
  readonly name: string;
  readonly format: BaseFormat;
}

/** Is told that a base is written, or with what went wrong that it is not. */
export type BaseDone = (failure: string | null) => void;

/** Writes all data as it is when it is asked to; see {@link baseWriter}. */
export interface BaseWriter {
  /**
   * @param done Is called in a turn of its own, when the file is complete and on the disk, with null,
   *   or with what went wrong, when there is no file.
   * @returns Gives it up: the file goes, and `done` is not called.
   */
  begin(request: BaseRequest, done: BaseDone): () => void;
}

/** Writes the base at once. */
export function writeBase(server: Server, { name, format }: BaseRequest): void {
  const { keyspace, persistence, platform: { files, process }, settings } = server;
  saveDump(files, settings.dir, name, `temp-rewriteaof-${process.pid}.aof`, (file) => {
    if (format === "aof") {
      const sink = new FileSink(file, settings.aofRewriteIncrementalFsync);
      const seconds = settings.aofTimestampEnabled ? Math.floor(server.nowMs / 1000) : 0;
      return commandsTo(sink, keyspace, seconds);
    }
    const incremental = {
      ...settings,
      rdbSaveIncrementalFsync: settings.aofRewriteIncrementalFsync,
    };
    const writer = fileWriter(file, incremental, saveVersion(keyspace, settings));
    writeKeyspace(writer, keyspace, originOf(server), persistence.functions);
  });
}

/** Writes dumps in slices, while commands go on; commands at once. */
export function baseWriter(server: Server): BaseWriter {
  return {
    begin: (request, done) =>
      request.format === "rdb" ? beginDump(server, request, done) : writeNow(server, request, done),
  };
}

function beginDump(server: Server, { name }: BaseRequest, done: BaseDone): () => void {
  const { keyspace, persistence, settings } = server;
  const snapshot = new Snapshot(server, joined(settings.dir, name), {
    version: saveVersion(keyspace, settings),
    usage: usageNoteOf(settings.maxmemoryPolicy),
    compresses: settings.rdbcompression,
    sums: settings.rdbchecksum,
    syncsOften: settings.aofRewriteIncrementalFsync,
    origin: originOf(server),
    functions: persistence.functions,
    keyDelayUs: () => settings.rdbKeySaveDelay,
  }, (failure) => done(failure === null ? null : errorText(failure)));
  return () => snapshot.abort();
}

function writeNow(server: Server, request: BaseRequest, done: BaseDone): () => void {
  let failure: string | null = null;
  try {
    writeBase(server, request);
  } catch (error) {
    failure = errorText(error);
  }
  const cancel = server.after(0, "writing the base of the AOF", () => done(failure));
  return () => {
    cancel();
    server.platform.files.removeSync(joined(server.settings.dir, request.name));
  };
}

function originOf(server: Server): DumpOrigin {
  const { nowMs, redisVersion, usedBytes } = server;
  return { nowMs, redisVersion, usedBytes, isAofBase: true };
}
