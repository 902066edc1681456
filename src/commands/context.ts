/**
 * What a command handler sees of the server above it.
 *
 * Handlers live below src/server, so what they need from there is declared here, and src/server
 * implements it: {@link Client} is the connection a command came from, {@link ServerContext} the
 * services around it.
 */
import type { Compactor } from "../keyspace/compactor.ts";
import type { Database } from "../keyspace/database.ts";
import type { Keyspace } from "../keyspace/keyspace.ts";
import type { Effects } from "../persistence/effects.ts";
import type { Random } from "../platform/mod.ts";
import type { Args } from "../resp/args.ts";
import type { ReplyWriter } from "../resp/writer.ts";
import type { Registry } from "./registry.ts";
import type { Command } from "./spec.ts";

/** Bits of {@link Client.flags}. */
export const ClientFlag = {
  /** Ends after what is in the output has been sent. */
  CLOSE_AFTER_REPLY: 1 << 0,
  /** Is to be closed as soon as the current command is over. */
  CLOSE_ASAP: 1 << 1,
  /** Has sent MONITOR. */
  MONITOR: 1 << 2,
  /** CLIENT REPLY OFF. */
  REPLY_OFF: 1 << 3,
  /** CLIENT REPLY SKIP: the reply of the command that runs now is dropped. */
  REPLY_SKIP: 1 << 4,
  /** CLIENT REPLY SKIP was just sent: the next command's reply is dropped. */
  REPLY_SKIP_NEXT: 1 << 5,
  /** CLIENT NO-EVICT ON. */
  NO_EVICT: 1 << 6,
  /** CLIENT NO-TOUCH ON. */
  NO_TOUCH: 1 << 7,
  /** Waits for the end of CLIENT PAUSE with a parsed command. */
  PAUSED: 1 << 8,
  /** Is authenticated, or needs not be. */
  AUTHENTICATED: 1 << 9,
  /** Has subscribed to something: its output may grow in another way than by its own requests. */
  PUBSUB: 1 << 10,
  /** Waits for something, such as replicas, with a command that has not been answered. */
  BLOCKED: 1 << 11,
  /** Has sent MULTI: its commands are queued. */
  MULTI: 1 << 12,
  /** A key that it has watched has changed: EXEC will run nothing. */
  DIRTY_CAS: 1 << 13,
  /** A command could not be queued: EXEC will fail. */
  DIRTY_EXEC: 1 << 14,
  /** Must be answered at once: its commands run in EXEC. */
  DENY_BLOCKING: 1 << 15,
  /** CLIENT TRACKING ON: caches what it reads, or has another client told for it. */
  TRACKING: 1 << 20,
  /** The same by prefixes, whatever it has read. */
  TRACKING_BCAST: 1 << 21,
  /** Only reads after CLIENT CACHING YES are tracked. */
  TRACKING_OPTIN: 1 << 22,
  /** Reads after CLIENT CACHING NO are not tracked. */
  TRACKING_OPTOUT: 1 << 23,
  /** Is not told of what it changes itself. */
  TRACKING_NOLOOP: 1 << 24,
  /** Has just sent CLIENT CACHING. */
  TRACKING_CACHING: 1 << 25,
  /** The client that was to be told for it has gone. */
  TRACKING_BROKEN: 1 << 26,
} as const;

/** The connection a command came from. */
export interface Client {
  readonly id: number;
  readonly server: ServerContext;
  /** Where replies are written; holds the protocol version (`reply.proto`). */
  readonly reply: ReplyWriter;
  /** The selected database. */
  db: Database;
  /** Set of {@link ClientFlag}. */
  flags: number;
  /** CLIENT SETNAME's, "" for none. */
  name: string;
  libName: string;
  libVersion: string;
  readonly user: AccessUser;
  /** `ip:port`, or `path:0` on a unix socket. */
  readonly address: string;
  readonly localAddress: string;
  readonly fd: number;
  readonly isUnix: boolean;
  /** Whether it is on the server's host. */
  readonly isLocal: boolean;
  /** Wall clock in ms. */
  readonly createdMs: number;
  /** Wall clock in ms of the last request. */
  lastInteractionMs: number;
  /** The command that ran last or runs now. */
  lastCommand: Command | null;
  /** Bytes received and sent so far. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Unconsumed bytes in the receive buffer, and its size. */
  readonly queryBufferUsed: number;
  readonly queryBufferSize: number;
  /** Everything the server holds for this client, in bytes. */
  readonly memoryBytes: number;
  readonly isAuthenticated: boolean;
  /** RESET: as it was when the connection was accepted. */
  reset(): void;
  /** Closes the connection: now when it is another client's, after the reply when it is the caller's. */
  kill(): void;
}

