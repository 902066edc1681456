/**
 * Integers of 1 to 64 bits at any bit of a byte string, as BITFIELD has them: bit 0 is the highest
 * bit of the first byte, and a field's highest bit comes first.
 *
 * Everything comes in two kinds. The one on numbers never allocates; it serves fields of up to
 * {@link FIELD_NUMBER_BITS} bits, and wider ones when they hold no big value. The one on BigInt serves
 * all.
 */
import { INT64_MIN } from "./numbers.ts";

/**
 * The widest field for numbers, as far as they can serve all its values. With an increment of no more
 * bits the sum still is a safe integer.
 */
export const FIELD_NUMBER_BITS = 52;

/** What such a field, or increment, is no farther from zero than. */
export const FIELD_NUMBER_MAX = 2 ** FIELD_NUMBER_BITS;

/** What becomes of a value that does not fit. */
export const Overflow = {
  /** Only its low bits are kept. */
  WRAP: 0,
  /** The nearest value that fits is taken. */
  SATURATE: 1,
  /** Nothing is written. */
  FAIL: 2,
} as const;
export type Overflow = typeof Overflow[keyof typeof Overflow];

/**
 * Reads a field of up to 64 bits from the string in the slice; bits behind its end read 0.
 *
 * @param position Of the field's first bit.
 * @returns NaN when the field is wider than {@link FIELD_NUMBER_BITS} and its value beyond
 *   ±{@link FIELD_NUMBER_MAX}.
 */
export function readField(
  buf: Uint8Array,
  start: number,
  end: number,
  position: number,
  width: number,
  signed: boolean,
): number {
  if (width <= FIELD_NUMBER_BITS) return readNarrow(buf, start, end, position, width, signed);
  const high = readNarrow(buf, start, end, position, width - 32, signed);
  const low = readNarrow(buf, start, end, position + width - 32, 32, false);
  const value = high * 2 ** 32 + low;
  return value >= -FIELD_NUMBER_MAX && value <= FIELD_NUMBER_MAX ? value : NaN;
}

/** Reads a field of up to {@link FIELD_NUMBER_BITS} bits. */
function readNarrow(
  buf: Uint8Array,
  start: number,
  end: number,
  position: number,
  width: number,
  signed: boolean,
): number {
  let at = start + Math.floor(position / 8);
  let missing = width - 8 + (position & 7);
  let value = at < end ? buf[at] & (0xff >> (position & 7)) : 0;
  for (; missing >= 8; missing -= 8) {
    at++;
    value = value * 256 + (at < end ? buf[at] : 0);
  }
  if (missing > 0) {
    at++;
    value = value * (1 << missing) + (at < end ? buf[at] >> (8 - missing) : 0);
  } else if (missing < 0) {
    value >>= -missing; // All of it lies within one byte.
  }
  return signed && value >= 2 ** (width - 1) ? value - 2 ** width : value;
}

/** As {@link readField}, whatever the value. */
export function readFieldBig(
  buf: Uint8Array,
  start: number,
  end: number,
  position: number,
  width: number,
  signed: boolean,
): bigint {
  const highWidth = Math.max(0, width - 32);
  const high = highWidth === 0 ? 0 : readNarrow(buf, start, end, position, highWidth, false);
  const lowWidth = width - highWidth;
  const low = readNarrow(buf, start, end, position + highWidth, lowWidth, false);
  const value = BigInt(high) << 32n | BigInt(low);
  return signed ? BigInt.asIntN(width, value) : value;
}

/**
 * Writes the low `width` bits, up to 64, of `value` to a field of the string at `start`, which must be
 * long enough.
 *
 * @param value A safe integer.
 */
