/** Commands that keep the data on disk. */
import type { Args } from "../resp/args.ts";
import { ReplyError } from "../resp/errors.ts";
import type { Client } from "./context.ts";
import { commandTable } from "./spec.ts";

/** The log tells what went wrong. */
export const SAVE_FAILED = new ReplyError("ERR");

// ---------------------------------------------------------------- handlers

function saveCommand(client: Client, _args: Args): void {
  if (!client.server.persistence.save()) throw SAVE_FAILED;
  client.reply.ok();
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
]);
