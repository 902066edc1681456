/** Sets, as the keyspace sees them; see set_members.ts for how they are kept. */
import { copyBytes } from "../../memory/bytes.ts";
import { byteOffset, pageOf } from "../../memory/handle.ts";
import type { Slabs } from "../../memory/slab.ts";
import { type Dict, freeSome } from "../../structures/dict.ts";
import * as Entry from "../../structures/entry.ts";
import { intsetBytes } from "../../structures/intset.ts";
import { listpackBytes } from "../../structures/listpack.ts";
import type { Digest } from "../digest.ts";
import { copyToDict } from "./set_members.ts";
import { SetWalk } from "./set_walk.ts";
import { compactBuckets } from "../compaction_queue.ts";
import { Encoding, type ValueContext, type ValueType } from "./type.ts";

/** A set of more members is freed in slices; fewer take less than a millisecond. */
const MAX_MEMBERS_FREED_AT_ONCE = 4096;

/** Buckets of a big set that are freed between two looks at the time. */
const BUCKETS_PER_SLICE = 64;

const walk = new SetWalk();

function isDict(slabs: Slabs, entry: number): boolean {
  return Entry.encoding(slabs, entry) === Encoding.HASHTABLE;
}

export const setType: ValueType = {
  name: "set",

  release({ slabs, objects, lazyFree }: ValueContext, entry: number): void {
    const value = Entry.valueHandle(slabs, entry);
    if (!isDict(slabs, entry)) return slabs.free(value);
    const table = objects.get<Dict>(value).detach();
    objects.remove(value);
    if (table === null) return;
    const freeMember = (member: number) => slabs.free(member);
    if (table.size <= MAX_MEMBERS_FREED_AT_ONCE) freeSome(slabs, table, Infinity, freeMember);
    else lazyFree.structure(() => freeSome(slabs, table, BUCKETS_PER_SLICE, freeMember));
  },

  outsideBytes(context: ValueContext, entry: number, samples: number): number {
    const { slabs, objects } = context;
    const value = Entry.valueHandle(slabs, entry);
    if (!isDict(slabs, entry)) return slabs.sizeOf(value);
    const dict = objects.get<Dict>(value);
    const { size } = dict;
    const wanted = samples === 0 ? size : Math.min(samples, size);
    let seen = 0;
    let bytes = 0;
    for (let cursor = 0; seen < wanted;) {
      cursor = dict.scan(cursor, (member) => {
        bytes += slabs.sizeOf(member);
        seen++;
      });
    }
    return dict.memoryBytes + (seen === 0 ? 0 : Math.round(bytes * (size / seen)));
  },

  duplicate(context: ValueContext, entry: number, copy: number): void {
    const { slabs, objects } = context;
    const source = Entry.valueHandle(slabs, entry);
    if (isDict(slabs, entry)) {
      Entry.setValueHandle(slabs, copy, objects.add(copyToDict(context, entry)));
      return;
    }
    const isIntset = Entry.encoding(slabs, entry) === Encoding.INTSET;
    const length = isIntset ? intsetBytes(slabs, source) : listpackBytes(slabs, source);
    const block = slabs.alloc(length);
    const start = byteOffset(source);
    const target = slabs.bytes[pageOf(block)];
    copyBytes(target, byteOffset(block), slabs.bytes[pageOf(source)], start, start + length);
    Entry.setValueHandle(slabs, copy, block);
  },

  digest(context: ValueContext, entry: number, digest: Digest): void {
    walk.begin(context, entry);
    while (walk.next()) digest.add(walk.buf, walk.start, walk.end);
  },

  compact({ slabs, objects, compaction }: ValueContext, entry: number): number {
    const value = Entry.valueHandle(slabs, entry);
    if (!isDict(slabs, entry)) {
      if (!slabs.shouldMove(value)) return 0;
      Entry.setValueHandle(slabs, entry, slabs.move(value));
      return 1;
    }
    const dict = objects.get<Dict>(value);
    compaction.add(value, (cursor, tally) =>
      compactBuckets(dict, cursor, (member) => {
        if (!slabs.shouldMove(member)) return member;
        tally.moved++;
        return slabs.move(member);
      }));
    return 0;
  },
};
