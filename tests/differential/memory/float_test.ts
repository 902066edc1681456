/** Floating-point text against the real server: INCRBYFLOAT for long doubles, ZADD for doubles. */
import { assertEquals } from "@std/assert";
import { latin1 } from "../../../src/memory/bytes.ts";
import { formatDouble17, parseDouble } from "../../../src/memory/double.ts";
import {
  addLongDoubles,
  formatLongDouble,
  parseLongDouble,
} from "../../../src/memory/long_double.ts";
import { freshSeed, Random } from "../../support/random.ts";
import { RespError, type Value } from "../../support/reply.ts";
import { oracleTest, startRedis } from "../../support/servers.ts";

const PAIRS = 4000;

const ODD_TEXTS = ["inf", "-inf", "+INF", "infinity", "infinit", "nan", "-nan", "nan(1)", "", "."];
ODD_TEXTS.push("1e", "1e+", "0x", "0x.", "0x1p", " 1", "1 ", "1\x00", "5.", ".5", "+.5e-0", "0x1.");

function digits(random: Random, count: number): string {
  let text = "";
  for (let i = 0; i < count; i++) text += random.below(10);
  return text;
}

function randomFloat(random: Random): string {
  if (random.oneIn(15)) return random.pick(ODD_TEXTS);
  const sign = random.pick(["", "", "-", "+"]);
  const small = digits(random, random.between(1, 3));
  const whole = digits(random, random.between(1, 12));
  const fraction = digits(random, random.between(0, 20));
  const hex = `0x${random.next().toString(16)}.${random.next().toString(16)}`;
  const number = random.pick([
    small,
    digits(random, random.between(1, 40)),
    `${whole}.${fraction}`,
    `${whole}.${fraction}`,
    `${small}.${digits(random, random.between(1, 2))}`,
    `0.${"0".repeat(random.below(20))}${small}`,
    `${whole}.${fraction}e${random.between(-40, 40)}`,
    `${small}e${random.between(-5000, 5000)}`,
    `${hex}p${random.between(-90, 90)}`,
  ]);
  return sign + number;
}

function sliceOf(text: string): [buf: Uint8Array, start: number, end: number] {
  return [latin1(text), 0, text.length];
}

/** The reply of INCRBYFLOAT to a key that holds `a`. */
function incrByFloat(a: string, b: string): string {
  const value = parseLongDouble(...sliceOf(a));
  const increment = parseLongDouble(...sliceOf(b));
  if (value === null || increment === null) return "ERR value is not a valid float";
  const sum = addLongDoubles(value, increment);
  return sum === null ? "ERR increment would produce NaN or Infinity" : formatLongDouble(sum);
}

oracleTest("Long doubles agree with INCRBYFLOAT", async () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  await using server = await startRedis();
  using client = await server.connect();
  const pairs = Array.from({ length: PAIRS }, () => [randomFloat(random), randomFloat(random)]);
  const replies = await client.pipeline(
    pairs.flatMap(([a, b]) => [["SET", "key", latin1(a)], ["INCRBYFLOAT", "key", latin1(b)]]),
  );
  for (const [index, [a, b]] of pairs.entries()) {
    const reply = replies[2 * index + 1];
    const text = reply instanceof RespError ? reply.message : reply;
    assertEquals(incrByFloat(a, b), text, `${JSON.stringify(a)} + ${JSON.stringify(b)}`);
  }
});

/** What ZSCORE says of a member that ZADD was to give this score. */
function zscore(text: string): Value {
  const score = parseDouble(...sliceOf(text));
  if (Number.isNaN(score)) return null;
  return formatDouble17(score === 0 ? 0 : score); // a listpack keeps -0 as the integer 0
}

oracleTest("Doubles agree with ZADD and ZSCORE", async () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  await using server = await startRedis();
  using client = await server.connect();
  const texts = Array.from({ length: PAIRS }, () => randomFloat(random));
  const replies = await client.pipeline(
    texts.flatMap((text) => [["DEL", "z"], ["ZADD", "z", latin1(text), "m"], ["ZSCORE", "z", "m"]]),
  );
  for (const [index, text] of texts.entries()) {
    assertEquals(zscore(text), replies[3 * index + 2], JSON.stringify(text));
  }
});
