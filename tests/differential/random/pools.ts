/**
 * Where arguments of random commands come from. The pools are small, so that keys meet, values are
 * of every kind, and every error comes up now and then.
 *
 * Times to live are days long or over: what falls due during a run would fall due at another command
 * on each server. Relative ones are hardly ever equal, because which of two equal ones is later
 * depends on the clock.
 */
import type { Random } from "../../support/random.ts";
import type { Pool } from "./grammar.ts";

/** One of these. */
function oneOf(...values: string[]): Pool {
  return (random) => random.pick(values);
}

/** Mostly from the first pool, once in `n` draws from the second. */
function mostly(usual: Pool, n: number, rare: Pool): Pool {
  return (random) => random.oneIn(n) ? rare(random) : usual(random);
}

function between(low: number, high: number): Pool {
  return (random) => String(random.between(low, high));
}

function bytes(random: Random): string {
  const length = random.below(60);
  let text = "";
  while (text.length < length) text += String.fromCharCode(random.below(256));
  return text;
}

const LIMITS = oneOf(
  "9223372036854775807",
  "-9223372036854775808",
  "9223372036854775808",
  "-9223372036854775809",
  "4294967296",
  "2147483648",
  "99999999999999999999",
);

const NO_NUMBER = oneOf(
  "",
  "x",
  " 1",
  "1 ",
  "1.5",
  "+5",
  "007",
  "-0",
  "0x10",
  "1e3",
  "-",
  "inf",
  "nan",
);

/** Strings whose keys are about to be read as numbers, texts, bits. */
const VALUE: Pool = mostly(
  oneOf(
    "",
    "0",
    "1",
    "10",
    "-5",
    "12345",
    "9999",
    "10000",
    "3.14",
    "hello",
    "hello world",
    "mynewtext",
    "ohmytext",
    "\x00\xff\x0f\xf0",
    "\xff\xff\xff",
    "a".repeat(43),
    "b".repeat(44),
    "c".repeat(45),
    "abcde".repeat(30),
  ),
  4,
  mostly(bytes, 3, mostly(LIMITS, 2, NO_NUMBER)),
);

const SECONDS = mostly(
  between(1_000_000, 4_000_000_000),
  6,
  mostly(oneOf("0", "-1", "-1000"), 3, mostly(LIMITS, 2, NO_NUMBER)),
);

/** Years from now; equal ones are common, since they do not depend on the clock. */
const FUTURE = mostly(
  oneOf("4102444800", "4102444801", "4102448400", "5000000000"),
  6,
  mostly(oneOf("0", "-1"), 3, mostly(LIMITS, 2, NO_NUMBER)),
);

/** Years ago as well. */
const MOMENT = mostly(
  FUTURE,
  6,
  mostly(oneOf("1", "0", "-1", "1000000000"), 3, mostly(LIMITS, 2, NO_NUMBER)),
);

const inMs = (pool: Pool): Pool => (random) => pool(random).replace(/^(\d{10,11})$/, "$1123");

const KEY: Pool = (random) => `k${random.below(8)}`;
const INTEGER = mostly(between(-100, 100), 5, mostly(LIMITS, 2, NO_NUMBER));

/** Users beside the default one that there may be. */
export const USERS: readonly string[] = ["alice", "bob", "nobody", ""];

/** Rules of access control; those about commands that both servers have. */
const ACL_RULE: Pool = mostly(
  oneOf(
    ...["+@all", "-@all", "+@read", "-@read", "+@write", "-@write", "+@hash", "-@string", "+@list"],
    ...["+@keyspace", "-@slow", "+@fast", "+@stream", "-@dangerous", "+@connection", "-@admin"],
    ...["+get", "-get", "+set", "-set", "+hset", "-zadd", "+config|get", "-config|set", "+object"],
    ...["~*", "~k*", "~h*", "%R~*", "%W~*", "%R~k[0-3]", "%W~k[2-5]", "%RW~?1", "%R~d*", "%W~l*"],
    ...["resetkeys", "allkeys", "resetchannels", "allchannels", "&*", "&__key*", "on", "nopass"],
    ...["(+@all ~z*)", "(+@read %R~x*)", "(+@write %W~*)", "clearselectors", "+select|1"],
  ),
  30,
  oneOf("", "x", "+nosuch", "+@nosuch", "~", "%R", "%x~", "(+get", "(x)", ">pw", "<pw", "#x"),
);

