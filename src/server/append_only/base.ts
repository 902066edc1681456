/** Writing the base of the append-only files: all data as it is at some moment. */
import { commandsTo } from "../../persistence/aof/base_commands.ts";
import type { BaseFormat } from "../../persistence/aof/manifest.ts";
import {
  FileSink,
  fileWriter,
  joined,
  saveDump,
  saveVersion,
  writeKeyspace,
} from "../../persistence/rdb/save.ts";
import { errorText } from "../../platform/mod.ts";
import type { Server } from "../server.ts";

/** A base that is to be written. */
export interface BaseRequest {
  /** The name of the file within `dir`; there may be one already. */
  readonly name: string;
  readonly format: BaseFormat;
}

/** Writes all data as it is when it is asked to; see {@link synchronousBase}. */
export interface BaseWriter {
  /**
   * @param done Is called in a turn of its own, when the file is complete and on the disk, with null,
   *   or with what went wrong, when there is no file.
   * @returns Gives it up: the file goes, and `done` is not called.
   */
  begin(request: BaseRequest, done: (failure: string | null) => void): () => void;
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
    const origin = {
      redisVersion: server.redisVersion,
      nowMs: server.nowMs,
      usedBytes: server.usedBytes,
      isAofBase: true,
    };
    writeKeyspace(writer, keyspace, origin, persistence.functions);
  });
}

/** Writes the base at once, and says so in the next turn. */
export function synchronousBase(server: Server): BaseWriter {
  return {
    begin(request, done) {
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
    },
  };
}
