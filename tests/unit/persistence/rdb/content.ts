/** What is in a keyspace, in a form that tests can write down. */
import { NO_EXPIRY } from "../../../../src/keyspace/database.ts";
import type { Database } from "../../../../src/keyspace/database.ts";
import type { Keyspace } from "../../../../src/keyspace/keyspace.ts";
import { forEachField } from "../../../../src/keyspace/types/hash.ts";
import {
  advanceIn,
  type ListCursor,
  readIn,
  seekIn,
} from "../../../../src/keyspace/types/list_value.ts";
import { SetWalk } from "../../../../src/keyspace/types/set_walk.ts";
import { SortedSetWalk } from "../../../../src/keyspace/types/sorted_set_walk.ts";
import { streamOf } from "../../../../src/keyspace/types/stream.ts";
import { ENCODING_NAMES } from "../../../../src/keyspace/types/type.ts";
import { latin1Text } from "../../../../src/memory/bytes.ts";
import { TypeId } from "../../../../src/structures/entry.ts";
import { Element } from "../../../../src/structures/listpack.ts";
import { writeId } from "../../../../src/structures/stream_id.ts";
import { StreamReader } from "../../../../src/structures/stream_reader.ts";

/**
 * A value: a text; of lists the elements; of sets the members in order of their bytes; of hashes
 * `field=value`, or `field=value@due`, in that order, too; of sorted sets `member:score`; of streams `id field=value …`.
 */
export type Content = string | string[];

interface Slice {
  readonly buf: Uint8Array;
  readonly start: number;
  readonly end: number;
}

function textOf({ buf, start, end }: Slice): string {
  return latin1Text(buf, start, end);
}

/** The value of an entry. */
export function contentOf(db: Database, entry: number): Content {
  const { keyspace } = db;
  switch (db.type(entry)) {
    case TypeId.STRING:
      return textOf(db.value(entry));
    case TypeId.LIST:
      return listContent(db, entry);
    case TypeId.SET: {
      const walk = new SetWalk();
      const members: string[] = [];
      walk.begin(keyspace, entry);
      while (walk.next()) members.push(textOf(walk));
      return members.sort();
    }
    case TypeId.HASH: {
      const fields: string[] = [];
      forEachField(keyspace, entry, (field, value, _target, dueMs) => {
        const due = dueMs === Infinity ? "" : `@${dueMs}`;
        fields.push(`${textOf(field)}=${textOf(value)}${due}`);
      }, null);
      return fields.sort();
    }
    case TypeId.ZSET: {
      const walk = new SortedSetWalk();
      const members: string[] = [];
      walk.begin(keyspace, entry, 0, false);
      while (walk.next()) members.push(`${textOf(walk)}:${walk.score}`);
      return members;
    }
    default:
      return streamContent(db, entry);
  }
}

function listContent(db: Database, entry: number): string[] {
  const elements: string[] = [];
  const cursor: ListCursor = { node: 0, pos: 0 };
  const view = new Element();
  for (let more = seekIn(db, entry, 0, cursor); more; more = advanceIn(db, entry, cursor, true)) {
    readIn(db, entry, cursor, view);
    elements.push(textOf(view));
  }
  return elements;
}

function streamContent(db: Database, entry: number): string[] {
  const reader = new StreamReader();
  const field = new Element();
  const value = new Element();
  const text = new Uint8Array(64);
  const entries: string[] = [];
  streamOf(db.keyspace, entry).walk(reader);
  while (reader.next()) {
    let line = latin1Text(text, 0, writeId(text, 0, reader.id));
    for (let i = 0; i < reader.fieldCount; i++) {
      reader.nextField(field, value);
      line += ` ${textOf(field)}=${textOf(value)}`;
    }
    entries.push(line);
  }
  return entries;
}

/** All keys by name, `db/` before it unless that is 0; each with its encoding, value, and due time. */
export function keyspaceContent(keyspace: Keyspace): Record<string, unknown[]> {
  const keys: [string, unknown[]][] = [];
  for (const db of keyspace.used) {
    db.dict.forEach((entry) => {
      const name = textOf(db.key(entry));
      const due = db.dueMs(entry);
      keys.push([db.index === 0 ? name : `${db.index}/${name}`, [
        ENCODING_NAMES[db.encoding(entry)],
        contentOf(db, entry),
        ...(due === NO_EXPIRY ? [] : [due]),
      ]]);
    });
  }
  return Object.fromEntries(keys.sort(([a], [b]) => a < b ? -1 : 1));
}
