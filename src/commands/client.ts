/** CLIENT: connections, one's own and those of others. */
import { type Args, keyword } from "../resp/args.ts";
import { NOT_AN_INTEGER, ReplyError } from "../resp/errors.ts";
import { readInteger } from "./arguments.ts";
import { readAttribute, readClientName } from "./client/attributes.ts";
import { describeClient } from "./client/describe.ts";
import { killCommand } from "./client/kill.ts";
import { trackingRows } from "./client/tracking.ts";
import { readClientType, typeOf } from "./client/types.ts";
import { type Client, ClientFlag } from "./context.ts";
import { SYNTAX, wrongSubcommandArity } from "./errors.ts";
import { helpSubcommand } from "./help.ts";
import { arg, type CommandRow, type Flag } from "./spec.ts";

const ALL = keyword("ALL");
const WRITE = keyword("WRITE");
const ID = keyword("ID");
const TYPE = keyword("TYPE");
const ON = keyword("ON");
const OFF = keyword("OFF");
const SKIP = keyword("SKIP");
const TIMEOUT = keyword("TIMEOUT");
const ERROR = keyword("ERROR");
const LIB_NAME = keyword("LIB-NAME");
const LIB_VER = keyword("LIB-VER");

const INVALID_ID = new ReplyError("ERR Invalid client ID");
const UNKNOWN_UNBLOCK_REASON = new ReplyError(
  "ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR",
);
const UNKNOWN_PAUSE_MODE = new ReplyError("ERR CLIENT PAUSE mode must be WRITE or ALL");

// ---------------------------------------------------------------- handlers: about the client itself

function idCommand({ id, reply }: Client, _args: Args): void {
  reply.integer(id);
}

function infoCommand(client: Client, _args: Args): void {
  client.reply.verbatim("txt", `${describeClient(client)}\n`);
}

function getnameCommand({ name, reply }: Client, _args: Args): void {
  if (name === "") reply.nullBulk();
  else reply.bulkText(name);
}

function setnameCommand(client: Client, args: Args): void {
  client.name = readClientName(args, 2);
  client.reply.ok();
}

function setinfoCommand(client: Client, args: Args): void {
  if (args.is(2, LIB_NAME)) client.libName = readAttribute(args, 3, "lib-name");
  else if (args.is(2, LIB_VER)) client.libVersion = readAttribute(args, 3, "lib-ver");
  else throw new ReplyError(`ERR Unrecognized option '${args.quoted(2)}'`);
  client.reply.ok();
}

function noEvictCommand(client: Client, args: Args): void {
  setFlag(client, ClientFlag.NO_EVICT, readOnOff(args, 2));
}

function noTouchCommand(client: Client, args: Args): void {
  setFlag(client, ClientFlag.NO_TOUCH, readOnOff(args, 2));
}

function setFlag(client: Client, flag: number, isOn: boolean): void {
  if (isOn) client.flags |= flag;
  else client.flags &= ~flag;
  client.reply.ok();
}

function readOnOff(args: Args, i: number): boolean {
  if (args.is(i, ON)) return true;
  if (args.is(i, OFF)) return false;
  throw SYNTAX;
}

/** Only ON is answered: what the others say takes effect with their own reply. */
function replyCommand(client: Client, args: Args): void {
  if (args.is(2, ON)) {
    client.flags &= ~(ClientFlag.REPLY_OFF | ClientFlag.REPLY_SKIP);
    client.reply.ok();
  } else if (args.is(2, OFF)) {
    client.flags |= ClientFlag.REPLY_OFF;
  } else if (args.is(2, SKIP)) {
    if ((client.flags & ClientFlag.REPLY_OFF) === 0) client.flags |= ClientFlag.REPLY_SKIP_NEXT;
  } else {
    throw SYNTAX;
  }
}

// ---------------------------------------------------------------- handlers: about all clients

function listCommand(client: Client, args: Args): void {
  const lines = clientsToList(client, args).map((other) => `${describeClient(other)}\n`);
  client.reply.verbatim("txt", lines.join(""));
}

function clientsToList({ server: { clients } }: Client, args: Args): Client[] {
  if (args.count === 2) return [...clients];
  if (args.count === 4 && args.is(2, TYPE)) {
    const type = readClientType(args, 3);
    return [...clients].filter((client) => typeOf(client) === type);
  }
  if (args.count === 3 || !args.is(2, ID)) throw SYNTAX;
  const listed: Client[] = [];
  for (let i = 3; i < args.count; i++) {
    const client = clients.get(readInteger(args, i, INVALID_ID));
    if (client !== null) listed.push(client);
  }
  return listed;
}

function pauseCommand({ reply, server }: Client, args: Args): void {
  if (args.count > 4) throw wrongSubcommandArity("client", args.latin1(1));
  const onlyWrites = args.count === 4 && args.is(3, WRITE);
  if (args.count === 4 && !onlyWrites && !args.is(3, ALL)) throw UNKNOWN_PAUSE_MODE;
  server.pause.begin(server.nowMs + args.timeoutMilliseconds(2), onlyWrites);
  reply.ok();
}

