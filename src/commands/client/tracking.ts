/** CLIENT TRACKING and its kin: the server tells of changes to what clients keep in caches of their own. */
import { latin1 } from "../../memory/bytes.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { NOT_AN_INTEGER, ReplyError } from "../../resp/errors.ts";
import { readInteger } from "../arguments.ts";
import { type Client, ClientFlag } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import { arg, type CommandRow, type Flag } from "../spec.ts";

const { TRACKING, TRACKING_BCAST, TRACKING_BROKEN, TRACKING_CACHING } = ClientFlag;
const { TRACKING_NOLOOP, TRACKING_OPTIN, TRACKING_OPTOUT } = ClientFlag;

const ON = keyword("ON");
const OFF = keyword("OFF");
const YES = keyword("YES");
const NO = keyword("NO");
const REDIRECT = keyword("REDIRECT");
const PREFIX = keyword("PREFIX");
const BCAST = keyword("BCAST");
const OPTIN = keyword("OPTIN");
const OPTOUT = keyword("OPTOUT");
const NOLOOP = keyword("NOLOOP");

const TWO_REDIRECTIONS = new ReplyError("ERR A client can only redirect to a single other client");
const NO_SUCH_CLIENT = new ReplyError(
  "ERR The client ID you want redirect to does not exist",
);
const PREFIX_WITHOUT_BCAST = new ReplyError(
  "ERR PREFIX option requires BCAST mode to be enabled",
);
const BCAST_SWITCHED = new ReplyError(
  "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then " +
    "re-enabling it with a different mode.",
);
const OPT_WITH_BCAST = new ReplyError("ERR OPTIN and OPTOUT are not compatible with BCAST");
const BOTH_OPTS = new ReplyError("ERR You can't specify both OPTIN mode and OPTOUT mode");
const OPT_SWITCHED = new ReplyError(
  "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then " +
    "re-enabling it with a different mode.",
);
const CACHING_WITHOUT_MODE = new ReplyError(
  "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT " +
    "mode enabled",
);
const YES_WITHOUT_OPTIN = new ReplyError(
  "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.",
);
const NO_WITHOUT_OPTOUT = new ReplyError(
  "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.",
);

// ---------------------------------------------------------------- handlers

function trackingCommand(client: Client, args: Args): void {
  const { tracking } = client.server;
  const options = readOptions(client, args);
  if (args.is(2, ON)) {
    checkModes(client.flags, options.flags, options.prefixes.length > 0);
    checkPrefixes(options.prefixes, tracking.prefixesOf(client));
    tracking.start(client, options);
  } else if (args.is(2, OFF)) {
    tracking.stop(client);
  } else {
    throw SYNTAX;
  }
  client.reply.ok();
}

interface Options {
  flags: number;
  redirect: number;
  readonly prefixes: string[];
}

function readOptions({ server: { clients } }: Client, args: Args): Options {
  const options: Options = { flags: 0, redirect: 0, prefixes: [] };
  for (let i = 3; i < args.count; i++) {
    const hasMore = i + 1 < args.count;
    if (hasMore && args.is(i, REDIRECT)) {
      if (options.redirect !== 0) throw TWO_REDIRECTIONS;
      options.redirect = readInteger(args, ++i, NOT_AN_INTEGER);
      if (clients.get(options.redirect) === null) throw NO_SUCH_CLIENT;
    } else if (hasMore && args.is(i, PREFIX)) {
      options.prefixes.push(args.latin1(++i));
    } else {
      options.flags |= readMode(args, i);
    }
  }
  return options;
}

function readMode(args: Args, i: number): number {
  if (args.is(i, BCAST)) return TRACKING_BCAST;
  if (args.is(i, OPTIN)) return TRACKING_OPTIN;
  if (args.is(i, OPTOUT)) return TRACKING_OPTOUT;
  if (args.is(i, NOLOOP)) return TRACKING_NOLOOP;
  throw SYNTAX;
}

/** Whether modes go together, and with those in which the client tracks already. */
function checkModes(now: number, wanted: number, hasPrefixes: boolean): void {
  const isByPrefix = (wanted & TRACKING_BCAST) !== 0;
  const isOptin = (wanted & TRACKING_OPTIN) !== 0;
  const isOptout = (wanted & TRACKING_OPTOUT) !== 0;
  if (hasPrefixes && !isByPrefix) throw PREFIX_WITHOUT_BCAST;
  if ((now & TRACKING) !== 0 && ((now ^ wanted) & TRACKING_BCAST) !== 0) throw BCAST_SWITCHED;
  if (isByPrefix && (isOptin || isOptout)) throw OPT_WITH_BCAST;
  if (isOptin && isOptout) throw BOTH_OPTS;
  if (isOptin && (now & TRACKING_OPTOUT) !== 0) throw OPT_SWITCHED;
  if (isOptout && (now & TRACKING_OPTIN) !== 0) throw OPT_SWITCHED;
}

