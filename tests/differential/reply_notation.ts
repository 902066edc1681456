/**
 * How the tables write replies: RESP's own type bytes, one notation for both protocols.
 *
 * ```
 * +OK   -ERR syntax error   :12   $bulk to the end of the line   "bulk with \x00"
 * nil   nil[]   ,3.14   #t   (12345678901234567890   =txt:verbatim
 * [:1, $two, "3, with comma"]   %[$key, :1]   ~[$member]   >[$message, …]   |[$attribute, :1, $reply]
 * ```
 *
 * It says what RESP3 shows. RESP2 gets what Redis sends instead: arrays for maps, sets and pushes,
 * bulk strings for doubles, big numbers and verbatim text, `:1` and `:0` for booleans, no attributes.
 * `nil` and `nil[]` are RESP2's two nulls.
 */
import { quote, readQuoted } from "./command_notation.ts";
import type { AggregateReply, Reply, ScalarType } from "../support/reply.ts";

export type Protocol = 2 | 3;

/**
 * @param notation One reply.
 * @returns Its tree with RESP3's types, nulls as RESP2's.
 * @throws SyntaxError when it is none.
 */
export function parseReply(notation: string): Reply {
  const { reply, end } = parseAt(notation, 0, false);
  if (end !== notation.length) throw unreadable(notation, end);
  return reply;
}

interface Parsed {
  readonly reply: Reply;
  readonly end: number;
}

function unreadable(notation: string, at: number): SyntaxError {
  return new SyntaxError(`Cannot read the reply ${notation}: unexpected text at ${at}`);
}

function parseAt(notation: string, start: number, nested: boolean): Parsed {
  const type = notation[start];
  if (type === "[") return parseItems(notation, start + 1, "*");
  if (
    (type === "%" || type === "~" || type === ">" || type === "|") && notation[start + 1] === "["
  ) {
    return parseItems(notation, start + 2, type);
  }
  if (type === '"') {
    const { text, end } = readQuoted(notation, start + 1, '"');
    return { reply: { type: "$", text }, end };
  }
  const end = nested ? bareEnd(notation, start) : notation.length;
  const bare = notation.slice(start, end);
  if (bare === "nil") return { reply: { type: "$-1" }, end };
  if (bare === "nil[]") return { reply: { type: "*-1" }, end };
  if (type === ":" && !/^:-?\d+$/.test(bare)) throw unreadable(notation, start);
  if (type !== undefined && "+-:,(#$=!".includes(type)) {
    return { reply: { type: type as ScalarType, text: bare.slice(1) }, end };
  }
  throw unreadable(notation, start);
}

/** Where a bare element of an aggregate ends; the brackets of `nil[]` are its own. */
function bareEnd(notation: string, start: number): number {
  if (notation.startsWith("nil[]", start)) return start + "nil[]".length;
  const length = notation.slice(start).search(/[,\]]/);
  // The type byte of a double is a comma itself.
  if (length === 0) return start + 1 + notation.slice(start + 1).search(/[,\]]/);
  return length < 0 ? notation.length : start + length;
}

function parseItems(notation: string, start: number, type: AggregateReply["type"]): Parsed {
  const items: Reply[] = [];
  let at = skipSpaces(notation, start);
  if (notation[at] === "]") return { reply: { type, items }, end: at + 1 };
  for (;;) {
    const item = parseAt(notation, at, true);
    items.push(item.reply);
    at = skipSpaces(notation, item.end);
    if (notation[at] === "]") return { reply: { type, items }, end: at + 1 };
    if (notation[at] !== ",") throw unreadable(notation, at);
    at = skipSpaces(notation, at + 1);
  }
}

function skipSpaces(notation: string, start: number): number {
  let at = start;
  while (notation[at] === " ") at++;
  return at;
}

/** The reply as a client of that protocol receives it. */
export function asSentIn(protocol: Protocol, reply: Reply): Reply {
  if ("items" in reply) {
    const items = reply.items.map((item) => asSentIn(protocol, item));
    if (protocol === 2 && reply.type === "|") return items[items.length - 1];
    return { type: protocol === 3 ? reply.type : "*", items };
  }
  if (protocol === 3) return "text" in reply ? reply : { type: "_" };
  if (!("text" in reply)) return reply;
  switch (reply.type) {
    case ",":
    case "(":
      return { type: "$", text: reply.text };
    case "=":
      return { type: "$", text: reply.text.slice(4) };
    case "#":
      return { type: ":", text: reply.text === "t" ? "1" : "0" };
    default:
      return reply;
  }
}

/** Of a long text only the beginning is shown. */
const SHOWN_CHARS = 2000;

/** The notation of a reply received; `_`, RESP3's null, is shown as `nil`. */
export function showReply(reply: Reply): string {
  if ("items" in reply) {
    const prefix = reply.type === "*" ? "" : reply.type;
    return `${prefix}[${reply.items.map(showReply).join(", ")}]`;
  }
  if (!("text" in reply)) return reply.type === "*-1" ? "nil[]" : "nil";
  const text = reply.text.length > SHOWN_CHARS
    ? `${reply.text.slice(0, SHOWN_CHARS)}… (${reply.text.length} bytes)`
    : reply.text;
  if (reply.type !== "$") return reply.type + quote(text).slice(1, -1).replaceAll('\\"', '"');
  return /^[!#-+\--Z^-~]+$/.test(text) ? `$${text}` : quote(text);
}
