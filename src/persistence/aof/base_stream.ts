/** A stream as the commands that make it anew; see base_commands.ts. */
import type { Database } from "../../keyspace/database.ts";
import { streamOf } from "../../keyspace/types/stream.ts";
import { Element } from "../../structures/listpack.ts";
import type { NameView } from "../../structures/name_table.ts";
import type { Stream } from "../../structures/stream.ts";
import { PendingEntry, type StreamGroup } from "../../structures/stream_group.ts";
import { compareIds, STREAM_ID_TEXT_BYTES, StreamId, writeId } from "../../structures/stream_id.ts";
import { StreamReader } from "../../structures/stream_reader.ts";
import type { Effects } from "../effects.ts";
import { begin, type Key } from "./base_key.ts";

const field = new Element();
const value = new Element();
const text = new Uint8Array(STREAM_ID_TEXT_BYTES);
const least = new StreamId();
const pending = new PendingEntry();
const groupName: NameView = { buf: new Uint8Array(0), start: 0, end: 0 };
const consumerName: NameView = { buf: new Uint8Array(0), start: 0, end: 0 };

/** Tells a stream with its groups. */
export function tellStream(effects: Effects, db: Database, entry: number, key: Key): void {
  const stream = streamOf(db.keyspace, entry);
  const reader = new StreamReader();
  stream.walk(reader);
  while (reader.next()) {
    begin(effects, key, "XADD", 1 + 2 * reader.fieldCount);
    id(effects, reader.id);
    for (let i = 0; i < reader.fieldCount; i++) {
      reader.nextField(field, value);
      effects.bytes(field.buf, field.start, field.end).bytes(value.buf, value.start, value.end);
    }
  }
  if (stream.length === 0) tellEmpty(effects, stream, key);
  begin(effects, key, "XSETID", 5);
  id(effects, stream.lastId).word("ENTRIESADDED").integer(stream.entriesAdded)
    .word("MAXDELETEDID");
  id(effects, stream.maxDeletedId);
  const { groups } = stream;
  for (let rank = 0; rank < (groups?.size ?? 0); rank++) {
    groups!.showName(rank, groupName);
    tellGroup(effects, groups!.at(rank), key);
  }
}

/** There is no command that makes an empty stream: an entry is added, and trimmed at once. */
function tellEmpty(effects: Effects, stream: Stream, key: Key): void {
  begin(effects, key, "XADD", 5).word("MAXLEN").integer(0);
  least.setMin();
  if (compareIds(stream.lastId, least) === 0) effects.word("0-1");
  else id(effects, stream.lastId);
  effects.word("x").word("y");
}

function tellGroup(effects: Effects, group: StreamGroup, key: Key): void {
  aboutGroup(effects, key, "CREATE", 3);
  id(effects, group.lastId).word("ENTRIESREAD").integer(group.entriesRead);
  const { consumers } = group;
  for (let rank = 0; rank < consumers.size; rank++) {
    consumers.showName(consumers.numberAt(rank), consumerName);
    aboutGroup(effects, key, "CREATECONSUMER", 1);
    name(effects, consumerName);
  }
  least.setMin();
  for (let more = group.seek(least, pending); more; more = group.next(pending)) {
    consumers.showName(pending.consumer, consumerName);
    begin(effects, key, "XCLAIM", 10);
    name(effects, groupName);
    name(effects, consumerName).word("0");
    id(effects, pending.id).word("TIME").integer(pending.deliveryMs).word("RETRYCOUNT")
      .integer(pending.deliveryCount).word("FORCE").word("JUSTID");
  }
}

/** Begins XGROUP with a subcommand about the group, with so many arguments behind its name. */
function aboutGroup(effects: Effects, key: Key, verb: string, argumentCount: number): void {
  effects.command(key.db, 4 + argumentCount).word("XGROUP").word(verb)
    .bytes(key.buf, key.start, key.end);
  name(effects, groupName);
}

function name(effects: Effects, { buf, start, end }: NameView): Effects {
  return effects.bytes(buf, start, end);
}

function id(effects: Effects, streamId: StreamId): Effects {
  return effects.bytes(text, 0, writeId(text, 0, streamId));
}
