/** Random values of every type and encoding, as the commands that make them. */
import type { Argument } from "./resp_client.ts";
import type { Random } from "./random.ts";

export type Command = readonly Argument[];

/** Numbers of elements: of small collections, and of some that have outgrown each limit. */
const COUNTS = [1, 2, 3, 10, 100, 129, 200, 600];
/** Elements that are hard to write: integers of every width, and what only looks like one. */
const INTEGERS = [
  "0",
  "1",
  "-1",
  "12",
  "13",
  "127",
  "128",
  "-128",
  "-129",
  "4095",
  "4096",
  "-4096",
  "-4097",
  "32767",
  "32768",
  "-32769",
  "8388607",
  "8388608",
  "-8388609",
  "2147483647",
  "2147483648",
  "-2147483649",
  "9007199254740993",
  "9223372036854775807",
  "-9223372036854775808",
  "9223372036854775808",
  "007",
  "+1",
  "-0",
  "1.5",
];

/** A byte string that a server may keep in one of many ways. */
export function randomBytes(random: Random): Uint8Array | string {
  switch (random.below(8)) {
    case 0:
      return random.pick(INTEGERS);
    case 1:
      return String(random.next() - 2 ** 31);
    case 2:
      return "";
    case 3: // can be compressed
      return "abc".repeat(random.between(1, 400));
    case 4:
      return "x".repeat(random.pick([63, 64, 65, 4095, 4096]));
    default:
      return Uint8Array.from(
        { length: random.pick([3, 20, 21, 62, 100, 300]) },
        () => random.below(256),
      );
  }
}

/** A member or field that no other one equals. */
function randomName(random: Random, i: number): string {
  return random.oneIn(3) ? String(i * 7919 - 100_000) : `name:${i}:${"y".repeat(random.below(90))}`;
}

function randomScore(random: Random): string {
  return random.pick([
    "inf",
    "-inf",
    "0",
    "1e300",
    "-1.5",
    "0.1",
    "3.0000000000000004",
    String(random.below(1000)),
    String(random.next() / 7),
  ]);
}

const TYPES = ["string", "list", "set", "intset", "hash", "zset", "stream"] as const;

/** The commands that make a key of a type and an encoding, both chosen at random. */
export function randomValue(random: Random, key: string): Command[] {
  const count = random.pick(COUNTS);
  const numbers = Array.from({ length: count }, (_, i) => i);
  switch (random.pick(TYPES)) {
    case "string":
      return [["SET", key, randomBytes(random)]];
    case "list":
      return [["RPUSH", key, ...numbers.map(() => randomBytes(random))]];
    case "set":
      return [["SADD", key, ...numbers.map((i) => randomName(random, i))]];
    case "intset": {
      const width = random.pick([100, 1e5, 2 ** 40]);
      return [["SADD", key, ...numbers.map((i) => String(i * width - 17))]];
    }
    case "hash":
      return [[
        "HSET",
        key,
        ...numbers.flatMap((i) => [randomName(random, i), randomBytes(random)]),
      ]];
    case "zset":
      return [[
        "ZADD",
        key,
        ...numbers.flatMap((i) => [randomScore(random), randomName(random, i)]),
      ]];
    case "stream":
      return randomStream(random, key, count);
  }
}

/** A hash, some of whose fields expire: of servers that know of that. */
export function randomExpiringHash(random: Random, key: string): Command[] {
  const count = random.pick(COUNTS);
  const commands: Command[] = [];
  for (let i = 0; i < count; i++) {
    commands.push(["HSET", key, `field:${i}`, randomBytes(random)]);
    if (random.oneIn(2)) continue;
    const due = 4_000_000_000_000 + random.below(1e6);
    commands.push(["HPEXPIREAT", key, due, "FIELDS", 1, `field:${i}`]);
  }
  return commands;
}

/** A stream, some of whose entries have other fields than the first, and some of which are removed. */
function randomStream(random: Random, key: string, count: number): Command[] {
  const commands: Command[] = [];
  for (let i = 1; i <= count; i++) {
    const fields = random.oneIn(4) ? ["other", String(i)] : ["a", "1", "b", `value ${i}`];
    commands.push(["XADD", key, `${i * 3}-${random.below(5)}`, ...fields]);
    if (random.oneIn(10)) commands.push(["XDEL", key, `${i * 3}-0`]);
  }
  if (random.oneIn(3)) commands.push(["XTRIM", key, "MAXLEN", String(Math.ceil(count / 2))]);
  return commands;
}
