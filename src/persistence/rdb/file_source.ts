/** A file as the source of an input. */
import type { OpenFile } from "../../platform/mod.ts";
import type { ByteSource } from "./input.ts";

export class FileSource implements ByteSource {
  readonly size: number;
  readonly #file: OpenFile;

  /** Reads from the file's position on; the file stays the caller's. */
  constructor(file: OpenFile) {
    this.#file = file;
    this.size = file.statusSync().size;
  }

  read(target: Uint8Array): number {
    return this.#file.readSync(target);
  }
}
