/** IDs of streams in dumps: 16 bytes, high byte first, or two numbers that are written like lengths. */
import type { StreamId } from "../../../structures/stream_id.ts";
import type { RdbInput } from "../input.ts";
import type { RdbOutput } from "../output.ts";

/** Bytes of an ID. */
export const STREAM_ID_BYTES = 16;

const idBytes = new Uint8Array(STREAM_ID_BYTES);

/** An ID as bytes. */
export function readIdBytes(buf: Uint8Array, at: number, into: StreamId): void {
  into.set(word(buf, at), word(buf, at + 4), word(buf, at + 8), word(buf, at + 12));
}

function word(buf: Uint8Array, at: number): number {
  return (buf[at] << 24) | (buf[at + 1] << 16) | (buf[at + 2] << 8) | buf[at + 3];
}

/** An ID as two numbers. */
export function readIdNumbers(input: RdbInput, into: StreamId): void {
  input.length();
  const { high, low } = input;
  input.length();
  into.set(high, low, input.high, input.low);
}

/** An ID as bytes. */
export function writeIdBytes(
  output: RdbOutput,
  { msHigh, msLow, seqHigh, seqLow }: StreamId,
): void {
  setWord(0, msHigh);
  setWord(4, msLow);
  setWord(8, seqHigh);
  setWord(12, seqLow);
  output.bytes(idBytes, 0, STREAM_ID_BYTES);
}

function setWord(at: number, value: number): void {
  for (let i = 0; i < 4; i++) idBytes[at + i] = value >>> (24 - 8 * i);
}

/** An ID as two numbers. */
export function writeIdNumbers(
  output: RdbOutput,
  { msHigh, msLow, seqHigh, seqLow }: StreamId,
): void {
  output.length64(msHigh, msLow);
  output.length64(seqHigh, seqLow);
}
