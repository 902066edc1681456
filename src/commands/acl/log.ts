/** ACL LOG: what clients have been refused. */
import { latin1 } from "../../memory/bytes.ts";
import { type Args, keyword } from "../../resp/args.ts";
import type { AccessDenial, Client } from "../context.ts";
import { wrongSubcommandArity } from "../errors.ts";

const RESET = keyword("RESET");

/** How many entries are shown without a number. */
const DEFAULT_COUNT = 10;

export function logCommand(client: Client, args: Args): void {
  const { reply, server: { access: { log }, nowMs } } = client;
  if (args.count > 3) throw wrongSubcommandArity("acl", args.latin1(1));
  if (args.count === 3 && args.is(2, RESET)) {
    log.clear();
    return reply.ok();
  }
  const entries = log.newest(args.count === 3 ? args.integer(2) : DEFAULT_COUNT);
  reply.array(entries.length);
  for (const entry of entries) replyEntry(reply, entry, nowMs);
}

function replyEntry(reply: Client["reply"], entry: AccessDenial, nowMs: number): void {
  reply.map(10);
  reply.bulkText("count");
  reply.integer(entry.count);
  reply.bulkText("reason");
  reply.bulkText(entry.reason);
  reply.bulkText("context");
  reply.bulkText(entry.context);
  reply.bulkText("object");
  reply.bulkBytes(latin1(entry.object));
  reply.bulkText("username");
  reply.bulkBytes(latin1(entry.user));
  reply.bulkText("age-seconds");
  reply.double((nowMs - entry.updatedMs) / 1000);
  reply.bulkText("client-info");
  reply.bulkText(entry.clientInfo);
  reply.bulkText("entry-id");
  reply.integer(entry.id);
  reply.bulkText("timestamp-created");
  reply.integer(entry.createdMs);
  reply.bulkText("timestamp-last-updated");
  reply.integer(entry.updatedMs);
}
