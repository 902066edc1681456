/** DEBUG RELOAD and LOADAOF: loading all data again. */
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { Client } from "../context.ts";
import { SAVE_FAILED } from "../persistence.ts";
import type { DebugSubcommand } from "./subcommand.ts";

const MERGE = keyword("MERGE");
const NOFLUSH = keyword("NOFLUSH");
const NOSAVE = keyword("NOSAVE");

const UNKNOWN_OPTION = new ReplyError(
  "ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.",
);
const NOT_LOADED = new ReplyError("ERR Error trying to load the RDB dump, check server logs.");

function reload(client: Client, args: Args): void {
  const request = { saves: true, flushes: true, replaces: false };
  for (let i = 2; i < args.count; i++) {
    if (args.is(i, MERGE)) request.replaces = true;
    else if (args.is(i, NOFLUSH)) request.flushes = false;
    else if (args.is(i, NOSAVE)) request.saves = false;
    else throw UNKNOWN_OPTION;
  }
  const outcome = client.server.persistence.reload(request);
  if (outcome === "unsaved") throw SAVE_FAILED;
  if (outcome === "unloaded") throw NOT_LOADED;
  client.reply.ok();
}

function loadAof(client: Client): void {
  client.server.appendOnly.reload();
  client.reply.ok();
}

function aofFlushSleep(client: Client, args: Args): void {
  client.server.appendOnly.flushDelayMs = args.integer(2) / 1000;
  client.reply.ok();
}

export const reloadSubcommands: readonly DebugSubcommand[] = [
  {
    name: "RELOAD",
    arguments: [0, Infinity],
    help: [
      "RELOAD [MERGE] [NOFLUSH] [NOSAVE]",
      "    Saves all data, and loads it again. With NOSAVE the dump that is there is loaded,",
      "    with NOFLUSH to the keys that are there, with MERGE in place of those it has, too.",
    ],
    handler: reload,
  },
  {
    name: "LOADAOF",
    arguments: [0, 0],
    help: [
      "LOADAOF",
      "    Writes what is to be logged, and loads all data from the append-only file.",
    ],
    handler: loadAof,
  },
  {
    name: "AOF-FLUSH-SLEEP",
    arguments: [1, 1],
    help: [
      "AOF-FLUSH-SLEEP <microseconds>",
      "    Holds the server up before each write to the append-only file.",
    ],
    handler: aofFlushSleep,
  },
];
