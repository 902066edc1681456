/** The ways of keeping data on disk that are tried, each with what may be asked for in its course. */
import { latin1Bytes } from "../../support/latin1.ts";
import type { SimulatedDisk } from "../../support/disk/simulated_disk.ts";
import type { SomeSettings } from "./machine.ts";
import type { Chore } from "./workload.ts";

export interface Scenario {
  readonly name: string;
  readonly settings: SomeSettings;
  readonly chores: readonly Chore[];
  /** Puts onto the disk what is there before the first start. */
  readonly prepare?: (disk: SimulatedDisk) => void;
  /** How long calls take that wait in another thread, at most, in ms. */
  readonly latencyMaxMs?: number;
  /** Whether calls to the disk fail now and then. */
  readonly hasFaults?: boolean;
}

const REWRITE: Chore = { args: ["BGREWRITEAOF"], oneIn: 25 };

export const scenarios: readonly Scenario[] = [
  {
    name: "SAVE",
    settings: { save: [] },
    chores: [{ args: ["SAVE"], oneIn: 15 }],
  },
  {
    name: "BGSAVE",
    settings: { save: [], rdbKeySaveDelay: 1 },
    chores: [{ args: ["BGSAVE"], oneIn: 15 }],
    latencyMaxMs: 3,
  },
  {
    name: "appendfsync always",
    settings: { save: [], appendonly: true, appendfsync: "always" },
    chores: [REWRITE],
  },
  {
    name: "appendfsync everysec",
    settings: { save: [], appendonly: true, appendfsync: "everysec" },
    chores: [REWRITE],
  },
  {
    name: "appendfsync no",
    settings: { save: [], appendonly: true, appendfsync: "no" },
    chores: [REWRITE],
  },
  {
    name: "slow disk, everysec",
    settings: { save: [], appendonly: true, appendfsync: "everysec" },
    chores: [REWRITE],
    latencyMaxMs: 300,
  },
  {
    name: "torn logs are refused, bases without dumps",
    settings: {
      save: [],
      appendonly: true,
      appendfsync: "everysec",
      aofLoadTruncated: false,
      aofUseRdbPreamble: false,
      aofTimestampEnabled: true,
    },
    chores: [REWRITE],
    latencyMaxMs: 50,
  },
  {
    name: "switching",
    settings: { save: [], appendonly: true, appendfsync: "always" },
    chores: [
      REWRITE,
      { args: ["SAVE"], oneIn: 25 },
      { args: ["CONFIG", "SET", "appendonly", "no"], oneIn: 20 },
      { args: ["CONFIG", "SET", "appendonly", "yes"], oneIn: 12 },
      { args: ["CONFIG", "SET", "appendfsync", "everysec"], oneIn: 25 },
      { args: ["CONFIG", "SET", "appendfsync", "always"], oneIn: 15 },
    ],
    latencyMaxMs: 20,
  },
  {
    name: "failing disk, SAVE",
    settings: { save: [] },
    chores: [{ args: ["SAVE"], oneIn: 10 }],
    hasFaults: true,
  },
  {
    name: "failing disk, always",
    settings: { save: [], appendonly: true, appendfsync: "always" },
    chores: [REWRITE],
    hasFaults: true,
  },
  {
    name: "failing disk, everysec",
    settings: { save: [], appendonly: true, appendfsync: "everysec" },
    chores: [REWRITE],
    hasFaults: true,
  },
  {
    name: "old file, always",
    settings: { save: [], appendonly: true, appendfsync: "always" },
    chores: [REWRITE],
    prepare: putOldFile,
  },
];

/** An append-only file as servers before Redis 7 wrote it. */
function putOldFile(disk: SimulatedDisk): void {
  const file = disk.openSync("appendonly.aof", { write: true, createNew: true });
  for (let i = 0; i < 20; i++) {
    file.writeSync(latin1Bytes(`*3\r\n$3\r\nSET\r\n$2\r\no${i % 10}\r\n$1\r\n${i % 10}\r\n`));
  }
  file.syncSync();
  disk.syncDirectorySync("/");
}
