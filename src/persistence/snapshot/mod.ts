/**
 * Snapshots: dumps of all keys as they are at one moment, written while commands go on. The dump of
 * BGSAVE and the base of an append-only file are both made so.
 */
export {
  Snapshot,
  type SnapshotDone,
  type SnapshotHost,
  type SnapshotOptions,
} from "./snapshot.ts";
