/** A keyspace without a server, for tests of what is in it. */
import { createSettings, type Settings } from "../../../src/config/mod.ts";
import { NO_EXPIRY } from "../../../src/keyspace/database.ts";
import { Keyspace } from "../../../src/keyspace/keyspace.ts";
import { stringEncoding } from "../../../src/keyspace/types/string.ts";
import { latin1Bytes, latin1Text } from "../../support/latin1.ts";
import { Random } from "../../support/random.ts";

/** When the time of such a keyspace begins, wall clock in ms. */
export const NOW_MS = 1_000_000;

/** An empty keyspace; the same seed gives the same run. */
export function makeKeyspace(seed = 1, settings: Partial<Settings> = {}): Keyspace {
  const random = new Random(seed);
  const all = Object.assign(createSettings(), settings);
  const keyspace = new Keyspace(all, { k0: seed, k1: 7 }, () => random.next() | 0);
  keyspace.setTime(NOW_MS);
  return keyspace;
}

/** A database whose keys and values are texts. */
export class TextDatabase {
  constructor(readonly keyspace: Keyspace, readonly db = keyspace.database(0)) {}

  set(key: string, value: string, dueMs = NO_EXPIRY): void {
    const k = latin1Bytes(key);
    const v = latin1Bytes(value);
    const encoding = stringEncoding(v, 0, v.length);
    this.db.setString(k, 0, k.length, v, 0, v.length, encoding, dueMs);
  }

  find(key: string): number {
    const k = latin1Bytes(key);
    return this.db.peek(k, 0, k.length);
  }

  get(key: string): string | undefined {
    const entry = this.find(key);
    if (entry === 0) return undefined;
    const { buf, start, end } = this.db.value(entry);
    return latin1Text(buf.subarray(start, end));
  }

  delete(key: string): boolean {
    const k = latin1Bytes(key);
    return this.db.delete(k, 0, k.length);
  }

  rename(from: string, to: string, target = this.db): void {
    const k = latin1Bytes(to);
    this.db.moveTo(target, k, 0, k.length, this.find(from));
  }

  copy(from: string, to: string): void {
    const k = latin1Bytes(to);
    this.db.copyTo(this.db, k, 0, k.length, this.find(from));
  }
}
