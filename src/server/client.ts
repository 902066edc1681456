/**
 * A client: the server's side of one connection.
 *
 * Bytes come in through {@link Client.receive}, which cuts them into requests and hands each to
 * dispatch; replies collect in `reply` and leave when the turn ends.
 */
import { type Client as ClientContext, ClientFlag } from "../commands/context.ts";
import { describeClient } from "../commands/client/describe.ts";
import type { Command } from "../commands/spec.ts";
import type { Database } from "../keyspace/database.ts";
import type { BulkTarget } from "../resp/bulk.ts";
import { FAILED, NEEDS_MORE, RequestParser } from "../resp/parser.ts";
import { ReplyWriter } from "../resp/writer.ts";
import type { User } from "./acl/user.ts";
import type { Connection, Peer } from "./connection.ts";
import { dispatch } from "./dispatch.ts";
import type { Server } from "./server.ts";

/** While more than this waits to be sent to a client, its next requests wait too. */
const OUTPUT_HIGH_WATER_BYTES = 1 << 20;

/** With one of these set, no further request of the client is run for now. */
const STOPPED = ClientFlag.CLOSE_ASAP | ClientFlag.CLOSE_AFTER_REPLY | ClientFlag.PAUSED |
  ClientFlag.BLOCKED;

/** What RESET takes back. */
const RESET_FLAGS = ClientFlag.MONITOR | ClientFlag.REPLY_OFF | ClientFlag.REPLY_SKIP_NEXT |
  ClientFlag.NO_EVICT | ClientFlag.NO_TOUCH;

export class Client implements ClientContext, Peer {
  readonly id: number;
  readonly server: Server;
  readonly reply: ReplyWriter;
  readonly connection: Connection;
  readonly parser: RequestParser;
  readonly createdMs: number;
  db: Database;
  flags = 0;
  name = "";
  libName = "";
  libVersion = "";
  user: User;
  lastInteractionMs: number;
  lastCommand: Command | null = null;
  bytesIn = 0;
  bytesOut = 0;
  /** Since when the output is above its soft limit, wall clock in ms; 0 when it is not. */
  overSoftLimitSinceMs = 0;
  /** True while the client stands in the server's list of clients to flush. */
  flushQueued = false;
  #ended = false;
  /** Bytes of the last call of {@link receive} that were left for the next. */
  #unconsumed = 0;
  #waitsForDrain = false;
  /** What of a request under way was on the heap when it was counted last, in bytes. */
  #countedBytes = 0;

  constructor(id: number, server: Server, connection: Connection) {
    this.id = id;
    this.server = server;
    this.connection = connection;
    this.parser = new RequestParser(server.settings, server.bulkStore);
    this.reply = new ReplyWriter(server.outputPool);
    this.db = server.keyspace.database(0);
    this.user = server.access.defaultUser;
    this.createdMs = this.lastInteractionMs = server.nowMs;
  }

  get address(): string {
    return this.connection.address;
  }

  get localAddress(): string {
    return this.connection.localAddress;
  }

  get fd(): number {
    return this.connection.fd;
  }

  get isUnix(): boolean {
    return this.connection.isUnix;
  }

  get isLocal(): boolean {
    return this.connection.isLocal;
  }

  get output(): ReplyWriter {
    return this.reply;
  }

  get bulk(): BulkTarget | null {
    return this.parser.bulk;
  }

  get wanted(): number {
    return this.parser.wanted;
  }

  get held(): boolean {
    return this.#waitsForDrain || (this.flags & STOPPED) !== 0;
  }

  get watched(): boolean {
    return (this.flags & (ClientFlag.PAUSED | ClientFlag.BLOCKED)) !== 0;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get queryBufferUsed(): number {
    return this.connection.receivedBytes + this.parser.keptBytes;
  }

  get queryBufferSize(): number {
    return this.connection.receiveBufferBytes + this.parser.keptBytes;
  }

  get memoryBytes(): number {
    const { blocking, pubsub, tracking, transactions } = this.server;
    return this.connection.receiveBufferBytes + this.reply.memoryBytes + this.parser.heldBytes +
      transactions.bytesOf(this) + pubsub.bytesOf(this) + blocking.bytesOf(this) +
      tracking.bytesOf(this);
  }

  /** Whether the client has shown who it is, or needs not. */
  get isAuthenticated(): boolean {
    return (this.flags & ClientFlag.AUTHENTICATED) !== 0 || !this.server.access.isRequired;
  }

  /** From now on the client is this user. */
  logIn(user: User): void {
    this.user = user;
    this.flags |= ClientFlag.AUTHENTICATED;
    this.adjustTrust();
  }

  /** The client is who it was when it was accepted. */
  logOut(): void {
    const { defaultUser, isRequired } = this.server.access;
    this.user = defaultUser;
    this.flags &= ~ClientFlag.AUTHENTICATED;
    if (!isRequired) this.flags |= ClientFlag.AUTHENTICATED;
    this.adjustTrust();
  }

  /** How long the client's requests may be depends on whether it is known, and whether it must be. */
  adjustTrust(): void {
    this.parser.authenticated = this.isAuthenticated;
  }

  /** RESET: the connection is as it was when it was accepted. */
  reset(): void {
    this.flags &= ~RESET_FLAGS;
    this.server.monitors.delete(this);
    this.server.pubsub.drop(this);
    this.server.tracking.stop(this);
    this.server.transactions.discard(this);
    this.db = this.server.keyspace.database(0);
    this.name = "";
    this.reply.proto = 2;
    this.logOut();
  }

  receive(buf: Uint8Array, start: number, end: number): number {
    const { server } = this;
    server.openTurn();
    this.#countReceived(end - start - this.#unconsumed);
    let at = end;
    try {
      at = this.#runAll(buf, start, end);
    } catch (thrown) {
      this.#giveUp(thrown);
    }
    server.args.release(server.bulkStore);
    this.#unconsumed = end - at;
    this.#checkQueryBuffer(end - at);
    this.countMemory();
    this.#finish();
    return at - start;
  }

  receiveBulk(n: number): void {
    this.server.openTurn();
    this.#countReceived(n);
    try {
      this.parser.advanceBulk();
    } catch (thrown) {
      this.#giveUp(thrown);
    }
    this.#checkQueryBuffer(0);
    this.countMemory();
    this.#finish();
  }

  /** Runs the requests in `buf[start, end)`; returns where those that are not complete begin. */
  #runAll(buf: Uint8Array, start: number, end: number): number {
    const { server, parser } = this;
    const { args, limits, timer } = server;
    limits.apply(this);
    timer.begin(this);
    let at = start;
    while (at < end && !this.held) {
      const status = parser.parse(buf, at, end, args);
      at = parser.next;
      if (status === NEEDS_MORE) {
        server.argsAreRun = false;
        break;
      }
      if (status === FAILED) {
        this.#protocolError();
        at = end;
        break;
      }
      this.#run();
    }
    timer.end();
    return at;
  }

