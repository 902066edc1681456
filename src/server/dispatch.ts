/**
 * From a request to its reply: the gates that a command passes, in Redis's order, and the call.
 */
import { type Client as ClientContext, ClientFlag, type KeyWait } from "../commands/context.ts";
import { pingCommand } from "../commands/connection.ts";
import { execCommand } from "../commands/transactions.ts";
import {
  ALLOCATION_FAILED,
  LOADING,
  NO_AUTH,
  OUT_OF_MEMORY,
  REPLICA_AND_KEYSPACE,
  unknownSubcommand,
  wrongArity,
} from "../commands/errors.ts";
import { type Command, flagBit, PROTECTIONS } from "../commands/spec.ts";
import { isOutOfMemory } from "../memory/out_of_memory.ts";
import { latin1 } from "../memory/bytes.ts";
import { type Args, keyword } from "../resp/args.ts";
import { ReplyError } from "../resp/errors.ts";
import type { ReplyWriter } from "../resp/writer.ts";
import type { Client } from "./client.ts";
import type { Server } from "./server.ts";

const POST = keyword("POST");
const HOST = keyword("HOST:");

const NO_AUTH_NEEDED = flagBit("no_auth");
const DENY_OOM = flagBit("denyoom");
const NO_MULTI = flagBit("no_multi");
const WRITE = flagBit("write");
const WHILE_LOADING = flagBit("loading");
const MAY_CHANGE_DATA = flagBit("write") | flagBit("may_replicate");
const TOUCHES_DATA = flagBit("readonly") | flagBit("write") | flagBit("may_replicate");

/** With one of these set, replies may be silenced. */
const MUTING = ClientFlag.REPLY_OFF | ClientFlag.REPLY_SKIP | ClientFlag.REPLY_SKIP_NEXT;

/** How much of an unknown command and its arguments is quoted back. */
const QUOTED_CHARACTERS = 128;

const QUEUED = latin1("+QUEUED\r\n");

const NOT_IN_TRANSACTION = new ReplyError("ERR Command not allowed inside a transaction");

/** Runs the request in `args` for a client: writes exactly one reply, whatever happens. */
export function dispatch(server: Server, client: Client, args: Args): void {
  const { reply } = client;
  let mark = reply.mark();
  const command = server.registry.resolve(args);
  let admitted = false;
  server.current = client;
  try {
    if (command === null) {
      if (isHttp(args)) return refuseHttp(server, client);
      throw unknownCommand(server, args);
    }
    client.lastCommand = command;
    checkArity(command, args);
    if (command.protectedBy !== undefined) checkProtected(server, client, command);
    if (!client.isAuthenticated) checkAuthenticated(command);
    const inMulti = (client.flags & ClientFlag.MULTI) !== 0;
    if (inMulti && (command.flagBits & NO_MULTI) !== 0) throw NOT_IN_TRANSACTION;
    if (client.user.isRestricted) server.access.check(client, command, args);
    const queues = inMulti && !command.neverQueued;
    const flagBits = inMulti ? flagBitsInMulti(server, client, command) : command.flagBits;
    if (server.settings.maxmemory > 0) {
      const hasRoom = makeRoom(server, client);
      if ((client.flags & ClientFlag.CLOSE_ASAP) !== 0) return;
      // The client may have been told of evicted keys, which stays so whatever comes.
      mark = reply.mark();
      if (!hasRoom) checkMemory(queues ? DENY_OOM : flagBits);
    }
    const refusal = server.backgroundSave.refusal ?? server.appendOnly.refusal;
    if (refusal !== null) checkWritable(refusal, flagBits, command);
    if ((client.flags & ClientFlag.PUBSUB) !== 0 && reply.proto === 2) checkSubscribed(command);
    if (server.persistence.isLoading) checkLoading(command);
    if ((client.flags & ClientFlag.MONITOR) !== 0) checkMonitor(command);
    if (server.pause.holds(flagBits)) return server.pause.hold(client, args);
    if (queues) {
      server.transactions.queue(client, command, args);
      reply.raw(QUEUED);
    } else {
      admitted = true;
      call(server, client, command, args);
    }
  } catch (thrown) {
    reply.rewind(mark);
    let error = asReplyError(server, command, thrown);
    if (!admitted) error = refuse(server, client, command, args, error);
    countFailure(server, command, error, admitted);
    reply.replyError(error);
  } finally {
    server.current = null;
  }
  if ((client.flags & MUTING) !== 0 && (client.flags & ClientFlag.BLOCKED) === 0) {
    settleReply(client, command?.pushes ? reply.mark() : mark);
  }
  if (server.tracking.isActive) server.tracking.afterCommand(client, command);
  if (server.monitors.size > 0 && admitted) server.feedMonitors(client, command!, args);
  if (server.blocking.keys.hasReady) server.blocking.serveReady();
}

