/** The settings that the server reads, under the names that the directive table gives them. */
import type { CommandSettings } from "../commands/context.ts";
import type { CompactorSettings } from "../keyspace/compactor.ts";
import type { KeyspaceSettings } from "../keyspace/keyspace.ts";
import type { ParserSettings } from "../resp/limits.ts";
import type { AccessSettings } from "./acl/access.ts";
import type { BackgroundSaveSettings } from "./background_save.ts";
import type { AppendOnlySettings } from "./append_only/mod.ts";
import type { PersistenceSettings } from "./persistence.ts";
import type { ShutdownSettings } from "./shutdown.ts";

/** Bounds on what may wait to be sent to a class of clients; 0 means none. */
export interface OutputBufferLimit {
  readonly hard: number;
  readonly soft: number;
  readonly seconds: number;
}

export interface ServerSettings
  extends
    AccessSettings,
    BackgroundSaveSettings,
    AppendOnlySettings,
    CommandSettings,
    CompactorSettings,
    KeyspaceSettings,
    ParserSettings,
    PersistenceSettings,
    ShutdownSettings {
  readonly port: number;
  readonly bind: readonly string[];
  readonly tcpBacklog: number;
  readonly tcpKeepalive: number;
  readonly unixsocket: string | null;
  readonly unixsocketperm: number;
  readonly pidfile: string | null;
  readonly latencyTrackingInfoPercentiles: readonly number[];
  readonly notifyKeyspaceEvents: number;
  readonly replBacklogSize: number;
  readonly maxclients: number;
  /** Bytes, or when negative a percentage of `maxmemory`. */
  readonly maxmemoryClients: number;
  readonly trackingTableMaxKeys: number;
  readonly timeout: number;
  readonly hz: number;
  readonly protectedMode: boolean;
  readonly enableDebugCommand: "yes" | "no" | "local";
  readonly enableModuleCommand: "yes" | "no" | "local";
  readonly clientQueryBufferLimit: number;
  readonly clientOutputBufferLimit: {
    readonly normal: OutputBufferLimit;
    readonly replica: OutputBufferLimit;
    readonly pubsub: OutputBufferLimit;
  };
  readonly slowlogLogSlowerThan: number;
  readonly slowlogMaxLen: number;
  readonly latencyMonitorThreshold: number;
  readonly latencyTracking: boolean;
}