/** A key must not begin with two of a client's prefixes, lest it hear of it twice. */
function checkPrefixes(prefixes: readonly string[], existing: readonly string[]): void {
  prefixes.forEach((prefix, i) => {
    const old = existing.find((other) => overlap(prefix, other));
    if (old !== undefined) throw overlapping(prefix, "an existing", old);
    const other = prefixes.slice(i + 1).find((other) => overlap(prefix, other));
    if (other !== undefined) throw overlapping(prefix, "another provided", other);
  });
}

function overlap(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

function overlapping(prefix: string, which: string, other: string): ReplyError {
  return new ReplyError(
    `ERR Prefix '${prefix}' overlaps with ${which} prefix '${other}'. ` +
      "Prefixes for a single client must not overlap.",
  );
}

function cachingCommand(client: Client, args: Args): void {
  const { flags, reply } = client;
  if ((flags & TRACKING) === 0) throw CACHING_WITHOUT_MODE;
  if (args.is(2, YES)) {
    if ((flags & TRACKING_OPTIN) === 0) throw YES_WITHOUT_OPTIN;
  } else if (args.is(2, NO)) {
    if ((flags & TRACKING_OPTOUT) === 0) throw NO_WITHOUT_OPTOUT;
  } else {
    throw SYNTAX;
  }
  client.flags |= TRACKING_CACHING;
  reply.ok();
}

function getredirCommand(client: Client, _args: Args): void {
  client.reply.integer(client.server.tracking.redirectOf(client));
}

function trackinginfoCommand(client: Client, _args: Args): void {
  const { reply, server: { tracking } } = client;
  const words = modeWords(client.flags);
  const prefixes = tracking.prefixesOf(client);
  reply.map(3);
  reply.bulkText("flags");
  reply.set(words.length);
  for (const word of words) reply.bulkText(word);
  reply.bulkText("redirect");
  reply.integer(tracking.redirectOf(client));
  reply.bulkText("prefixes");
  reply.array(prefixes.length);
  for (const prefix of prefixes) reply.bulkBytes(latin1(prefix));
}

function modeWords(flags: number): string[] {
  const words = [(flags & TRACKING) === 0 ? "off" : "on"];
  const isMarked = (flags & TRACKING_CACHING) !== 0;
  if ((flags & TRACKING_BCAST) !== 0) words.push("bcast");
  if ((flags & TRACKING_OPTIN) !== 0) words.push("optin", ...isMarked ? ["caching-yes"] : []);
  if ((flags & TRACKING_OPTOUT) !== 0) words.push("optout", ...isMarked ? ["caching-no"] : []);
  if ((flags & TRACKING_NOLOOP) !== 0) words.push("noloop");
  if ((flags & TRACKING_BROKEN) !== 0) words.push("broken_redirect");
  return words;
}

// ---------------------------------------------------------------- the rows

const FLAGS: readonly Flag[] = ["noscript", "loading", "stale"];

export const trackingRows: readonly CommandRow[] = [
  {
    name: "caching",
    arity: 3,
    flags: FLAGS,
    args: [arg.oneOf("mode", [arg.token("YES"), arg.token("NO")])],
    since: "6.0.0",
    complexity: "O(1)",
    summary: "Says whether what the next command reads is tracked.",
    handler: cachingCommand,
  },
  {
    name: "getredir",
    arity: 2,
    flags: FLAGS,
    since: "6.0.0",
    complexity: "O(1)",
    summary: "Tells which client gets the connection's invalidation messages.",
    handler: getredirCommand,
  },
  {
    name: "tracking",
    arity: -3,
    flags: FLAGS,
    args: [
      arg.oneOf("status", [arg.token("ON"), arg.token("OFF")]),
      arg.integer("client-id", { token: "REDIRECT", optional: true }),
      arg.string("prefix", {
        token: "PREFIX",
        optional: true,
        multiple: true,
        multipleToken: true,
      }),
      arg.token("BCAST", { optional: true }),
      arg.token("OPTIN", { optional: true }),
      arg.token("OPTOUT", { optional: true }),
      arg.token("NOLOOP", { optional: true }),
    ],
    since: "6.0.0",
    complexity: "O(1), and O(N) with N prefixes",
    summary: "Tells the connection, or another, of changes to keys that it has read.",
    handler: trackingCommand,
  },
  {
    name: "trackinginfo",
    arity: 2,
    flags: FLAGS,
    since: "6.2.0",
    complexity: "O(1)",
    summary: "Tells how the connection tracks keys.",
    handler: trackinginfoCommand,
  },
];
