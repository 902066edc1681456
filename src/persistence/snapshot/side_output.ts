/**
 * Keys that are written aside, while a giant value that takes its time is in the middle of the dump:
 * they are kept in memory and follow it when it is through.
 */
import { type ByteSink, RdbOutput } from "../rdb/output.ts";

const BUFFER_BYTES = 64 << 10;

export class SideOutput implements ByteSink {
  readonly output: RdbOutput;
  /** How many bytes are kept. */
  keptBytes = 0;
  #kept: Uint8Array[] = [];

  /** @param compresses As of the output that they will follow in. */
  constructor(compresses: boolean) {
    this.output = new RdbOutput(this, { compresses, sums: false, bufferBytes: BUFFER_BYTES });
  }

  write(bytes: Uint8Array): void {
    this.#kept.push(bytes.slice());
    this.keptBytes += bytes.length;
  }

  /** Hands all that is kept on, and keeps nothing any more. */
  moveTo(output: RdbOutput): void {
    this.output.flush();
    for (const bytes of this.#kept) output.bytes(bytes, 0, bytes.length);
    this.#kept = [];
    this.keptBytes = 0;
    this.output.reset();
  }
}
