/**
 * Error replies that are thrown.
 *
 * A handler reads its arguments straight down; where one is bad, the reader throws a
 * {@link ReplyError} that was built when the program started, and dispatch, which catches it,
 * sends its bytes. It is no `Error`: it records no stack, for it is an answer, not a failure.
 */
import { latin1 } from "../memory/bytes.ts";

/** An error reply: what a client is told when its command cannot be served. */
export class ReplyError {
  /** The text without the leading minus: `ERR syntax error`. One character for each byte. */
  readonly text: string;
  /** The first word of the text (`ERR`, `WRONGTYPE`), by which error statistics count. */
  readonly code: string;
  /** The reply as it goes over the wire, `-ERR syntax error\r\n`. */
  readonly line: Uint8Array;

  /**
   * @param text Code and message. Its characters stand for bytes (U+0000 to U+00FF); line breaks,
   *   which would end the reply early, become spaces, and those at the end fall away.
   */
  constructor(text: string) {
    this.text = oneLine(text);
    const space = this.text.indexOf(" ");
    this.code = space === -1 ? this.text : this.text.slice(0, space);
    this.line = latin1(`-${this.text}\r\n`);
  }
}

/** The text with what would break a one-line reply taken out. */
export function oneLine(text: string): string {
  return /[\r\n]/.test(text) ? text.replace(/[\r\n]+$/, "").replace(/[\r\n]/g, " ") : text;
}

export const NOT_AN_INTEGER = new ReplyError("ERR value is not an integer or out of range");
export const NOT_A_FLOAT = new ReplyError("ERR value is not a valid float");
export const TIMEOUT_NOT_A_FLOAT = new ReplyError("ERR timeout is not a float or out of range");
export const TIMEOUT_NOT_AN_INTEGER = new ReplyError(
  "ERR timeout is not an integer or out of range",
);
export const TIMEOUT_NEGATIVE = new ReplyError("ERR timeout is negative");
export const TIMEOUT_OUT_OF_RANGE = new ReplyError("ERR timeout is out of range");

/** What a client is told before its connection is closed because its bytes are no request. */
export const INVALID_MULTIBULK_LENGTH = new ReplyError(
  "ERR Protocol error: invalid multibulk length",
);
export const INVALID_BULK_LENGTH = new ReplyError("ERR Protocol error: invalid bulk length");
export const UNAUTHENTICATED_MULTIBULK = new ReplyError(
  "ERR Protocol error: unauthenticated multibulk length",
);
export const UNAUTHENTICATED_BULK = new ReplyError(
  "ERR Protocol error: unauthenticated bulk length",
);
export const TOO_BIG_MULTIBULK_COUNT = new ReplyError(
  "ERR Protocol error: too big mbulk count string",
);
export const TOO_BIG_BULK_COUNT = new ReplyError("ERR Protocol error: too big bulk count string");
export const TOO_BIG_INLINE = new ReplyError("ERR Protocol error: too big inline request");
export const UNBALANCED_QUOTES = new ReplyError(
  "ERR Protocol error: unbalanced quotes in request",
);

/** The protocol error for an argument that does not begin with a dollar sign. */
export function expectedBulk(found: string): ReplyError {
  return new ReplyError(`ERR Protocol error: expected '$', got '${found}'`);
}
