/**
 * Replies of the Redis protocol (RESP2 and RESP3) as the tests see them.
 *
 * Three views of one reply: its bytes (what is compared), a {@link Reply} tree that keeps every type
 * byte (what normalisers and reports work on), and a plain JavaScript value (what a test that uses
 * the client as a tool wants). Written apart from src/resp, so that no mistake there is shared.
 */
import { latin1Bytes, latin1Text } from "./latin1.ts";

/** Types of one line or one length-prefixed text. */
export type ScalarType = "+" | "-" | ":" | "," | "(" | "#" | "$" | "=" | "!";
/** Types with elements. A map (`%`) holds key, value, key, value …; `|` are attributes. */
export type AggregateType = "*" | "~" | "%" | ">" | "|";

/** `text` is Latin-1: one char a byte. */
export interface ScalarReply {
  readonly type: ScalarType;
  readonly text: string;
}

export interface AggregateReply {
  readonly type: AggregateType;
  readonly items: readonly Reply[];
}

/** `$-1`, `*-1`, or RESP3's `_`. */
export interface NullReply {
  readonly type: "$-1" | "*-1" | "_";
}

export type Reply = ScalarReply | AggregateReply | NullReply;

const CR = 13;
const LF = 10;

/** One past the line that begins at `start`, its CR LF included; -1 when its end is not there yet. */
function lineEnd(buf: Uint8Array, start: number, end: number): number {
  const at = buf.indexOf(LF, start);
  return at < 0 || at >= end ? -1 : at + 1;
}

/** The number in the line of `buf` that begins after the type byte at `start`. */
function lineNumber(buf: Uint8Array, start: number): number {
  let at = start + 1;
  const negative = buf[at] === 45;
  if (negative) at++;
  let value = 0;
  for (; buf[at] !== CR; at++) {
    const digit = buf[at] - 48;
    if (!(digit >= 0 && digit <= 9)) throw protocolError(buf, start);
    value = value * 10 + digit;
  }
  return negative ? -value : value;
}

function protocolError(buf: Uint8Array, start: number): Error {
  const shown = JSON.stringify(latin1Text(buf.subarray(start, start + 40)));
  return new SyntaxError(`Cannot read a reply that begins with ${shown}`);
}

/**
 * Where the reply that begins at `start` ends.
 *
 * Attributes (`|`) belong to the reply they precede; a push is a reply of its own.
 *
 * @returns One past its last byte; -1 when bytes are missing before `end`.
 * @throws SyntaxError when these are no bytes of the protocol.
 */
export function replyEnd(buf: Uint8Array, start: number, end: number): number {
  if (start >= end) return -1;
  const line = lineEnd(buf, start, end);
  if (line < 0) return -1;
  switch (String.fromCharCode(buf[start])) {
    case "+":
    case "-":
    case ":":
    case ",":
    case "(":
    case "#":
    case "_":
      return line;
    case "$":
    case "=":
    case "!": {
      const length = lineNumber(buf, start);
      if (length < 0) return line;
      const after = line + length + 2;
      return after > end ? -1 : after;
    }
    case "*":
    case "~":
    case ">":
      return elementsEnd(buf, line, end, lineNumber(buf, start));
    case "%":
      return elementsEnd(buf, line, end, 2 * lineNumber(buf, start));
    case "|":
      return elementsEnd(buf, line, end, 2 * lineNumber(buf, start) + 1);
  }
  throw protocolError(buf, start);
}

function elementsEnd(buf: Uint8Array, start: number, end: number, count: number): number {
  let at = start;
  for (let i = 0; i < count; i++) {
    at = replyEnd(buf, at, end);
    if (at < 0) return -1;
  }
  return at;
}

/**
 * The tree of one whole reply.
 *
 * @throws SyntaxError when `bytes` is anything but exactly one reply.
 */
export function decodeReply(bytes: Uint8Array): Reply {
  const cursor = { at: 0 };
  const reply = decodeAt(bytes, cursor);
  if (cursor.at !== bytes.length) throw protocolError(bytes, cursor.at);
  return reply;
}

