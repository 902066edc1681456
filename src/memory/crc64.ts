/**
 * CRC64 as it closes RDB files and DUMP payloads: the polynomial of David T. Jones,
 * 0xad93d23594c935a9, least significant bit first, starting from 0, no final inversion.
 *
 * JavaScript has no fast 64-bit integers, so a checksum is two signed 32-bit halves. Eight bytes are
 * taken at a time ("slicing by 8", Kounavis and Berry, Intel, 2005): table k holds what a byte adds
 * to the checksum when k more bytes follow it within the step.
 */

/** The polynomial with its bits reversed. */
const POLYNOMIAL_LOW = 0xac4bc9b5 | 0;
const POLYNOMIAL_HIGH = 0x95ac9329 | 0;

const STRIDE = 8;

/** Entry (k * 256 + byte) is a pair of words: low half, high half. */
const TABLES = makeTables();

function makeTables(): Int32Array {
  const tables = new Int32Array(STRIDE * 256 * 2);
  for (let byte = 0; byte < 256; byte++) {
    let low = byte;
    let high = 0;
    for (let bit = 0; bit < 8; bit++) {
      const carry = -(low & 1);
      low = ((low >>> 1) | (high << 31)) ^ (POLYNOMIAL_LOW & carry);
      high = (high >>> 1) ^ (POLYNOMIAL_HIGH & carry);
    }
    tables[2 * byte] = low;
    tables[2 * byte + 1] = high;
  }
  for (let entry = 256; entry < STRIDE * 256; entry++) {
    const low = tables[2 * (entry - 256)];
    const high = tables[2 * (entry - 256) + 1];
    const next = 2 * (low & 0xff);
    tables[2 * entry] = ((low >>> 8) | (high << 24)) ^ tables[next];
    tables[2 * entry + 1] = (high >>> 8) ^ tables[next + 1];
  }
  return tables;
}

/** A checksum under way. It can be taken at any point, and more bytes added behind. */
export class Crc64 {
  /** The low half, as a signed 32-bit integer. */
  low = 0;
  /** The high half, as a signed 32-bit integer. */
  high = 0;

  /** Forgets all bytes. */
  reset(): void {
    this.low = 0;
    this.high = 0;
  }

  /** Adds the bytes of a slice. */
  update(buf: Uint8Array, start: number, end: number): void {
    const tables = TABLES;
    let low = this.low;
    let high = this.high;
    let at = start;
    for (const stop = end - STRIDE; at <= stop; at += STRIDE) {
      low ^= buf[at] | (buf[at + 1] << 8) | (buf[at + 2] << 16) | (buf[at + 3] << 24);
      high ^= buf[at + 4] | (buf[at + 5] << 8) | (buf[at + 6] << 16) | (buf[at + 7] << 24);
      const e7 = (7 << 9) | ((low & 0xff) << 1);
      const e6 = (6 << 9) | ((low >>> 7) & 0x1fe);
      const e5 = (5 << 9) | ((low >>> 15) & 0x1fe);
      const e4 = (4 << 9) | ((low >>> 23) & 0x1fe);
      const e3 = (3 << 9) | ((high & 0xff) << 1);
      const e2 = (2 << 9) | ((high >>> 7) & 0x1fe);
      const e1 = (1 << 9) | ((high >>> 15) & 0x1fe);
      const e0 = (high >>> 23) & 0x1fe;
      low = tables[e7] ^ tables[e6] ^ tables[e5] ^ tables[e4] ^
        tables[e3] ^ tables[e2] ^ tables[e1] ^ tables[e0];
      high = tables[e7 + 1] ^ tables[e6 + 1] ^ tables[e5 + 1] ^ tables[e4 + 1] ^
        tables[e3 + 1] ^ tables[e2 + 1] ^ tables[e1 + 1] ^ tables[e0 + 1];
    }
    for (; at < end; at++) {
      const entry = 2 * ((low ^ buf[at]) & 0xff);
      low = ((low >>> 8) | (high << 24)) ^ tables[entry];
      high = (high >>> 8) ^ tables[entry + 1];
    }
    this.low = low;
    this.high = high;
  }

  /** Writes the checksum as RDB has it, in 8 bytes, the least significant first. */
  write(dst: Uint8Array, at: number): void {
    for (let i = 0; i < 4; i++) {
      dst[at + i] = this.low >>> (8 * i);
      dst[at + 4 + i] = this.high >>> (8 * i);
    }
  }

  /** Whether the 8 bytes at `at` are what `write` would write. */
  matches(buf: Uint8Array, at: number): boolean {
    for (let i = 0; i < 4; i++) {
      if (buf[at + i] !== ((this.low >>> (8 * i)) & 0xff)) return false;
      if (buf[at + 4 + i] !== ((this.high >>> (8 * i)) & 0xff)) return false;
    }
    return true;
  }
}
