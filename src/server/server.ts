/**
 * The server: everything that a running instance has, and how a turn of its loop begins and ends.
 *
 * It knows no sockets (a transport calls {@link Server.accept}) and no process (src/cli wires both),
 * so that tests run as many of them as they like.
 */
import {
  ClientFlag,
  type ConfigService,
  type MemoryReport,
  type ServerContext,
} from "../commands/context.ts";
import type { Registry } from "../commands/registry.ts";
import { monitorLine } from "../commands/monitor.ts";
import { withoutSecrets } from "../commands/secrets.ts";
import { type Command, flagBit } from "../commands/spec.ts";
import { evictionLimitMs, Evictor } from "../keyspace/evict.ts";
import { Compactor } from "../keyspace/compactor.ts";
import { Keyspace } from "../keyspace/keyspace.ts";
import { Effects } from "../persistence/effects.ts";
import type { Snapshot } from "../persistence/snapshot/mod.ts";
import { type Cancel, type Platform, Random, randomHexId } from "../platform/mod.ts";
import { Args, type BulkStore } from "../resp/args.ts";
import { latin1 } from "../memory/bytes.ts";
import { isOutOfMemory } from "../memory/out_of_memory.ts";
import { OutputPool } from "../resp/output_pool.ts";
import { Access } from "./acl/access.ts";
import { shownText } from "./acl/words.ts";
import { AppendOnly } from "./append_only/mod.ts";
import { Background } from "./background.ts";
import { BackgroundSave } from "./background_save.ts";
import { Blocking } from "./blocking.ts";
import { bulkStoreOver } from "./bulk_store.ts";
import { CallTimer } from "./call_timer.ts";
import { Client } from "./client.ts";
import { ClientEviction } from "./client_eviction.ts";
import { Clients } from "./clients.ts";
import type { Acceptor, Connection, Peer, TransportDescription } from "./connection.ts";
import { Cron } from "./cron.ts";
import { Debug } from "./debug.ts";
import { ExpiryCycle } from "./expiry_cycle.ts";
import { infoText } from "./info/mod.ts";
import type { Log } from "./log.ts";
import { OutputLimits } from "./output_limits.ts";
import { memoryReport } from "./memory_report.ts";
import { Persistence } from "./persistence.ts";
import { notifications } from "./notifications.ts";
import { Pause } from "./pause.ts";
import { PubSub } from "./pubsub.ts";
import type { ServerSettings } from "./settings.ts";
import { Shutdown } from "./shutdown.ts";
import { InstantaneousRates } from "./rates.ts";
import { LocalWaits } from "./local_waits.ts";
import { RealSize } from "./real_size.ts";
import { Slowlog } from "./slowlog.ts";
import { LatencyMonitor } from "./latency_monitor.ts";
import { Stats } from "./stats.ts";
import { Tracking } from "./tracking.ts";
import { Transactions } from "./transactions.ts";

/** What a server is made of. */
export interface ServerParts {
  readonly platform: Platform;
  readonly settings: ServerSettings;
  readonly registry: Registry;
  readonly log: Log;
  readonly config: ConfigService;
}

/** Whose behaviour the server has. Clients choose what they use by it. */
const REDIS_VERSION = "7.4.0";

const FAST = flagBit("fast");
const SKIP_SLOWLOG = flagBit("skip_slowlog");
/** Commands of administrators are nobody else's business. */
const SKIP_MONITOR = flagBit("skip_monitor") | flagBit("admin");

const REFUSED_TOO_MANY = latin1("-ERR max number of clients reached\r\n");
const REFUSED_PROTECTED = latin1(
  "-DENIED Keyrex is running in protected mode because protected mode is enabled and no password " +
    "is set for the default user. In this mode connections are only accepted from the loopback " +
    "interface. To connect from other hosts, set a password for the default user, or switch " +
    "protected mode off with 'CONFIG SET protected-mode no' from the loopback interface, with " +
    "'protected-mode no' in the configuration file, or with '--protected-mode no' at the start.\r\n",
);

