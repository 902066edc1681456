/** INFO persistence and INFO replication. */
import type { Server } from "../server.ts";
import type { Fields } from "./mod.ts";

export function persistenceSection(server: Server): Fields {
  const { backgroundSave, persistence } = server;
  return {
    loading: persistence.isLoading ? 1 : 0,
    async_loading: 0,
    ...snapshotFields(server),
    rdb_changes_since_last_save: server.keyspace.counters.dirty,
    rdb_bgsave_in_progress: backgroundSave.isRunning ? 1 : 0,
    rdb_last_save_time: Math.floor(persistence.lastSaveMs / 1000),
    rdb_last_bgsave_status: backgroundSave.succeeded ? "ok" : "err",
    rdb_last_bgsave_time_sec: backgroundSave.lastSeconds,
    rdb_current_bgsave_time_sec: backgroundSave.currentSeconds,
    rdb_saves: persistence.saves,
    rdb_last_cow_size: backgroundSave.lastEarlyBytes,
    rdb_last_load_keys_expired: persistence.lastLoadExpired,
    rdb_last_load_keys_loaded: persistence.lastLoadKeys,
    ...rewriteFields(server),
    ...logFields(server),
    ...loadingFields(server),
  };
}

/**
 * How far a snapshot has come. Nothing is ever copied on a write: in the place of what a process that
 * has forked would have copied stands what had to be written early.
 */
function snapshotFields({ activeSnapshot }: Server): Fields {
  const early = activeSnapshot?.earlyBytes ?? 0;
  const keys = activeSnapshot?.keys ?? 0;
  const total = activeSnapshot?.totalKeys ?? 0;
  return {
    current_cow_peak: early,
    current_cow_size: early,
    current_cow_size_age: 0,
    current_fork_perc: (100 * keys / Math.max(1, total)).toFixed(2),
    current_save_keys_processed: keys,
    current_save_keys_total: total,
  };
}

function rewriteFields({ appendOnly: { isOn, rewrite, writesFail } }: Server): Fields {
  return {
    aof_enabled: isOn ? 1 : 0,
    aof_rewrite_in_progress: rewrite.isRunning ? 1 : 0,
    aof_rewrite_scheduled: rewrite.isScheduled ? 1 : 0,
    aof_last_rewrite_time_sec: rewrite.lastSeconds,
    aof_current_rewrite_time_sec: rewrite.currentSeconds,
    aof_last_bgrewrite_status: rewrite.succeeded ? "ok" : "err",
    aof_rewrites: rewrite.count,
    aof_rewrites_consecutive_failures: rewrite.failuresInRow,
    aof_last_write_status: writesFail ? "err" : "ok",
    aof_last_cow_size: 0,
  };
}

/** What there is to tell of the append-only file while it is written. */
function logFields({ appendOnly }: Server): Fields {
  if (!appendOnly.isOn) return {};
  const { currentBytes, log, rewrite } = appendOnly;
  return {
    aof_current_size: currentBytes,
    aof_base_size: rewrite.baseBytes,
    aof_pending_rewrite: 0,
    aof_buffer_length: log.bufferedBytes,
    aof_pending_bio_fsync: log.pendingSyncs,
    aof_delayed_fsync: log.delayedSyncs,
  };
}

/** How far a load has come, and how long the rest will take at this pace. */
function loadingFields({ nowMs, persistence: { loading } }: Server): Fields {
  if (loading === null) return {};
  const { startedMs, totalBytes, loadedBytes } = loading;
  const elapsed = (nowMs - startedMs) / 1000;
  const left = loadedBytes === 0 ? 1 : elapsed * (totalBytes - loadedBytes) / loadedBytes;
  return {
    loading_start_time: Math.floor(startedMs / 1000),
    loading_total_bytes: totalBytes,
    loading_loaded_bytes: loadedBytes,
    loading_loaded_perc: (100 * loadedBytes / Math.max(1, totalBytes)).toFixed(2),
    loading_eta_seconds: Math.round(left),
  };
}

export function replicationSection(server: Server): Fields {
  return {
    role: "master",
    connected_slaves: 0,
    master_failover_state: "no-failover",
    master_replid: server.runId,
    master_replid2: "0".repeat(40),
    master_repl_offset: 0,
    second_repl_offset: -1,
    repl_backlog_active: 0,
    repl_backlog_size: server.settings.replBacklogSize,
    repl_backlog_first_byte_offset: 0,
    repl_backlog_histlen: 0,
  };
}
