/**
 * Listpacks to the wire: many elements as so many bulk strings.
 *
 * What LRANGE of a hundred elements costs is what each of them costs, so short strings, which most
 * elements are, are spelled here in one loop from the listpack's bytes to the reply's.
 */
import { byteOffset, pageOf } from "../memory/handle.ts";
import type { Slabs } from "../memory/slab.ts";
import type { ReplyWriter } from "../resp/writer.ts";
import { Element, nextElement, readElement } from "./listpack.ts";

const CR = 0x0d;
const LF = 0x0a;
const BULK = 0x24; // $
const ZERO = 0x30;

/** A string of up to 63 bytes has this head, with its length in the lower six bits. */
const SHORT_STRING = 0x80;
const SHORT_STRING_MASK = 0xc0;
const LENGTH_MASK = 0x3f;

/** The longest that a short string becomes: `$63 CR LF`, the string, CR LF. */
const SHORT_BULK_BYTES = 5 + 63 + 2;

const view = new Element();

/**
 * Replies with elements of a listpack, from the one at `pos` on, each as a bulk string. Allocates
 * nothing.
 *
 * @param count How many at most.
 * @returns How many there were.
 */
export function replyListpack(
  reply: ReplyWriter,
  slabs: Slabs,
  lp: number,
  pos: number,
  count: number,
): number {
  let at = pos;
  let left = count;
  while (left > 0 && at !== 0) {
    const replied = replyShortStrings(reply, slabs, lp, at, left);
    if (replied > 0) {
      left -= replied;
      at = reached;
      continue;
    }
    readElement(slabs, lp, at, view);
    reply.bulk(view.buf, view.start, view.end);
    at = nextElement(slabs, lp, at);
    left--;
  }
  return count - left;
}

/** Where {@link replyShortStrings} has stopped: the position of the next element, or 0. */
let reached = 0;

/** Replies with short strings for as long as there are such and the chunk has room; returns how many. */
function replyShortStrings(
  reply: ReplyWriter,
  slabs: Slabs,
  lp: number,
  pos: number,
  count: number,
): number {
  reply.ensure(SHORT_BULK_BYTES);
  const { buf } = reply;
  const src = slabs.bytes[pageOf(lp)];
  const base = byteOffset(lp);
  const last = buf.length - SHORT_BULK_BYTES;
  let from = base + pos;
  let to = reply.pos;
  let replied = 0;
  while (replied < count && to <= last) {
    const head = src[from];
    if ((head & SHORT_STRING_MASK) !== SHORT_STRING) break;
    const length = head & LENGTH_MASK;
    buf[to++] = BULK;
    if (length >= 10) {
      const tens = (length / 10) | 0;
      buf[to++] = ZERO + tens;
      buf[to++] = ZERO + length - 10 * tens;
    } else {
      buf[to++] = ZERO + length;
    }
    buf[to++] = CR;
    buf[to++] = LF;
    from++;
    for (const end = from + length; from < end; from++) buf[to++] = src[from];
    buf[to++] = CR;
    buf[to++] = LF;
    from++; // The back length of a short string is one byte.
    replied++;
  }
  reply.pos = to;
  reached = src[from] === 0xff ? 0 : from - base;
  return replied;
}
