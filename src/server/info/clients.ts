/** INFO clients: who is connected. */
import { ClientFlag } from "../../commands/context.ts";
import type { Server } from "../server.ts";
import type { Fields } from "./mod.ts";

export function clientsSection(server: Server): Fields {
  const { watches } = server.transactions;
  const { peaks } = server.cron;
  let blocked = 0;
  let pubsub = 0;
  for (const client of server.clients) {
    if (client.flags & (ClientFlag.PAUSED | ClientFlag.BLOCKED)) blocked++;
    if (client.flags & ClientFlag.PUBSUB) pubsub++;
  }
  return {
    connected_clients: server.clients.size,
    cluster_connections: 0,
    maxclients: server.settings.maxclients,
    client_recent_max_input_buffer: peaks.inputBytes,
    client_recent_max_output_buffer: peaks.outputBytes,
    blocked_clients: blocked,
    tracking_clients: server.tracking.clientCount,
    pubsub_clients: pubsub,
    watching_clients: watches.clientCount,
    clients_in_timeout_table: server.blocking.timedCount,
    total_watched_keys: watches.keyCount,
    total_blocking_keys: server.blocking.keys.count,
    total_blocking_keys_on_nokey: server.blocking.keys.countOnLoss,
    paused_reason: server.pause.isActive ? "client_pause" : "none",
    paused_actions: server.pause.state.actions,
    paused_timeout_milliseconds: server.pause.state.leftMs,
  };
}