function unblockCommand({ reply, server }: Client, args: Args): void {
  if (args.count > 4) throw wrongSubcommandArity("client", args.latin1(1));
  const withError = args.count === 4 && args.is(3, ERROR);
  if (args.count === 4 && !withError && !args.is(3, TIMEOUT)) throw UNKNOWN_UNBLOCK_REASON;
  const client = server.clients.get(readInteger(args, 2, NOT_AN_INTEGER));
  const wasBlocked = client !== null && server.blocking.release(client, withError);
  reply.integer(wasBlocked ? 1 : 0);
}

function unpauseCommand({ reply, server }: Client, _args: Args): void {
  server.pause.end();
  reply.ok();
}

// ---------------------------------------------------------------- the rows

const OWN: readonly Flag[] = ["noscript", "loading", "stale"];
const ADMIN: readonly Flag[] = ["admin", ...OWN];

const ON_OFF = [arg.oneOf("enabled", [arg.token("ON"), arg.token("OFF")])];
const PER_CLIENT = "O(N) where N is the number of clients";

const HELP = [
  "CACHING (YES|NO)",
  "    Enable/disable tracking of the keys for next command in OPTIN/OPTOUT modes.",
  "GETREDIR",
  "    Return the client ID we are redirecting to when tracking is enabled.",
  "GETNAME",
  "    Return the name of the current connection.",
  "ID",
  "    Return the ID of the current connection.",
  "INFO",
  "    Return information about the current client connection.",
  "KILL <ip:port>",
  "    Kill connection made from <ip:port>.",
  "KILL <option> <value> [<option> <value> [...]]",
  "    Kill connections. Options are:",
  "    * ADDR (<ip:port>|<unixsocket>:0)",
  "      Kill connections made from the specified address",
  "    * LADDR (<ip:port>|<unixsocket>:0)",
  "      Kill connections made to specified local address",
  "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
  "      Kill connections by type.",
  "    * USER <username>",
  "      Kill connections authenticated by <username>.",
  "    * SKIPME (YES|NO)",
  "      Skip killing current connection (default: yes).",
  "    * ID <client-id>",
  "      Kill connections by client id.",
  "    * MAXAGE <maxage>",
  "      Kill connections older than the specified age.",
  "LIST [options ...]",
  "    Return information about client connections. Options:",
  "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
  "      Return clients of specified type.",
  "    * ID <client-id> [<client-id> ...]",
  "      Return clients of specified IDs only.",
  "UNBLOCK <clientid> [TIMEOUT|ERROR]",
  "    Unblock the specified blocked client.",
  "UNPAUSE",
  "    Stop the current client pause, resuming traffic.",
  "PAUSE <timeout> [WRITE|ALL]",
  "    Suspend all, or just write, clients for <timeout> milliseconds.",
  "REPLY (ON|OFF|SKIP)",
  "    Control the replies sent to the current connection.",
  "SETNAME <name>",
  "    Assign the name <name> to the current connection.",
  "SETINFO <option> <value>",
  "    Set client meta attr. Options are:",
  "    * LIB-NAME: the client lib name.",
  "    * LIB-VER: the client lib version.",
  "TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> [...]]",
  "         [OPTIN] [OPTOUT] [NOLOOP]",
  "    Control server assisted client side caching.",
  "TRACKINGINFO",
  "    Report tracking status for the current connection.",
  "NO-EVICT (ON|OFF)",
  "    Protect current client connection from eviction.",
  "NO-TOUCH (ON|OFF)",
  "    Will not touch LRU/LFU stats when this mode is on.",
];

