/** The effects that several commands have, told in place of their requests. */
import { NO_EXPIRY } from "../keyspace/database.ts";
import type { Args } from "../resp/args.ts";
import type { Client } from "./context.ts";

/** The key at argument `i` is gone. */
export function tellRemoved(client: Client, args: Args, i: number): void {
  const { db, server: { effects } } = client;
  if (effects.active) effects.command(db.index, 2).word("DEL").argument(args, i);
}

/** The key at argument `i` is due at another time. @param dueMs Wall clock in ms, or NO_EXPIRY. */
export function tellDue(client: Client, args: Args, i: number, dueMs: number): void {
  const { db, server: { effects } } = client;
  if (!effects.active) return;
  if (dueMs === NO_EXPIRY) effects.command(db.index, 2).word("PERSIST").argument(args, i);
  else effects.command(db.index, 3).word("PEXPIREAT").argument(args, i).integer(dueMs);
}