/** The configuration; see src/config/config.ts for what each does. */
export interface ConfigService {
  /** The configuration file, an absolute path; null for none. */
  readonly path: string | null;
  get(patterns: readonly string[]): [name: string, value: string][];
  set(
    pairs: readonly (readonly [name: string, value: string])[],
    context: { readonly isLocal: boolean; readonly isLoading: boolean },
  ): string | null;
  rewrite(users: readonly string[], everything?: boolean): string | null;
  isSensitive(name: string): boolean;
  /** Has a hook called when CONFIG SET has changed one of the directives; it returns why they cannot be, or null. */
  onChange(names: readonly string[], hook: () => string | null): void;
}

/** A user as others see it. Its texts have one character for each byte. */
export interface AccessUser {
  readonly name: string;
  /** The name as people read it. */
  readonly shownName: string;
  /** `on`, `nopass` and the like. */
  flags(): readonly string[];
  /** The hashes of the passwords, in hexadecimal digits. */
  readonly passwords: readonly string[];
  /** What the user may do, as rules; the root first. */
  readonly selectors: readonly {
    describeCommands(): string;
    describeKeys(): string;
    describeChannels(): string;
  }[];
}

/** Something that was refused to a client. Names have one character for each byte. */
export interface AccessDenial {
  readonly id: number;
  readonly count: number;
  readonly reason: "command" | "key" | "channel" | "auth";
  readonly context: "toplevel" | "multi";
  /** The command, key or channel; for `auth` the command with which the client tried. */
  readonly object: string;
  readonly user: string;
  /** Wall clock in ms of the first and of the last time. */
  readonly createdMs: number;
  readonly updatedMs: number;
  /** The client of the last time, as CLIENT LIST shows it. */
  readonly clientInfo: string;
}

/** ACL LOG. */
export interface AccessLogService {
  /** The newest `count` entries, newest first. */
  newest(count: number): readonly AccessDenial[];
  clear(): void;
}

/** Who may do what; see src/server/acl/access.ts. Texts have one character for each byte. */
export interface AccessService {
  readonly log: AccessLogService;
  /** Whether the user `default` needs a password. */
  readonly hasPassword: boolean;
  /**
   * Makes the client that user, if the password is right.
   *
   * @param command By which the client tries, for the log.
   * @returns False when there is no such user, it is disabled, or the password is wrong.
   */
  logIn(client: Client, user: string, password: Uint8Array, command: string): boolean;
  /** All users, by their names. */
  users(): readonly AccessUser[];
  user(name: string): AccessUser | null;
  /** All users, by their names, each as a `user` line has it. */
  lines(): string[];
  /** ACL SETUSER; returns null when it is done, else why not, without the `ERR `. */
  setUser(name: string, rules: readonly string[]): string | null;
  /** Takes a user away, and closes its connections; false when there is none. */
  deleteUser(name: string): boolean;
  /** Why a user may not run a request, null when it may; the arity has been checked. */
  refusal(user: AccessUser, command: Command, args: Args): string | null;
  /** Whether the client may have the request that it runs read keys of any name. */
  mayReadAllKeys(client: Client, args: Args): boolean;
  /** ACL LOAD and ACL SAVE; return null when it is done, else why not, without the `ERR `. */
  load(): string | null;
  save(): string | null;
  /** Hexadecimal digits that nobody can guess. */
  generatePassword(digits: number): string;
}

/** The connections there are, in the order in which they were accepted. */
export interface ClientsService {
  readonly size: number;
  get(id: number): Client | null;
  /** Clients may be killed while this goes on. */
  [Symbol.iterator](): IterableIterator<Client>;
}

/** CLIENT PAUSE. */
export interface PauseService {
  /** @param untilMs Wall clock in ms. */
  begin(untilMs: number, onlyWrites: boolean): void;
  end(): void;
}

/** A command that took long. */
export interface SlowCommand {
  readonly id: number;
  /** Wall clock in ms. */
  readonly atMs: number;
  readonly usec: number;
  /** Cut where they are long or many, and without secrets. */
  readonly args: readonly Uint8Array[];
  readonly address: string;
  readonly clientName: string;
}

