/** Commands that keep the data on disk. */
import { type Args, keyword } from "../resp/args.ts";
import { ReplyError } from "../resp/errors.ts";
import { type Client, ClientFlag } from "./context.ts";
import { SYNTAX } from "./errors.ts";
import { arg, commandTable } from "./spec.ts";

const SCHEDULE = keyword("SCHEDULE");

/** The log tells what went wrong. */
export const SAVE_FAILED = new ReplyError("ERR");

const SAVE_RUNNING = new ReplyError("ERR Background save already in progress");
const SAVE_IN_THE_WAY = new ReplyError(
  "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order " +
    "to schedule a BGSAVE whenever possible.",
);
const REWRITE_RUNNING = new ReplyError(
  "ERR Background append only file rewriting already in progress",
);
const REWRITE_FAILED = new ReplyError(
  "ERR Can't execute an AOF background rewriting. Please check the server logs for more information.",
);

// ---------------------------------------------------------------- handlers

function saveCommand(client: Client, _args: Args): void {
  if (client.server.persistence.isSavingInBackground) throw SAVE_RUNNING;
  if (!client.server.persistence.save()) throw SAVE_FAILED;
  client.reply.ok();
}

function bgsaveCommand({ flags, reply, server: { persistence } }: Client, args: Args): void {
  if (args.count > 2 || (args.count === 2 && !args.is(1, SCHEDULE))) throw SYNTAX;
  // In EXEC only a part of the transaction has been done.
  const mayBegin = (flags & ClientFlag.DENY_BLOCKING) === 0;
  switch (persistence.saveInBackground(args.count === 2, mayBegin)) {
    case "running":
      throw SAVE_RUNNING;
    case "busy":
      throw SAVE_IN_THE_WAY;
    case "scheduled":
      reply.simple("Background saving scheduled");
      break;
    case "started":
      reply.simple("Background saving started");
  }
}

function bgrewriteaofCommand({ flags, reply, server: { appendOnly } }: Client, _args: Args): void {
  // In EXEC only a part of the transaction has been told.
  switch (appendOnly.requestRewrite((flags & ClientFlag.DENY_BLOCKING) === 0)) {
    case "running":
      throw REWRITE_RUNNING;
    case "failed":
      throw REWRITE_FAILED;
    case "scheduled":
      reply.simple("Background append only file rewriting scheduled");
      break;
    case "started":
      reply.simple("Background append only file rewriting started");
  }
}

// ---------------------------------------------------------------- the table

export const persistenceCommands = commandTable("server", [
  {
    name: "save",
    arity: 1,
    flags: ["admin", "noscript", "no_async_loading", "no_multi"],
    since: "1.0.0",
    complexity: "O(N) where N is the number of keys in all databases",
    summary: "Saves all data to disk, and has everybody wait for it.",
    handler: saveCommand,
  },
  {
    name: "bgsave",
    arity: -1,
    flags: ["admin", "noscript", "no_async_loading"],
    args: [arg.token("SCHEDULE", { optional: true, since: "3.2.2" })],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Saves all data to disk while other commands go on.",
    history: [["3.2.2", "Takes `SCHEDULE`."]],
    handler: bgsaveCommand,
  },
  {
    name: "bgrewriteaof",
    arity: 1,
    flags: ["admin", "noscript", "no_async_loading"],
    since: "1.0.0",
    complexity: "O(1)",
    summary: "Rewrites the append-only file, in the background.",
    handler: bgrewriteaofCommand,
  },
]);
