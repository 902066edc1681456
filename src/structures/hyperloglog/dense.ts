/**
 * Dense registers: 16384 of 6 bits each, packed without gaps, the least significant bits first.
 *
 *     byte 0    byte 1    byte 2
 *     11000000  22221111  33333322      register 0 in the low bits of byte 0, and so on
 *
 * Three bytes hold four registers, and what visits all of them goes by such groups. `start` is always
 * where the value begins, the header included.
 */
import { HLL_HEADER_BYTES, HLL_REGISTERS } from "./header.ts";

/** The rank in a register, 0 to 63. */
export function denseRank(buf: Uint8Array, start: number, index: number): number {
  const bit = index * 6;
  const at = start + HLL_HEADER_BYTES + (bit >> 3);
  const shift = bit & 7;
  // The last register ends with the value: there is no next byte to look at.
  if (shift <= 2) return (buf[at] >> shift) & 63;
  return ((buf[at] | buf[at + 1] << 8) >> shift) & 63;
}

/** Raises a register to `rank`. False: it was as high already. The cache is left alone. */
export function denseRaise(buf: Uint8Array, start: number, index: number, rank: number): boolean {
  const bit = index * 6;
  const at = start + HLL_HEADER_BYTES + (bit >> 3);
  const shift = bit & 7;
  if (shift <= 2) {
    const byte = buf[at];
    if (((byte >> shift) & 63) >= rank) return false;
    buf[at] = (byte & ~(63 << shift)) | rank << shift;
    return true;
  }
  const pair = buf[at] | buf[at + 1] << 8;
  if (((pair >> shift) & 63) >= rank) return false;
  const raised = (pair & ~(63 << shift)) | rank << shift;
  buf[at] = raised;
  buf[at + 1] = raised >> 8;
  return true;
}

/** Adds to `histogram[rank]`, 64 counters, how many registers hold that rank. */
export function denseHistogram(buf: Uint8Array, start: number, histogram: Int32Array): void {
  const end = start + HLL_HEADER_BYTES + HLL_REGISTERS * 6 / 8;
  for (let at = start + HLL_HEADER_BYTES; at < end; at += 3) {
    const group = buf[at] | buf[at + 1] << 8 | buf[at + 2] << 16;
    histogram[group & 63]++;
    histogram[(group >> 6) & 63]++;
    histogram[(group >> 12) & 63]++;
    histogram[group >> 18]++;
  }
}

/** Raises the registers, one a byte, to what the value holds. */
export function denseMerge(buf: Uint8Array, start: number, registers: Uint8Array): void {
  let at = start + HLL_HEADER_BYTES;
  for (let index = 0; index < HLL_REGISTERS; index += 4, at += 3) {
    const group = buf[at] | buf[at + 1] << 8 | buf[at + 2] << 16;
    if (group === 0) continue;
    raise(registers, index, group & 63);
    raise(registers, index + 1, (group >> 6) & 63);
    raise(registers, index + 2, (group >> 12) & 63);
    raise(registers, index + 3, group >> 18);
  }
}

/** Writes registers, one a byte, as the dense registers of the value at `start`. */
export function writeDense(buf: Uint8Array, start: number, registers: Uint8Array): void {
  let at = start + HLL_HEADER_BYTES;
  for (let index = 0; index < HLL_REGISTERS; index += 4, at += 3) {
    const group = registers[index] | registers[index + 1] << 6 | registers[index + 2] << 12 |
      registers[index + 3] << 18;
    buf[at] = group;
    buf[at + 1] = group >> 8;
    buf[at + 2] = group >> 16;
  }
}

function raise(registers: Uint8Array, index: number, rank: number): void {
  if (registers[index] < rank) registers[index] = rank;
}
