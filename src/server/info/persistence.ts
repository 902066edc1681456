/** INFO persistence and INFO replication. */
import type { Server } from "../server.ts";
import type { Fields } from "./mod.ts";

/** There is no append-only file yet; its fields stand for that. */
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
    aof_enabled: 0,
    aof_rewrite_in_progress: 0,
    aof_rewrite_scheduled: 0,
    aof_last_bgrewrite_status: "ok",
    aof_last_write_status: "ok",
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
