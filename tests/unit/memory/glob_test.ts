import { assert } from "@std/assert";
import { latin1 } from "../../../src/memory/bytes.ts";
import { globMatch } from "../../../src/memory/glob.ts";

/** Both slices stand amid other bytes, so that a function that leaves its slice is caught. */
function matches(pattern: string, text: string, ignoreCase = false): boolean {
  const p = latin1("*" + pattern + "*]");
  const t = latin1("a" + text + "b");
  return globMatch(p, 1, 1 + pattern.length, t, 1, 1 + text.length, ignoreCase);
}

type Case = [pattern: string, matching: string[], other: string[]];

function check(cases: Case[], ignoreCase = false): void {
  for (const [pattern, matching, other] of cases) {
    for (const text of matching) {
      assert(matches(pattern, text, ignoreCase), `${pattern} matches ${JSON.stringify(text)}`);
    }
    for (const text of other) {
      assert(!matches(pattern, text, ignoreCase), `${pattern} leaves ${JSON.stringify(text)}`);
    }
  }
}

Deno.test("A pattern without special bytes matches itself alone", () => {
  check([
    ["", [""], ["a"]],
    ["abc", ["abc"], ["", "ab", "abcd", "ABC", "xabc"]],
    ["]", ["]"], ["["]],
    ["a-b^", ["a-b^"], ["a"]],
  ]);
});

Deno.test("A question mark takes one byte", () => {
  check([
    ["?", ["a", "?", "\x00", "\xff"], ["", "ab"]],
    ["a?c", ["abc", "a?c"], ["ac", "abbc"]],
  ]);
});

Deno.test("A star takes any bytes, but does not match the empty text", () => {
  check([
    ["*", ["a", "abc", "\x00"], [""]],
    ["**", ["a", "abc"], [""]],
    ["a*", ["a", "ab", "abc"], ["", "ba"]],
    ["*a", ["a", "ba", "aa", "aba"], ["", "ab"]],
    ["a*b*c", ["abc", "aXbYc", "abbcc", "abcbc"], ["ac", "acb", "abcd"]],
    ["*a*b", ["ab", "xaxb", "bab"], ["ba", "a", "b"]],
    ["*?", ["a", "ab"], [""]],
    ["?*?", ["ab", "abc"], ["a", ""]],
    ["a***", ["a", "abc"], [""]],
    ["*ab*ab*", ["abab", "xabxabx"], ["ab", "aab"]],
  ]);
});

Deno.test("A class takes one byte that is listed, or one that is not", () => {
  check([
    ["[abc]", ["a", "b", "c"], ["", "d", "ab", "A"]],
    ["[^abc]", ["d", "^"], ["a", "b", "c", "", "dd"]],
    ["[a^]", ["a", "^"], ["b"]],
    ["h[ae]llo", ["hallo", "hello"], ["hillo"]],
    ["[]", [], ["", "a", "]"]],
    ["[^]", ["a", "]"], ["", "ab"]],
    ["[]a]", [], ["a", "]", "a]"]],
    ["*[0-9]", ["a1", "7"], ["a", "1a"]],
  ]);
});

Deno.test("A range includes its ends, in either order, and compares signed bytes", () => {
  check([
    ["[b-d]", ["b", "c", "d"], ["a", "e", "-"]],
    ["[d-b]", ["b", "c", "d"], ["a", "e", "-"]],
    ["[a-]", ["a", "]", "^", "_", "`"], ["b", "-", "\\"]],
    ["[a-]]", ["a", "]", "^"], ["b", "-", "a]"]],
    ["[--0]", ["-", ".", "/", "0"], ["1", ","]],
    ["[a-c-e]", ["a", "b", "c", "-", "e"], ["d"]],
    ["[\x80-\xff]", ["\x80", "\x90", "\xff"], ["a", "\x00", "\x7f"]],
    ["[a-\xff]", ["\xff", "\x00", "A", "a"], ["b", "z", "\x80", "\xfe"]],
    ["[^b-d]", ["a", "e"], ["b", "c", "d"]],
  ]);
});

Deno.test("A class that is not closed ends with the pattern", () => {
  check([
    ["[", [], ["[", "a", ""]],
    ["[^", ["a", "^", "["], ["", "ab"]],
    ["[ab", ["a", "b"], ["[ab", "c", "ab"]],
    ["[^ab", ["c"], ["a", "cc"]],
    ["x[a-", ["xa", "x-"], ["x", "xb"]],
    ["[a-c", ["a", "b", "c"], ["-"]],
    ["*[ab", ["a", "xb"], ["ax"]],
  ]);
});

Deno.test("A backslash takes the special meaning away", () => {
  check([
    ["\\*", ["*"], ["a", "\\", "\\*"]],
    ["\\?\\[\\\\", ["?[\\"], ["a[\\"]],
    ["a\\b", ["ab"], ["a\\b"]],
    ["a\\", ["a\\"], ["a"]],
    ["[\\]]", ["]"], ["\\", "\\]"]],
    ["[\\^a]", ["^", "a"], ["b", "\\"]],
    ["[^\\^]", ["a"], ["^"]],
    ["[a\\-z]", ["a", "-", "z"], ["b", "\\"]],
    ["[\\", ["\\"], ["a"]],
    ["[a-\\]", ["a", "\\", "]", "^"], ["b", "Z"]],
  ]);
});

Deno.test("Ignoring case folds letters, ends of ranges too, but not escaped ones of a class", () => {
  check([
    ["aBc", ["abc", "ABC", "AbC"], ["abd"]],
    ["\\A", ["a", "A"], ["b"]],
    ["[AB]", ["a", "b", "A", "B"], ["c"]],
    ["[^ab]", ["c", "C"], ["a", "A", "B"]],
    ["[A-C]", ["a", "B", "c"], ["d", "D"]],
    ["[\\a]", ["a"], ["A"]],
    // The ends are put in order first, then folded: c to a, and z to a, which holds nothing.
    ["[a-C]", [], ["a", "B", "c"]],
    ["[Z-a]", [], ["a", "Z", "[", "m"]],
    ["\xc4", ["\xc4"], ["\xe4"]],
    ["@[{", ["@{"], ["`{", "@["]],
  ], true);
});

/** The bytes, and how often one of them has been read. */
function counted(text: string): { bytes: Uint8Array; reads: () => number } {
  const bytes = latin1(text);
  let reads = 0;
  const proxy = new Proxy(bytes, {
    get(target, property) {
      reads++;
      return Reflect.get(target, property, target);
    },
  });
  return { bytes: proxy, reads: () => reads };
}

Deno.test("Matching takes no more steps than pattern and text are long, multiplied", () => {
  const n = 60;
  const cases: [pattern: string, text: string][] = [
    ["a*".repeat(n) + "b", "a".repeat(n)],
    ["*a".repeat(n) + "*b", "a".repeat(2 * n)],
    ["a*?".repeat(n) + "[^a]", "a".repeat(4 * n)],
    ["*" + "a".repeat(n) + "b", "a".repeat(2 * n)],
    ["*".repeat(n) + "b", "a".repeat(n)],
    ["*[" + "x".repeat(n) + "]", "a".repeat(n)],
  ];
  for (const [pattern, text] of cases) {
    const p = counted(pattern);
    const t = counted(text);
    assert(!globMatch(p.bytes, 0, pattern.length, t.bytes, 0, text.length, false));
    const limit = 8 * pattern.length * text.length;
    assert(p.reads() + t.reads() <= limit, `${p.reads()} + ${t.reads()} reads, limit ${limit}`);
  }
});
