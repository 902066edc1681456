/** Blocks for the fuzzers of decoders, with a look at what lies beside them. */
import { byteOffset, pageOf } from "../../src/memory/handle.ts";
import { Slabs } from "../../src/memory/slab.ts";

/** One for all cases, which free what they take. */
export const slabs = new Slabs();

/** A block with these bytes. */
export function blockOf(bytes: Uint8Array): number {
  const block = slabs.alloc(bytes.length);
  slabs.bytes[pageOf(block)].set(bytes, byteOffset(block));
  return block;
}

/** The first bytes of a block. */
export function bytesOf(block: number, length: number): Uint8Array {
  const start = byteOffset(block);
  return slabs.bytes[pageOf(block)].slice(start, start + length);
}

/** What a case may take at most besides twice what it was given, bytes. */
const ALLOWANCE_BYTES = 64 * 1024;

/** Runs a case on so many bytes, which must leave nothing behind, and must not have taken much. */
export function accountFor(bytes: number, run: () => void): void {
  const before = slabs.usedBytes;
  slabs.resetPeak();
  run();
  if (slabs.usedBytes !== before) throw new Error("memory is left behind");
  if (slabs.peakUsedBytes - before > 2 * bytes + ALLOWANCE_BYTES) {
    throw new Error("too much memory was taken");
  }
}