/** SLOWLOG. */
export interface SlowlogService {
  readonly length: number;
  /** The newest `count` entries, newest first; all when it is negative. */
  newest(count: number): readonly SlowCommand[];
  clear(): void;
}

export interface LatencySample {
  /** Unix time in seconds. */
  readonly time: number;
  /** ms. */
  readonly latency: number;
}

/** A kind of events that take long now and then. */
export interface LatencyEvent {
  readonly event: string;
  /** The last ones, oldest first; at least one. */
  readonly samples: readonly LatencySample[];
  /** The worst there ever was, ms. */
  readonly max: number;
}

/** LATENCY's view of the spikes. */
export interface LatencyService {
  readonly events: readonly LatencyEvent[];
  /** Forgets some events, or all without names; returns how many there were. */
  reset(events: readonly string[]): number;
}

/** LATENCY's view of how long the calls of a command took. */
export interface HistogramService {
  /** Number of calls. */
  readonly total: number;
  /** For each bound, rising, that adds some: how many calls took no longer. */
  cumulative(): readonly { readonly usec: number; readonly count: number }[];
}

/** The three ways to subscribe. */
export type Subscription = "channel" | "pattern" | "shard";

/** Bytes to be sent. */
export interface Bytes {
  readonly buf: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Publish and subscribe. Names are texts with one character for each byte. */
export interface PubSubService {
  readonly patternCount: number;
  subscribe(client: Client, kind: Subscription, name: string): void;
  unsubscribe(client: Client, kind: Subscription, name: string): void;
  /** What a client listens to. */
  namesOf(client: Client, kind: Subscription): string[];
  /** How many subscriptions a client has: to shard channels, or to channels and patterns together. */
  countOf(client: Client, kind: Subscription): number;
  /** How many clients have subscribed to a name. */
  subscriberCount(kind: Subscription, name: string): number;
  /** The names that somebody has subscribed to. */
  names(kind: Subscription): Iterable<string>;
  /** Sends a message; returns how many clients got it. */
  publish(kind: "channel" | "shard", channel: Bytes, message: Bytes): number;
}

/** How a command that waits for keys goes on. */
export interface KeyWait {
  /** What a key must be to be of use, one of TypeId. */
  readonly typeId: number;
  /**
   * Whether the command is tried again as well when a key that was such goes or becomes something
   * else, so that it can say so.
   */
  readonly wakesOnLoss?: boolean;
  /**
   * Tries the command again, with all of its keys: acts and replies, also by throwing an error reply,
   * or returns false, to wait on.
   *
   * @param args The request, as it was when the wait began.
   */
  serve(client: Client, args: Args): boolean;
  /** Writes the reply when the time is over. */
  atTimeout(reply: ReplyWriter): void;
}

/** What CLIENT TRACKING ON asks for. */
export interface TrackingOptions {
  /** The TRACKING_ flags of {@link ClientFlag} that choose a mode. */
  readonly flags: number;
  /** The number of the client that is to be told; 0 for the one that tracks. */
  readonly redirect: number;
  /** With TRACKING_BCAST: what the keys begin with; all keys without any. */
  readonly prefixes: readonly string[];
}

/** CLIENT TRACKING; see src/server/tracking.ts. Texts have one character for each byte. */
export interface TrackingService {
  /** Begins, or goes on in another way: prefixes are added to those there are. */
  start(client: Client, options: TrackingOptions): void;
  /** Ends it, if it goes on. */
  stop(client: Client): void;
  /** The number of the client that is told; 0 for the client itself, -1 for one that does not track. */
  redirectOf(client: Client): number;
  /** In the order of their bytes. */
  prefixesOf(client: Client): string[];
}

/** Clients that wait; see src/server/blocking.ts. */
export interface BlockingService {
  /**
   * Holds a client whose command cannot be answered yet. One that must not wait, since its command
   * runs in EXEC, is answered at once, as if the time were over.
   *
   * @param timeoutMs 0 for ever.
   * @param atTimeout Writes the reply when the time is over.
   */
  block(client: Client, timeoutMs: number, atTimeout: (reply: ReplyWriter) => void): void;
  /**
   * Holds a client until one of some keys lets its command be answered. To be called by the command
   * in place of a reply, when none of them does so now. As with {@link block}, one that must not wait
   * is answered at once.
   *
   * @param firstKey The first of `keyCount` arguments that name the keys.
   * @param timeoutMs 0 for ever.
   */
  blockOnKeys(
    client: Client,
    args: Args,
    firstKey: number,
    keyCount: number,
    timeoutMs: number,
    how: KeyWait,
  ): void;
  /**
   * CLIENT UNBLOCK: ends a wait, as if its time were over or with an error.
   *
   * @returns False when the client does not wait.
   */
  release(client: Client, withError: boolean): boolean;
}

/** MULTI, EXEC and WATCH; see src/server/transactions.ts. */
export interface TransactionService {
  /** MULTI: from now on the client's commands are queued. */
  begin(client: Client): void;
  /** Runs what the client has queued, replies with the array of replies, and ends the transaction. */
  exec(client: Client): void;
  /** Ends the transaction, if there is one, and all watches of the client. */
  discard(client: Client): void;
  /** Whether a key that the client watches is not what it was. */
  isStale(client: Client): boolean;
  /** Watches a key of the client's database for it. */
  watch(client: Client, buf: Uint8Array, start: number, end: number): void;
  /** Forgets all that the client watches, and that something of it may have changed. */
  unwatch(client: Client): void;
  /** How many commands the client has queued, and the bytes of their arguments. */
  queuedCount(client: Client): number;
  queuedBytes(client: Client): number;
  /** How many keys the client watches. */
  watchedCount(client: Client): number;
}

/** What DEBUG can do to the server. */
export interface DebugService {
  /** Whether keys are removed when they are due, and not only when somebody looks for them. */
  activeExpiry: boolean;
  /** Whether what is done at regular intervals is left undone. */
  cronPaused: boolean;
  /** From which size on an element of a list has a node to itself, bytes; null for the usual one. */
  quicklistPackedThreshold: number | null;
  /** Whether RESTORE compares checksums. */
  comparesChecksums: boolean;
  /** Holds everybody up. */
  sleep(ms: number): void;
  log(message: string): void;
}

/** Where the server's memory is; all in bytes. */
export interface MemoryReport {
  /** What counts against `maxmemory`: data, tables, what clients hold. */
  readonly used: number;
  readonly peak: number;
  /** What an empty server uses. */
  readonly startup: number;
  /** Of `used`, what is not the user's data: tables, indexes, buffers. */
  readonly overhead: number;
  readonly dataset: number;
  /** What clients hold: receive buffers, output, unfinished requests. */
  readonly clients: number;
  /** The blocks that the slab allocator has given out. */
  readonly allocated: number;
  /** The pages it holds for them. */
  readonly held: number;
  /** The process's resident memory, as it was measured last. */
  readonly rss: number;
  /** The databases that hold keys, by index. */
  readonly databases: readonly {
    readonly index: number;
    readonly keys: number;
    /** The tables of the keys, and of their due times. */
    readonly tableBytes: number;
    readonly expiresBytes: number;
  }[];
}

/** What SHUTDOWN asks for. */
export interface ShutdownRequest {
  /** Whether the data is to be saved; null leaves it to the configuration. */
  readonly save: boolean | null;
  /** Whether not to wait for replicas. */
  readonly now: boolean;
  /** Whether to end even if the data cannot be saved. */
  readonly force: boolean;
}

export interface ShutdownService {
  /** Ends the process; returns only when it may not end, of which the log then tells why. */
  begin(request: ShutdownRequest): void;
  /** Takes back a shutdown that is under way; false when none is. */
  abort(): boolean;
}

/** What DEBUG RELOAD asks for. */
export interface ReloadRequest {
  /** Whether the data is saved first, and thrown away before it is loaded. */
  readonly saves: boolean;
  readonly flushes: boolean;
  /** Whether keys of the dump replace those that are there; else that is an error. */
  readonly replaces: boolean;
}

/** What has come of BGSAVE; busy: something else is in its way. */
export type BackgroundSaveOutcome = "started" | "scheduled" | "running" | "busy";

/** What is kept on disk. */
export interface PersistenceService {
  /** Wall clock in ms of the last save; before the first one that of the start. */
  readonly lastSaveMs: number;
  /** Whether the data is still being loaded. */
  readonly isLoading: boolean;
  /** Saves all data; false when that fails, of which the log tells why. */
  save(): boolean;
  readonly isSavingInBackground: boolean;
  /**
   * Saves all data while commands go on.
   *
   * @param schedules Whether it may begin later, when something else is in its way.
   * @param mayBegin Whether it may begin now, and not only in a later turn.
   */
  saveInBackground(schedules: boolean, mayBegin: boolean): BackgroundSaveOutcome;
  /** All keys are about to go, or have gone, for somebody wants it so. */
  beforeFlushAll(): void;
  afterFlushAll(): void;
  /** Saves and loads all data; where that fails, the log tells why. */
  reload(request: ReloadRequest): "ok" | "unsaved" | "unloaded";
  /** Notes in the log why RESTORE has refused a payload. */
  payloadRefused(why: Error): void;
}

/** What has come of BGREWRITEAOF. */
export type RewriteOutcome = "started" | "scheduled" | "running" | "failed";

/** The append-only file. */
export interface AppendOnlyService {
  /** Whether what commands do is logged. */
  readonly isOn: boolean;
  /** Where in the log what has been told so far ends, and up to where the disk has it, in bytes. */
  readonly toldBytes: number;
  readonly syncedBytes: number;
  /**
   * Rewrites the append-only file.
   *
   * @param mayBegin Whether it may begin now, and not only in a later turn.
   */
  requestRewrite(mayBegin: boolean): RewriteOutcome;
  /** Throws all data away, and loads it from the append-only file. What cannot be loaded ends the process. */
  reload(): void;
  /** DEBUG AOF-FLUSH-SLEEP: holds every write up, ms. */
  flushDelayMs: number;
}

/** Clients that wait for the disk; see src/server/local_waits.ts. */
export interface LocalWaitService {
  /** Holds a client until what has been told so far is on the disk. */
  hold(client: Client, timeoutMs: number): void;
}

/** The settings that handlers read. */
export interface CommandSettings {
  readonly protoMaxBulkLen: number;
  readonly lazyfreeLazyUserDel: boolean;
  readonly lazyfreeLazyUserFlush: boolean;
  readonly lazyfreeLazyExpire: boolean;
  readonly lazyfreeLazyServerDel: boolean;
  readonly hllSparseMaxBytes: number;
  /** A hash is a listpack up to so many fields, and fields and values of so many bytes. */
  readonly hashMaxListpackEntries: number;
  readonly hashMaxListpackValue: number;
  /** A sorted set is a listpack up to so many members, of so many bytes. */
  readonly zsetMaxListpackEntries: number;
  readonly zsetMaxListpackValue: number;
  /** A node of a stream has so many bytes and entries; 0 for any. */
  readonly streamNodeMaxBytes: number;
  readonly streamNodeMaxEntries: number;
  readonly latencyMonitorThreshold: number;
  readonly slowlogLogSlowerThan: number;
  /** The version of the format in which DUMP writes, 9 to 12, and whether it compresses. */
  readonly rdbVersion: number;
  readonly rdbcompression: boolean;
}

/** The services around a command. */
export interface ServerContext {
  readonly settings: CommandSettings;
  readonly keyspace: Keyspace;
  /** Where handlers tell what they did, when their request does not say it. */
  readonly effects: Effects;
  readonly registry: Registry;
  readonly config: ConfigService;
  readonly access: AccessService;
  readonly pubsub: PubSubService;
  readonly clients: ClientsService;
  readonly pause: PauseService;
  readonly slowlog: SlowlogService;
  readonly latency: LatencyService;
  /** By {@link Command.index}; null where there has been no call. */
  readonly stats: { readonly histograms: readonly (HistogramService | null)[] };
  /** Those who are shown every command. */
  readonly monitors: { add(client: Client): void };
  /** CONFIG RESETSTAT. */
  resetStatistics(): void;
  /**
   * CONFIG REWRITE; returns null when it is done, else why not, without the `ERR `.
   *
   * @param everything Whether what the default says is written out, too.
   */
  rewriteConfig(everything?: boolean): string | null;
  readonly blocking: BlockingService;
  readonly tracking: TrackingService;
  readonly transactions: TransactionService;
  readonly compactor: Compactor;
  readonly debug: DebugService;
  readonly random: Random;
  readonly shutdown: ShutdownService;
  readonly persistence: PersistenceService;
  readonly appendOnly: AppendOnlyService;
  readonly localWaits: LocalWaitService;
  /** Wall clock in ms, read once a turn. */
  readonly nowMs: number;
  /** Wall clock, µs since 1970: the present moment, not the turn's. */
  nowUs(): number;
  /** INFO's text about some sections; see src/server/info/mod.ts. */
  info(sections: readonly string[]): string;
  memoryReport(): MemoryReport;
  /** The version of Redis whose behaviour the server has, as HELLO and INFO tell it. */
  readonly redisVersion: string;
}