export const clientCommand: CommandRow = {
  name: "client",
  arity: -2,
  since: "2.4.0",
  complexity: "Depends on the subcommand.",
  summary: "Tells about connections, and manages them.",
  subcommands: [
    {
      name: "getname",
      arity: 2,
      flags: OWN,
      since: "2.6.9",
      complexity: "O(1)",
      summary: "Tells the name of the connection.",
      handler: getnameCommand,
    },
    ...trackingRows,
    helpSubcommand("client", "5.0.0", HELP),
    {
      name: "id",
      arity: 2,
      flags: OWN,
      since: "5.0.0",
      complexity: "O(1)",
      summary: "Tells the number of the connection, which no other ever has.",
      handler: idCommand,
    },
    {
      name: "info",
      arity: 2,
      flags: OWN,
      tips: ["nondeterministic_output"],
      since: "6.2.0",
      complexity: "O(1)",
      summary: "Describes the connection.",
      handler: infoCommand,
    },
    {
      name: "kill",
      arity: -3,
      flags: ADMIN,
      args: [
        arg.oneOf("filter", [
          arg.string("ip:port", { deprecatedSince: "2.8.12" }),
          arg.oneOf("new-format", [
            arg.integer("client-id", { token: "ID", optional: true, since: "2.8.12" }),
            arg.oneOf("client-type", [
              arg.token("NORMAL"),
              arg.token("MASTER", { since: "3.2.0" }),
              arg.token("SLAVE"),
              arg.token("REPLICA", { since: "5.0.0" }),
              arg.token("PUBSUB"),
            ], { token: "TYPE", optional: true, since: "2.8.12" }),
            arg.string("username", { token: "USER", optional: true }),
            arg.string("addr", { token: "ADDR", optional: true }),
            arg.string("laddr", { token: "LADDR", optional: true, since: "6.2.0" }),
            arg.oneOf("skipme", [arg.token("YES"), arg.token("NO")], {
              token: "SKIPME",
              optional: true,
            }),
            arg.integer("maxage", { token: "MAXAGE", optional: true, since: "7.4.0" }),
          ], { multiple: true }),
        ]),
      ],
      since: "2.4.0",
      complexity: PER_CLIENT,
      summary: "Closes connections.",
      history: [
        ["2.8.12", "Takes filters, `ID` and `TYPE` among them."],
        ["3.2.0", "`TYPE` may be `master`."],
        ["5.0.0", "`TYPE` may be `replica`, which `slave` still means too."],
        ["6.2.0", "Takes `LADDR`."],
        ["7.4.0", "Takes `MAXAGE`."],
      ],
      handler: killCommand,
    },
    {
      name: "list",
      arity: -2,
      flags: ADMIN,
      args: [
        arg.oneOf("client-type", [
          arg.token("NORMAL"),
          arg.token("MASTER"),
          arg.token("REPLICA"),
          arg.token("PUBSUB"),
        ], { token: "TYPE", optional: true, since: "5.0.0" }),
        arg.integer("client-id", { token: "ID", optional: true, multiple: true, since: "6.2.0" }),
      ],
      tips: ["nondeterministic_output"],
      since: "2.4.0",
      complexity: PER_CLIENT,
      summary: "Describes connections.",
      history: [
        ["2.8.12", "Shows `id`."],
        ["5.0.0", "Takes `TYPE`."],
        ["6.0.0", "Shows `user`."],
        ["6.2.0", "Takes `ID`; shows `argv-mem`, `tot-mem`, `laddr` and `redir`."],
        ["7.0.0", "Shows `resp`, `multi-mem`, `rbs` and `rbp`."],
        ["7.0.3", "Shows `ssub`."],
        ["7.2.0", "Shows `lib-name` and `lib-ver`."],
        ["7.4.0", "Shows `watch`."],
      ],
      handler: listCommand,
    },
    {
      name: "no-evict",
      arity: 3,
      flags: ADMIN,
      args: ON_OFF,
      since: "7.0.0",
      complexity: "O(1)",
      summary: "Spares the connection when clients are evicted for their memory.",
      handler: noEvictCommand,
    },
    {
      name: "no-touch",
      arity: 3,
      flags: OWN,
      args: ON_OFF,
      since: "7.2.0",
      complexity: "O(1)",
      summary: "Keeps what the connection reads from counting as used.",
      handler: noTouchCommand,
    },
    {
      name: "pause",
      arity: -3,
      flags: ADMIN,
      args: [
        arg.integer("timeout"),
        arg.oneOf("mode", [arg.token("WRITE"), arg.token("ALL")], {
          optional: true,
          since: "6.2.0",
        }),
      ],
      since: "2.9.50",
      complexity: "O(1)",
      summary: "Makes clients wait, all or those that write.",
      history: [["6.2.0", "May concern writing clients alone."]],
      handler: pauseCommand,
    },
    {
      name: "reply",
      arity: 3,
      flags: OWN,
      args: [arg.oneOf("on-off-skip", [arg.token("ON"), arg.token("OFF"), arg.token("SKIP")])],
      since: "3.2.0",
      complexity: "O(1)",
      summary: "Says whether the connection wants replies.",
      handler: replyCommand,
    },
    {
      name: "setinfo",
      arity: 4,
      flags: OWN,
      args: [
        arg.oneOf("attr", [
          arg.string("libname", { token: "LIB-NAME" }),
          arg.string("libver", { token: "LIB-VER" }),
        ]),
      ],
      tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
      since: "7.2.0",
      complexity: "O(1)",
      summary: "Tells the server which library the client uses.",
      handler: setinfoCommand,
    },
    {
      name: "setname",
      arity: 3,
      flags: OWN,
      args: [arg.string("connection-name")],
      since: "2.6.9",
      complexity: "O(1)",
      summary: "Gives the connection a name.",
      handler: setnameCommand,
    },
    {
      name: "unblock",
      arity: -3,
      flags: ADMIN,
      args: [
        arg.integer("client-id"),
        arg.oneOf("unblock-type", [arg.token("TIMEOUT"), arg.token("ERROR")], { optional: true }),
      ],
      since: "5.0.0",
      complexity: "O(log N) where N is the number of clients that wait with a timeout",
      summary: "Ends the waiting of a client, as if its time were over or with an error.",
      handler: unblockCommand,
    },
    {
      name: "unpause",
      arity: 2,
      flags: ADMIN,
      since: "6.2.0",
      complexity: "O(N) where N is the number of clients that wait",
      summary: "Lets the clients go on that CLIENT PAUSE makes wait.",
      handler: unpauseCommand,
    },
  ],
};