function decodeAt(buf: Uint8Array, cursor: { at: number }): Reply {
  const start = cursor.at;
  const line = lineEnd(buf, start, buf.length);
  if (line < 0) throw protocolError(buf, start);
  cursor.at = line;
  const type = String.fromCharCode(buf[start]);
  switch (type) {
    case "+":
    case "-":
    case ":":
    case ",":
    case "(":
    case "#":
      return { type, text: latin1Text(buf.subarray(start + 1, line - 2)) };
    case "_":
      return { type };
    case "$":
    case "=":
    case "!": {
      const length = lineNumber(buf, start);
      if (length < 0) return { type: "$-1" };
      cursor.at = line + length + 2;
      return { type, text: latin1Text(buf.subarray(line, line + length)) };
    }
    case "*":
    case "~":
    case ">":
    case "%":
    case "|": {
      const count = lineNumber(buf, start);
      if (count < 0) return { type: "*-1" };
      const items: Reply[] = [];
      const elements = type === "%" || type === "|" ? 2 * count : count;
      for (let i = 0; i < elements; i++) items.push(decodeAt(buf, cursor));
      if (type !== "|") return { type, items };
      return { type, items: [...items, decodeAt(buf, cursor)] };
    }
  }
  throw protocolError(buf, start);
}

/** The inverse of {@link decodeReply}. */
export function encodeReply(reply: Reply): Uint8Array {
  return latin1Bytes(encodedText(reply));
}

function encodedText(reply: Reply): string {
  if ("items" in reply) {
    const pairs = reply.type === "%" || reply.type === "|";
    const count = pairs ? reply.items.length >> 1 : reply.items.length;
    return `${reply.type}${count}\r\n${reply.items.map(encodedText).join("")}`;
  }
  if (!("text" in reply)) return `${reply.type}\r\n`;
  const prefixed = reply.type === "$" || reply.type === "=" || reply.type === "!";
  return prefixed
    ? `${reply.type}${reply.text.length}\r\n${reply.text}\r\n`
    : `${reply.type}${reply.text}\r\n`;
}

/** An error reply. `message` is the whole of it, `code` its first word. */
export class RespError extends Error {
  override name = "RespError";

  get code(): string {
    return this.message.split(" ", 1)[0];
  }
}

/** A reply as a plain value; a push stays recognisable. */
export type Value =
  | string
  | number
  | bigint
  | boolean
  | null
  | RespError
  | Push
  | Value[]
  | Set<Value>
  | Map<Value, Value>;

/** An out-of-band message of RESP3. */
export class Push {
  constructor(readonly items: readonly Value[]) {}
}

/**
 * @param reply A reply's tree.
 * @returns Its plain value: texts decoded as UTF-8, integers as bigint beyond the safe range,
 *   attributes dropped.
 */
export function replyValue(reply: Reply): Value {
  if ("items" in reply) return aggregateValue(reply);
  if (!("text" in reply)) return null;
  const text = reply.text;
  switch (reply.type) {
    case "-":
    case "!":
      return new RespError(text);
    case ":": {
      const number = Number(text);
      return Number.isSafeInteger(number) ? number : BigInt(text);
    }
    case "(":
      return BigInt(text);
    case ",":
      return text === "inf" ? Infinity : text === "-inf" ? -Infinity : Number(text);
    case "#":
      return text === "t";
    case "=":
      return utf8(text.slice(4));
    default:
      return utf8(text);
  }
}

function aggregateValue(reply: AggregateReply): Value {
  if (reply.type === "|") return replyValue(reply.items[reply.items.length - 1]);
  const values = reply.items.map(replyValue);
  if (reply.type === "~") return new Set(values);
  if (reply.type === ">") return new Push(values);
  if (reply.type === "*") return values;
  const map = new Map<Value, Value>();
  for (let i = 0; i < values.length; i += 2) map.set(values[i], values[i + 1]);
  return map;
}

const utf8Decoder = new TextDecoder();

function utf8(text: string): string {
  return utf8Decoder.decode(latin1Bytes(text));
}
