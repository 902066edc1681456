/**
 * Streams: the entry names a Stream (structures/stream.ts) by its number in the object table. The
 * length beside the value in the entry is not used.
 */
import * as Entry from "../../structures/entry.ts";
import { Element } from "../../structures/listpack.ts";
import { Stream } from "../../structures/stream.ts";
import { STREAM_ID_TEXT_BYTES, writeId } from "../../structures/stream_id.ts";
import { StreamReader } from "../../structures/stream_reader.ts";
import type { Digest } from "../digest.ts";
import type { ValueContext, ValueType } from "./type.ts";

/** So many nodes are freed at once; what has more is freed in slices of as many. */
const NODES_PER_SLICE = 64;
/** Between the halves of an ID in a digest. */
const DOT = 0x2e;

/** The stream that an entry names. */
export function streamOf({ slabs, objects }: ValueContext, entry: number): Stream {
  return objects.get<Stream>(Entry.valueHandle(slabs, entry));
}

export const streamType: ValueType = {
  name: "stream",

  release(context: ValueContext, entry: number): void {
    const stream = streamOf(context, entry);
    context.objects.remove(Entry.valueHandle(context.slabs, entry));
    if (stream.freeNodes(NODES_PER_SLICE)) return;
    context.lazyFree.structure(() => stream.freeNodes(NODES_PER_SLICE));
  },

  outsideBytes(context: ValueContext, entry: number, samples: number): number {
    return streamOf(context, entry).bytes(samples);
  },

  duplicate(context: ValueContext, entry: number, copy: number): void {
    const { slabs, objects } = context;
    const stream = new Stream(slabs);
    try {
      stream.copy(streamOf(context, entry));
    } catch (failure) {
      stream.freeNodes(Infinity);
      throw failure;
    }
    Entry.setValueHandle(slabs, copy, objects.add(stream));
  },

  /** Each entry mixes its ID, with a dot in it, then its fields and values. */
  digest(context: ValueContext, entry: number, digest: Digest): void {
    const stream = streamOf(context, entry);
    const reader = new StreamReader();
    stream.walk(reader);
    while (reader.next()) {
      digest.mix(idText, 0, writeId(idText, 0, reader.id, DOT));
      for (let i = 0; i < reader.fieldCount; i++) {
        reader.nextField(field, value);
        digest.mix(field.buf, field.start, field.end);
        digest.mix(value.buf, value.start, value.end);
      }
    }
  },

  compact(context: ValueContext, entry: number): number {
    const stream = streamOf(context, entry);
    const id = Entry.valueHandle(context.slabs, entry);
    context.compaction.add(id, (node, tally) => stream.compact(node, tally));
    return 0;
  },
};

const idText = new Uint8Array(STREAM_ID_TEXT_BYTES);
const field = new Element();
const value = new Element();
