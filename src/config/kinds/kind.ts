/**
 * The kinds of values that directives have: how each is read, shown and written.
 *
 * A value comes as words: the arguments of a line of redis.conf, or what CONFIG SET was given. Values
 * are never changed in place, so whoever keeps an old one can put it back.
 */
import { utf8 } from "../../memory/bytes.ts";
import { quoted } from "../../memory/quoting.ts";
import { RefusedValue } from "../errors.ts";

export interface Kind<Value> {
  /** What may be said, for the documentation. */
  readonly values: string;

  /** Whether the value is any number of words. A directive whose value is one word refuses others. */
  readonly takesWords: boolean;

  /**
   * Reads a value.
   *
   * @param words Exactly one unless `takesWords`.
   * @param current The value so far, for a kind of which parts may be set; absent for the default.
   * @throws RefusedValue with Redis's words.
   */
  parse(words: readonly string[], current?: Value): Value;

  /**
   * Reads the value of a further line in the same configuration. Kinds without this take the last
   * line for the whole truth.
   */
  append?(words: readonly string[], current: Value): Value;

  /** The value as CONFIG GET shows it. Two values with the same text are the same. */
  format(value: Value): string;

  /**
   * The lines that CONFIG REWRITE has for the value, without the directive's name. No line at all
   * takes the directive out of the file.
   */
  lines(value: Value, initial: Value): Line[];
}

/** A line that CONFIG REWRITE has for a value. */
export interface Line {
  readonly text: string;
  /** Whether the line must stand in the file; otherwise it only replaces one that stands there. */
  readonly needed: boolean;
}

/** What a kind is made of whose value is one word. */
export interface OneWord<Value> {
  readonly values: string;
  /** @throws RefusedValue */
  read(word: string): Value;
  format(value: Value): string;
  /** The value in redis.conf when it differs from `format`; null keeps it out of the file. */
  write?(value: Value): string | null;
}

/** A kind whose value is one word, which stands in the file when it is not the default. */
export function oneWord<Value>(form: OneWord<Value>): Kind<Value> {
  const write = form.write ?? form.format;
  return {
    values: form.values,
    takesWords: false,
    parse: ([word]) => form.read(word),
    format: form.format,
    lines(value, initial) {
      const text = write(value);
      if (text === null) return [];
      return [{ text, needed: form.format(value) !== form.format(initial) }];
    },
  };
}

/** `no` or `yes`. */
export const boolean: Kind<boolean> = oneWord({
  values: "`yes` or `no`",
  read(word) {
    const lower = word.toLowerCase();
    if (lower !== "yes" && lower !== "no") throw new RefusedValue("argument must be 'yes' or 'no'");
    return lower === "yes";
  },
  format: (value) => value ? "yes" : "no",
});

/** Says what is wrong with a text, or null. */
export type TextCheck = (text: string) => string | null;

/** Any text, also an empty one. */
export function text(check?: TextCheck): Kind<string> {
  return oneWord({
    values: "text",
    read: (word) => checked(word, check),
    format: (value) => value,
    write: quotedText,
  });
}

/** Any text; an empty one is null and does not stand in the file. */
export function optionalText(check?: TextCheck): Kind<string | null> {
  return oneWord({
    values: "text",
    read: (word) => checked(word, check) || null,
    format: (value) => value ?? "",
    write: (value) => value === null ? null : quotedText(value),
  });
}

function checked(word: string, check: TextCheck | undefined): string {
  const refusal = check?.(word) ?? null;
  if (refusal !== null) throw new RefusedValue(refusal);
  return word;
}

function quotedText(value: string): string {
  const bytes = utf8(value);
  return quoted(bytes, 0, bytes.length);
}

/** One of several words, in any case. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Kind<Word> {
  return choice(Object.fromEntries(words.map((word) => [word, word])) as Record<Word, Word>);
}

/** One of several words, some of which mean the same: the key is what is said, the value what is meant. */
export function choice<const Meaning extends string>(
  meanings: Readonly<Record<string, Meaning>>,
): Kind<Meaning> {
  const words = Object.keys(meanings);
  return oneWord({
    values: words.map((word) => `\`${word}\``).join(", "),
    read: (word) => meanings[chosen(word, words)],
    format: (value) => value,
  });
}

/** Several of several words, listed in the order of the table; none of them is called `none`. */
export function someOf<const Word extends string>(
  none: string,
  words: readonly Word[],
  check: (chosen: readonly Word[]) => string | null,
): Kind<readonly Word[]> {
  const sayable = [none, ...words];
  function format(value: readonly Word[]): string {
    return value.length === 0 ? none : value.join(" ");
  }
  return {
    values: `${sayable.map((word) => `\`${word}\``).join(", ")}; several may be combined`,
    takesWords: true,
    parse(said) {
      if (said.length === 0) throw notOneOf(sayable);
      const meant = new Set(said.map((word) => chosen(word, sayable)));
      const value = words.filter((word) => meant.has(word));
      const refusal = check(value);
      if (refusal !== null) throw new RefusedValue(refusal);
      return value;
    },
    format,
    lines: (value, initial) => [{ text: format(value), needed: format(value) !== format(initial) }],
  };
}

/** The word of the list that was said, in its own spelling. */
function chosen(said: string, words: readonly string[]): string {
  const lower = said.toLowerCase();
  const word = words.find((word) => word === lower);
  if (word === undefined) throw notOneOf(words);
  return word;
}

function notOneOf(words: readonly string[]): RefusedValue {
  return new RefusedValue(`argument(s) must be one of the following: ${words.join(", ")}`);
}
