/**
 * Loading a dump into a keyspace, in slices: the caller says how many keys a slice has, and may do
 * something else in between.
 */
import { type Database, NO_EXPIRY } from "../../keyspace/database.ts";
import type { Keyspace } from "../../keyspace/keyspace.ts";
import { stringEncoding } from "../../keyspace/types/string.ts";
import { latin1Text } from "../../memory/bytes.ts";
import * as Entry from "../../structures/entry.ts";
import type { RdbSlice } from "./input.ts";
import { RdbType } from "./opcodes.ts";
import { NOT_GIVEN, type RdbReader, RdbRecord } from "./reader.ts";
import type { EncodingSettings, RdbTarget } from "./values/mod.ts";

/** How a dump is loaded. */
export interface LoadOptions {
  readonly settings: EncodingSettings;
  /** Whether keys that are due already are kept, as a replica does, and one that loads its own log. */
  readonly keepsExpired: boolean;
  /** Whether a key that is there already is replaced; else it is an error. */
  readonly replaces: boolean;
}

/** What has been loaded. */
export interface LoadReport {
  keys: number;
  /** Keys that were due already, and keys with empty collections, none of which has been loaded. */
  expired: number;
  empty: number;
  /** The first of those with empty collections; one character for each byte. */
  readonly emptyKeys: string[];
  /** The properties of the dump. */
  readonly aux: Map<string, string>;
  /** The code of function libraries; one character for each byte. */
  readonly functions: string[];
  /** How many keys, and other things, of which module have been passed over. */
  readonly modules: Map<string, number>;
}

/** Of keys with empty collections, so many are named. */
const NAMED_EMPTY_KEYS = 10;

export class RdbLoader {
  readonly report: LoadReport = {
    keys: 0,
    expired: 0,
    empty: 0,
    emptyKeys: [],
    aux: new Map(),
    functions: [],
    modules: new Map(),
  };
  readonly #reader: RdbReader;
  readonly #keyspace: Keyspace;
  readonly #options: LoadOptions;
  #target: RdbTarget;
  #hasBegun = false;

  constructor(reader: RdbReader, keyspace: Keyspace, options: LoadOptions) {
    this.#reader = reader;
    this.#keyspace = keyspace;
    this.#options = options;
    this.#target = this.#targetIn(keyspace.database(0));
  }

  /** How many bytes of the dump have been read. */
  get offset(): number {
    return this.#reader.input.offset;
  }

  /** Loads so many records, keys for the most part; true when nothing is left. Throws RdbError, OutOfMemory. */
  step(records: number): boolean {
    const keyspace = this.#keyspace;
    const { eventMask } = keyspace;
    keyspace.eventMask = 0; // nobody is told of keys that have been there all the time
    try {
      if (!this.#hasBegun) this.#reader.begin();
      this.#hasBegun = true;
      for (let left = records; left > 0; left--) if (!this.#record()) return true;
      return false;
    } finally {
      keyspace.eventMask = eventMask;
    }
  }

  /** One record; false at the end. */
  #record(): boolean {
    const { report } = this;
    const reader = this.#reader;
    switch (reader.next()) {
      case RdbRecord.END:
        return false;
      case RdbRecord.DATABASE:
        this.#select(reader.db);
        break;
      case RdbRecord.AUX:
        report.aux.set(reader.aux.name, reader.aux.value);
        break;
      case RdbRecord.FUNCTION:
        report.functions.push(reader.text);
        break;
      case RdbRecord.KEY:
        this.#key();
        break;
      default: // of a module
        report.modules.set(reader.text, (report.modules.get(reader.text) ?? 0) + 1);
    }
    return true;
  }

  #select(index: number): void {
    const { databaseCount } = this.#keyspace;
    if (index >= databaseCount) {
      throw this.#reader.input.unsupported(
        `there is a database ${index}, but 'databases' says ${databaseCount}`,
      );
    }
    this.#target = this.#targetIn(this.#keyspace.database(index));
  }

  #targetIn(db: Database): RdbTarget {
    return { db, settings: this.#options.settings };
  }

  #key(): void {
    const { report } = this;
    const reader = this.#reader;
    const { db } = this.#target;
    const { keepsExpired, replaces } = this.#options;
    const { buf, end } = reader.key;
    const due = reader.dueMs === NOT_GIVEN ? NO_EXPIRY : reader.dueMs;
    const isExpired = due !== NO_EXPIRY && due < this.#keyspace.nowMs && !keepsExpired;
    if (!replaces && db.peek(buf, 0, end) !== 0) {
      throw reader.input.damaged("the key has come before");
    }
    let entry: number;
    if (reader.type === RdbType.STRING) {
      const value = reader.readString();
      entry = isExpired ? 0 : putString(db, reader.key, value, due);
    } else {
      const draft = reader.readValue(this.#target);
      if (draft === 0) {
        if (report.empty++ < NAMED_EMPTY_KEYS) report.emptyKeys.push(latin1Text(buf, 0, end));
        return;
      }
      if (isExpired) db.discard(draft);
      entry = isExpired ? 0 : putDraft(db, draft, due);
    }
    if (isExpired) {
      report.expired++;
      return;
    }
    report.keys++;
    setClock(db, entry, reader.idleSeconds, reader.frequency);
  }
}

/** Gives a key a string, in place of what it has; returns its entry. Throws OutOfMemory with nothing changed. */
export function putString(db: Database, key: RdbSlice, value: RdbSlice, due: number): number {
  const encoding = stringEncoding(value.buf, value.start, value.end);
  return db.setString(
    key.buf,
    key.start,
    key.end,
    value.buf,
    value.start,
    value.end,
    encoding,
    due,
  );
}

/** Makes a draft the entry of its key; returns that, which may have moved. Throws OutOfMemory without the key. */
export function putDraft(db: Database, draft: number, due: number): number {
  db.put(draft);
  if (due === NO_EXPIRY) return draft;
  try {
    return db.setDue(draft, due);
  } catch (failure) {
    db.removeEntry(draft, false);
    throw failure;
  }
}

/** Has an entry used as long ago, or as often, as is known; NOT_GIVEN where it is not. */
export function setClock(
  db: Database,
  entry: number,
  idleSeconds: number,
  frequency: number,
): void {
  const { clocks, slabs } = db.keyspace;
  if (frequency !== NOT_GIVEN) Entry.setClock(slabs, entry, clocks.ofFrequency(frequency));
  else if (idleSeconds !== NOT_GIVEN) Entry.setClock(slabs, entry, clocks.ofIdle(idleSeconds));
}
