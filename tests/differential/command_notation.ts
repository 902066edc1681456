/**
 * How the tables write commands.
 *
 * ```
 * SET k "a b\x00" EX 10    a command: words as Redis's inline commands quote them
 * b> GET k                 the same on a connection of its own, named by one letter
 * send b> SET k v          sends and reads nothing: for a reply that comes later, or never
 * read b>                  reads one reply (or push) without sending
 * raw> *1\r\n$4\r\nPING    sends the bytes as they stand, then reads one reply; also `send raw b>`
 * CLIENT KILL ID {b.id}    of connection b: {b.id}, {b.addr} (the client's end), {b.laddr} (the server's)
 * ```
 *
 * Text is Latin-1: one char a byte. Connections without a name are connection `a`.
 */

/** One line of a scenario. */
export interface Step {
  /** The connection's letter. */
  readonly connection: string;
  /** The command's words; none when nothing is sent, or `raw` is. */
  readonly args: readonly string[];
  /** Bytes to send as they stand. */
  readonly raw: string | null;
  /** Whether a reply is read. */
  readonly reads: boolean;
}

const PREFIX = /^(?=\w.*>)(?:(send|read)\b ?)?(raw\b ?)?([a-z])?> ?/;

/** @throws SyntaxError when the quotes of a command are not balanced. */
export function parseStep(line: string): Step {
  const match = PREFIX.exec(line);
  const [prefix, verb, raw, connection = "a"] = match ?? [""];
  const rest = line.slice(prefix.length);
  return {
    connection,
    args: raw ? [] : splitWords(rest),
    raw: raw ? rest : null,
    reads: verb !== "send",
  };
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  a: "\x07",
};

/**
 * Splits a line into words. `"…"` knows `\xHH`, `\n`, `\r`, `\t`, `\b`, `\a`; `'…'` knows `\'` only.
 *
 * @throws SyntaxError for an open quote, or a closing one that no space follows.
 */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(line.charAt(at))) at++;
    if (at >= line.length) return words;
    let word = "";
    while (at < line.length && !/\s/.test(line[at])) {
      const quote = line[at];
      if (quote !== '"' && quote !== "'") {
        word += line[at++];
        continue;
      }
      const quoted = readQuoted(line, at + 1, quote);
      word += quoted.text;
      at = quoted.end;
      if (at < line.length && !/\s/.test(line[at])) {
        throw new SyntaxError(`Cannot split: no space after the quote at ${at} in ${line}`);
      }
    }
    words.push(word);
  }
}

/**
 * Reads quoted text of which the opening quote has been read.
 *
 * @returns The text meant, and one past the closing quote.
 */
export function readQuoted(
  line: string,
  start: number,
  quote: '"' | "'",
): { text: string; end: number } {
  let text = "";
  for (let at = start; at < line.length; at++) {
    const char = line[at];
    if (char === quote) return { text, end: at + 1 };
    if (char !== "\\" || at + 1 === line.length) {
      text += char;
      continue;
    }
    const escaped = line[++at];
    if (quote === "'") {
      text += escaped === "'" ? "'" : `\\${escaped}`;
    } else if (escaped === "x" && /^[0-9a-fA-F]{2}$/.test(line.slice(at + 1, at + 3))) {
      text += String.fromCharCode(parseInt(line.slice(at + 1, at + 3), 16));
      at += 2;
    } else {
      text += ESCAPES[escaped] ?? escaped;
    }
  }
  throw new SyntaxError(`Cannot split: a quote is left open in ${line}`);
}

/** The line that {@link splitWords} splits into `words`. */
export function joinWords(words: readonly string[]): string {
  return words.map((word) => /^[!#-&(-[\]-~]+$/.test(word) ? word : quote(word)).join(" ");
}

/** Text between double quotes, every byte that is no visible ASCII spelled out. */
export function quote(text: string): string {
  const escaped = text.replace(/[^ -~]|["\\]/g, (char) => {
    if (char === '"' || char === "\\") return `\\${char}`;
    const name = Object.keys(ESCAPES).find((key) => ESCAPES[key] === char);
    return `\\${name ?? `x${char.charCodeAt(0).toString(16).padStart(2, "0")}`}`;
  });
  return `"${escaped}"`;
}
