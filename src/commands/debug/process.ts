/** DEBUG's subcommands about the process: making it wait, speak, write, fail and compare. */
import { globMatch } from "../../memory/glob.ts";
import { parseDouble } from "../../memory/double.ts";
import type { Args } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { Client } from "../context.ts";
import type { DebugSubcommand } from "./subcommand.ts";

/** Everybody waits; what is no number is no time. */
function sleep(client: Client, args: Args): void {
  const seconds = parseDouble(args.bufs[2], args.starts[2], args.ends[2]);
  if (seconds > 0) client.server.debug.sleep(seconds * 1000);
  client.reply.ok();
}

function log(client: Client, args: Args): void {
  client.server.debug.log(`DEBUG LOG: ${args.text(2)}`);
  client.reply.ok();
}

/**
 * Where Redis ends with a report, a bug in a handler here is an error reply and a line in the log,
 * and that is what this shows.
 */
function assert(_client: Client, _args: Args): never {
  throw new Error("DEBUG ASSERT");
}

function stringmatchLen(client: Client, args: Args): void {
  const matches = globMatch(
    args.bufs[2],
    args.starts[2],
    args.ends[2],
    args.bufs[3],
    args.starts[3],
    args.ends[3],
    false,
  );
  client.reply.integer(matches ? 1 : 0);
}

function configRewriteForceAll({ reply, server }: Client, _args: Args): void {
  const refusal = server.rewriteConfig(true);
  if (refusal !== null) throw new ReplyError(`ERR CONFIG-REWRITE-FORCE-ALL failed: ${refusal}`);
  reply.ok();
}

export const processSubcommands: readonly DebugSubcommand[] = [
  {
    name: "ASSERT",
    arguments: [0, Infinity],
    help: ["ASSERT", "    Fails as a bug would; the server goes on."],
    handler: assert,
  },
  {
    name: "CONFIG-REWRITE-FORCE-ALL",
    arguments: [0, 0],
    help: [
      "CONFIG-REWRITE-FORCE-ALL",
      "    Writes the configuration file as CONFIG REWRITE does, with the defaults in it.",
    ],
    handler: configRewriteForceAll,
  },
  {
    name: "LOG",
    arguments: [1, 1],
    help: ["LOG <message>", "    Writes a message to the log."],
    handler: log,
  },
  {
    name: "SLEEP",
    arguments: [1, 1],
    help: [
      "SLEEP <seconds>",
      "    Holds the whole server up for a time, which may have a fraction.",
    ],
    handler: sleep,
  },
  {
    name: "STRINGMATCH-LEN",
    arguments: [2, 2],
    help: [
      "STRINGMATCH-LEN <pattern> <string>",
      "    Tells whether a string matches a glob pattern, 1 or 0.",
    ],
    handler: stringmatchLen,
  },
];
