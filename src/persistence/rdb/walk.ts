/**
 * Going through a dump of any size with the memory for one key: each key is made in a keyspace, shown,
 * and removed again. For looking at dumps, and for writing them anew.
 */
import { type Database, NO_EXPIRY } from "../../keyspace/database.ts";
import type { Keyspace } from "../../keyspace/keyspace.ts";
import { putDraft, putString } from "./loader.ts";
import { RdbType } from "./opcodes.ts";
import { NOT_GIVEN, type RdbReader, RdbRecord } from "./reader.ts";
import type { EncodingSettings } from "./values/mod.ts";

/** What is shown. Texts have one character for each byte. */
export interface DumpVisitor {
  property(name: string, value: string): void;
  /** The keys that follow are in this database. */
  database(index: number): void;
  library(code: string): void;
  /** A key; what else is known of it is in the reader. The entry is removed afterwards. */
  key(db: Database, entry: number): void;
  /** A key with an empty collection, which nobody loads. */
  emptyKey(): void;
  /** What a module has written: a key's value, or something beside the keys. */
  module(name: string, isValue: boolean): void;
}

/**
 * Goes through a dump from its head on, each part of which is checked.
 *
 * @param keyspace An empty one, in whose first database the keys are made.
 * @param pause Called after each record.
 * Throws RdbError, OutOfMemory, and what the visitor throws.
 */
export function walkDump(
  reader: RdbReader,
  keyspace: Keyspace,
  settings: EncodingSettings,
  visitor: DumpVisitor,
  pause: () => void,
): void {
  const db = keyspace.database(0);
  const target = { db, settings };
  reader.begin();
  for (;; pause()) {
    switch (reader.next()) {
      case RdbRecord.AUX:
        visitor.property(reader.aux.name, reader.aux.value);
        break;
      case RdbRecord.DATABASE:
        visitor.database(reader.db);
        break;
      case RdbRecord.FUNCTION:
        visitor.library(reader.text);
        break;
      case RdbRecord.MODULE_AUX:
        visitor.module(reader.text, false);
        break;
      case RdbRecord.MODULE_VALUE:
        visitor.module(reader.text, true);
        break;
      case RdbRecord.END:
        return;
      default: {
        const due = reader.dueMs === NOT_GIVEN ? NO_EXPIRY : reader.dueMs;
        let entry: number;
        if (reader.type === RdbType.STRING) {
          entry = putString(db, reader.key, reader.readString(), due);
        } else {
          const draft = reader.readValue(target);
          entry = draft === 0 ? 0 : putDraft(db, draft, due);
        }
        if (entry === 0) visitor.emptyKey();
        else {
          visitor.key(db, entry);
          db.removeEntry(entry, false);
        }
      }
    }
  }
}
