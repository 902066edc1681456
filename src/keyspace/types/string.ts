/** Strings: bytes, inside their entry while they are short, else in a block of their own. */
import { copyBytes } from "../../memory/bytes.ts";
import { isCanonicalInt64 } from "../../memory/numbers.ts";
import * as Entry from "../../structures/entry.ts";
import type { Digest } from "../digest.ts";
import { Encoding, type ValueContext, type ValueType } from "./type.ts";

/** The longest string that OBJECT ENCODING calls `embstr`, in bytes. */
const EMBSTR_MAX_BYTES = 44;
/** The longest text of a 64-bit integer. */
const INT_MAX_BYTES = 20;

/**
 * The encoding that Redis would choose for a new value: `int` for the text of a 64-bit integer,
 * `embstr` for what is short, else `raw`. Here it is a label: the bytes are stored as they are.
 */
export function stringEncoding(buf: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length <= INT_MAX_BYTES && isCanonicalInt64(buf, start, end)) return Encoding.INT;
  return textEncoding(length);
}

/** The same for a string that is not to be taken for an integer, by its length. */
export function textEncoding(length: number): number {
  return length <= EMBSTR_MAX_BYTES ? Encoding.EMBSTR : Encoding.RAW;
}

export const stringType: ValueType = {
  name: "string",

  release({ slabs }: ValueContext, entry: number): void {
    slabs.free(Entry.valueHandle(slabs, entry));
  },

  outsideBytes({ slabs }: ValueContext, entry: number): number {
    return slabs.sizeOf(Entry.valueHandle(slabs, entry));
  },

  duplicate({ slabs }: ValueContext, entry: number, copy: number): void {
    const length = Entry.valueLength(slabs, entry);
    const source = Entry.valueHandle(slabs, entry);
    const block = slabs.alloc(length);
    const start = (source & 0x7ffff) << 3;
    copyBytes(
      slabs.bytes[block >>> 19],
      (block & 0x7ffff) << 3,
      slabs.bytes[source >>> 19],
      start,
      start + length,
    );
    Entry.setValueHandle(slabs, copy, block);
  },

  digest({ slabs }: ValueContext, entry: number, digest: Digest): void {
    const isInline = Entry.isInline(slabs, entry);
    const block = isInline ? entry : Entry.valueHandle(slabs, entry);
    const start = isInline ? Entry.valueOffset(slabs, entry) : (block & 0x7ffff) << 3;
    digest.mix(slabs.bytes[block >>> 19], start, start + Entry.valueLength(slabs, entry));
  },

  compact({ slabs }: ValueContext, entry: number): number {
    const block = Entry.valueHandle(slabs, entry);
    if (!slabs.shouldMove(block)) return 0;
    Entry.setValueHandle(slabs, entry, slabs.move(block));
    return 1;
  },
};
