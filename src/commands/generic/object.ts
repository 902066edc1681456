/** OBJECT: what is known of a key beyond its value. */
import { ENCODING_NAMES } from "../../keyspace/types/type.ts";
import type { Args } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { Client } from "../context.ts";
import { helpSubcommand } from "../help.ts";
import { arg, type CommandRow, commandTable, type Handler, key } from "../spec.ts";

const NO_FREQUENCY = new ReplyError(
  "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that " +
    "when switching between policies at runtime LRU and LFU data will take some time to adjust.",
);
const NO_IDLE_TIME = new ReplyError(
  "ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when " +
    "switching between policies at runtime LRU and LFU data will take some time to adjust.",
);

// ---------------------------------------------------------------- handlers

/** The entry of argument 2, which is not touched by being looked at; 0 when missing. */
function lookup(client: Client, args: Args): number {
  return client.db.peek(args.bufs[2], args.starts[2], args.ends[2]);
}

function encodingCommand(client: Client, args: Args): void {
  const entry = lookup(client, args);
  if (entry === 0) client.reply.nullBulk();
  else client.reply.bulkText(ENCODING_NAMES[client.db.encoding(entry)]);
}

function freqCommand(client: Client, args: Args): void {
  const { clocks } = client.server.keyspace;
  const entry = lookup(client, args);
  if (entry === 0) return client.reply.nullBulk();
  if (!clocks.isLfu) throw NO_FREQUENCY;
  client.reply.integer(clocks.frequency(client.db.clock(entry)));
}

function idletimeCommand(client: Client, args: Args): void {
  const { clocks } = client.server.keyspace;
  const entry = lookup(client, args);
  if (entry === 0) return client.reply.nullBulk();
  if (clocks.isLfu) throw NO_IDLE_TIME;
  client.reply.integer(clocks.idleSeconds(client.db.clock(entry)));
}

/** Nothing is shared here, so each value has one reference. */
function refcountCommand(client: Client, args: Args): void {
  if (lookup(client, args) === 0) client.reply.nullBulk();
  else client.reply.integer(1);
}

// ---------------------------------------------------------------- the table

const HELP = [
  "ENCODING <key>",
  "    Tells how the value of a key is represented.",
  "FREQ <key>",
  "    Tells how often a key has been used of late, on a logarithmic scale from 0 to 255.",
  "IDLETIME <key>",
  "    Tells for how many seconds a key has not been used.",
  "REFCOUNT <key>",
  "    Tells how many references to the value of a key there are.",
];

function objectRow(name: string, summary: string, since: string, handler: Handler): CommandRow {
  return {
    name,
    arity: 3,
    flags: ["readonly"],
    keys: [key({ at: 2, access: "ro" })],
    args: [arg.key()],
    tips: ["nondeterministic_output"],
    since,
    complexity: "O(1)",
    summary,
    handler,
  };
}

export const objectCommands = commandTable("generic", [
  {
    name: "object",
    arity: -2,
    since: "2.2.3",
    complexity: "Depends on the subcommand.",
    summary: "Tells what is known of a key beyond its value.",
    subcommands: [
      objectRow("encoding", "Tells how a value is represented.", "2.2.3", encodingCommand),
      objectRow("freq", "Tells how often a key is used, logarithmically.", "4.0.0", freqCommand),
      objectRow(
        "idletime",
        "Tells for how long a key has not been used.",
        "2.2.3",
        idletimeCommand,
      ),
      objectRow("refcount", "Tells how many references a value has.", "2.2.3", refcountCommand),
      helpSubcommand("object", "6.2.0", HELP),
    ],
  },
]);
