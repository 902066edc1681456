/** INFO stats: what has happened since the start, or since CONFIG RESETSTAT. */
import type { Server } from "../server.ts";
import type { Fields } from "./mod.ts";

const KILO = 1024;

export function statsSection(server: Server): Fields {
  const { access, stats, cron, keyspace: { counters }, expiry, compactor, nowMs } = server;
  const { rates, exceeded } = cron;
  return {
    total_connections_received: stats.connectionsReceived,
    total_commands_processed: stats.commandsProcessed,
    instantaneous_ops_per_sec: Math.round(rates.commands.perSecond),
    total_net_input_bytes: stats.bytesIn,
    total_net_output_bytes: stats.bytesOut,
    total_net_repl_input_bytes: 0,
    total_net_repl_output_bytes: 0,
    instantaneous_input_kbps: (rates.bytesIn.perSecond / KILO).toFixed(2),
    instantaneous_output_kbps: (rates.bytesOut.perSecond / KILO).toFixed(2),
    instantaneous_input_repl_kbps: "0.00",
    instantaneous_output_repl_kbps: "0.00",
    rejected_connections: stats.connectionsRejected,
    sync_full: 0,
    sync_partial_ok: 0,
    sync_partial_err: 0,
    expired_subkeys: counters.expiredSubkeys,
    expired_keys: counters.expiredKeys,
    expired_stale_perc: "0.00",
    expired_time_cap_reached_count: expiry.capReached,
    expire_cycle_cpu_milliseconds: Math.round(expiry.spentMs),
    evicted_keys: counters.evictedKeys,
    evicted_clients: stats.evictedClients,
    total_eviction_exceeded_time: exceeded.totalMs(nowMs),
    current_eviction_exceeded_time: exceeded.currentMs(nowMs),
    keyspace_hits: counters.hits,
    keyspace_misses: counters.misses,
    pubsub_channels: server.pubsub.channelCount,
    pubsub_patterns: server.pubsub.patternCount,
    pubsubshard_channels: server.pubsub.shardChannelCount,
    latest_fork_usec: 0,
    total_forks: 0,
    active_defrag_hits: compactor.moved,
    active_defrag_misses: compactor.kept,
    total_active_defrag_time: Math.round(compactor.spentMs),
    tracking_total_keys: server.tracking.keyCount,
    tracking_total_items: server.tracking.itemCount,
    tracking_total_prefixes: server.tracking.prefixCount,
    unexpected_error_replies: stats.unexpectedErrors,
    total_error_replies: stats.errorReplies,
    acl_access_denied_auth: access.log.totals.auth,
    acl_access_denied_cmd: access.log.totals.command,
    acl_access_denied_key: access.log.totals.key,
    acl_access_denied_channel: access.log.totals.channel,
    dump_payload_sanitizations: 0,
    total_reads_processed: stats.readsProcessed,
    total_writes_processed: stats.writesProcessed,
    eventloop_cycles: stats.turns,
    instantaneous_eventloop_cycles_per_sec: Math.round(rates.turns.perSecond),
    client_query_buffer_limit_disconnections: stats.queryBufferLimitDisconnections,
    client_output_buffer_limit_disconnections: stats.outputBufferLimitDisconnections,
  };
}
