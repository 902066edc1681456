/** DEBUG's subcommands that switch off what the server does by itself. */
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { Client } from "../context.ts";
import { wrongSubcommandArity } from "../errors.ts";
import { type DebugSubcommand, isOn } from "./subcommand.ts";

const PEAK_RESET_TIME = keyword("PEAK-RESET-TIME");
const RESIZING = keyword("RESIZING");
const NEVER = keyword("NEVER");
const RESET = keyword("RESET");

const BAD_THRESHOLD = new ReplyError(
  "ERR argument must be a memory value bigger than 1 and smaller than 4gb",
);

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 1e3,
  kb: 1 << 10,
  m: 1e6,
  mb: 1 << 20,
  g: 1e9,
  gb: 1 << 30,
};
/** An element of nearly 4 GiB would be too long for the 32 bits of its length. */
const MAX_THRESHOLD_BYTES = 2 ** 32 - (1 << 20);

function setActiveExpire(client: Client, args: Args): void {
  client.server.debug.activeExpiry = isOn(args, 2);
  client.reply.ok();
}

function pauseCron(client: Client, args: Args): void {
  client.server.debug.cronPaused = isOn(args, 2);
  client.reply.ok();
}

function dictResizing(client: Client, args: Args): void {
  client.server.keyspace.resizing = isOn(args, 2);
  client.reply.ok();
}

function skipChecksumValidation(client: Client, args: Args): void {
  client.server.debug.comparesChecksums = !isOn(args, 2);
  client.reply.ok();
}

function quicklistPackedThreshold(client: Client, args: Args): void {
  const [, digits, unit] = /^(\d+)([a-z]*)$/i.exec(args.latin1(2)) ?? [];
  const bytes = Number(digits) * (UNITS[unit?.toLowerCase()] ?? NaN);
  if (!(bytes <= MAX_THRESHOLD_BYTES)) throw BAD_THRESHOLD;
  client.server.debug.quicklistPackedThreshold = bytes === 0 ? null : bytes;
  client.reply.ok();
}

/**
 * In Redis, each client has a buffer that grows and shrinks with its replies. Here all take chunks
 * from a pool as they need them, so there is nothing to switch; the words are checked all the same.
 */
function replyBuffer(client: Client, args: Args): void {
  if (args.is(2, PEAK_RESET_TIME)) {
    if (!args.is(3, NEVER) && !args.is(3, RESET)) args.integer(3);
  } else if (!args.is(2, RESIZING)) {
    throw wrongSubcommandArity("debug", args.quoted(1));
  }
  client.reply.ok();
}

/** In Redis, whether replies go around that buffer. Here they always do. */
function clientEnforceReplyList(client: Client, args: Args): void {
  isOn(args, 2);
  client.reply.ok();
}

export const switchSubcommands: readonly DebugSubcommand[] = [
  {
    name: "CLIENT-ENFORCE-REPLY-LIST",
    arguments: [1, 1],
    help: [
      "CLIENT-ENFORCE-REPLY-LIST <0|1>",
      "    Without effect: clients have no reply buffers of their own.",
    ],
    handler: clientEnforceReplyList,
  },
  {
    name: "DICT-RESIZING",
    arguments: [1, 1],
    help: [
      "DICT-RESIZING <0|1>",
      "    Whether the hash tables of the databases grow and shrink with their keys.",
    ],
    handler: dictResizing,
  },
  {
    name: "PAUSE-CRON",
    arguments: [1, 1],
    help: ["PAUSE-CRON <0|1>", "    Stops what the server does at regular intervals, or goes on."],
    handler: pauseCron,
  },
  {
    name: "QUICKLIST-PACKED-THRESHOLD",
    arguments: [1, 1],
    help: [
      "QUICKLIST-PACKED-THRESHOLD <size>",
      "    From which size on an element of a list gets a node to itself, less than 4gb; 0",
      "    for the size that is usual.",
    ],
    handler: quicklistPackedThreshold,
  },
  {
    name: "REPLYBUFFER",
    arguments: [2, 2],
    help: [
      "REPLYBUFFER PEAK-RESET-TIME <NEVER|RESET|milliseconds>",
      "REPLYBUFFER RESIZING <0|1>",
      "    Without effect: clients have no reply buffers of their own.",
    ],
    handler: replyBuffer,
  },
  {
    name: "SET-ACTIVE-EXPIRE",
    arguments: [1, 1],
    help: [
      "SET-ACTIVE-EXPIRE <0|1>",
      "    Whether keys that are due are removed before somebody looks for them.",
    ],
    handler: setActiveExpire,
  },
  {
    name: "SET-SKIP-CHECKSUM-VALIDATION",
    arguments: [1, 1],
    help: [
      "SET-SKIP-CHECKSUM-VALIDATION <0|1>",
      "    Whether RESTORE takes payloads whose checksum is wrong.",
    ],
    handler: skipChecksumValidation,
  },
];
