/** What the searching commands ask for: where, how far, and which of the hits. */
import { memberScore } from "../../keyspace/types/sorted_set.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { decodeScore } from "../../structures/geo/geohash.ts";
import type { GeoShape } from "../../structures/geo/shape.ts";
import { roundedInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import { Order } from "./hits.ts";
import { readPoint, readRadius, readSides, readUnit } from "./units.ts";

const WITHDIST = keyword("WITHDIST");
const WITHHASH = keyword("WITHHASH");
const WITHCOORD = keyword("WITHCOORD");
const ANY = keyword("ANY");
const ASC = keyword("ASC");
const DESC = keyword("DESC");
const COUNT = keyword("COUNT");
const STORE = keyword("STORE");
const STOREDIST = keyword("STOREDIST");
const FROMMEMBER = keyword("FROMMEMBER");
const FROMLONLAT = keyword("FROMLONLAT");
const BYRADIUS = keyword("BYRADIUS");
const BYBOX = keyword("BYBOX");

const NO_PLACE = new ReplyError("ERR could not decode requested zset member");
const NO_COUNT = new ReplyError("ERR COUNT must be > 0");
const ANY_WITHOUT_COUNT = new ReplyError("ERR the ANY argument requires COUNT argument");
const STORE_AND_SHOW = new ReplyError(
  "ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options",
);
const SEARCHSTORE_AND_SHOW = new ReplyError(
  "ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options",
);

/** Which of the commands asks. */
export const Kind = {
  RADIUS: 0,
  RADIUS_RO: 1,
  BY_MEMBER: 2,
  BY_MEMBER_RO: 3,
  SEARCH: 4,
  SEARCHSTORE: 5,
} as const;

/** A search; filled in anew by each {@link readQuery}. */
export interface GeoQuery {
  readonly shape: GeoShape;
  /** Metres of the unit in which distances are given and shown. */
  unit: number;
  withDistance: boolean;
  withHash: boolean;
  withPlace: boolean;
  /** One of Order. */
  order: number;
  /** How many hits are wanted; 0: all. */
  count: number;
  /** Whether any hits will do, rather than the nearest. */
  any: boolean;
  /** The argument that is the key to store hits in; 0: they are shown. */
  storeArg: number;
  /** Whether distances are stored, rather than geohashes. */
  storesDistances: boolean;
}

const shape: GeoShape = {
  longitude: 0,
  latitude: 0,
  isBox: false,
  radiusM: 0,
  widthM: 0,
  heightM: 0,
};
const query: GeoQuery = {
  shape,
  unit: 1,
  withDistance: false,
  withHash: false,
  withPlace: false,
  order: Order.NONE,
  count: 0,
  any: false,
  storeArg: 0,
  storesDistances: false,
};
const sides = { width: 0, height: 0 };

/** What of GEOSEARCH has been read. */
const seen = { member: false, place: false, radius: false, box: false };

/**
 * Reads the arguments of a search.
 *
 * @param kind One of {@link Kind}.
 * @param entry The sorted set; 0 when it is missing, and then members are not looked for.
 */
export function readQuery(client: Client, args: Args, kind: number, entry: number): GeoQuery {
  query.unit = 1;
  query.withDistance = query.withHash = query.withPlace = false;
  query.order = Order.NONE;
  query.count = 0;
  query.any = false;
  query.storeArg = kind === Kind.SEARCHSTORE ? 1 : 0;
  query.storesDistances = false;
  shape.isBox = false;
  seen.member =
    seen.place =
    seen.radius =
    seen.box =
      false;
  readOptions(client, args, kind, entry, readFixedPart(client, args, kind, entry));
  check(args, kind);
  return query;
}

/** Reads what stands at fixed places. @returns Where the options begin. */
function readFixedPart(client: Client, args: Args, kind: number, entry: number): number {
  switch (kind) {
    case Kind.RADIUS:
    case Kind.RADIUS_RO:
      readPoint(args, 2, shape);
      readCircle(args, 4);
      return 6;
    case Kind.BY_MEMBER:
    case Kind.BY_MEMBER_RO:
      if (entry !== 0) {
        readPlaceOf(client, args, entry, 2);
        readCircle(args, 3);
      }
      return 5;
    case Kind.SEARCH:
      return 2;
    default:
      return 3;
  }
}

function readOptions(client: Client, args: Args, kind: number, entry: number, from: number): void {
  const isSearch = kind === Kind.SEARCH || kind === Kind.SEARCHSTORE;
  for (let i = from; i < args.count; i++) {
    if (args.is(i, WITHDIST)) query.withDistance = true;
    else if (args.is(i, WITHHASH)) query.withHash = true;
    else if (args.is(i, WITHCOORD)) query.withPlace = true;
    else if (args.is(i, ANY)) query.any = true;
    else if (args.is(i, ASC)) query.order = Order.NEAREST;
    else if (args.is(i, DESC)) query.order = Order.FARTHEST;
    else if (args.is(i, COUNT) && i + 1 < args.count) query.count = readCount(args, ++i);
    else if (isSearch) i = readSearchOption(client, args, kind, entry, i);
    else i = readStoreOption(args, kind, i);
  }
}

function readCount(args: Args, i: number): number {
  const count = roundedInteger(args, i);
  if (count <= 0) throw NO_COUNT;
  return count;
}

/** An option of GEORADIUS alone, at argument `i`. @returns Its last argument. */
function readStoreOption(args: Args, kind: number, i: number): number {
  const mayStore = kind === Kind.RADIUS || kind === Kind.BY_MEMBER;
  const isDistance = args.is(i, STOREDIST);
  if (!mayStore || i + 1 >= args.count || !(isDistance || args.is(i, STORE))) throw SYNTAX;
  query.storeArg = i + 1;
  query.storesDistances = isDistance;
  return i + 1;
}

/** An option of GEOSEARCH alone, at argument `i`. @returns Its last argument. */
function readSearchOption(
  client: Client,
  args: Args,
  kind: number,
  entry: number,
  i: number,
): number {
  const left = args.count - 1 - i;
  if (left >= 1 && !seen.place && args.is(i, FROMMEMBER)) {
    if (entry !== 0) readPlaceOf(client, args, entry, i + 1);
    seen.member = true;
    return i + 1;
  }
  if (left >= 2 && !seen.member && args.is(i, FROMLONLAT)) {
    readPoint(args, i + 1, shape);
    seen.place = true;
    return i + 2;
  }
  if (left >= 2 && !seen.box && args.is(i, BYRADIUS)) {
    readCircle(args, i + 1);
    seen.radius = true;
    return i + 2;
  }
  if (left >= 3 && !seen.radius && args.is(i, BYBOX)) {
    readBox(args, i + 1);
    seen.box = true;
    return i + 3;
  }
  if (kind !== Kind.SEARCHSTORE || !args.is(i, STOREDIST)) throw SYNTAX;
  query.storesDistances = true;
  return i;
}

/** Makes the place of the member at argument `i` the centre. */
function readPlaceOf(client: Client, args: Args, entry: number, i: number): void {
  const { keyspace } = client.db;
  const score = memberScore(keyspace, entry, args.bufs[i], args.starts[i], args.ends[i]);
  if (score !== score) throw NO_PLACE;
  decodeScore(score, shape);
}

function readCircle(args: Args, i: number): void {
  const radius = readRadius(args, i);
  query.unit = readUnit(args, i + 1);
  shape.isBox = false;
  shape.radiusM = radius * query.unit;
}

function readBox(args: Args, i: number): void {
  readSides(args, i, sides);
  query.unit = readUnit(args, i + 2);
  shape.isBox = true;
  shape.widthM = sides.width * query.unit;
  shape.heightM = sides.height * query.unit;
}

function check(args: Args, kind: number): void {
  const shows = query.withDistance || query.withHash || query.withPlace;
  if (query.storeArg !== 0 && shows) {
    throw kind === Kind.SEARCHSTORE ? SEARCHSTORE_AND_SHOW : STORE_AND_SHOW;
  }
  if (kind >= Kind.SEARCH && !seen.member && !seen.place) {
    throw new ReplyError(
      `ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for ${args.latin1(0)}`,
    );
  }
  if (kind >= Kind.SEARCH && !seen.radius && !seen.box) {
    throw new ReplyError(
      `ERR exactly one of BYRADIUS and BYBOX can be specified for ${args.latin1(0)}`,
    );
  }
  if (query.any && query.count === 0) throw ANY_WITHOUT_COUNT;
}