  /** Runs the request in the server's argument slices. */
  #run(): void {
    const { server, reply } = this;
    this.lastInteractionMs = server.nowMs;
    dispatch(server, this, server.args);
    if (server.args.hasHandles) server.args.release(server.bulkStore);
    if (reply.pendingBytes > OUTPUT_HIGH_WATER_BYTES) this.#waitsForDrain = true;
    else if (reply.overflowed) server.limits.check(this);
  }

  #protocolError(): void {
    const { log, stats } = this.server;
    const error = this.parser.error!;
    stats.protocolErrors++;
    log.verbose(`Protocol error (${error.text}) from client: ${describeClient(this)}`);
    this.reply.replyError(error);
    this.flags |= ClientFlag.CLOSE_AFTER_REPLY;
  }

  /** Something other than a command has failed, so nobody knows where the next request begins. */
  #giveUp(thrown: unknown): void {
    this.server.unexpected(`a request of client ${describeClient(this)}`, thrown);
    this.flags |= ClientFlag.CLOSE_ASAP;
  }

  /**
   * `client-query-buffer-limit`: closes the client when its unfinished request is too big, of which
   * commands that wait for EXEC are a part.
   */
  #checkQueryBuffer(unconsumed: number): void {
    const { log, settings, stats, transactions } = this.server;
    const queued = (this.flags & ClientFlag.MULTI) === 0 ? 0 : transactions.queuedBytes(this);
    if (unconsumed + this.parser.heldBytes + queued <= settings.clientQueryBufferLimit) return;
    stats.queryBufferLimitDisconnections++;
    log.warning(
      "Closing client that reached max query buffer length: " + describeClient(this),
    );
    this.flags |= ClientFlag.CLOSE_ASAP;
  }

  #finish(): void {
    if (
      this.flags & (ClientFlag.CLOSE_ASAP | ClientFlag.CLOSE_AFTER_REPLY) ||
      this.reply.pendingBytes > 0
    ) {
      this.server.queueFlush(this);
    }
  }

  /** Keeps the server's sums of what clients hold up to date. */
  countMemory(): void {
    this.#countReceiving(this.connection.receiveBufferBytes + this.parser.heapBytes);
    this.server.eviction.count(this);
  }

  #countReceiving(bytes: number): void {
    this.server.receivingBytes += bytes - this.#countedBytes;
    this.#countedBytes = bytes;
  }

  #countReceived(bytes: number): void {
    this.bytesIn += bytes;
    this.server.stats.bytesIn += bytes;
    this.server.stats.readsProcessed++;
  }

  sent(n: number): void {
    this.bytesOut += n;
    this.server.stats.bytesOut += n;
    this.server.stats.writesProcessed++;
    this.server.eviction.count(this);
  }

  drained(): void {
    this.overSoftLimitSinceMs = 0;
    if (!this.#waitsForDrain) return;
    this.#waitsForDrain = false;
    this.connection.resume();
  }

  closed(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.reply.discard();
    this.server.monitors.delete(this);
    this.server.pubsub.drop(this);
    this.server.tracking.stop(this);
    this.server.transactions.discard(this);
    this.server.blocking.drop(this);
    this.server.eviction.forget(this);
    this.server.clients.remove(this);
  }

  settled(): void {
    this.parser.release();
    this.#countReceiving(0);
  }

  /** Closes the connection when the turn ends, dropping what has not been sent. */
  closeSoon(): void {
    this.flags |= ClientFlag.CLOSE_ASAP;
    this.server.queueFlush(this);
  }

  kill(): void {
    if (this.server.current === this) this.flags |= ClientFlag.CLOSE_AFTER_REPLY;
    else this.connection.close();
  }
}
