/** The words of which access rules consist, as texts with one character for each byte. */
import { latin1, latin1Text, utf8, utf8Text } from "../../memory/bytes.ts";
import { unmatchedParenthesis } from "./rule_reasons.ts";

/** Whether a name or pattern holds what would tear it apart where words are parted by spaces. */
export function hasSpaces(text: string): boolean {
  return /[\0\t-\r ]/.test(text);
}

/** A text with one character for each byte as people read it. */
export function shownText(text: string): string {
  return utf8Text(latin1(text), 0, text.length);
}

/** A Unicode text with one character for each byte of its UTF-8 form. */
export function byteText(text: string): string {
  const bytes = utf8(text);
  return latin1Text(bytes, 0, bytes.length);
}

/** Rules, or why there are none. */
export type JoinedRules =
  | { readonly rules: readonly string[] }
  | { readonly unmatched: string; readonly reason: string };

/**
 * Makes one rule of the words of a selector, `(+get` and `~a)`; other words are rules as they are.
 *
 * @returns The rules, or the word whose parenthesis is not closed.
 */
export function joinSelectors(words: readonly string[]): JoinedRules {
  const rules: string[] = [];
  let opened: string | null = null;
  let selector = "";
  for (const word of words) {
    if (opened === null && (!word.startsWith("(") || word.endsWith(")"))) {
      rules.push(word);
      continue;
    }
    selector = opened === null ? word : `${selector} ${word}`;
    opened ??= word;
    if (!word.endsWith(")")) continue;
    rules.push(selector);
    opened = null;
  }
  return opened === null ? { rules } : { unmatched: opened, reason: unmatchedParenthesis(opened) };
}
