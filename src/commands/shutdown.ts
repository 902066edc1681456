/** SHUTDOWN: the end of the process. */
import { type Args, keyword } from "../resp/args.ts";
import { ReplyError } from "../resp/errors.ts";
import type { Client, ShutdownRequest } from "./context.ts";
import { SYNTAX } from "./errors.ts";
import { arg, commandTable } from "./spec.ts";

const NOSAVE = keyword("NOSAVE");
const SAVE = keyword("SAVE");
const NOW = keyword("NOW");
const FORCE = keyword("FORCE");
const ABORT = keyword("ABORT");

const NO_SHUTDOWN = new ReplyError("ERR No shutdown in progress.");
const SHUTDOWN_FAILED = new ReplyError("ERR Errors trying to SHUTDOWN. Check logs.");

// ---------------------------------------------------------------- handlers

/** Replies only where it fails. */
function shutdownCommand(client: Client, args: Args): void {
  const { shutdown } = client.server;
  const request = readRequest(args);
  if (request === "abort") {
    if (!shutdown.abort()) throw NO_SHUTDOWN;
    client.reply.ok();
    return;
  }
  shutdown.begin(request);
  throw SHUTDOWN_FAILED;
}

function readRequest(args: Args): ShutdownRequest | "abort" {
  let saves = false;
  let savesNot = false;
  let now = false;
  let force = false;
  let abort = false;
  for (let i = 1; i < args.count; i++) {
    if (args.is(i, SAVE)) saves = true;
    else if (args.is(i, NOSAVE)) savesNot = true;
    else if (args.is(i, NOW)) now = true;
    else if (args.is(i, FORCE)) force = true;
    else if (args.is(i, ABORT)) abort = true;
    else throw SYNTAX;
  }
  if (saves && savesNot) throw SYNTAX;
  if (abort && (saves || savesNot || now || force)) throw SYNTAX;
  return abort ? "abort" : { save: saves ? true : savesNot ? false : null, now, force };
}

// ---------------------------------------------------------------- the table

export const shutdownCommands = commandTable("server", [
  {
    name: "shutdown",
    arity: -1,
    flags: ["admin", "noscript", "loading", "stale", "no_multi", "allow_busy"],
    args: [
      arg.oneOf("save-selector", [arg.token("NOSAVE"), arg.token("SAVE")], { optional: true }),
      arg.token("NOW", { optional: true, since: "7.0.0" }),
      arg.token("FORCE", { optional: true, since: "7.0.0" }),
      arg.token("ABORT", { optional: true, since: "7.0.0" }),
    ],
    since: "1.0.0",
    complexity: "O(N) where N is the number of keys when they are saved, else O(1)",
    summary: "Ends the server.",
    history: [["7.0.0", "Takes `NOW`, `FORCE` and `ABORT`."]],
    handler: shutdownCommand,
  },
]);
