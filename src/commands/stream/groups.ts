/** XGROUP: makes, moves and removes consumer groups and consumers. */
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { TypeId } from "../../structures/entry.ts";
import type { Stream } from "../../structures/stream.ts";
import { type StreamGroup, UNKNOWN_ENTRIES_READ } from "../../structures/stream_group.ts";
import { StreamGroups } from "../../structures/stream_groups.ts";
import { StreamId } from "../../structures/stream_id.ts";
import { roundedInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { wrongSubcommandArity } from "../errors.ts";
import { helpSubcommand } from "../help.ts";
import { arg, type CommandRow, commandTable, key } from "../spec.ts";
import { addConsumer } from "./delivery.ts";
import { readBoundedId, readId } from "./ids.ts";
import { addStream, dropStream, groupOf, noSuchGroup, writeStream, wroteAround } from "./lookup.ts";

const MKSTREAM = keyword("MKSTREAM");
const ENTRIESREAD = keyword("ENTRIESREAD");
const LAST = keyword("$");

/** Subcommand, key, group and ID; what follows are options. */
const FIRST_OPTION = 5;
/** As many arguments CREATE has at most, and SETID with its option. */
const MAX_CREATE_ARGUMENTS = 8;
const MAX_SETID_ARGUMENTS = 7;

const NO_KEY = new ReplyError(
  "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use " +
    "the MKSTREAM option to create an empty stream automatically.",
);
const BUSY_GROUP = new ReplyError("BUSYGROUP Consumer Group name already exists");
const ENTRIES_READ_NEGATIVE = new ReplyError(
  "ERR value for ENTRIESREAD must be positive or -1",
);

/** So many blocks of a group are freed at once; what has more is freed in slices of as many. */
const BLOCKS_PER_SLICE = 64;

const id = new StreamId();
const options = { makesStream: false, entriesRead: UNKNOWN_ENTRIES_READ };

// ---------------------------------------------------------------- groups

function xgroupCreateCommand(client: Client, args: Args): void {
  readOptions(args, true);
  const found = writeStream(client, args, 2);
  if (found === null && !options.makesStream) throw NO_KEY;
  if (args.count > MAX_CREATE_ARGUMENTS) throw wrongSubcommandArity("xgroup", args.quoted(1));
  if (!args.is(4, LAST)) readId(args, 4, id);
  else if (found === null) id.setMin();
  else id.copy(found.lastId);
  if (groupOf(found, args, 3) !== null) throw BUSY_GROUP;
  const stream = found ?? addStream(client, args, 2);
  let group: StreamGroup;
  try {
    group = addGroup(stream, args);
  } catch (failure) {
    if (found === null) dropStream(client, args, 2);
    throw failure;
  }
  group.lastId.copy(id);
  group.entriesRead = options.entriesRead;
  if (found === null) client.db.modified(args.bufs[2], args.starts[2], args.ends[2]);
  client.reply.ok();
  wroteAround(client, args, 2, "xgroup-create");
}

function addGroup(stream: Stream, args: Args): StreamGroup {
  stream.groups ??= new StreamGroups(stream.slabs);
  return stream.groups.add(args.bufs[3], args.starts[3], args.ends[3]);
}

function xgroupSetidCommand(client: Client, args: Args): void {
  readOptions(args, false);
  const stream = requireStream(client, args);
  const group = groupOf(stream, args, 3);
  if (group === null) throw noSuchGroup(args, 2, 3);
  if (args.count > MAX_SETID_ARGUMENTS) throw wrongSubcommandArity("xgroup", args.quoted(1));
  if (args.is(4, LAST)) id.copy(stream.lastId);
  else readBoundedId(args, 4, id);
  group.lastId.copy(id);
  group.entriesRead = options.entriesRead;
  client.reply.ok();
  wroteAround(client, args, 2, "xgroup-setid");
}

function xgroupDestroyCommand(client: Client, args: Args): void {
  const { groups } = requireStream(client, args);
  const group = groups?.find(args.bufs[3], args.starts[3], args.ends[3]) ?? null;
  if (group === null) return client.reply.integer(0);
  groups!.remove(args.bufs[3], args.starts[3], args.ends[3]);
  if (!group.freeSome(BLOCKS_PER_SLICE)) {
    client.db.keyspace.lazyFree.structure(() => group.freeSome(BLOCKS_PER_SLICE));
  }
  client.reply.integer(1);
  wroteAround(client, args, 2, "xgroup-destroy");
  // Who waits for entries of the group is told that there will be none.
  client.db.ready(TypeId.STREAM, args.bufs[2], args.starts[2], args.ends[2]);
}

/** Reads the options of CREATE or SETID to {@link options}. */
function readOptions(args: Args, isCreate: boolean): void {
  options.makesStream = false;
  options.entriesRead = UNKNOWN_ENTRIES_READ;
  for (let i = FIRST_OPTION; i < args.count; i++) {
    if (isCreate && args.is(i, MKSTREAM)) {
      options.makesStream = true;
    } else if (i + 1 < args.count && args.is(i, ENTRIESREAD)) {
      const count = roundedInteger(args, ++i);
      if (count < 0 && count !== UNKNOWN_ENTRIES_READ) throw ENTRIES_READ_NEGATIVE;
      options.entriesRead = Math.min(count, Number.MAX_SAFE_INTEGER);
    } else {
      throw wrongSubcommandArity("xgroup", args.quoted(1));
    }
  }
}

// ---------------------------------------------------------------- consumers

function xgroupCreateconsumerCommand(client: Client, args: Args): void {
  const group = requireGroupToWrite(client, args);
  const isThere = group.consumers.find(args.bufs[4], args.starts[4], args.ends[4]) >= 0;
  if (!isThere) addConsumer(client, args, 2, group, 4);
  client.reply.integer(isThere ? 0 : 1);
}

function xgroupDelconsumerCommand(client: Client, args: Args): void {
  const group = requireGroupToWrite(client, args);
  const consumer = group.consumers.find(args.bufs[4], args.starts[4], args.ends[4]);
  if (consumer < 0) return client.reply.integer(0);
  const pending = group.consumers.pendingCount(consumer);
  group.removeConsumer(consumer);
  client.reply.integer(pending);
  wroteAround(client, args, 2, "xgroup-delconsumer");
}

function requireStream(client: Client, args: Args): Stream {
  const stream = writeStream(client, args, 2);
  if (stream === null) throw NO_KEY;
  return stream;
}

function requireGroupToWrite(client: Client, args: Args): StreamGroup {
  const group = groupOf(requireStream(client, args), args, 3);
  if (group === null) throw noSuchGroup(args, 2, 3);
  return group;
}

// ---------------------------------------------------------------- the table

const HELP = [
  "CREATE <key> <group> <id | $> [MKSTREAM] [ENTRIESREAD <count>]",
  "    Makes a group that will be given the entries after an ID; with MKSTREAM also the stream.",
  "CREATECONSUMER <key> <group> <consumer>",
  "    Makes a consumer.",
  "DELCONSUMER <key> <group> <consumer>",
  "    Removes a consumer, and all that is pending for it.",
  "DESTROY <key> <group>",
  "    Removes a group.",
  "SETID <key> <group> <id | $> [ENTRIESREAD <count>]",
  "    Moves a group, so that it will be given the entries after an ID.",
];

const UPDATES = [key({ at: 2, access: "rw", does: "insert" })];
const GROUP = [arg.key(), arg.string("group")];
const NEW_ID = arg.oneOf("id_or_new", [
  arg.string("id"),
  arg.token("$", { name: "new_id" }),
]);
const COUNTED = arg.integer("entries-read", { token: "ENTRIESREAD", optional: true });

const SUBCOMMANDS: readonly CommandRow[] = [
  {
    name: "create",
    arity: -5,
    flags: ["write", "denyoom"],
    keys: UPDATES,
    args: [...GROUP, NEW_ID, arg.token("MKSTREAM", { optional: true }), COUNTED],
    since: "5.0.0",
    complexity: "O(1)",
    summary: "Makes a consumer group.",
    history: [["7.0.0", "Takes `ENTRIESREAD`."]],
    handler: xgroupCreateCommand,
  },
  {
    name: "createconsumer",
    arity: 5,
    flags: ["write", "denyoom"],
    keys: UPDATES,
    args: [...GROUP, arg.string("consumer")],
    since: "6.2.0",
    complexity: "O(1)",
    summary: "Makes a consumer of a group.",
    handler: xgroupCreateconsumerCommand,
  },
  {
    name: "delconsumer",
    arity: 5,
    flags: ["write"],
    keys: [key({ at: 2, access: "rw", does: "delete" })],
    args: [...GROUP, arg.string("consumer")],
    since: "5.0.0",
    complexity: "O(N*log(M)) for the N entries pending for the consumer, of M in the group",
    summary: "Removes a consumer of a group, and all that is pending for it.",
    handler: xgroupDelconsumerCommand,
  },
  {
    name: "destroy",
    arity: 4,
    flags: ["write"],
    keys: [key({ at: 2, access: "rw", does: "delete" })],
    args: GROUP,
    since: "5.0.0",
    complexity: "O(1); what was pending is freed little by little",
    summary: "Removes a consumer group.",
    handler: xgroupDestroyCommand,
  },
  helpSubcommand("xgroup", "5.0.0", HELP),
  {
    name: "setid",
    arity: -5,
    flags: ["write"],
    keys: [key({ at: 2, access: "rw", does: "update" })],
    args: [...GROUP, NEW_ID, COUNTED],
    since: "5.0.0",
    complexity: "O(1)",
    summary: "Sets the ID that a group was given last.",
    history: [["7.0.0", "Takes `ENTRIESREAD`."]],
    handler: xgroupSetidCommand,
  },
];

export const streamGroupCommands = commandTable("stream", [
  {
    name: "xgroup",
    arity: -2,
    ofGroupCategory: false,
    since: "5.0.0",
    complexity: "Depends on the subcommand.",
    summary: "Makes, moves and removes consumer groups.",
    subcommands: SUBCOMMANDS,
  },
]);
