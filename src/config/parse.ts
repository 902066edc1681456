/**
 * The text of redis.conf: lines, comments and quoted words.
 *
 * Files are kept with one char for each byte, so that what is not UTF-8, in a comment say, survives a
 * rewrite. Words are read as UTF-8.
 */
import { latin1, latin1Text, utf8, utf8Text } from "../memory/bytes.ts";
import { splitArguments } from "../memory/quoting.ts";
import { ConfigError, type Place } from "./errors.ts";

/** A line that says something. */
export interface ConfigLine {
  readonly place: Place;
  /** The name of the directive, in lower case, as it was written. */
  readonly name: string;
  /** The words after the name. */
  readonly words: readonly string[];
}

/**
 * Reads the lines that say something, one after the other.
 *
 * @param content One char for each byte.
 * @param file For the errors.
 * @throws ConfigError at a line whose quotes are wrong, after the lines before it.
 */
export function* configLines(content: string, file: string | null): Generator<ConfigLine> {
  const lines = content.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const line = trimLine(lines[i]);
    if (line === "" || line.startsWith("#")) continue;
    const place = { file, line: i + 1, text: asText(line) };
    const words = lineWords(line);
    if (words === null) throw new ConfigError("Unbalanced quotes in configuration line", place);
    if (words.length > 0) yield { place, name: words[0].toLowerCase(), words: words.slice(1) };
  }
}

/** The line without the white space around it. */
export function trimLine(line: string): string {
  return line.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
}

/** The words of a line of a file; null when its quotes are wrong. */
export function lineWords(line: string): string[] | null {
  return wordsOf(latin1(line));
}

/** The words of a text that is one word itself, such as `900 1 300 10`; none when quotes are wrong. */
export function innerWords(word: string): string[] {
  return wordsOf(utf8(word)) ?? [];
}

function wordsOf(bytes: Uint8Array): string[] | null {
  const words = splitArguments(bytes, 0, bytes.length);
  return words && words.map((word) => utf8Text(word, 0, word.length));
}

/** Bytes as a file's content, one char for each. */
export function asContent(bytes: Uint8Array): string {
  return latin1Text(bytes, 0, bytes.length);
}

/** A text as it stands in a file's content. */
export function textAsContent(text: string): string {
  return asContent(utf8(text));
}

function asText(content: string): string {
  const bytes = latin1(content);
  return utf8Text(bytes, 0, bytes.length);
}
