/**
 * The request protocol once more, as plainly as it can be put: the whole stream is at hand, and
 * everything is cut out of it. The parser must come to the same result from any pieces.
 */
import { latin1, latin1Text } from "../../src/memory/bytes.ts";
import { parseInt64 } from "../../src/memory/numbers.ts";
import { splitArguments } from "../../src/memory/quoting.ts";

/** What a stream of bytes says. Byte strings are texts with one character for each byte. */
export interface Outcome {
  /** The arguments of each request, requests without any left out. */
  requests: string[][];
  /** The error reply after them, without its minus; null when the stream just ends. */
  error: string | null;
}

/** The bounds of a client that is not trusted. */
export interface ReferenceLimits {
  protoMaxBulkLen: number;
  authenticated: boolean;
}

const LINE_MAX = 65536;

/** Thrown where the stream ends within a request. */
const END = Symbol();

class ProtocolError {
  constructor(readonly text: string) {}
}

/** Parses the stream from its beginning to its end, or to the first error. */
export function referenceParse(stream: string, limits: ReferenceLimits): Outcome {
  const requests: string[][] = [];
  let at = 0;
  try {
    while (at < stream.length) {
      const request = stream[at] === "*" ? array() : words();
      if (request.length > 0) requests.push(request);
    }
  } catch (thrown) {
    if (thrown instanceof ProtocolError) {
      return { requests, error: `ERR Protocol error: ${thrown.text}` };
    }
    if (thrown !== END) throw thrown;
  }
  return { requests, error: null };

  function words(): string[] {
    const text = line("\n", "too big inline request").replace(/\r$/, "");
    const bytes = latin1(text);
    const split = splitArguments(bytes, 0, bytes.length);
    if (split === null) throw new ProtocolError("unbalanced quotes in request");
    return split.map((word) => latin1Text(word, 0, word.length));
  }

  function array(): string[] {
    const text = line("\r", "too big mbulk count string");
    const count = integer(text.slice(1));
    if (count === null || count > 2 ** 24) throw new ProtocolError("invalid multibulk length");
    if (count > 10 && !limits.authenticated) {
      throw new ProtocolError("unauthenticated multibulk length");
    }
    const request: string[] = [];
    while (request.length < count) request.push(bulk());
    return request;
  }

  function bulk(): string {
    const text = line("\r", "too big bulk count string");
    if (text[0] !== "$") {
      const found = text === "" ? "\r" : text[0];
      throw new ProtocolError(`expected '$', got '${found.replace(/[\r\n]/, " ")}'`);
    }
    const length = integer(text.slice(1));
    if (length === null || length < 0 || length > limits.protoMaxBulkLen) {
      throw new ProtocolError("invalid bulk length");
    }
    if (length > 16384 && !limits.authenticated) {
      throw new ProtocolError("unauthenticated bulk length");
    }
    return take(length + 2).slice(0, -2);
  }

  /** The line up to a terminator; a CR takes whatever follows it along. */
  function line(terminator: string, tooLong: string): string {
    const end = stream.indexOf(terminator, at);
    const nul = stream.indexOf("\0", at);
    const isHidden = end === -1 || (nul !== -1 && nul < end);
    if (isHidden || end - at > LINE_MAX) {
      if (stream.length - at > LINE_MAX) throw new ProtocolError(tooLong);
      throw END;
    }
    const behind = terminator === "\r" ? 2 : 1;
    return take(end - at + behind).slice(0, -behind);
  }

  function take(bytes: number): string {
    if (at + bytes > stream.length) throw END;
    at += bytes;
    return stream.slice(at - bytes, at);
  }
}

function integer(text: string): number | null {
  const bytes = latin1(text);
  const value = parseInt64(bytes, 0, bytes.length);
  return value === null ? null : Number(value);
}
