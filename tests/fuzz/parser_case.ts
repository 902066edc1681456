/** One case of the parser's fuzzer: a random stream, cut in several ways, always with one outcome. */
import { equal } from "@std/assert";
import { latin1 } from "../../src/memory/bytes.ts";
import { Random } from "../support/random.ts";
import { feed } from "./parser_feed.ts";
import { type Outcome, type ReferenceLimits, referenceParse } from "./reference_parser.ts";
import { randomGarbage, randomStream } from "./request_streams.ts";

/** Streams up to this length are also fed byte by byte. */
const BYTEWISE_MAX = 4000;

/**
 * Runs the case of this seed.
 *
 * @returns How many requests and errors the stream had.
 * @throws {Error} When the parser differs from the reference or breaks a rule; the message names
 *   the seed.
 */
export function runParserCase(seed: number): { requests: number; errors: number } {
  const random = new Random(seed);
  const text = random.oneIn(6) ? randomGarbage(random) : randomStream(random);
  const limits: ReferenceLimits = {
    authenticated: !random.oneIn(5),
    protoMaxBulkLen: 1024 * 1024,
  };
  const expected = referenceParse(text, limits);
  const stream = latin1(text);

  const least = Math.ceil(text.length / 3000);
  const ways: [string, (() => number) | undefined][] = [
    ["at once", undefined],
    ["in pieces", () => random.between(least, Math.max(least, random.pick([3, 40, 1000, 50_000])))],
    ["halved", () => Math.ceil(text.length / 2)],
  ];
  if (text.length <= BYTEWISE_MAX) ways.push(["byte by byte", () => 1]);
  for (const [name, cuts] of ways) {
    try {
      const difference = differenceOf(feed(stream, limits, cuts, random), expected);
      if (difference !== null) throw new Error(difference);
    } catch (cause) {
      throw new Error(`seed ${seed}, fed ${name}`, { cause });
    }
  }
  return { requests: expected.requests.length, errors: expected.error === null ? 0 : 1 };
}

/** Where two outcomes first differ, in words; null when they are equal. */
function differenceOf(actual: Outcome, expected: Outcome): string | null {
  for (let i = 0; i < Math.max(actual.requests.length, expected.requests.length); i++) {
    if (!equal(actual.requests[i], expected.requests[i])) {
      return `request ${i} is ${shown(actual.requests[i])}, not ${shown(expected.requests[i])}`;
    }
  }
  if (actual.error === expected.error) return null;
  return `the error is ${actual.error}, not ${expected.error}`;
}

function shown(request: string[] | undefined): string {
  return request === undefined ? "missing" : JSON.stringify(request).slice(0, 500);
}
