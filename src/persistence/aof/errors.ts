/** What is wrong with the append-only files. */

/** An append-only file, or the manifest of them, that cannot be used. */
export class AofError extends Error {
  override readonly name = "AofError";
  /** Where in the file it was found, in bytes; -1 when it is no place in particular. */
  readonly offset: number;

  /** @param message What is wrong with which file, and what can be done. */
  constructor(message: string, offset = -1) {
    super(message);
    this.offset = offset;
  }
}
