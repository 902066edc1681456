/** How the bitmap commands read positions, and make room for a bit. */
import { parseInt64, parseSafeInteger } from "../../memory/numbers.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";

const OFFSET_OUT_OF_RANGE = new ReplyError("ERR bit offset is not an integer or out of range");

const BIT = keyword("BIT");
const BYTE = keyword("BYTE");

const HASH = 0x23;

/** Bits [from, to) of a string. */
export interface BitRange {
  from: number;
  to: number;
}

/** Argument `i` as the position of a bit in a string. Throws when no string may be that long. */
export function bitOffset(client: Client, args: Args, i: number): number {
  const offset = parseSafeInteger(args.bufs[i], args.starts[i], args.ends[i]);
  return checkedOffset(client, offset);
}

/** As {@link bitOffset}; `#3` means the position of field number 3, each `width` bits wide. */
export function fieldOffset(client: Client, args: Args, i: number, width: number): number {
  const buf = args.bufs[i];
  const start = args.starts[i];
  const end = args.ends[i];
  if (start === end || buf[start] !== HASH) return bitOffset(client, args, i);
  const offset = parseSafeInteger(buf, start + 1, end) * width;
  if (Number.isSafeInteger(offset)) return checkedOffset(client, offset);
  const field = parseInt64(buf, start + 1, end);
  if (field === null) throw OFFSET_OUT_OF_RANGE;
  // Redis multiplies in 64 bits, and takes what is left for the offset.
  return checkedOffset(client, Number(BigInt.asIntN(64, field * BigInt(width))));
}

/** NaN, as from a bad number, is no offset. */
function checkedOffset(client: Client, offset: number): number {
  const isValid = offset >= 0 && offset < client.server.settings.protoMaxBulkLen * 8;
  if (!isValid) throw OFFSET_OUT_OF_RANGE;
  return offset;
}

/** Whether argument `i`, BIT or BYTE, says that a range counts bits. Throws SYNTAX for any other. */
export function countsBits(args: Args, i: number): boolean {
  if (args.is(i, BIT)) return true;
  if (args.is(i, BYTE)) return false;
  throw SYNTAX;
}

/**
 * Finds the bits that the range from `first` to `last` has in a string of so many bytes: both count
 * in bits or bytes, negative ones from the end, and what lies outside is cut off.
 *
 * @returns False when the range is empty; `range` is not set then.
 */
export function resolveRange(
  range: BitRange,
  first: number,
  last: number,
  byteCount: number,
  isInBits: boolean,
): boolean {
  const count = isInBits ? byteCount * 8 : byteCount;
  const from = first < 0 ? Math.max(0, first + count) : first;
  const to = Math.min(last < 0 ? Math.max(0, last + count) : last, count - 1) + 1;
  if (from >= to) return false;
  range.from = isInBits ? from : from * 8;
  range.to = isInBits ? to : to * 8;
  return true;
}

/** The bytes that a string must have for a bit at `offset`. */
export function bytesForBit(offset: number): number {
  return Math.floor(offset / 8) + 1;
}

/**
 * Makes the string at argument 1 at least so many bytes long, the new ones zero, and `raw`.
 *
 * @param entry The string, or 0 when the key is missing and to be made.
 * @returns The entry, which may have moved.
 */
export function growTo(client: Client, args: Args, entry: number, byteCount: number): number {
  const { db } = client;
  if (entry === 0) return db.createString(args.bufs[1], args.starts[1], args.ends[1], byteCount);
  return db.resizeString(entry, Math.max(byteCount, db.valueLength(entry)));
}
