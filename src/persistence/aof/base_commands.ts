/**
 * The base of the append-only files as commands: those that make all data anew.
 *
 * Collections are made with several commands, so that none becomes very long.
 */
import { type Database, NO_EXPIRY } from "../../keyspace/database.ts";
import type { Keyspace } from "../../keyspace/keyspace.ts";
import { forEachField, hashLength } from "../../keyspace/types/hash.ts";
import { NEVER } from "../../keyspace/types/hash_table.ts";
import {
  advanceIn,
  type ListCursor,
  listLength,
  readIn,
  seekIn,
} from "../../keyspace/types/list_value.ts";
import { setSize } from "../../keyspace/types/set_members.ts";
import { SetWalk } from "../../keyspace/types/set_walk.ts";
import { sortedSetLength } from "../../keyspace/types/sorted_set.ts";
import { SortedSetWalk } from "../../keyspace/types/sorted_set_walk.ts";
import { formatDouble17 } from "../../memory/double.ts";
import { TypeId } from "../../structures/entry.ts";
import { Element } from "../../structures/listpack.ts";
import { Effects } from "../effects.ts";
import type { ByteSink } from "../rdb/output.ts";
import { begin, type Key } from "./base_key.ts";
import { tellStream } from "./base_stream.ts";

/** Elements that one command adds, as in Redis. */
const ELEMENTS_PER_COMMAND = 64;
/** What has been told is handed on when it is this much, in bytes. */
const PORTION_BYTES = 256 << 10;

/**
 * Tells all data to a sink.
 *
 * @param seconds The time, to be noted at the beginning, in seconds since 1970; 0 for none.
 */
export function commandsTo(sink: ByteSink, keyspace: Keyspace, seconds: number): void {
  const effects = new Effects();
  effects.seconds = seconds;
  const flush = () => {
    sink.write(effects.buf.subarray(0, effects.end));
    effects.clear();
  };
  for (const db of keyspace.used.toSorted((a, b) => a.index - b.index)) {
    db.dict.forEach((entry: number) => {
      tellKey(effects, db, entry);
      if (effects.end >= PORTION_BYTES) flush();
    });
  }
  flush();
}

/** Tells a key with all that belongs to it. */
function tellKey(effects: Effects, db: Database, entry: number): void {
  const { buf, start, end } = db.key(entry);
  const key: Key = { db: db.index, buf, start, end };
  switch (db.type(entry)) {
    case TypeId.STRING:
      tellString(effects, db, entry, key);
      break;
    case TypeId.LIST:
      tellList(effects, db, entry, key);
      break;
    case TypeId.SET:
      tellSet(effects, db, entry, key);
      break;
    case TypeId.ZSET:
      tellSortedSet(effects, db, entry, key);
      break;
    case TypeId.HASH:
      tellHash(effects, db, entry, key);
      break;
    default:
      tellStream(effects, db, entry, key);
  }
  const dueMs = db.dueMs(entry);
  if (dueMs !== NO_EXPIRY) begin(effects, key, "PEXPIREAT", 1).integer(dueMs);
}

function tellString(effects: Effects, db: Database, entry: number, key: Key): void {
  begin(effects, key, "SET", 1);
  const { buf, start, end } = db.value(entry);
  effects.bytes(buf, start, end);
}

/** Begins a command when the last one has enough: returns how many elements this one may still have. */
function room(
  effects: Effects,
  key: Key,
  name: string,
  left: number,
  remaining: number,
  wordsEach: number,
): number {
  if (left > 0) return left;
  const count = Math.min(remaining, ELEMENTS_PER_COMMAND);
  begin(effects, key, name, count * wordsEach);
  return count;
}

const element = new Element();
const cursor: ListCursor = { node: 0, pos: 0 };
const members = new SetWalk();
const ranked = new SortedSetWalk();

function tellList(effects: Effects, db: Database, entry: number, key: Key): void {
  let left = 0;
  seekIn(db, entry, 0, cursor);
  for (let remaining = listLength(db, entry); remaining > 0; remaining--) {
    left = room(effects, key, "RPUSH", left, remaining, 1) - 1;
    readIn(db, entry, cursor, element);
    effects.bytes(element.buf, element.start, element.end);
    advanceIn(db, entry, cursor, true);
  }
}

function tellSet(effects: Effects, db: Database, entry: number, key: Key): void {
  let left = 0;
  let remaining = setSize(db.keyspace, entry);
  members.begin(db.keyspace, entry);
  for (; members.next(); remaining--) {
    left = room(effects, key, "SADD", left, remaining, 1) - 1;
    effects.bytes(members.buf, members.start, members.end);
  }
}

function tellSortedSet(effects: Effects, db: Database, entry: number, key: Key): void {
  let left = 0;
  let remaining = sortedSetLength(db.keyspace, entry);
  ranked.begin(db.keyspace, entry, 0, false);
  for (; ranked.next(); remaining--) {
    left = room(effects, key, "ZADD", left, remaining, 2) - 1;
    effects.word(formatDouble17(ranked.score)).bytes(ranked.buf, ranked.start, ranked.end);
  }
}

function tellHash(effects: Effects, db: Database, entry: number, key: Key): void {
  let left = 0;
  let remaining = hashLength(db.keyspace, entry);
  let expires = false;
  forEachField(db.keyspace, entry, (field, value, _target, dueMs) => {
    left = room(effects, key, "HSET", left, remaining--, 2) - 1;
    effects.bytes(field.buf, field.start, field.end).bytes(value.buf, value.start, value.end);
    if (dueMs !== NEVER) expires = true;
  }, null);
  if (!expires) return;
  forEachField(db.keyspace, entry, (field, _value, _target, dueMs) => {
    if (dueMs === NEVER) return;
    begin(effects, key, "HPEXPIREAT", 4).integer(dueMs).word("FIELDS").integer(1)
      .bytes(field.buf, field.start, field.end);
  }, null);
}