export class Server implements Acceptor, ServerContext {
  readonly platform: Platform;
  readonly settings: ServerSettings;
  readonly registry: Registry;
  readonly log: Log;
  readonly config: ConfigService;
  readonly access: Access;
  readonly random: Random;
  readonly keyspace: Keyspace;
  readonly effects = new Effects();
  readonly evictor: Evictor;
  readonly expiry: ExpiryCycle;
  readonly clients = new Clients();
  readonly stats: Stats;
  readonly slowlog: Slowlog;
  readonly latency: LatencyMonitor;
  readonly timer: CallTimer;
  readonly limits: OutputLimits;
  readonly eviction: ClientEviction;
  readonly pause: Pause;
  readonly blocking: Blocking;
  readonly transactions: Transactions;
  readonly pubsub: PubSub;
  readonly tracking: Tracking;
  readonly compactor: Compactor;
  readonly background: Background;
  readonly realSize: RealSize;
  readonly cron: Cron;
  readonly persistence: Persistence;
  readonly backgroundSave: BackgroundSave;
  /** The snapshot that is under way, for a dump or for the base of an append-only file. */
  activeSnapshot: Snapshot | null = null;
  readonly localWaits: LocalWaits;
  readonly appendOnly: AppendOnly;
  readonly shutdown: Shutdown;
  readonly debug: Debug;
  readonly outputPool = new OutputPool();
  /** What all clients hold of requests that are not complete, blocks of the slabs aside, in bytes. */
  receivingBytes = 0;
  readonly bulkStore: BulkStore;
  /** The arguments of the request that runs now; every client's requests pass through it. */
  readonly args = new Args();
  /** Whether {@link args} still is the request that ran last. */
  argsAreRun = false;
  /** Clients that have sent MONITOR. */
  readonly monitors = new Set<Client>();
  readonly runId: string;
  readonly startedMs: number;
  /** The client whose command runs now. */
  current: Client | null = null;
  /** Wall clock in ms, read once a turn. */
  nowMs: number;
  refusal = REFUSED_TOO_MANY;
  /** What carries the clients' bytes, for INFO. */
  transport: TransportDescription = { name: "none", multiplexing: "none" };
  readonly redisVersion = REDIS_VERSION;
  readonly #shutdownHooks: (() => void)[] = [];
  #turnIsOpen = false;
  readonly #toFlush: Client[] = [];

  constructor({ platform, settings, registry, log, config }: ServerParts) {
    this.platform = platform;
    this.settings = settings;
    this.registry = registry;
    this.log = log;
    this.config = config;
    this.nowMs = this.startedMs = platform.clock.nowMs();
    this.runId = randomHexId(platform.entropy);
    this.random = Random.seeded(platform.entropy);
    const seed = { k0: this.random.next(), k1: this.random.next() };
    this.keyspace = new Keyspace(settings, seed, () => this.random.next());
    this.keyspace.setTime(this.nowMs);
    this.bulkStore = bulkStoreOver(this.keyspace.slabs);
    this.stats = new Stats(registry);
    this.slowlog = new Slowlog(settings);
    this.latency = new LatencyMonitor(settings);
    this.timer = new CallTimer(
      registry.all,
      this.stats,
      settings,
      () => platform.clock.monotonicMs(),
      (client, command, usec) => this.#commandTimed(client, command, usec),
    );
    this.limits = new OutputLimits(this);
    this.eviction = new ClientEviction(this);
    this.pause = new Pause(this);
    this.blocking = new Blocking(this);
    this.transactions = new Transactions(this);
    this.evictor = new Evictor(this.keyspace, () => this.clientBytes);
    this.expiry = new ExpiryCycle(this);
    this.pubsub = new PubSub(this);
    this.tracking = new Tracking(this);
    this.keyspace.listener = notifications(this);
    this.keyspace.setEventMask(settings.notifyKeyspaceEvents);
    this.compactor = new Compactor(this.keyspace, settings, () => platform.clock.monotonicMs());
    this.background = new Background(this);
    this.realSize = new RealSize(this);
    this.cron = new Cron(this);
    this.persistence = new Persistence(this);
    this.backgroundSave = new BackgroundSave(this);
    this.localWaits = new LocalWaits(this);
    this.appendOnly = new AppendOnly(this);
    this.shutdown = new Shutdown(this);
    this.access = new Access(this);
    this.debug = new Debug(this);
    this.#followConfig();
  }

