/** An error as the system reports it, for tests that let one happen. */
export class SystemError extends Error {
  /** @param code The system's name for it, such as `ENOENT`. */
  constructor(readonly code: string, message: string) {
    super(message);
  }
}
