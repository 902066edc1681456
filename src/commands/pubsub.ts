/** Publishing messages and subscribing to channels. */
import { globMatch } from "../memory/glob.ts";
import { latin1 } from "../memory/bytes.ts";
import type { Args } from "../resp/args.ts";
import type { Client, Subscription } from "./context.ts";
import { wrongSubcommandArity } from "./errors.ts";
import { helpSubcommand } from "./help.ts";
import { arg, type CommandRow, commandTable, type Handler, key, type KeySpec } from "./spec.ts";

/** What a subscriber is told when its subscriptions change, by what it subscribes to. */
const VERBS: Readonly<Record<Subscription, string>> = {
  channel: "subscribe",
  pattern: "psubscribe",
  shard: "ssubscribe",
};
const UNDO_VERBS: Readonly<Record<Subscription, string>> = {
  channel: "unsubscribe",
  pattern: "punsubscribe",
  shard: "sunsubscribe",
};

// ---------------------------------------------------------------- handlers

function subscribeHandler(kind: Subscription): Handler {
  return (client, args) => {
    const { pubsub } = client.server;
    for (let i = 1; i < args.count; i++) {
      pubsub.subscribe(client, kind, args.latin1(i));
      replyChange(client, VERBS[kind], args.copy(i), pubsub.countOf(client, kind));
    }
  };
}

function unsubscribeHandler(kind: Subscription): Handler {
  return (client, args) => {
    const { pubsub } = client.server;
    let names = pubsub.namesOf(client, kind);
    if (args.count > 1) {
      names = [];
      for (let i = 1; i < args.count; i++) names.push(args.latin1(i));
    }
    for (const name of names) {
      pubsub.unsubscribe(client, kind, name);
      replyChange(client, UNDO_VERBS[kind], latin1(name), pubsub.countOf(client, kind));
    }
    if (names.length === 0) {
      replyChange(client, UNDO_VERBS[kind], null, pubsub.countOf(client, kind));
    }
  };
}

function replyChange(client: Client, verb: string, name: Uint8Array | null, count: number): void {
  const { reply } = client;
  reply.push(3);
  reply.bulkText(verb);
  if (name === null) reply.nullBulk();
  else reply.bulkBytes(name);
  reply.integer(count);
}

function publishHandler(kind: "channel" | "shard"): Handler {
  return (client, args) => {
    const channel = { buf: args.bufs[1], start: args.starts[1], end: args.ends[1] };
    const message = { buf: args.bufs[2], start: args.starts[2], end: args.ends[2] };
    client.reply.integer(client.server.pubsub.publish(kind, channel, message));
  };
}

function channelsHandler(kind: "channel" | "shard"): Handler {
  return (client, args) => {
    const { reply, server } = client;
    if (args.count > 3) throw wrongSubcommandArity("pubsub", args.latin1(1));
    const names: Uint8Array[] = [];
    for (const text of server.pubsub.names(kind)) {
      const name = latin1(text);
      const isWanted = args.count === 2 ||
        globMatch(args.bufs[2], args.starts[2], args.ends[2], name, 0, name.length, false);
      if (isWanted) names.push(name);
    }
    reply.array(names.length);
    for (const name of names) reply.bulkBytes(name);
  };
}

function numsubHandler(kind: "channel" | "shard"): Handler {
  return (client, args) => {
    const { reply, server } = client;
    reply.array((args.count - 2) * 2);
    for (let i = 2; i < args.count; i++) {
      reply.bulk(args.bufs[i], args.starts[i], args.ends[i]);
      reply.integer(server.pubsub.subscriberCount(kind, args.latin1(i)));
    }
  };
}

function numpatCommand(client: Client, _args: Args): void {
  client.reply.integer(client.server.pubsub.patternCount);
}

// ---------------------------------------------------------------- the table

const HELP = [
  "CHANNELS [<pattern>]",
  "    Lists the channels that somebody listens to, or those that match a pattern.",
  "NUMPAT",
  "    Counts the patterns that somebody listens to.",
  "NUMSUB [<channel> ...]",
  "    Counts the subscribers of channels, not those of patterns.",
  "SHARDCHANNELS [<pattern>]",
  "    Lists the shard channels that somebody listens to, or those that match a pattern.",
  "SHARDNUMSUB [<shardchannel> ...]",
  "    Counts the subscribers of shard channels.",
];

const SUBSCRIBER_FLAGS = ["pubsub", "noscript", "loading", "stale"] as const;

