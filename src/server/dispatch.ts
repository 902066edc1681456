/**
 * From a request to its reply: the gates that a command passes, in Redis's order, and the call.
 */
import { type Client as ClientContext, ClientFlag } from "../commands/context.ts";
import {
  ALLOCATION_FAILED,
  NO_AUTH,
  OUT_OF_MEMORY,
  REPLICA_AND_KEYSPACE,
  unknownSubcommand,
  wrongArity,
} from "../commands/errors.ts";
import { type Command, flagBit, PROTECTIONS } from "../commands/spec.ts";
import { isOutOfMemory } from "../memory/out_of_memory.ts";
import { type Args, keyword } from "../resp/args.ts";
import { ReplyError } from "../resp/errors.ts";
import type { Client } from "./client.ts";
import type { Server } from "./server.ts";

const POST = keyword("POST");
const HOST = keyword("HOST:");

const NO_AUTH_NEEDED = flagBit("no_auth");
const DENY_OOM = flagBit("denyoom");
const TOUCHES_DATA = flagBit("readonly") | flagBit("write") | flagBit("may_replicate");

/** With one of these set, replies may be silenced. */
const MUTING = ClientFlag.REPLY_OFF | ClientFlag.REPLY_SKIP | ClientFlag.REPLY_SKIP_NEXT;

/** How much of an unknown command and its arguments is quoted back. */
const QUOTED_CHARACTERS = 128;

/** Runs the request in `args` for a client: writes exactly one reply, whatever happens. */
export function dispatch(server: Server, client: Client, args: Args): void {
  const { reply } = client;
  const mark = reply.mark();
  const command = server.registry.resolve(args);
  let admitted = false;
  server.current = client;
  try {
    if (command === null) {
      if (isHttp(args)) return refuseHttp(server, client);
      throw unknownCommand(server, args);
    }
    checkArity(command, args);
    if (command.protectedBy !== undefined) checkProtected(server, client, command);
    if (!client.isAuthenticated) checkAuthenticated(command);
    if (server.settings.maxmemory > 0) checkMemory(server, command);
    if ((client.flags & ClientFlag.PUBSUB) !== 0 && reply.proto === 2) checkSubscribed(command);
    if ((client.flags & ClientFlag.MONITOR) !== 0) checkMonitor(command);
    if (server.pause.holds(command)) return server.pause.hold(client, args);
    admitted = true;
    call(server, client, command, args);
  } catch (thrown) {
    reply.rewind(mark);
    const error = asReplyError(server, command, thrown);
    countFailure(server, command, error, admitted);
    reply.replyError(error);
  } finally {
    server.current = null;
  }
  if ((client.flags & MUTING) !== 0 && (client.flags & ClientFlag.BLOCKED) === 0) {
    settleReply(client, command?.pushes ? reply.mark() : mark);
  }
  if (server.monitors.size > 0 && admitted) server.feedMonitors(client, command!, args);
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
    `ERR ${command.name.toUpperCase()} command not allowed. If the ${directive} option is set to ` +
      `"local", you can run it from a local connection, otherwise you need to set this option in ` +
      "the configuration file, and then restart the server.",
  );
}

function checkAuthenticated(command: Command): void {
  if ((command.flagBits & NO_AUTH_NEEDED) === 0) throw NO_AUTH;
}

/** Makes room where `maxmemory` is set; a command that may need memory is refused where there is none. */
function checkMemory(server: Server, command: Command): void {
  const hasRoom = server.makeRoom();
  if (!hasRoom && (command.flagBits & DENY_OOM) !== 0) throw OUT_OF_MEMORY;
}

/** What a client of RESP2 that has subscribed gets next may be a message, so it has few other commands. */
function checkSubscribed(command: Command): void {
  if (command.pushes || command.inSubscribedMode) return;
  throw new ReplyError(
    `ERR Can't execute '${command.fullName}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / ` +
      "RESET are allowed in this context",
  );
}

/** A client that monitors is, to Redis, a kind of replica. */
function checkMonitor(command: Command): void {
  if ((command.flagBits & TOUCHES_DATA) !== 0) throw REPLICA_AND_KEYSPACE;
}

// ---------------------------------------------------------------- the call

function call(server: Server, client: Client, command: Command, args: Args): void {
  const { keyspace, timer } = server;
  client.lastCommand = command;
  server.argsAreRun = true;
  server.stats.commandsProcessed++;
  if ((client.flags & ClientFlag.NO_TOUCH) !== 0) keyspace.noTouch = command.name !== "touch";
  timer.before(command);
  try {
    command.handler!(client as ClientContext, args);
  } finally {
    timer.after(command);
    keyspace.noTouch = false;
  }
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