export function writeField(
  buf: Uint8Array,
  start: number,
  position: number,
  width: number,
  value: number,
): void {
  // From the last byte to the first, as many bits as the byte has of the field.
  let rest = value;
  let end = position + width;
  while (end > position) {
    const at = start + Math.floor((end - 1) / 8);
    const shift = 7 - ((end - 1) & 7);
    const bits = Math.min(8 - shift, end - position);
    const mask = (1 << bits) - 1;
    buf[at] = (buf[at] & ~(mask << shift)) | (rest & mask) << shift;
    rest = Math.floor(rest / (1 << bits));
    end -= bits;
  }
}

/** As {@link writeField}, for any value. */
export function writeFieldBig(
  buf: Uint8Array,
  start: number,
  position: number,
  width: number,
  value: bigint,
): void {
  const highWidth = Math.max(0, width - 32);
  const lowWidth = width - highWidth;
  const low = Number(BigInt.asUintN(32, value));
  writeField(buf, start, position + highWidth, lowWidth, low);
  if (highWidth === 0) return;
  const high = Number(BigInt.asUintN(32, value >> 32n));
  writeField(buf, start, position, highWidth, high);
}

/** Whether a field of up to 64 bits can hold a safe integer. */
export function fitsField(value: number, width: number, signed: boolean): boolean {
  if (!signed) return value >= 0 && value < 2 ** width;
  const limit = 2 ** (width - 1);
  return value >= -limit && value < limit;
}

/**
 * Makes the sum of a field's value and an increment fit the field.
 *
 * @param sum A safe integer.
 * @param width At most {@link FIELD_NUMBER_BITS}, unless {@link fitsField} holds.
 * @returns What to write; NaN when it does not fit and `overflow` is FAIL.
 */
export function fitSum(sum: number, width: number, signed: boolean, overflow: Overflow): number {
  if (fitsField(sum, width, signed)) return sum;
  const size = 2 ** width;
  const max = signed ? size / 2 - 1 : size - 1;
  const min = signed ? -size / 2 : 0;
  if (overflow === Overflow.FAIL) return NaN;
  if (overflow === Overflow.SATURATE) return sum > max ? max : min;
  const wrapped = sum - Math.floor(sum / size) * size;
  return wrapped > max ? wrapped - size : wrapped;
}

/** As {@link fitSum}, for fields of up to 64 bits (unsigned: 63); null instead of NaN. */
export function fitSumBig(
  sum: bigint,
  width: number,
  signed: boolean,
  overflow: Overflow,
): bigint | null {
  const max = maxOfField(width, signed);
  const min = signed ? -max - 1n : 0n;
  if (sum >= min && sum <= max) return sum;
  if (overflow === Overflow.FAIL) return null;
  if (overflow === Overflow.SATURATE) return sum > max ? max : min;
  return signed ? BigInt.asIntN(width, sum) : BigInt.asUintN(width, sum);
}

/**
 * Makes a value that a field is set to fit it. This is {@link fitSum}, save that an unsigned field
 * takes a negative value for a huge one.
 */
export function fitValue(
  value: number,
  width: number,
  signed: boolean,
  overflow: Overflow,
): number {
  if (value < 0 && !signed && overflow === Overflow.SATURATE) return 2 ** width - 1;
  return fitSum(value, width, signed, overflow);
}

/**
 * As {@link fitValue}, for fields of up to 64 bits (unsigned: 63) and all 64-bit values; null instead
 * of NaN. A signed field takes values near -2^63, as far as its own maximum, for huge ones: there
 * Redis's check for an overflow overflows itself.
 */
export function fitValueBig(
  value: bigint,
  width: number,
  signed: boolean,
  overflow: Overflow,
): bigint | null {
  if (value < 0n && overflow === Overflow.SATURATE) {
    const max = maxOfField(width, signed);
    if (!signed || (width < 64 && value <= INT64_MIN + max)) return max;
  }
  return fitSumBig(value, width, signed, overflow);
}

function maxOfField(width: number, signed: boolean): bigint {
  return 2n ** BigInt(signed ? width - 1 : width) - 1n;
}
