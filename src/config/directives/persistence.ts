/** What is kept on disk: dumps and the append-only file. */
import { boolean, oneOf, text } from "../kinds/kind.ts";
import { savePoints } from "../kinds/lists.ts";
import { INT_MAX, INT_MIN, integer, LONG_MAX, memory } from "../kinds/numbers.ts";
import { checkAppendDirname, checkAppendFilename, checkDumpFilename } from "./checks.ts";
import type { Directive } from "./directive.ts";

export const persistenceDirectives = [
  {
    name: "save",
    kind: savePoints,
    initial: "3600 1 300 100 60 10000",
    summary: "When to save a dump: after so many seconds with so many changes.",
  },
  {
    name: "dbfilename",
    kind: text(checkDumpFilename),
    initial: "dump.rdb",
    flags: ["protected"],
    summary: "Name of the dump within `dir`.",
  },
  {
    name: "stop-writes-on-bgsave-error",
    kind: boolean,
    initial: "yes",
    summary: "Refuse writes after a dump could not be saved.",
  },
  {
    name: "rdbcompression",
    kind: boolean,
    initial: "yes",
    summary: "Compress long strings in dumps.",
  },
  {
    name: "rdbchecksum",
    kind: boolean,
    initial: "yes",
    flags: ["immutable"],
    summary: "Write checksums into dumps, and check them.",
  },
  {
    name: "rdb-version",
    kind: integer(9, 12),
    initial: "11",
    summary:
      "Version of the format of dumps and of DUMP: 9 for Redis 5 and 6, 10 for 7.0, 11 for 7.2 and " +
      "Valkey, 12 for 7.4.",
  },
  {
    name: "rdb-save-incremental-fsync",
    kind: boolean,
    initial: "yes",
    summary: "Hand a dump to the disk in portions while it is written.",
  },
  {
    name: "rdb-del-sync-files",
    kind: boolean,
    initial: "no",
    summary: "Remove dumps made for replication where nothing else is kept on disk.",
  },
  {
    name: "rdb-key-save-delay",
    kind: integer(INT_MIN, INT_MAX),
    initial: "0",
    flags: ["hidden"],
    summary: "Microseconds to wait after each key of a dump, for tests.",
  },
  {
    name: "key-load-delay",
    kind: integer(INT_MIN, INT_MAX),
    initial: "0",
    flags: ["hidden"],
    summary: "Microseconds to wait after each key that is loaded, for tests.",
  },
  {
    name: "loading-process-events-interval-bytes",
    kind: integer(1024, INT_MAX),
    initial: "2097152",
    flags: ["hidden"],
    summary: "How much is loaded before clients are looked after.",
  },
  {
    name: "sanitize-dump-payload",
    kind: oneOf("no", "yes", "clients"),
    initial: "no",
    summary: "Check every part of the values that dumps and RESTORE bring in.",
  },
  {
    name: "appendonly",
    kind: boolean,
    initial: "no",
    flags: ["deny-loading"],
    summary: "Log every write to the append-only file.",
  },
  {
    name: "appendfilename",
    kind: text(checkAppendFilename),
    initial: "appendonly.aof",
    flags: ["immutable"],
    summary: "Beginning of the names of the append-only files.",
  },
  {
    name: "appenddirname",
    kind: text(checkAppendDirname),
    initial: "appendonlydir",
    flags: ["immutable"],
    summary: "Directory of the append-only files within `dir`.",
  },
  {
    name: "appendfsync",
    kind: oneOf("everysec", "always", "no"),
    initial: "everysec",
    summary:
      "When what is logged must have reached the disk: each second, before the reply, or whenever.",
  },
  {
    name: "no-appendfsync-on-rewrite",
    kind: boolean,
    initial: "no",
    summary: "Let the system choose when that is while a dump or a rewrite is written.",
  },
  {
    name: "auto-aof-rewrite-percentage",
    kind: integer(0, INT_MAX),
    initial: "100",
    summary: "Growth in percent after which the append-only file is rewritten; 0 for never.",
  },
  {
    name: "auto-aof-rewrite-min-size",
    kind: memory(0, LONG_MAX),
    initial: "64mb",
    summary: "Size below which the append-only file is not rewritten.",
  },
  {
    name: "aof-load-truncated",
    kind: boolean,
    initial: "yes",
    summary: "Start although the last command of the append-only file is cut off.",
  },
  {
    name: "aof-use-rdb-preamble",
    kind: boolean,
    initial: "yes",
    summary: "Rewrite the append-only file in the form of a dump.",
  },
  {
    name: "aof-timestamp-enabled",
    kind: boolean,
    initial: "no",
    summary: "Note the time in the append-only file.",
  },
  {
    name: "aof-rewrite-incremental-fsync",
    kind: boolean,
    initial: "yes",
    summary: "Hand a rewritten file to the disk in portions while it is written.",
  },
  {
    name: "aof-disable-auto-gc",
    kind: boolean,
    initial: "no",
    summary: "Keep append-only files that are no longer needed, for tests.",
  },
] as const satisfies readonly Directive[];
