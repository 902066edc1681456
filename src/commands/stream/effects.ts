/** What commands do to streams and their groups, told without times and without what was only looked for. */
import type { Args } from "../../resp/args.ts";
import type { Stream } from "../../structures/stream.ts";
import type { StreamGroup } from "../../structures/stream_group.ts";
import { STREAM_ID_TEXT_BYTES, type StreamId, writeId } from "../../structures/stream_id.ts";
import type { Client } from "../context.ts";

const text = new Uint8Array(STREAM_ID_TEXT_BYTES);

/** XADD: under the ID that it was given. `isTrimmed` when entries had to go, of which the length tells. */
export function tellAdded(
  client: Client,
  args: Args,
  stream: Stream,
  id: StreamId,
  firstText: number,
  isTrimmed: boolean,
): void {
  const { db, server: { effects } } = client;
  if (!effects.active) return;
  const texts = args.count - firstText;
  effects.command(db.index, (isTrimmed ? 6 : 3) + texts).word("XADD").argument(args, 1);
  if (isTrimmed) effects.word("MAXLEN").word("=").integer(stream.length);
  effects.bytes(text, 0, writeId(text, 0, id));
  for (let i = firstText; i < args.count; i++) effects.argument(args, i);
}

/** XTRIM: to what is left. */
export function tellTrimmed(client: Client, args: Args, stream: Stream): void {
  const { db, server: { effects } } = client;
  if (!effects.active) return;
  effects.command(db.index, 5).word("XTRIM").argument(args, 1).word("MAXLEN").word("=")
    .integer(stream.length);
}

/** There is a new consumer, of the name at the argument behind that of the group. */
export function tellConsumer(client: Client, args: Args, keyArg: number, groupArg: number): void {
  const { db, server: { effects } } = client;
  if (!effects.active) return;
  effects.command(db.index, 5).word("XGROUP").word("CREATECONSUMER").argument(args, keyArg)
    .argument(args, groupArg).argument(args, groupArg + 1);
}

/** An entry is pending for the consumer of the name at the argument behind that of the group. */
export function tellPending(
  client: Client,
  args: Args,
  keyArg: number,
  groupArg: number,
  id: StreamId,
  deliveryMs: number,
  deliveryCount: number,
): void {
  const { db, server: { effects } } = client;
  if (!effects.active) return;
  effects.command(db.index, 12).word("XCLAIM").argument(args, keyArg).argument(args, groupArg)
    .argument(args, groupArg + 1).word("0").bytes(text, 0, writeId(text, 0, id)).word("TIME")
    .integer(deliveryMs).word("RETRYCOUNT").integer(deliveryCount).word("FORCE").word("JUSTID");
}

/** An entry is no longer pending for anybody. */
export function tellForgotten(
  client: Client,
  args: Args,
  keyArg: number,
  groupArg: number,
  id: StreamId,
): void {
  const { db, server: { effects } } = client;
  if (!effects.active) return;
  effects.command(db.index, 4).word("XACK").argument(args, keyArg).argument(args, groupArg)
    .bytes(text, 0, writeId(text, 0, id));
}

/** A group has been given all entries up to another one than before. */
export function tellGroupMoved(
  client: Client,
  args: Args,
  keyArg: number,
  groupArg: number,
  group: StreamGroup,
): void {
  const { db, server: { effects } } = client;
  if (!effects.active) return;
  effects.command(db.index, 7).word("XGROUP").word("SETID").argument(args, keyArg)
    .argument(args, groupArg).bytes(text, 0, writeId(text, 0, group.lastId)).word("ENTRIESREAD")
    .integer(group.entriesRead);
}
