/** Commands that concern the connection itself: who speaks, which protocol, which database. */
import { latin1 } from "../memory/bytes.ts";
import { type Args, keyword } from "../resp/args.ts";
import { ReplyError } from "../resp/errors.ts";
import { clientCommand } from "./client.ts";
import { readClientName } from "./client/attributes.ts";
import { int32 } from "./arguments.ts";
import { type Client, ClientFlag } from "./context.ts";
import { DB_INDEX_OUT_OF_RANGE, NO_PROTO, SYNTAX, WRONG_PASS, wrongArity } from "./errors.ts";
import { arg, commandTable } from "./spec.ts";

/** Whose password AUTH takes where it gets no name. */
const DEFAULT_USER = "default";

const AUTH = keyword("AUTH");
const SETNAME = keyword("SETNAME");
const PONG = latin1("+PONG\r\n");

const NO_PASSWORD_SET = new ReplyError(
  "ERR AUTH <password> called without any password configured for the default user. " +
    "Are you sure your configuration is correct?",
);
const HELLO_NOT_AUTHENTICATED = new ReplyError(
  "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO " +
    "AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol " +
    "version at the same time",
);
const PROTOCOL_NOT_AN_INTEGER = new ReplyError(
  "ERR Protocol version is not an integer or out of range",
);

// ---------------------------------------------------------------- handlers

export function pingCommand(client: Client, args: Args): void {
  const { reply } = client;
  if (args.count > 2) throw wrongArity("ping");
  if ((client.flags & ClientFlag.PUBSUB) !== 0 && reply.proto === 2) return pong(client, args);
  if (args.count === 2) reply.bulk(args.bufs[1], args.starts[1], args.ends[1]);
  else reply.raw(PONG);
}

/** PING of a client that has subscribed: the answer looks like a message. */
function pong({ reply }: Client, args: Args): void {
  reply.array(2);
  reply.bulkText("pong");
  if (args.count === 2) reply.bulk(args.bufs[1], args.starts[1], args.ends[1]);
  else reply.bulkText("");
}

function echoCommand(client: Client, args: Args): void {
  client.reply.bulk(args.bufs[1], args.starts[1], args.ends[1]);
}

function selectCommand(client: Client, args: Args): void {
  const { keyspace } = client.server;
  const index = int32(args, 1);
  if (index < 0 || index >= keyspace.databaseCount) throw DB_INDEX_OUT_OF_RANGE;
  client.db = keyspace.database(index);
  client.reply.ok();
}

function quitCommand(client: Client, _args: Args): void {
  client.reply.ok();
  client.kill();
}

function resetCommand(client: Client, _args: Args): void {
  client.reset();
  client.reply.simple("RESET");
}

function authCommand(client: Client, args: Args): void {
  if (args.count > 3) throw SYNTAX;
  const { access } = client.server;
  if (args.count === 2 && !access.hasPassword) throw NO_PASSWORD_SET;
  const user = args.count === 3 ? args.latin1(1) : DEFAULT_USER;
  const password = args.copy(args.count - 1);
  if (!access.logIn(client, user, password, args.latin1(0))) throw WRONG_PASS;
  client.reply.ok();
}

/** Whatever follows the name, should somebody add a word too many. */
function secretsOfAuth(_client: Client, args: Args): number[] {
  return Array.from({ length: args.count - 1 }, (_, i) => i + 1);
}

function helloCommand(client: Client, args: Args): void {
  let next = 1;
  let proto = client.reply.proto;
  if (args.count > 1) {
    const version = parseProtocol(args);
    if (version !== 2 && version !== 3) throw NO_PROTO;
    proto = version;
    next = 2;
  }
  for (; next < args.count; next++) {
    const left = args.count - next - 1;
    if (args.is(next, AUTH) && left >= 2) {
      const [user, password] = [args.latin1(next + 1), args.copy(next + 2)];
      if (!client.server.access.logIn(client, user, password, args.latin1(0))) throw WRONG_PASS;
      next += 2;
    } else if (args.is(next, SETNAME) && left >= 1) {
      client.name = readClientName(args, ++next);
    } else {
      throw new ReplyError(`ERR Syntax error in HELLO option '${args.quoted(next)}'`);
    }
  }
  if (!client.isAuthenticated) throw HELLO_NOT_AUTHENTICATED;
  client.reply.proto = proto;
  replyHello(client);
}

