/** Keeps passwords out of what MONITOR and SLOWLOG show. */
import { latin1 } from "../memory/bytes.ts";
import { Args } from "../resp/args.ts";
import type { Client } from "./context.ts";
import type { Command } from "./spec.ts";

const REDACTED = latin1("(redacted)");

/** The request as others may see it: itself where it holds no secrets, else a copy. */
export function withoutSecrets(client: Client, command: Command, args: Args): Args {
  const secrets = command.secrets?.(client, args) ?? [];
  if (secrets.length === 0) return args;
  const shown = new Args(args.count);
  for (let i = 0; i < args.count; i++) {
    if (secrets.includes(i)) shown.set(i, REDACTED, 0, REDACTED.length);
    else shown.set(i, args.bufs[i], args.starts[i], args.ends[i]);
  }
  return shown;
}
