/** MONITOR: a connection that is shown every command as it is run. */
import { utf8 } from "../memory/bytes.ts";
import { quoted } from "../memory/quoting.ts";
import type { Args } from "../resp/args.ts";
import { ReplyError } from "../resp/errors.ts";
import { type Client, ClientFlag } from "./context.ts";
import { commandTable } from "./spec.ts";

const NOT_IN_EXEC = new ReplyError("ERR MONITOR isn't allowed for DENY BLOCKING client");

/** A client that monitors already is not answered, as in Redis; so EXEC, which needs a reply of each, does without. */
function monitorCommand(client: Client, _args: Args): void {
  if (client.flags & ClientFlag.DENY_BLOCKING) throw NOT_IN_EXEC;
  if (client.flags & ClientFlag.MONITOR) return;
  client.flags |= ClientFlag.MONITOR;
  client.server.monitors.add(client);
  client.reply.ok();
}

/**
 * What those who monitor are sent about a request, a simple string in both protocols:
 *
 *     +1700000000.123456 [0 127.0.0.1:5000] "SET" "k" "v"
 *
 * @param client Whose request it is; its database is the one it has selected by now.
 * @param args The request, without secrets.
 * @param nowUs Wall clock in µs.
 */
export function monitorLine(client: Client, args: Args, nowUs: number): Uint8Array {
  const seconds = Math.floor(nowUs / 1e6);
  const micros = String(nowUs % 1e6).padStart(6, "0");
  let line = `+${seconds}.${micros} [${client.db.index} ${originOf(client)}]`;
  for (let i = 0; i < args.count; i++) {
    line += ` ${quoted(args.bufs[i], args.starts[i], args.ends[i])}`;
  }
  return utf8(`${line}\r\n`);
}

/** The client's address; on a unix socket that of the socket, `unix:/path`. */
function originOf({ address, isUnix }: Client): string {
  return isUnix ? `unix:${address.replace(/:0$/, "")}` : address;
}

export const monitorCommands = commandTable("server", [
  {
    name: "monitor",
    arity: 1,
    flags: ["admin", "noscript", "loading", "stale"],
    since: "1.0.0",
    complexity: "O(1); then each command costs O(N) more where N is the number of such connections",
    summary: "Shows the connection every command that is run.",
    handler: monitorCommand,
  },
]);