export const pools = {
  key: KEY,
  bitkey: mostly((random) => `b${random.below(4)}`, 6, KEY),
  hllkey: mostly((random) => `h${random.below(5)}`, 10, KEY),
  hashkey: mostly((random) => `d${random.below(5)}`, 10, KEY),
  anykey: mostly(
    mostly(KEY, 3, (random) => `${random.pick(["b", "d", "h", "l", "s", "z"])}${random.below(4)}`),
    12,
    oneOf("missing", "", "key with spaces", "\x00"),
  ),
  setkey: mostly((random) => `s${random.below(5)}`, 10, KEY),
  /** Members of a set: few, so that they meet, and mostly integers, so that there are intsets. */
  member: mostly(
    mostly(between(-20, 20), 3, (random) => `m${random.below(20)}`),
    12,
    mostly(VALUE, 2, LIMITS),
  ),
  geokey: mostly(
    (random) => `g${random.below(3)}`,
    15,
    mostly((random) => `z${random.below(5)}`, 2, KEY),
  ),
  longitude: mostly(
    (random) => String(random.between(-18_000_000, 18_000_000) / 100_000),
    8,
    mostly(
      oneOf("180", "-180", "179.9999999", "0", "-0", "1e-9"),
      6,
      mostly(NO_NUMBER, 2, oneOf("181", "-180.01", "1e30")),
    ),
  ),
  latitude: mostly(
    (random) => String(random.between(-8_500_000, 8_500_000) / 100_000),
    8,
    mostly(
      oneOf("85.05112878", "-85.05112878", "85.05", "0", "66.5", "-80.5"),
      6,
      mostly(NO_NUMBER, 2, oneOf("86", "-90", "inf")),
    ),
  ),
  /** Within some kilometres of each other. */
  "near-longitude": (random) => String(13.3 + random.between(0, 1000) / 10_000),
  "near-latitude": (random) => String(38 + random.between(0, 1000) / 10_000),
  "near-distance": mostly(between(1, 15), 5, oneOf("0", "0.5", "100", "2.5")),
  distance: mostly(
    (random) => String(Math.round(10 ** (random.below(800) / 100))),
    8,
    mostly(
      oneOf("0", "0.1", "1e9", "20037726.37", "5000", "inf"),
      6,
      mostly(NO_NUMBER, 2, oneOf("-1")),
    ),
  ),
  unit: mostly(oneOf("m", "km", "ft", "mi", "M", "KM", "Ft", "mI"), 30, oneOf("", "xx", "kmm")),
  geoscore: oneOf(
    "3479099956230698",
    "4503599627370495",
    "4503599627370496",
    "9007199254740992",
    "9.3e18",
    "1.9e19",
    "-5",
  ),
  zkey: mostly((random) => `z${random.below(5)}`, 10, KEY),
  /** Sorted sets whose scores are all equal, so that ranges of members are well defined. */
  lexkey: (random) => `y${random.below(4)}`,
  zmember: mostly((random) => `m${random.below(25)}`, 10, VALUE),
  /** No -0: ZRANGESTORE of redis-server 7.0 puts it into a listpack, which makes it 0, in any case. */
  score: mostly(
    mostly(between(-6, 6), 3, oneOf("0.5", "1.5", "-2.25", "1e10", "0.1", "inf", "-inf")),
    25,
    mostly(NO_NUMBER, 2, oneOf("1e400", "9007199254740993", "1e300", "5e-324", "infinity")),
  ),
  scorebound: mostly(
    (random) => `${random.oneIn(3) ? "(" : ""}${random.between(-7, 7)}`,
    6,
    mostly(oneOf("-inf", "+inf", "inf", "0.5", "(1.5"), 5, mostly(NO_NUMBER, 3, oneOf("(", "(x"))),
  ),
  lexbound: mostly(
    (random) => `${random.pick(["[", "("])}m${random.below(25)}`,
    5,
    mostly(oneOf("-", "+", "[", "(", "[m"), 6, oneOf("m1", "", "-x", "1")),
  ),
  zrank: mostly(between(-12, 12), 15, mostly(LIMITS, 2, NO_NUMBER)),
  value: VALUE,
  integer: INTEGER,
  float: mostly(
    oneOf("1", "-1", "0.1", "3.5", "-2.25", "1e2", "5.0e3", "0.30000000000000004", "1e-9", "100"),
    6,
    mostly(NO_NUMBER, 2, oneOf("1e20", "-inf", "1e400", "0.1e-20", "1e5000")),
  ),
  /** What Redis 7.0 and later ones add in the same way: those refuse infinities. */
  finite: mostly(
    oneOf("1", "-1", "0.1", "3.5", "-2.25", "1e2", "5.0e3", "0.30000000000000004", "1e-9"),
    8,
    oneOf("", "x", " 1", "1 ", "nan", "1e5000", "0x10", "1e20"),
  ),
  /** Fields of a hash: few, so that they meet. */
  field: mostly((random) => `k${random.below(12)}`, 8, VALUE),
  fieldcount: mostly(between(-20, 20), 10, oneOf("x", "", "1.5", "9223372036854775808")),
  index: mostly(between(-60, 60), 8, mostly(LIMITS, 2, NO_NUMBER)),
  offset: mostly(
    between(0, 200),
    8,
    oneOf("-1", "x", "536870912", "1048575", "99999999999999999999"),
  ),
  bitindex: mostly(between(-60, 60), 12, oneOf("-9223372036854775808", "9223372036854775807")),
  bit: mostly(between(0, 1), 20, oneOf("2", "-1", "x")),
  bitoffset: mostly(between(0, 1000), 12, oneOf("-1", "x", "4294967296", "#1")),
  bitfieldtype: mostly(
    (random) => random.oneIn(2) ? `u${random.between(1, 63)}` : `i${random.between(1, 64)}`,
    25,
    oneOf("u64", "i65", "u0", "x8", "u", "8"),
  ),
  bitfieldoffset: mostly(
    mostly(between(0, 500), 3, (random) => `#${random.below(10)}`),
    25,
    oneOf("-1", "x", "#x", "#-1", "4294967296"),
  ),
  seconds: SECONDS,
  milliseconds: mostly((random) => String(random.between(1e9, 4e9)), 6, SECONDS),
  future: FUTURE,
  "future-ms": inMs(FUTURE),
  moment: MOMENT,
  "moment-ms": inMs(MOMENT),
  db: mostly(between(0, 2), 12, oneOf("16", "-1", "x", "15")),
  pattern: oneOf(
    "*",
    "k*",
    "?1",
    "[kb]2",
    "[^k]*",
    "k[0-4]",
    "h\\0",
    "*[1-3]",
    "",
    "missing",
    "*k*",
  ),
  element: mostly((random) => `e${random.below(3000)}`, 20, VALUE),
  listkey: mostly((random) => `l${random.below(4)}`, 10, KEY),
  listelement: mostly(
    mostly((random) => `e${random.below(40)}`, 3, between(-20, 20)),
    15,
    mostly((random) => "long".repeat(random.below(3000)), 2, VALUE),
  ),
  xkey: mostly((random) => `x${random.below(4)}`, 12, KEY),
  /** Many are of entries that are there: see `xnewid`. */
  xid: mostly(
    (random) =>
      random.pick([
        `${random.below(40)}`,
        `${random.below(40)}-${random.below(4)}`,
        `40-${random.below(9)}`,
        `40-${random.below(30)}`,
      ]),
    20,
    oneOf("-", "$", ">", "", "x", "1-", "-1", "0-0", "18446744073709551615-1", "00007"),
  ),
  /** Mostly with the last moment of all, since it can be added to a stream again and again. */
  xnewid: mostly(
    (random) =>
      random.oneIn(3)
        ? random.pick([`${random.below(40)}-*`, `${random.below(40)}-${random.below(4)}`])
        : "40-*",
    30,
    oneOf("0-0", "x", "*-1", "1-*x", "", "-"),
  ),
  xbound: mostly(
    (random) =>
      random.pick(["", "(", ""]) +
      random.pick([`${random.below(40)}-${random.below(4)}`, `40-${random.below(20)}`]),
    4,
    oneOf("-", "+", "(3", "7", "(-", "x", "(0-0"),
  ),
  xgroup: mostly((random) => random.oneIn(3) ? "g1" : "g0", 15, VALUE),
  consumer: mostly((random) => `c${random.below(3)}`, 15, VALUE),
  /** How many entries have been read, or deliveries made; those beyond 2^53 are rounded. */
  xcount: mostly(between(0, 6), 12, mostly(between(-3, -1), 2, NO_NUMBER)),
  /** Either all are idle for long enough, or only those that XCLAIM has made so. */
  xminidle: mostly(oneOf("0", "0", "500000000", "1000000000"), 20, oneOf("x", "-1", "")),
  popcount: mostly(between(0, 6), 15, mostly(between(-3, 300), 2, mostly(LIMITS, 2, NO_NUMBER))),
  trimindex: mostly(
    mostly(between(0, 3), 2, between(-3, -1)),
    10,
    mostly(between(-60, 60), 4, mostly(LIMITS, 2, NO_NUMBER)),
  ),
  rank: mostly(between(-3, 3), 15, oneOf("9223372036854775807", "x", "9223372036854775808")),
  numkeys: mostly(between(1, 3), 10, mostly(between(-1, 5), 2, NO_NUMBER)),
  user: mostly(oneOf("alice", "bob"), 30, oneOf("nobody", "")),
  aclrule: ACL_RULE,
  name: mostly(oneOf("me", "you", ""), 5, oneOf("a b", "line\n", "\x80")),
  numberlist: (random) => `n${random.below(3)}`,
  wordlist: (random) => `o${random.below(2)}`,
  numberset: (random) => `t${random.below(2)}`,
  smallinteger: between(0, 15),
  sortpattern: mostly(
    oneOf("w*", "w*", "f*->field", "w*->x"),
    8,
    oneOf("nosort", "", "w", "f*->", "f*->nosuch", "**", "->*", "f*->field->field", "w*w"),
  ),
  getpattern: oneOf("w*", "f*->field", "*", "k*", "#", "d*->k1", "##", "f*", "w*->field", "w0"),
  sortweight: (random) => `w${random.pick(["", "m", "e"])}${random.below(16)}`,
  sorthash: (random) => `f${random.pick(["", "m", "e"])}${random.below(16)}`,
  /** What takes an argument's place in a damaged command: nothing that passes for a short time. */
  odd: oneOf(
    "",
    "x",
    "0",
    "-1",
    "NOSUCH",
    "EX",
    "GET",
    "k1",
    "9223372036854775808",
    "\x00\xff",
    "1.5",
  ),
} satisfies Record<string, Pool>;
