/** Commands that find members by where they are. */
import type { Args } from "../../resp/args.ts";
import { decodeScore, type Point } from "../../structures/geo/geohash.ts";
import type { Client } from "../context.ts";
import { READS, readSortedSet } from "../sorted_set/lookup.ts";
import { makeResult, storeResult } from "../sorted_set/store.ts";
import { arg, commandTable, key } from "../spec.ts";
import { GeoHits, Order } from "./hits.ts";
import { type GeoQuery, Kind, readQuery } from "./query.ts";
import { replyDistance, replyPoint, UNIT_TOKENS } from "./units.ts";

const hits = new GeoHits();
const point: Point = { longitude: 0, latitude: 0 };

function georadiusCommand(client: Client, args: Args): void {
  search(client, args, Kind.RADIUS);
}

function georadiusroCommand(client: Client, args: Args): void {
  search(client, args, Kind.RADIUS_RO);
}

function georadiusbymemberCommand(client: Client, args: Args): void {
  search(client, args, Kind.BY_MEMBER);
}

function georadiusbymemberroCommand(client: Client, args: Args): void {
  search(client, args, Kind.BY_MEMBER_RO);
}

function geosearchCommand(client: Client, args: Args): void {
  search(client, args, Kind.SEARCH);
}

function geosearchstoreCommand(client: Client, args: Args): void {
  search(client, args, Kind.SEARCHSTORE);
}

function search(client: Client, args: Args, kind: number): void {
  const entry = readSortedSet(client, args, kind === Kind.SEARCHSTORE ? 2 : 1);
  const query = readQuery(client, args, kind, entry);
  try {
    if (entry !== 0) {
      hits.search(client.db.keyspace, entry, query.shape, query.any ? query.count : 0);
    }
    const wanted = query.count === 0 ? hits.count : Math.min(query.count, hits.count);
    // The nearest are meant where a number is given, unless any will do.
    const order = query.order === Order.NONE && query.count > 0 && !query.any
      ? Order.NEAREST
      : query.order;
    if (order !== Order.NONE && wanted > 0) hits.sort(order, wanted);
    if (query.storeArg === 0) show(client, query, wanted);
    else store(client, args, kind, query, wanted);
  } finally {
    hits.clear();
  }
}

/** Replies with the first hits. */
function show({ reply }: Client, query: GeoQuery, count: number): void {
  const { withDistance, withHash, withPlace } = query;
  const extras = (withDistance ? 1 : 0) + (withHash ? 1 : 0) + (withPlace ? 1 : 0);
  const { bytes, starts, ends } = hits.members;
  reply.array(count);
  for (let i = 0; i < count; i++) {
    const hit = hits.order[i];
    if (extras > 0) reply.array(1 + extras);
    reply.bulk(bytes, starts[hit], ends[hit]);
    if (withDistance) replyDistance(reply, hits.distances[hit] / query.unit);
    if (withHash) reply.integer(hits.scores[hit]);
    if (withPlace) {
      decodeScore(hits.scores[hit], point);
      replyPoint(reply, point);
    }
  }
}

/** Makes a sorted set of the first hits. */
function store(client: Client, args: Args, kind: number, query: GeoQuery, count: number): void {
  const { bytes, starts, ends } = hits.members;
  const result = makeResult(client, (result) => {
    for (let i = 0; i < count; i++) {
      const hit = hits.order[i];
      const score = query.storesDistances ? hits.distances[hit] / query.unit : hits.scores[hit];
      result.insert(bytes, starts[hit], ends[hit], score);
    }
  }, null);
  const event = kind === Kind.SEARCHSTORE ? "geosearchstore" : "georadiusstore";
  if (count > 0) client.db.keyspace.counters.dirty += count - 1;
  storeResult(client, args, query.storeArg, result, event);
}

// ---------------------------------------------------------------- the table

