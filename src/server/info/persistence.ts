/** INFO persistence and INFO replication. */
import type { Server } from "../server.ts";
import type { Fields } from "./mod.ts";

/** Nothing is loaded or saved yet; the fields stand for a server that keeps its data in memory. */
export function persistenceSection(server: Server): Fields {
  return {
    loading: 0,
    async_loading: 0,
    rdb_changes_since_last_save: server.keyspace.counters.dirty,
    rdb_bgsave_in_progress: 0,
    rdb_last_save_time: Math.floor(server.startedMs / 1000),
    rdb_last_bgsave_status: "ok",
    rdb_last_bgsave_time_sec: -1,
    rdb_current_bgsave_time_sec: -1,
    rdb_saves: 0,
    aof_enabled: 0,
    aof_rewrite_in_progress: 0,
    aof_rewrite_scheduled: 0,
    aof_last_bgrewrite_status: "ok",
    aof_last_write_status: "ok",
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