// ---------------------------------------------------------------- the gates

function checkArity(command: Command, args: Args): void {
  const { arity } = command;
  if (arity > 0 ? args.count !== arity : args.count < -arity) throw wrongArity(command.fullName);
}

/** A command that the configuration allows to nobody, to everybody, or to clients of this host. */
function checkProtected(server: Server, client: Client, command: Command): void {
  const directive = command.protectedBy!;
  const permission = server.settings[PROTECTIONS[directive]];
  if (permission === "yes" || (permission === "local" && client.isLocal)) return;
  throw new ReplyError(
    `ERR ${
      (command.parent ?? command).name.toUpperCase()
    } command not allowed. If the ${directive} option is set to ` +
      `"local", you can run it from a local connection, otherwise you need to set this option in ` +
      "the configuration file, and then restart the server.",
  );
}

function checkAuthenticated(command: Command): void {
  if ((command.flagBits & NO_AUTH_NEEDED) === 0) throw NO_AUTH;
}

/**
 * Makes room where `maxmemory` is set, which is not yet the client's doing; false where there is none.
 * Clients go first, and so may this one.
 */
function makeRoom(server: Server, client: Client): boolean {
  server.current = null;
  if (server.eviction.isOn) server.eviction.run(client);
  const hasRoom = server.makeRoom();
  server.current = client;
  return hasRoom;
}

/** There is no room: a command that may need memory is refused. */
function checkMemory(flagBits: number): void {
  if ((flagBits & DENY_OOM) !== 0) throw OUT_OF_MEMORY;
}

/** The disk cannot be written to: nothing may change, and those who ask for a sign of life are told. */
function checkWritable(refusal: ReplyError, flagBits: number, command: Command): void {
  if ((flagBits & WRITE) !== 0 || command.handler === pingCommand) throw refusal;
}

/** What a client of RESP2 that has subscribed gets next may be a message, so it has few other commands. */
function checkSubscribed(command: Command): void {
  if (command.pushes || command.inSubscribedMode) return;
  throw new ReplyError(
    `ERR Can't execute '${command.fullName}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / ` +
      "RESET are allowed in this context",
  );
}

/** Until all data is there, most commands would tell a half-truth. */
function checkLoading(command: Command): void {
  if ((command.flagBits & WHILE_LOADING) === 0) throw LOADING;
}

/** After MULTI: EXEC has the flags of all that it would run. */
function flagBitsInMulti(server: Server, client: Client, command: Command): number {
  const { flagBits } = command;
  return command.handler === execCommand
    ? flagBits | server.transactions.queuedFlagBits(client)
    : flagBits;
}

/** A client that monitors is, to Redis, a kind of replica. */
function checkMonitor(command: Command): void {
  if ((command.flagBits & TOUCHES_DATA) !== 0) throw REPLICA_AND_KEYSPACE;
}

/**
 * A gate has refused a request. In a transaction this dooms all of it; EXEC itself ends it.
 *
 * @returns The error to reply with.
 */
