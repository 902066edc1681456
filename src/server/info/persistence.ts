/** INFO persistence and INFO replication. */
import type { Server } from "../server.ts";
import type { Fields } from "./mod.ts";

/** There is no append-only file and no saving in the background yet; their fields stand for that. */
export function persistenceSection(server: Server): Fields {
  const { persistence } = server;
  return {
    loading: persistence.isLoading ? 1 : 0,
    async_loading: 0,
    rdb_changes_since_last_save: server.keyspace.counters.dirty,
    rdb_bgsave_in_progress: 0,
    rdb_last_save_time: Math.floor(persistence.lastSaveMs / 1000),
    rdb_last_bgsave_status: "ok",
    rdb_last_bgsave_time_sec: -1,
    rdb_current_bgsave_time_sec: -1,
    rdb_saves: persistence.saves,
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