function secretsOfHello(_client: Client, args: Args): number[] {
  const secrets: number[] = [];
  for (let i = 2; i + 2 < args.count; i++) {
    if (args.is(i, SETNAME)) i++;
    else if (args.is(i, AUTH)) secrets.push(++i, ++i);
  }
  return secrets;
}

function parseProtocol(args: Args): number {
  try {
    return args.integer(1);
  } catch {
    throw PROTOCOL_NOT_AN_INTEGER;
  }
}

function replyHello(client: Client): void {
  const { reply, server } = client;
  reply.map(7);
  reply.bulkText("server");
  reply.bulkText("redis");
  reply.bulkText("version");
  reply.bulkText(server.redisVersion);
  reply.bulkText("proto");
  reply.integer(reply.proto);
  reply.bulkText("id");
  reply.integer(client.id);
  reply.bulkText("mode");
  reply.bulkText("standalone");
  reply.bulkText("role");
  reply.bulkText("master");
  reply.bulkText("modules");
  reply.array(0);
}

// ---------------------------------------------------------------- the table

const OPEN_FLAGS = ["noscript", "loading", "stale", "fast", "no_auth", "allow_busy"] as const;

export const connectionCommands = commandTable("connection", [
  {
    name: "auth",
    arity: -2,
    flags: OPEN_FLAGS,
    args: [
      arg.string("username", { optional: true, since: "6.0.0" }),
      arg.string("password"),
    ],
    since: "1.0.0",
    complexity: "O(N) where N is the number of passwords of the user",
    summary: "Authenticates the connection.",
    history: [["6.0.0", "Takes a user's name before the password."]],
    secrets: secretsOfAuth,
    handler: authCommand,
  },
  clientCommand,
  {
    name: "echo",
    arity: 2,
    flags: ["loading", "stale", "fast"],
    args: [arg.string("message")],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Gives back its argument.",
    handler: echoCommand,
  },
  {
    name: "hello",
    arity: -1,
    flags: OPEN_FLAGS,
    args: [
      arg.block("arguments", [
        arg.integer("protover"),
        arg.block("username_password", [arg.string("username"), arg.string("password")], {
          token: "AUTH",
          optional: true,
        }),
        arg.string("clientname", { token: "SETNAME", optional: true }),
      ], { optional: true }),
    ],
    since: "6.0.0",
    complexity: "O(1)",
    summary: "Chooses the protocol's version, and tells about the server.",
    history: [["6.2.0", "The protocol's version may be left out."]],
    secrets: secretsOfHello,
    handler: helloCommand,
  },
  {
    name: "ping",
    arity: -1,
    flags: ["fast"],
    args: [arg.string("message", { optional: true })],
    tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Answers, so that the client knows that the server lives.",
    inSubscribedMode: true,
    handler: pingCommand,
  },
  {
    name: "quit",
    arity: -1,
    flags: ["noscript", "loading", "stale", "fast", "no_auth", "allow_busy"],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Closes the connection.",
    deprecated: { since: "7.2.0", replacedBy: "just closing the connection" },
    inSubscribedMode: true,
    neverQueued: true,
    handler: quitCommand,
  },
  {
    name: "reset",
    arity: 1,
    flags: OPEN_FLAGS,
    since: "6.2.0",
    complexity: "O(1)",
    summary: "Makes the connection as good as new.",
    inSubscribedMode: true,
    neverQueued: true,
    handler: resetCommand,
  },
  {
    name: "select",
    arity: 2,
    flags: ["loading", "stale", "fast"],
    args: [arg.integer("index")],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Chooses the database of the connection.",
    handler: selectCommand,
  },
]);