function refuse(
  server: Server,
  client: Client,
  command: Command | null,
  args: Args,
  error: ReplyError,
): ReplyError {
  if (command?.handler !== execCommand) {
    if ((client.flags & ClientFlag.MULTI) !== 0) client.flags |= ClientFlag.DIRTY_EXEC;
    return error;
  }
  server.transactions.discard(client);
  if (server.monitors.size > 0) server.feedMonitors(client, command, args);
  const reason = error.text.replace(/^ERR /, "");
  return new ReplyError(`EXECABORT Transaction discarded because of: ${reason}`);
}

// ---------------------------------------------------------------- the call

/** Runs a command that has been queued, as a part of EXEC: the gates are behind it. */
export function dispatchQueued(server: Server, client: Client, command: Command, args: Args): void {
  const { reply } = client;
  const mark = reply.mark();
  try {
    if (client.user.isRestricted) server.access.checkQueued(client, command, args);
    call(server, client, command, args);
  } catch (thrown) {
    reply.rewind(mark);
    const error = asReplyError(server, command, thrown);
    countFailure(server, command, error, true);
    reply.replyError(error);
  }
  if (server.monitors.size > 0) server.feedMonitors(client, command, args);
}

/** Repeats a command that has been logged: it is neither counted nor timed. Returns why it is refused, or null. */
export function repeatLogged(
  server: Server,
  client: Client,
  command: Command,
  args: Args,
): ReplyError | null {
  const { reply } = client;
  const mark = reply.mark();
  client.lastCommand = command;
  try {
    command.handler!(client as ClientContext, args);
    return null;
  } catch (thrown) {
    return asReplyError(server, command, thrown);
  } finally {
    reply.rewind(mark);
  }
}

function call(server: Server, client: Client, command: Command, args: Args): void {
  const { keyspace, timer } = server;
  server.stats.commandsProcessed++;
  if ((client.flags & ClientFlag.NO_TOUCH) !== 0) keyspace.noTouch = command.name !== "touch";
  timer.before(command);
  server.argsAreRun = true;
  try {
    if (server.effects.active) callAndTell(server, client, command, args);
    else command.handler!(client as ClientContext, args);
  } finally {
    if ((client.flags & ClientFlag.BLOCKED) === 0) timer.after(command);
    else timer.skip();
    keyspace.noTouch = false;
    if ((client.flags & ClientFlag.TRACKING) !== 0) server.tracking.remember(client, command, args);
  }
}

/** Runs a command, and tells what it has changed: as its handler does, or else as it came. */
function callAndTell(server: Server, client: Client, command: Command, args: Args): void {
  const { effects, keyspace: { counters } } = server;
  const { dirty } = counters;
  const db = client.db.index;
  effects.begin();
  try {
    command.handler!(client as ClientContext, args);
    const mayTell = (command.flagBits & MAY_CHANGE_DATA) !== 0 && !effects.isTold;
    if (mayTell && counters.dirty !== dirty) effects.request(db, args);
  } finally {
    effects.finish();
  }
}

// ---------------------------------------------------------------- commands that have waited

/**
 * Runs a command that waits once more, now that a key of it may be ready. What has been answered is
 * counted and timed as a call.
 *
 * @returns False when it goes on waiting: then nothing has happened that anybody else could see, but
 *   for the consumer that XREADGROUP makes.
 */
export function retryBlocked(
  server: Server,
  client: Client,
  command: Command,
  args: Args,
  how: KeyWait,
): boolean {
  return answerBlocked(server, client, command, args, () => {
    // The rules may be others than when the client began to wait.
    if (client.user.isRestricted) server.access.check(client, command, args);
    return how.serve(client, args);
  });
}

/** Answers a command that waits with something else than its own reply; `words` may throw an error reply. */
export function finishBlocked(
  server: Server,
  client: Client,
  command: Command,
  words: (reply: ReplyWriter) => void,
): void {
  answerBlocked(server, client, command, null, () => {
    words(client.reply);
    return true;
  });
}

