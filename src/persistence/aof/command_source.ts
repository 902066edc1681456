/**
 * The commands of an append-only file as the source of a reader.
 *
 * When the power fails, a file system may keep the new length of a file and not what was appended: then
 * the file ends with zeros. No command does, so they are told from what was written, as if the file had
 * been torn off there.
 */
import type { OpenFile } from "../../platform/mod.ts";
import type { AofSource } from "./reader.ts";

/** Read at a time, from the end of the file on. */
const PORTION_BYTES = 64 << 10;

export class CommandSource implements AofSource {
  /** Where in the file the commands end, in bytes. */
  readonly end: number;
  /** How many zeros follow them. */
  readonly zeros: number;
  readonly #file: OpenFile;
  #left: number;

  /** @param offset Where in the file the commands begin. */
  constructor(file: OpenFile, offset: number) {
    const { size } = file.statusSync();
    this.end = Math.max(offset, endBeforeZeros(file, offset, size));
    this.zeros = size - this.end;
    this.#left = this.end - offset;
    this.#file = file;
    file.seekSync(offset);
  }

  read(target: Uint8Array): number {
    const n = target.length <= this.#left
      ? this.#file.readSync(target)
      : this.#file.readSync(target.subarray(0, this.#left));
    this.#left -= n;
    return n;
  }
}

/** Where what is not zero ends, between two places. */
function endBeforeZeros(file: OpenFile, start: number, end: number): number {
  const portion = new Uint8Array(Math.min(PORTION_BYTES, Math.max(1, end - start)));
  for (let before = end; before > start;) {
    const from = Math.max(start, before - portion.length);
    const length = readAt(file, from, portion.subarray(0, before - from));
    for (let i = length; i > 0; i--) if (portion[i - 1] !== 0) return from + i;
    before = from;
  }
  return start;
}

function readAt(file: OpenFile, offset: number, target: Uint8Array): number {
  file.seekSync(offset);
  let length = 0;
  while (length < target.length) {
    const n = file.readSync(target.subarray(length));
    if (n === 0) break;
    length += n;
  }
  return length;
}
