/** What the errors that the other parts of the platform throw have to say. */

/** The system's name for an error, such as `ENOENT`; "" when it is none of the system's. */
export function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
}

/**
 * What went wrong, in the words the C library has for it (`No such file or directory`): as in the
 * messages of Redis, without the number of the error and the name of the file.
 */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const numberAt = error.message.indexOf(" (os error ");
  return numberAt < 0 ? error.message : error.message.slice(0, numberAt);
}

/** @returns What `read` returns, or `fallback` when it fails or its permission has not been given. */
export function attempt<T>(read: () => T, fallback: T): T {
  try {
    return read();
  } catch {
    return fallback;
  }
}
