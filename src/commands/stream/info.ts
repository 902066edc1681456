/** XINFO: what is known of a stream beyond its entries. */
import { type Args, keyword } from "../../resp/args.ts";
import type { ReplyWriter } from "../../resp/writer.ts";
import type { NameView } from "../../structures/name_table.ts";
import type { Stream } from "../../structures/stream.ts";
import { NEVER } from "../../structures/stream_consumers.ts";
import { roundedInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { NO_SUCH_KEY, wrongSubcommandArity } from "../errors.ts";
import { helpSubcommand } from "../help.ts";
import { arg, commandTable, key } from "../spec.ts";
import { replyId } from "./ids.ts";
import { groupOf, noSuchGroup, reader, readStream } from "./lookup.ts";
import { replyGroupInFull, replyProgress } from "./info_full.ts";
import { replyEntry, replyFirst } from "./replies.ts";

const FULL = keyword("FULL");
const COUNT = keyword("COUNT");

/** Entries that FULL shows without COUNT. */
const FULL_ENTRIES = 10;

/** Properties that both forms have, and those that one has beyond them. */
const SHARED_PROPERTIES = 7;
const SHORT_PROPERTIES = SHARED_PROPERTIES + 3;
const FULL_PROPERTIES = SHARED_PROPERTIES + 2;
const GROUP_PROPERTIES = 6;
const CONSUMER_PROPERTIES = 4;

const name: NameView = { buf: new Uint8Array(0), start: 0, end: 0 };

function xinfoStreamCommand(client: Client, args: Args): void {
  const { reply } = client;
  const stream = readStream(client, args, 2);
  if (stream === null) throw NO_SUCH_KEY;
  if (args.count > 3) return replyFull(args, reply, stream);
  reply.map(SHORT_PROPERTIES);
  replyProperties(reply, stream);
  reply.bulkText("groups");
  reply.integer(stream.groups?.size ?? 0);
  reply.bulkText("first-entry");
  replyEnd(reply, stream, false);
  reply.bulkText("last-entry");
  replyEnd(reply, stream, true);
}

function replyFull(args: Args, reply: ReplyWriter, stream: Stream): void {
  const isFull = args.is(3, FULL) &&
    (args.count === 4 || (args.count === 6 && args.is(4, COUNT)));
  if (!isFull) throw wrongSubcommandArity("xinfo", args.quoted(1));
  const given = args.count === 6 ? roundedInteger(args, 5) : FULL_ENTRIES;
  const count = given < 0 ? FULL_ENTRIES : given;
  reply.map(FULL_PROPERTIES);
  replyProperties(reply, stream);
  reply.bulkText("entries");
  replyFirst(reply, stream, count);
  reply.bulkText("groups");
  const groups = stream.groups?.size ?? 0;
  reply.array(groups);
  for (let rank = 0; rank < groups; rank++) replyGroupInFull(reply, stream, rank, count);
}

/** The index has one level, so its inner nodes are one: the root. */
function replyProperties(reply: ReplyWriter, stream: Stream): void {
  const nodes = stream.index.count;
  reply.bulkText("length");
  reply.integer(stream.length);
  reply.bulkText("radix-tree-keys");
  reply.integer(nodes);
  reply.bulkText("radix-tree-nodes");
  reply.integer(nodes + 1);
  reply.bulkText("last-generated-id");
  replyId(reply, stream.lastId);
  reply.bulkText("max-deleted-entry-id");
  replyId(reply, stream.maxDeletedId);
  reply.bulkText("entries-added");
  reply.integer(stream.entriesAdded);
  reply.bulkText("recorded-first-entry-id");
  replyId(reply, stream.firstId);
}

/** Replies with the first or the last entry; null when there is none. */
function replyEnd(reply: ReplyWriter, stream: Stream, isLast: boolean): void {
  stream.walk(reader, isLast);
  if (reader.next()) replyEntry(reply, reader);
  else reply.nullBulk();
}

// ---------------------------------------------------------------- groups and consumers

function xinfoGroupsCommand(client: Client, args: Args): void {
  const { reply } = client;
  const stream = readStream(client, args, 2);
  if (stream === null) throw NO_SUCH_KEY;
  const groups = stream.groups?.size ?? 0;
  reply.array(groups);
  for (let rank = 0; rank < groups; rank++) {
    const group = stream.groups!.at(rank);
    stream.groups!.showName(rank, name);
    reply.map(GROUP_PROPERTIES);
    reply.bulkText("name");
    reply.bulk(name.buf, name.start, name.end);
    reply.bulkText("consumers");
    reply.integer(group.consumers.size);
    reply.bulkText("pending");
    reply.integer(group.pendingCount);
    reply.bulkText("last-delivered-id");
    replyId(reply, group.lastId);
    replyProgress(reply, stream, group);
  }
}

function xinfoConsumersCommand(client: Client, args: Args): void {
  const { reply } = client;
  const { nowMs } = client.db;
  const stream = readStream(client, args, 2);
  if (stream === null) throw NO_SUCH_KEY;
  const group = groupOf(stream, args, 3);
  if (group === null) throw noSuchGroup(args, 2, 3);
  const { consumers } = group;
  reply.array(consumers.size);
  for (let rank = 0; rank < consumers.size; rank++) {
    const consumer = consumers.numberAt(rank);
    const activeMs = consumers.activeMs(consumer);
    consumers.showName(consumer, name);
    reply.map(CONSUMER_PROPERTIES);
    reply.bulkText("name");
    reply.bulk(name.buf, name.start, name.end);
    reply.bulkText("pending");
    reply.integer(consumers.pendingCount(consumer));
    reply.bulkText("idle");
    reply.integer(Math.max(nowMs - consumers.seenMs(consumer), 0));
    reply.bulkText("inactive");
    reply.integer(activeMs === NEVER ? NEVER : nowMs - activeMs);
  }
}

// ---------------------------------------------------------------- the table

const HELP = [
  "CONSUMERS <key> <group>",
  "    Tells about the consumers of a group: what is pending, and when they last did something.",
  "GROUPS <key>",
  "    Tells about the groups of a stream: how far they are, and what is pending.",
  "STREAM <key> [FULL [COUNT <count>]]",
  "    Tells about a stream: its length, its IDs, its first and its last entry.",
];

export const streamInfoCommands = commandTable("stream", [
  {
    name: "xinfo",
    arity: -2,
    ofGroupCategory: false,
    since: "5.0.0",
    complexity: "Depends on the subcommand.",
    summary: "Tells what is known of a stream beyond its entries.",
    subcommands: [
      {
        name: "consumers",
        arity: 4,
        flags: ["readonly"],
        keys: [key({ at: 2, access: "ro", does: "access" })],
        args: [arg.key(), arg.string("group")],
        tips: ["nondeterministic_output"],
        since: "5.0.0",
        complexity: "O(N) where N is the number of consumers",
        summary: "Tells about the consumers of a group.",
        history: [["7.2.0", "Tells for how long a consumer has been given nothing."]],
        handler: xinfoConsumersCommand,
      },
      {
        name: "groups",
        arity: 3,
        flags: ["readonly"],
        keys: [key({ at: 2, access: "ro", does: "access" })],
        args: [arg.key()],
        since: "5.0.0",
        complexity: "O(N) where N is the number of groups",
        summary: "Tells about the consumer groups of a stream.",
        history: [["7.0.0", "Tells how many entries a group has read, and has yet to read."]],
        handler: xinfoGroupsCommand,
      },
      {
        name: "stream",
        arity: -3,
        flags: ["readonly"],
        keys: [key({ at: 2, access: "ro", does: "access" })],
        args: [
          arg.key(),
          arg.block("full_block", [
            arg.token("FULL"),
            arg.integer("count", { token: "COUNT", optional: true }),
          ], { optional: true }),
        ],
        since: "5.0.0",
        complexity: "O(1); with FULL O(N) where N is the number of entries shown",
        summary: "Tells about a stream.",
        history: [
          ["6.0.0", "Takes `FULL`."],
          ["7.2.0", "Tells when a consumer was given something last."],
        ],
        handler: xinfoStreamCommand,
      },
      helpSubcommand("xinfo", "5.0.0", HELP),
    ],
  },
]);
