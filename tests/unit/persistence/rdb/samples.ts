/** Every form of a value there has been since Redis 2, written by hand, with what it holds. */
import type { Settings } from "../../../../src/config/mod.ts";
import {
  be,
  bytes,
  double,
  le,
  len,
  listpack,
  type Part,
  str,
  ziplist,
  zipText,
} from "./builder.ts";
import type { Content } from "./content.ts";

/** A value in one of its forms. */
export interface Sample {
  /** The version in which the form came. */
  readonly version: number;
  readonly type: number;
  readonly value: Part;
  readonly encoding: string;
  readonly content: Content;
  readonly settings?: Partial<Settings>;
}

const LONG = "abcdefgh".repeat(40);

/** "a" and 31 times the byte before: a match of 31 bytes, from 1 back. */
const LZF_OF_A32: Part = [0x00, "a", 0xe0, 31 - 9, 0x00];

/** A node of a stream: two entries with the fields of the master, one with its own, one removed. */
const NODE = listpack(
  ...[3, 1, 1, "f", 0],
  ...[2, 0, 0, "v0", 4],
  ...[2, 5, 1, "v1", 4],
  ...[3, 6, 0, "gone", 4],
  ...[0, 7, 0, 2, "g", "w", "h", "x", 8],
);
const NODE_ID: Part = [be(1000, 8), be(1, 8)];
const STREAM_ENTRIES = ["1000-1 f=v0", "1005-2 f=v1", "1007-1 g=w h=x"];
const STREAM_HEAD: Part = [len(1), str(NODE_ID), str(NODE), len(3), len(1007), len(1)];

/** Fields, each behind its due time minus the earliest one, plus 1. */
const EXPIRING_FIELDS: Part = [
  ...[len(0), str("f"), str("v")],
  ...[len(1), str("g"), str("w")],
  ...[len(501), str("h"), str("x")],
];
const EXPIRING_TRIPLES = ["g", "w", 7, "h", "x", 100, "f", "v", 0] as const;