const UNIT = arg.oneOf("unit", UNIT_TOKENS);
const SHOWN = [
  arg.token("WITHCOORD", { optional: true }),
  arg.token("WITHDIST", { optional: true }),
  arg.token("WITHHASH", { optional: true }),
];
const ORDER = arg.oneOf("order", [arg.token("ASC"), arg.token("DESC")], { optional: true });
const COUNT = arg.integer("count", { token: "COUNT" });
const LIMITED = arg.block("count", [COUNT, arg.token("ANY", { optional: true })], {
  optional: true,
});
const LIMITED_SINCE_ANY = arg.block("count", [
  COUNT,
  arg.token("ANY", { optional: true, since: "6.2.0" }),
], { optional: true });
const STORED = [
  arg.key("key", { keySpec: 1, token: "STORE", optional: true }),
  arg.key("key", { keySpec: 2, token: "STOREDIST", optional: true }),
];
const AROUND_POINT = [
  arg.key(),
  arg.double("longitude"),
  arg.double("latitude"),
  arg.double("radius"),
  UNIT,
];
const AROUND_MEMBER = [arg.key(), arg.string("member"), arg.double("radius"), UNIT];
const FROM = arg.oneOf("from", [
  arg.string("member", { token: "FROMMEMBER" }),
  arg.block("longitude_latitude", [arg.double("longitude"), arg.double("latitude")], {
    token: "FROMLONLAT",
  }),
]);
const BY = arg.oneOf("by", [
  arg.block("circle", [arg.double("radius", { token: "BYRADIUS" }), UNIT]),
  arg.block("box", [arg.double("width", { token: "BYBOX" }), arg.double("height"), UNIT]),
]);

const COMPLEXITY =
  "O(log N + M log M), N being the size of the set and M the number of members near the shape";
const UPPERCASE = ["7.0.0", "Takes units in capitals."] as const;

/** The key that is read, and the one after STORE or STOREDIST, from argument `from` on. */
function keysWithStore(from: number) {
  const stored = { from, access: "ow", does: "update" } as const;
  return [...READS, key({ keyword: "STORE", ...stored }), key({ keyword: "STOREDIST", ...stored })];
}

export const geoSearchCommands = commandTable("geo", [
  {
    name: "georadius",
    arity: -6,
    flags: ["write", "denyoom"],
    keys: keysWithStore(6),
    args: [...AROUND_POINT, ...SHOWN, LIMITED_SINCE_ANY, ORDER, ...STORED],
    since: "3.2.0",
    complexity: COMPLEXITY,
    summary: "Finds members within a distance of a place; shows or stores them.",
    deprecated: {
      since: "6.2.0",
      replacedBy: "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument",
    },
    history: [["6.2.0", "Takes `ANY` with `COUNT`."], UPPERCASE],
    handler: georadiusCommand,
  },
  {
    name: "georadius_ro",
    arity: -6,
    flags: ["readonly"],
    keys: READS,
    args: [...AROUND_POINT, ...SHOWN, LIMITED_SINCE_ANY, ORDER],
    since: "3.2.10",
    complexity: COMPLEXITY,
    summary: "Finds members within a distance of a place.",
    deprecated: { since: "6.2.0", replacedBy: "`GEOSEARCH` with the `BYRADIUS` argument" },
    history: [["6.2.0", "Takes `ANY` with `COUNT`."]],
    handler: georadiusroCommand,
  },
  {
    name: "georadiusbymember",
    arity: -5,
    flags: ["write", "denyoom"],
    keys: keysWithStore(5),
    args: [...AROUND_MEMBER, ...SHOWN, LIMITED, ORDER, ...STORED],
    since: "3.2.0",
    complexity: COMPLEXITY,
    summary: "Finds members within a distance of a member; shows or stores them.",
    deprecated: {
      since: "6.2.0",
      replacedBy: "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments",
    },
    history: [UPPERCASE],
    handler: georadiusbymemberCommand,
  },
  {
    name: "georadiusbymember_ro",
    arity: -5,
    flags: ["readonly"],
    keys: READS,
    args: [...AROUND_MEMBER, ...SHOWN, LIMITED, ORDER],
    since: "3.2.10",
    complexity: COMPLEXITY,
    summary: "Finds members within a distance of a member.",
    deprecated: {
      since: "6.2.0",
      replacedBy: "`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments",
    },
    handler: georadiusbymemberroCommand,
  },
  {
    name: "geosearch",
    arity: -7,
    flags: ["readonly"],
    keys: READS,
    args: [arg.key(), FROM, BY, ORDER, LIMITED, ...SHOWN],
    since: "6.2.0",
    complexity: COMPLEXITY,
    summary: "Finds members in a circle or a box.",
    history: [UPPERCASE],
    handler: geosearchCommand,
  },
  {
    name: "geosearchstore",
    arity: -8,
    flags: ["write", "denyoom"],
    keys: [
      key({ at: 1, access: "ow", does: "update" }),
      key({ at: 2, access: "ro", does: "access" }),
    ],
    args: [
      arg.key("destination"),
      arg.key("source", { keySpec: 1 }),
      FROM,
      BY,
      ORDER,
      LIMITED,
      arg.token("STOREDIST", { optional: true }),
    ],
    since: "6.2.0",
    complexity: COMPLEXITY,
    summary: "Finds members in a circle or a box, and makes them the value of another key.",
    history: [UPPERCASE],
    handler: geosearchstoreCommand,
  },
]);
