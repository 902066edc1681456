/**
 * CRC16 as Redis Cluster uses it (XMODEM: polynomial 0x1021, most significant bit first, starting
 * from 0), and the hash slot of a key that comes of it.
 */

/** The number of hash slots in a cluster. */
export const SLOTS = 16384;

const POLYNOMIAL = 0x1021;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) {
    crc = crc & 0x8000 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
  }
  return crc;
});

/** The checksum of a slice. */
export function crc16(buf: Uint8Array, start: number, end: number): number {
  let crc = 0;
  for (let i = start; i < end; i++) {
    crc = ((crc << 8) & 0xffff) ^ TABLE[(crc >> 8) ^ buf[i]];
  }
  return crc;
}

/**
 * The slot of a key: that of its hash tag alone, when it has one, so that keys with the same tag
 * stay together. The tag is what stands between the first { and the first } behind it, if anything.
 */
export function keySlot(buf: Uint8Array, start: number, end: number): number {
  let open = start;
  while (open < end && buf[open] !== OPEN_BRACE) open++;
  let close = open + 1;
  while (close < end && buf[close] !== CLOSE_BRACE) close++;
  const hasTag = close < end && close > open + 1;
  const crc = hasTag ? crc16(buf, open + 1, close) : crc16(buf, start, end);
  return crc & (SLOTS - 1);
}
