/** Commands about the key that is told; see base_commands.ts. */
import type { Effects } from "../effects.ts";

/** The name of a key, and the number of its database. */
export interface Key {
  readonly db: number;
  readonly buf: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Begins a command about a key, with so many arguments behind that. */
export function begin(effects: Effects, key: Key, name: string, argumentCount: number): Effects {
  return effects.command(key.db, 2 + argumentCount).word(name).bytes(key.buf, key.start, key.end);
}
