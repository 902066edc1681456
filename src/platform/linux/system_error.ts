/** Failures of system calls, with the system's name for the error and the C library's words for it. */

export class SystemError extends Error {
  override readonly name: string = "SystemError";

  /** @param code Such as `EADDRINUSE`; "" when the error is none of the system's. */
  constructor(readonly code: string, message: string) {
    super(message);
  }
}
