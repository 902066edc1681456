/** Glob patterns against the real server, which holds one key and is asked KEYS. */
import { assertEquals } from "@std/assert";
import { latin1, latin1Text } from "../../../src/memory/bytes.ts";
import { globMatch } from "../../../src/memory/glob.ts";
import { freshSeed, Random } from "../../support/random.ts";
import type { Value } from "../../support/reply.ts";
import { concatBytes } from "../../support/resp_client.ts";
import { oracleTest, startRedis } from "../../support/servers.ts";

const TEXTS = 400;
const PATTERNS_PER_TEXT = 250;

/** Few different bytes, so that much matches, and every special one. */
const PATTERN_BYTES = latin1("***???[[[]]]^^--\\\\aaabbcdzABC\x00\x7f\x80\xff");
const TEXT_BYTES = latin1("aaaabbbcdzABC-]^\\[*\x00\x7f\x80\xff");

function randomBytes(random: Random, from: Uint8Array, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => from[random.below(from.length)]);
}

/** Random bytes, or a text with some of its bytes replaced. */
function randomPattern(random: Random, text: Uint8Array): Uint8Array {
  if (random.oneIn(2)) return randomBytes(random, PATTERN_BYTES, random.between(1, 9));
  const pieces: Uint8Array[] = [];
  for (const byte of text) {
    if (!random.oneIn(3)) pieces.push(Uint8Array.of(byte));
    else pieces.push(randomBytes(random, PATTERN_BYTES, random.below(4)));
  }
  if (pieces.length === 0) return latin1("?");
  return concatBytes(pieces);
}

oracleTest("globMatch agrees with KEYS", async () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  await using server = await startRedis();
  using client = await server.connect();
  let matched = 0;
  for (let round = 0; round < TEXTS; round++) {
    const text = randomBytes(random, TEXT_BYTES, random.oneIn(20) ? 0 : random.between(1, 10));
    const patterns: Uint8Array[] = [];
    while (patterns.length < PATTERNS_PER_TEXT) {
      const pattern = randomPattern(random, text);
      const isPlainStar = pattern.length === 1 && pattern[0] === 0x2a; // KEYS matches nothing then
      if (!isPlainStar) patterns.push(pattern);
    }
    const asked = patterns.map((pattern) => ["KEYS", pattern]);
    const replies = await client.pipeline([["FLUSHALL"], ["SET", text, ""], ...asked]);
    for (const [index, pattern] of patterns.entries()) {
      const expected = (replies[index + 2] as Value[]).length === 1;
      const found = globMatch(pattern, 0, pattern.length, text, 0, text.length, false);
      assertEquals(found, expected, `${spelled(pattern)} on ${spelled(text)}`);
      if (found) matched++;
    }
  }
  console.log(`${TEXTS * PATTERNS_PER_TEXT} pairs, ${matched} matched`);
});

oracleTest("globMatch without regard to case agrees with CONFIG GET", async () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  await using server = await startRedis();
  using client = await server.connect();
  const names = namesOf(await client.command("CONFIG", "GET", "*"));
  const patterns: string[] = [];
  while (patterns.length < 2000) {
    const name = random.pick(names);
    const from = random.below(name.length);
    const piece = name.slice(from, from + random.between(1, 4));
    const upper = random.oneIn(2) ? piece.toUpperCase() : piece;
    const letters = Array.from("abcdelmrstyzABCDELMRSTYZ-");
    const range = `${random.pick(letters)}-${random.pick(letters)}`;
    const escaped = "\\" + random.pick(letters);
    const item = random.pick([range, escaped, random.pick(letters), range + escaped]);
    const negation = random.oneIn(4) ? "^" : "";
    patterns.push(random.pick([`*${upper}*`, `${upper}*`, `*[${negation}${item}]${upper}*`]));
  }
  const replies = await client.pipeline(patterns.map((pattern) => ["CONFIG", "GET", pattern]));
  for (const [index, pattern] of patterns.entries()) {
    const bytes = latin1(pattern);
    const found = names.filter((name) =>
      globMatch(bytes, 0, bytes.length, latin1(name), 0, name.length, true)
    );
    assertEquals(found, namesOf(replies[index]), pattern);
  }
});

/** The names in a reply of CONFIG GET, in order of the alphabet. */
function namesOf(reply: Value): string[] {
  return (reply as string[]).filter((_, index) => index % 2 === 0).sort();
}

function spelled(bytes: Uint8Array): string {
  return JSON.stringify(latin1Text(bytes, 0, bytes.length));
}
