/** What is wrong with a dump. */

/** A dump, or a payload of RESTORE, that cannot be read. */
export class RdbError extends Error {
  override readonly name: string = "RdbError";
  /** Where it was found: bytes from the start. */
  readonly offset: number;

  /**
   * @param problem What is wrong there.
   * @param reading What was being read.
   */
  constructor(problem: string, offset: number, reading: string) {
    super(`Reading ${reading} at offset ${offset}: ${problem}`);
    this.offset = offset;
  }
}

/** The dump may be sound, but has something that this server does not know. */
export class UnsupportedRdbError extends RdbError {
  override readonly name: string = "UnsupportedRdbError";
}
