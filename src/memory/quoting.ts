/**
 * Redis's way of quoting byte strings, for people and for redis.conf, and of reading a line of
 * quoted words back: inline commands, configuration files, answers typed into a terminal.
 *
 *   "..."   knows the escapes \n \r \t \a \b \xHH; before any other byte the backslash is dropped
 *   '...'   knows \' alone
 *
 * What `quoted` writes, `splitArguments` reads.
 */

const TAB = 0x09;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const BACKSLASH = 0x5c;
const SMALL_X = 0x78;

/** What each byte looks like between double quotes. */
const QUOTED_FORMS: readonly string[] = Array.from({ length: 256 }, (_, byte) => quotedForm(byte));

function quotedForm(byte: number): string {
  const char = String.fromCharCode(byte);
  switch (char) {
    case "\\":
    case '"':
      return "\\" + char;
    case "\n":
      return "\\n";
    case "\r":
      return "\\r";
    case "\t":
      return "\\t";
    case "\x07":
      return "\\a";
    case "\b":
      return "\\b";
  }
  const printable = byte >= 0x20 && byte < 0x7f;
  return printable ? char : "\\x" + byte.toString(16).padStart(2, "0");
}

/** The slice between double quotes, in printable ASCII alone, as MONITOR and the log show it. */
export function quoted(buf: Uint8Array, start: number, end: number): string {
  let text = '"';
  for (let i = start; i < end; i++) text += QUOTED_FORMS[buf[i]];
  return text + '"';
}

/**
 * The words of a line, each a copy with its quotes and escapes resolved, or null when a quote is
 * left open or a closing quote is not followed by white space. Quotes may open within a word
 * (`a"b c"` is one word) but only end one. A NUL byte ends the line, as it ends a C string.
 */
export function splitArguments(buf: Uint8Array, start: number, end: number): Uint8Array[] | null {
  const nul = buf.subarray(start, end).indexOf(0);
  const lineEnd = nul === -1 ? end : start + nul;
  const words: Uint8Array[] = [];
  const word = new Uint8Array(lineEnd - start);

  let at = start;
  while (true) {
    while (at < lineEnd && isSpace(buf[at])) at++;
    if (at === lineEnd) return words;

    let length = 0;
    let quote = 0; // the quote that is open
    let closed = false;
    while (at < lineEnd && !closed) {
      const byte = buf[at++];
      if (quote === 0) {
        if (endsPlainWord(byte)) break;
        if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) quote = byte;
        else word[length++] = byte;
      } else if (byte === quote) {
        if (at < lineEnd && !isSpace(buf[at])) return null;
        closed = true;
      } else if (byte === BACKSLASH && quote === DOUBLE_QUOTE && at < lineEnd) {
        const hex = buf[at] === SMALL_X && at + 2 < lineEnd
          ? hexPair(buf[at + 1], buf[at + 2])
          : -1;
        word[length++] = hex >= 0 ? hex : unescaped(buf[at]);
        at += hex >= 0 ? 3 : 1;
      } else if (byte === BACKSLASH && at < lineEnd && buf[at] === SINGLE_QUOTE) {
        word[length++] = buf[at++];
      } else {
        word[length++] = byte;
      }
    }
    if (quote !== 0 && !closed) return null;
    words.push(word.slice(0, length));
  }
}

/** White space as C's isspace has it. */
function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= TAB && byte <= RETURN);
}

/** Unlike between words, \v and \f are part of a word that is not quoted. */
function endsPlainWord(byte: number): boolean {
  return byte === SPACE || byte === NEWLINE || byte === RETURN || byte === TAB;
}

/** What a backslash and this byte stand for between double quotes. */
function unescaped(byte: number): number {
  switch (byte) {
    case 0x6e: // n
      return NEWLINE;
    case 0x72: // r
      return RETURN;
    case 0x74: // t
      return TAB;
    case 0x62: // b
      return 0x08;
    case 0x61: // a
      return 0x07;
    default:
      return byte;
  }
}

/** The byte that two hexadecimal digits spell, or a negative number. */
function hexPair(high: number, low: number): number {
  return (hexDigit(high) << 4) | hexDigit(low);
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}