function answerBlocked(
  server: Server,
  client: Client,
  command: Command,
  args: Args | null,
  answer: () => boolean,
): boolean {
  const { keyspace, platform: { clock } } = server;
  const { reply } = client;
  const mark = reply.mark();
  const startMs = clock.monotonicMs();
  if ((client.flags & ClientFlag.NO_TOUCH) !== 0) keyspace.noTouch = true;
  server.current = client;
  // What it does is told by the handler: the request speaks of waiting.
  server.effects.begin();
  try {
    if (!answer()) return false;
    if (args !== null && (client.flags & ClientFlag.TRACKING) !== 0) {
      server.tracking.remember(client, command, args);
    }
  } catch (thrown) {
    reply.rewind(mark);
    const error = asReplyError(server, command, thrown);
    countFailure(server, command, error, true);
    reply.replyError(error);
  } finally {
    server.effects.finish();
    keyspace.noTouch = false;
    server.current = null;
  }
  server.unblockedTimed(client, command, args, (clock.monotonicMs() - startMs) * 1000);
  settleReply(client, mark);
  if (server.tracking.isActive) server.tracking.afterCommand(client, command);
  return true;
}

/**
 * CLIENT REPLY: takes back what the command has replied, if it is to be silenced.
 *
 * @param mark Where the reply begins in the output.
 */
export function settleReply(client: Client, mark: number): void {
  if (client.flags & (ClientFlag.REPLY_OFF | ClientFlag.REPLY_SKIP)) client.reply.rewind(mark);
  client.flags &= ~ClientFlag.REPLY_SKIP;
  if (client.flags & ClientFlag.REPLY_SKIP_NEXT) {
    client.flags = client.flags & ~ClientFlag.REPLY_SKIP_NEXT | ClientFlag.REPLY_SKIP;
  }
}

// ---------------------------------------------------------------- failures

/** Whatever a gate or handler threw, as an error reply. */
function asReplyError(server: Server, command: Command | null, thrown: unknown): ReplyError {
  if (thrown instanceof ReplyError) return thrown;
  if (isOutOfMemory(thrown)) return ALLOCATION_FAILED;
  return internalError(server, command, thrown);
}

function countFailure(
  server: Server,
  command: Command | null,
  error: ReplyError,
  admitted: boolean,
): void {
  const { stats } = server;
  stats.countError(error.code);
  if (command !== null) (admitted ? stats.failedCalls : stats.rejectedCalls)[command.index]++;
}

/** A bug of ours: the client hears of it, the log has its place, the server goes on. */
function internalError(server: Server, command: Command | null, thrown: unknown): ReplyError {
  server.unexpected(`command '${command?.fullName ?? "?"}'`, thrown);
  return new ReplyError("ERR internal error, see the server's log");
}

/** Whether the "command" is the first word of a line that web browsers send. */
function isHttp(args: Args): boolean {
  return args.is(0, POST) || args.is(0, HOST);
}

/** A web page has made somebody's browser talk to us: whatever follows must not be run. */
function refuseHttp(server: Server, client: Client): void {
  server.log.warning(
    "Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host: commands " +
      "to Keyrex. This is likely due to an attacker attempting to use Cross Protocol Scripting to " +
      `compromise your Keyrex instance. Connection from ${client.address} aborted.`,
  );
  client.flags |= ClientFlag.CLOSE_ASAP;
}

function unknownCommand(server: Server, args: Args): ReplyError {
  const container = server.registry.find(args.bufs[0], args.starts[0], args.ends[0]);
  if (container !== null) {
    return unknownSubcommand(container.name, args.quoted(1));
  }
  let quoted = "";
  for (let i = 1; i < args.count && quoted.length < QUOTED_CHARACTERS; i++) {
    quoted += `'${args.quoted(i).slice(0, QUOTED_CHARACTERS - quoted.length)}' `;
  }
  return new ReplyError(
    `ERR unknown command '${
      args.quoted(0).slice(0, QUOTED_CHARACTERS)
    }', with args beginning with: ${quoted}`,
  );
}