/** By what they are. */
export const SAMPLES: Readonly<Record<string, Sample>> = {
  "a string as it is": {
    version: 1,
    type: 0,
    value: str("value"),
    encoding: "embstr",
    content: "value",
  },
  "a string of a length in 14 bits": {
    version: 1,
    type: 0,
    value: str(LONG),
    encoding: "raw",
    content: LONG,
  },
  "a string of a length in 32 bits": {
    version: 1,
    type: 0,
    value: [0x80, be(3, 4), "abc"],
    encoding: "embstr",
    content: "abc",
  },
  "a string of a length in 64 bits": {
    version: 8,
    type: 0,
    value: [0x81, be(3, 8), "abc"],
    encoding: "embstr",
    content: "abc",
  },
  "an integer of 8 bits": {
    version: 1,
    type: 0,
    value: [0xc0, 0x85],
    encoding: "int",
    content: "-123",
  },
  "an integer of 16 bits": {
    version: 1,
    type: 0,
    value: [0xc1, le(-12345, 2)],
    encoding: "int",
    content: "-12345",
  },
  "an integer of 32 bits": {
    version: 1,
    type: 0,
    value: [0xc2, le(-2147483648, 4)],
    encoding: "int",
    content: "-2147483648",
  },
  "a compressed string": {
    version: 1,
    type: 0,
    value: [0xc3, len(bytes(LZF_OF_A32).length), len(32), LZF_OF_A32],
    encoding: "embstr",
    content: "a".repeat(32),
  },
  "a list of strings": {
    version: 1,
    type: 1,
    value: [len(3), str("a"), [0xc0, 7], str("")],
    encoding: "listpack",
    content: ["a", "7", ""],
  },
  "a list as a ziplist, with integers of all widths": {
    version: 2,
    type: 10,
    value: str(ziplist(
      zipText("text"),
      [0x40 | (LONG.length >> 8), LONG.length, LONG],
      [0x80, be(2, 4), "xy"],
      0xf1,
      0xfd,
      [0xfe, -5],
      [0xc0, le(-300, 2)],
      [0xf0, le(-70000, 3)],
      [0xd0, le(2 ** 31 - 1, 4)],
      [0xe0, le(-(2n ** 63n), 8)],
    )),
    encoding: "listpack",
    content: [
      "text",
      LONG,
      "xy",
      "0",
      "12",
      "-5",
      "-300",
      "-70000",
      "2147483647",
      "-9223372036854775808",
    ],
  },
  "a quicklist of ziplists": {
    version: 7,
    type: 14,
    value: [len(2), str(ziplist(zipText("a"), 0xf2)), str(ziplist(zipText("b")))],
    encoding: "listpack",
    content: ["a", "1", "b"],
  },
  "a quicklist of listpacks and of a long element": {
    version: 10,
    type: 18,
    value: [len(3), 2, str(listpack("a", 1)), 1, str(LONG), 2, str(listpack("z"))],
    encoding: "quicklist",
    content: ["a", "1", LONG, "z"],
  },
  "a quicklist of a single listpack": {
    version: 10,
    type: 18,
    value: [len(1), 2, str(listpack("a", "b"))],
    encoding: "listpack",
    content: ["a", "b"],
  },
  "a set of strings": {
    version: 1,
    type: 2,
    value: [len(2), str("b"), str("a")],
    encoding: "listpack",
    content: ["a", "b"],
  },
  "a set of strings that are integers": {
    version: 1,
    type: 2,
    value: [len(2), [0xc0, 2], [0xc0, 1]],
    encoding: "intset",
    content: ["1", "2"],
  },
  "an intset of 16 bits": {
    version: 2,
    type: 11,
    value: str(le(2, 4), le(3, 4), le(-5, 2), le(0, 2), le(300, 2)),
    encoding: "intset",
    content: ["-5", "0", "300"],
  },
  "an intset of 64 bits": {
    version: 2,
    type: 11,
    value: str(le(8, 4), le(2, 4), le(-(2n ** 63n), 8), le(2n ** 63n - 1n, 8)),
    encoding: "intset",
    content: ["-9223372036854775808", "9223372036854775807"],
  },
  "an intset with more members than intsets may have here": {
    version: 2,
    type: 11,
    value: str(le(4, 4), le(3, 4), le(1, 4), le(2, 4), le(3, 4)),
    encoding: "listpack",
    content: ["1", "2", "3"],
    settings: { setMaxIntsetEntries: 2 },
  },
  "a set as a listpack": {
    version: 11,
    type: 20,
    value: str(listpack("x", 5, "y")),
    encoding: "listpack",
    content: ["5", "x", "y"],
  },
  "a set as a listpack with more members than these may have here": {
    version: 11,
    type: 20,
    value: str(listpack("x", 5, "y")),
    encoding: "hashtable",
    content: ["5", "x", "y"],
    settings: { setMaxListpackEntries: 2 },
  },
  "a sorted set with scores as text": {
    version: 1,
    type: 3,
    value: [len(4), str("b"), 3, "1.5", str("a"), 2, "-7", str("y"), 254, str("x"), 255],
    encoding: "listpack",
    content: ["x:-Infinity", "a:-7", "b:1.5", "y:Infinity"],
  },
  "a sorted set with binary scores": {
    version: 8,
    type: 5,
    value: [len(2), str("b"), double(1e300), str("a"), double(-0.5)],
    encoding: "listpack",
    content: ["a:-0.5", "b:1e+300"],
  },
  "a big sorted set": {
    version: 8,
    type: 5,
    value: [len(3), str("c"), double(3), str("b"), double(2), str("a"), double(1)],
    encoding: "skiplist",
    content: ["a:1", "b:2", "c:3"],
    settings: { zsetMaxListpackEntries: 2 },
  },
  "a sorted set as a ziplist": {
    version: 2,
    type: 12,
    value: str(ziplist(zipText("a"), 0xf2, zipText("b"), zipText("2.5"))),
    encoding: "listpack",
    content: ["a:1", "b:2.5"],
  },
  "a sorted set as a listpack": {
    version: 10,
    type: 17,
    value: str(listpack("a", "-inf", "b", 1, "c", 1)),
    encoding: "listpack",
    content: ["a:-Infinity", "b:1", "c:1"],
  },
  "a sorted set as a listpack with more members than these may have here": {
    version: 10,
    type: 17,
    value: str(listpack("a", 0, "b", 1, "c", 1)),
    encoding: "skiplist",
    content: ["a:0", "b:1", "c:1"],
    settings: { zsetMaxListpackEntries: 2 },
  },
  "a hash of strings": {
    version: 1,
    type: 4,
    value: [len(2), str("f"), str("v"), str("g"), [0xc0, 1]],
    encoding: "listpack",
    content: ["f=v", "g=1"],
  },
  "a hash of long strings": {
    version: 1,
    type: 4,
    value: [len(1), str("f"), str(LONG)],
    encoding: "hashtable",
    content: [`f=${LONG}`],
  },
  "a hash as a zipmap": {
    version: 1,
    type: 9,
    value: str(2, 1, "f", 1, 0, "v", 1, "g", [254, le(LONG.length, 4)], 2, LONG, "..", 0xff),
    encoding: "hashtable",
    content: ["f=v", `g=${LONG}`],
  },
  "a hash as a ziplist": {
    version: 4,
    type: 13,
    value: str(ziplist(zipText("f"), zipText("v"), 0xf3, [0xfe, 100])),
    encoding: "listpack",
    content: ["2=100", "f=v"],
  },
  "a hash as a listpack": {
    version: 10,
    type: 16,
    value: str(listpack("f", "v", "g", 9)),
    encoding: "listpack",
    content: ["f=v", "g=9"],
  },
  "a hash as a listpack with more fields than these may have here": {
    version: 10,
    type: 16,
    value: str(listpack("f", "v", "g", 9)),
    encoding: "hashtable",
    content: ["f=v", "g=9"],
    settings: { hashMaxListpackEntries: 1 },
  },
  "a hash with due times": {
    version: 12,
    type: 24,
    value: [le(1000, 8), len(3), EXPIRING_FIELDS],
    encoding: "listpackex",
    content: ["f=v", "g=w@1000", "h=x@1500"],
  },
  "a big hash with due times": {
    version: 11,
    type: 24,
    value: [le(1000, 8), len(3), EXPIRING_FIELDS],
    encoding: "hashtable",
    content: ["f=v", "g=w@1000", "h=x@1500"],
    settings: { hashMaxListpackEntries: 1 },
  },
  "a hash with due times, of before 7.4": {
    version: 12,
    type: 22,
    value: [len(3), EXPIRING_FIELDS],
    encoding: "listpackex",
    content: ["f=v", "g=w@1", "h=x@501"],
  },
  "a hash as a listpack with due times": {
    version: 12,
    type: 25,
    value: [le(7, 8), str(listpack(...EXPIRING_TRIPLES))],
    encoding: "listpackex",
    content: ["f=v", "g=w@7", "h=x@100"],
  },
  "a hash as a listpack with due times and more fields than these may have here": {
    version: 12,
    type: 25,
    value: [le(7, 8), str(listpack(...EXPIRING_TRIPLES))],
    encoding: "hashtable",
    content: ["f=v", "g=w@7", "h=x@100"],
    settings: { hashMaxListpackEntries: 1 },
  },
  "a hash as a listpack with due times, of before 7.4": {
    version: 12,
    type: 23,
    value: str(listpack(...EXPIRING_TRIPLES)),
    encoding: "listpackex",
    content: ["f=v", "g=w@7", "h=x@100"],
  },
  "a hash with due times, of Valkey 9": {
    version: 80,
    type: 22,
    value: [len(2), [str("f"), str("v"), le(1000, 8)], [str("g"), str("w"), le(-1, 8)]],
    encoding: "listpackex",
    content: ["f=v@1000", "g=w"],
  },
  "a stream of Redis 5": {
    version: 9,
    type: 15,
    value: [STREAM_HEAD, len(0)],
    encoding: "stream",
    content: STREAM_ENTRIES,
  },
  "a stream of Redis 7": {
    version: 10,
    type: 19,
    value: [STREAM_HEAD, len(1000), len(1), len(1006), len(1), len(4), len(0)],
    encoding: "stream",
    content: STREAM_ENTRIES,
  },
  "a stream of Redis 7.2": {
    version: 11,
    type: 21,
    value: [STREAM_HEAD, len(1000), len(1), len(1006), len(1), len(4), len(0)],
    encoding: "stream",
    content: STREAM_ENTRIES,
  },
  "an empty stream": {
    version: 11,
    type: 21,
    value: [len(0), len(0), len(5), len(1), len(0), len(0), len(5), len(1), len(9), len(0)],
    encoding: "stream",
    content: [],
  },
};

/** The head of a dump that holds a sample. */
export function headOf({ version }: Sample): string {
  return version === 80 ? "VALKEY080" : `REDIS${String(version).padStart(4, "0")}`;
}