  /** What cannot be read off the settings whenever it is needed follows them when they change. */
  #followConfig(): void {
    const { access, config, keyspace, settings } = this;
    config.onChange(["requirepass"], () => {
      access.requirePassword(settings.requirepass);
      return null;
    });
    config.onChange(["maxmemory-policy"], () => {
      keyspace.setTime(this.nowMs);
      return null;
    });
    config.onChange(["maxmemory", "maxmemory-clients"], () => {
      this.eviction.followSettings();
      return null;
    });
    config.onChange(["notify-keyspace-events"], () => {
      keyspace.setEventMask(settings.notifyKeyspaceEvents);
      return null;
    });
  }

  // ---------------------------------------------------------------- connections

  accept(connection: Connection): Peer | null {
    this.openTurn();
    if (this.clients.size >= this.settings.maxclients) {
      this.stats.connectionsRejected++;
      this.refusal = REFUSED_TOO_MANY;
      return null;
    }
    if (this.settings.protectedMode && !this.access.hasPassword && !connection.isLocal) {
      this.stats.connectionsRejected++;
      this.refusal = REFUSED_PROTECTED;
      return null;
    }
    this.stats.connectionsReceived++;
    const client = new Client(this.clients.takeId(), this, connection);
    client.logOut();
    this.clients.add(client);
    return client;
  }

  // ---------------------------------------------------------------- turns

  /** The first thing of a turn: reads the time. Harmless when the turn is open already. */
  openTurn(): void {
    if (this.#turnIsOpen) return;
    this.#turnIsOpen = true;
    this.stats.turns++;
    this.readTime();
    const { aofTimestampEnabled } = this.settings;
    this.effects.seconds = aofTimestampEnabled ? Math.floor(this.nowMs / 1000) : 0;
  }

  /** Reads the time once more, for what comes after something that may have taken long. */
  readTime(): void {
    this.nowMs = this.platform.clock.nowMs();
    this.keyspace.setTime(this.nowMs);
  }

  /**
   * The last thing of a turn: removes what has fallen due, logs what has been done, then sends the
   * replies. Never throws.
   */
  endTurn(): void {
    try {
      this.expiry.removeDue();
      if (this.blocking.keys.hasReady) this.blocking.serveReady();
    } catch (thrown) {
      this.unexpected("active expiry", thrown);
    }
    if (this.effects.active) this.appendOnly.flush();
    if (this.tracking.isActive) this.tracking.broadcast();
    const clients = this.#toFlush;
    for (let i = 0; i < clients.length; i++) this.#flush(clients[i]);
    clients.length = 0;
    if (this.eviction.isOn) this.eviction.run();
    this.#turnIsOpen = false;
  }

  nowUs(): number {
    return this.platform.clock.nowUs();
  }

  /** Marks a client whose output is to be sent when the turn ends. */
  queueFlush(client: Client): void {
    if (client.flushQueued) return;
    client.flushQueued = true;
    this.#toFlush.push(client);
  }

  /** Runs `work` in a turn of its own, `ms` from now or later; whatever it throws ends there. */
  after(ms: number, what: string, work: () => void): Cancel {
    return this.platform.clock.after(ms, () => {
      this.openTurn();
      try {
        work();
      } catch (thrown) {
        this.unexpected(what, thrown);
      }
      this.endTurn();
    });
  }

  #flush(client: Client): void {
    client.flushQueued = false;
    if (client.ended) return;
    this.limits.check(client);
    if (client.flags & ClientFlag.CLOSE_ASAP) return client.connection.close();
    this.eviction.count(client);
    if (client.flags & ClientFlag.CLOSE_AFTER_REPLY) client.connection.closeAfterFlush();
    else client.connection.flush();
  }

  // ---------------------------------------------------------------- failures

  /** Logs what must not have been thrown: a bug of ours, with its place, or that memory has run out. */
  unexpected(where: string, thrown: unknown): void {
    this.stats.unexpectedErrors++;
    const text = thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown);
    this.log.warning(
      isOutOfMemory(thrown) ? `Out of memory in ${where}` : `Unexpected error in ${where}: ${text}`,
    );
  }

  // ---------------------------------------------------------------- what commands leave behind

  /** A command, or a run of quick ones that ended with it, has taken `usec` µs. */
  #commandTimed(client: Client, command: Command, usec: number): void {
    this.#logIfSlow(client, command, this.argsAreRun ? this.args : null, usec);
    const event = (command.flagBits & FAST) !== 0 ? "fast-command" : "command";
    this.latency.add(event, usec / 1000, this.nowMs);
  }

  /**
   * A command that has waited is answered, which has taken `usec` µs.
   *
   * @param args The request, null when it has not been kept.
   */
  unblockedTimed(client: Client, command: Command, args: Args | null, usec: number): void {
    this.stats.record(command.index, 1, usec, this.settings.latencyTracking);
    this.#logIfSlow(client, command, args, usec);
    this.latency.add("command-unblocking", usec / 1000, this.nowMs);
  }

  /** @param args The request, null when only its name is known. */
  #logIfSlow(client: Client, command: Command, args: Args | null, usec: number): void {
    if (!this.slowlog.wants(usec) || (command.flagBits & SKIP_SLOWLOG) !== 0) return;
    const shown = args === null ? new Args() : withoutSecrets(client, command, args);
    if (args === null) shown.loadText(...command.fullName.split("|"));
    this.slowlog.add(shown, usec, this.nowMs, client.address, client.name);
  }

  /** Shows a request that has been run to those who monitor. */
  feedMonitors(client: Client, command: Command, args: Args): void {
    if ((command.flagBits & SKIP_MONITOR) !== 0) return;
    const line = monitorLine(client, withoutSecrets(client, command, args), this.nowUs());
    for (const monitor of this.monitors) {
      monitor.reply.raw(line);
      this.queueFlush(monitor);
    }
  }

  resetStatistics(): void {
    const { counters } = this.keyspace;
    counters.hits = counters.misses = counters.evictedKeys = 0;
    counters.expiredKeys = counters.expiredSubkeys = 0;
    this.stats.reset();
    this.expiry.resetStatistics();
    this.compactor.resetStatistics();
    this.keyspace.lazyFree.resetCount();
    this.cron.rates = new InstantaneousRates();
    this.cron.exceeded.reset();
  }

  rewriteConfig(everything = false): string | null {
    const users = this.settings.aclfile === "" ? this.access.lines() : [];
    const refusal = this.config.rewrite(users.map(shownText), everything);
    if (refusal === null) this.log.notice("CONFIG REWRITE executed with success.");
    else this.log.warning(`CONFIG REWRITE failed: ${refusal}`);
    return refusal;
  }

  // ---------------------------------------------------------------- what the server tells of itself

  info(sections: readonly string[]): string {
    return infoText(this, sections);
  }

  memoryReport(): MemoryReport {
    return memoryReport(this);
  }

  /** What clients hold: what they have sent half, what waits to run, what waits to be sent to them. */
  get clientBytes(): number {
    const { blocking, outputPool, pubsub, receivingBytes, transactions } = this;
    return receivingBytes + transactions.memoryBytes + pubsub.memoryBytes + blocking.memoryBytes +
      outputPool.usedBytes;
  }

  /** What counts as used: data, tables, and what clients hold, in bytes. */
  get usedBytes(): number {
    return this.evictor.usedBytes;
  }

  /**
   * Evicts what must go for memory to stay below `maxmemory`, as long as one command may be held up
   * by it; the rest goes in the background. False when nothing can go.
   */
  makeRoom(): boolean {
    const { evictor, latency, platform, settings } = this;
    if (evictor.hasRoom || this.persistence.isLoading) return true;
    const startMs = platform.clock.monotonicMs();
    const endMs = startMs + evictionLimitMs(settings.maxmemoryEvictionTenacity);
    const hasRoom = evictor.makeRoom(() => platform.clock.monotonicMs() < endMs);
    latency.add("eviction-cycle", platform.clock.monotonicMs() - startMs, this.nowMs);
    if (hasRoom && !evictor.hasRoom) this.background.startSoon();
    return hasRoom;
  }

  // ---------------------------------------------------------------- beginning and end

  /** Begins the background work; sockets are the caller's. */
  start(): void {
    this.cron.start();
  }

  /** Loads what is on disk, in slices, and then calls `done`; damage ends the process. */
  load(done: () => void): void {
    if (this.settings.appendonly) this.appendOnly.loadAtStart(done);
    else this.persistence.loadAtStart(done);
  }

  /** Registers what must be closed when the server ends. */
  onShutdown(fn: () => void): void {
    this.#shutdownHooks.push(fn);
  }

  /** Stops serving: timers, sockets, clients. For servers that share a process with others. */
  stop(): void {
    this.cron.stop();
    this.background.stop();
    this.backgroundSave.abort();
    this.expiry.stop();
    for (const hook of this.#shutdownHooks) hook();
    for (const client of [...this.clients]) client.connection.close();
  }
}