/** Shard channels are no keys, but lie where keys of the same names would. */
function shardChannels(last: number): KeySpec {
  return key({ at: 1, last, access: null, other: ["not_key"] });
}

function subscribeRow(name: string, kind: Subscription, what: string, since: string): CommandRow {
  const isPattern = kind === "pattern";
  return {
    name,
    arity: -2,
    flags: SUBSCRIBER_FLAGS,
    keys: kind === "shard" ? [shardChannels(-1)] : [],
    args: [
      isPattern ? arg.pattern("pattern", { multiple: true }) : arg.string(what, { multiple: true }),
    ],
    since,
    complexity: "O(N) where N is the number of subscriptions to make",
    summary: `Listens to messages of ${
      isPattern ? "all channels that match patterns" : `${what}s`
    }.`,
    channels: isPattern ? "patterns" : "all",
    pushes: true,
    handler: subscribeHandler(kind),
  };
}

function unsubscribeRow(name: string, kind: Subscription, what: string, since: string): CommandRow {
  const options = { optional: true, multiple: true };
  return {
    name,
    arity: -1,
    flags: SUBSCRIBER_FLAGS,
    keys: kind === "shard" ? [shardChannels(-1)] : [],
    args: [kind === "pattern" ? arg.pattern("pattern", options) : arg.string(what, options)],
    since,
    complexity: "O(N) where N is the number of subscriptions to end",
    summary: `Stops listening to ${what}s, or to all without arguments.`,
    pushes: true,
    handler: unsubscribeHandler(kind),
  };
}

function pubsubRow(name: string, since: string, summary: string, handler: Handler): CommandRow {
  const argument = name.endsWith("numsub")
    ? arg.string("channel", { optional: true, multiple: true })
    : arg.pattern("pattern", { optional: true });
  return {
    name,
    arity: name === "numpat" ? 2 : -2,
    flags: ["pubsub", "loading", "stale"],
    ...(name === "numpat" ? {} : { args: [argument] }),
    since,
    complexity: "O(N) where N is the number of channels",
    summary,
    handler,
  };
}

export const pubsubCommands = commandTable("pubsub", [
  subscribeRow("subscribe", "channel", "channel", "2.0.0"),
  subscribeRow("psubscribe", "pattern", "pattern", "2.0.0"),
  subscribeRow("ssubscribe", "shard", "shardchannel", "7.0.0"),
  unsubscribeRow("unsubscribe", "channel", "channel", "2.0.0"),
  unsubscribeRow("punsubscribe", "pattern", "pattern", "2.0.0"),
  unsubscribeRow("sunsubscribe", "shard", "shardchannel", "7.0.0"),
  {
    name: "publish",
    arity: 3,
    flags: ["pubsub", "loading", "stale", "fast", "may_replicate"],
    args: [arg.string("channel"), arg.string("message")],
    since: "2.0.0",
    complexity: "O(N+M) where N is the number of the channel's subscribers and M that of patterns",
    summary: "Sends a message to all who listen to a channel.",
    channels: "first",
    handler: publishHandler("channel"),
  },
  {
    name: "spublish",
    arity: 3,
    flags: ["pubsub", "loading", "stale", "fast", "may_replicate"],
    keys: [shardChannels(0)],
    args: [arg.string("shardchannel"), arg.string("message")],
    since: "7.0.0",
    complexity: "O(N) where N is the number of the channel's subscribers",
    summary: "Sends a message to all who listen to a shard channel.",
    channels: "first",
    handler: publishHandler("shard"),
  },
  {
    name: "pubsub",
    arity: -2,
    since: "2.8.0",
    complexity: "Depends on the subcommand.",
    summary: "Tells who listens to what.",
    subcommands: [
      pubsubRow(
        "channels",
        "2.8.0",
        "Lists the channels that somebody listens to.",
        channelsHandler("channel"),
      ),
      pubsubRow("numpat", "2.8.0", "Counts the patterns that somebody listens to.", numpatCommand),
      pubsubRow("numsub", "2.8.0", "Counts the subscribers of channels.", numsubHandler("channel")),
      pubsubRow(
        "shardchannels",
        "7.0.0",
        "Lists the shard channels that somebody listens to.",
        channelsHandler("shard"),
      ),
      pubsubRow(
        "shardnumsub",
        "7.0.0",
        "Counts the subscribers of shard channels.",
        numsubHandler("shard"),
      ),
      { ...helpSubcommand("pubsub", "6.2.0", HELP), ofGroupCategory: false },
    ],
  },
]);
