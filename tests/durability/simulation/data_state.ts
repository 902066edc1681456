/** All that a server holds, in a form that can be kept and compared. */
import type { Database } from "../../../src/keyspace/database.ts";
import { Digest } from "../../../src/keyspace/digest.ts";
import type { Keyspace } from "../../../src/keyspace/keyspace.ts";
import { latin1Text } from "../../support/latin1.ts";

interface KeyState {
  /** Of the type and the value. */
  readonly digest: string;
  /** When the key expires; `NO_EXPIRY` for never. */
  readonly dueMs: number;
}

/** By `database/key`. */
export type DataState = ReadonlyMap<string, KeyState>;

/** What a server holds now. */
export function readState(keyspace: Keyspace): DataState {
  const state = new Map<string, KeyState>();
  const digest = new Digest();
  for (const db of keyspace.used) {
    db.dict.forEach((entry) => {
      const { buf, start, end } = db.key(entry);
      const key = latin1Text(buf.slice(start, end));
      state.set(`${db.index}/${key}`, keyState(db, entry, digest));
    });
  }
  return state;
}

function keyState(db: Database, entry: number, digest: Digest): KeyState {
  digest.reset();
  digest.mixNumber(db.type(entry));
  db.digestValue(entry, digest);
  return { digest: digest.toString(), dueMs: db.dueMs(entry) };
}

/**
 * Compares two states at a moment: keys that are due by then are gone, whether or not somebody has
 * removed them.
 *
 * @returns A key in which they differ, and how; null when there is none.
 */
export function firstDifference(wanted: DataState, found: DataState, nowMs: number): string | null {
  for (const [key, one] of wanted) {
    if (isOver(one, nowMs)) continue;
    const other = found.get(key);
    if (other === undefined) return `${JSON.stringify(key)} is missing`;
    if (other.digest !== one.digest) return `${JSON.stringify(key)} has another value`;
    if (other.dueMs !== one.dueMs) {
      return `${JSON.stringify(key)} expires at ${other.dueMs}, not at ${one.dueMs}`;
    }
  }
  for (const [key, one] of found) {
    if (!wanted.has(key) && !isOver(one, nowMs)) {
      return `${JSON.stringify(key)} should not be there`;
    }
  }
  return null;
}

function isOver({ dueMs }: KeyState, nowMs: number): boolean {
  return dueMs >= 0 && dueMs <= nowMs;
}
