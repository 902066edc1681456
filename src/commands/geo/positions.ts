/** Commands that tell where members are, and how far from each other. */
import { memberScore } from "../../keyspace/types/sorted_set.ts";
import type { Args } from "../../resp/args.ts";
import { decodeScore, geohashText, type Point } from "../../structures/geo/geohash.ts";
import { geoDistance } from "../../structures/geo/shape.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import { READS, readSortedSet } from "../sorted_set/lookup.ts";
import { arg, commandTable } from "../spec.ts";
import { readUnit, replyDistance, replyPoint, UNIT_TOKENS } from "./units.ts";

const point: Point = { longitude: 0, latitude: 0 };
const other: Point = { longitude: 0, latitude: 0 };

/** Sets `point` to the place of the member at argument `i`; false when it, or the set, is missing. */
function findPlace(client: Client, args: Args, entry: number, i: number, point: Point): boolean {
  if (entry === 0) return false;
  const { keyspace } = client.db;
  const score = memberScore(keyspace, entry, args.bufs[i], args.starts[i], args.ends[i]);
  if (score !== score) return false;
  decodeScore(score, point);
  return true;
}

function geoposCommand(client: Client, args: Args): void {
  const { reply } = client;
  const entry = readSortedSet(client, args, 1);
  reply.array(args.count - 2);
  for (let i = 2; i < args.count; i++) {
    if (findPlace(client, args, entry, i, point)) replyPoint(reply, point);
    else reply.nullArray();
  }
}

function geohashCommand(client: Client, args: Args): void {
  const { reply } = client;
  const entry = readSortedSet(client, args, 1);
  reply.array(args.count - 2);
  for (let i = 2; i < args.count; i++) {
    if (findPlace(client, args, entry, i, point)) reply.bulkText(geohashText(point));
    else reply.nullBulk();
  }
}

function geodistCommand(client: Client, args: Args): void {
  const { reply } = client;
  if (args.count > 5) throw SYNTAX;
  const unit = args.count === 5 ? readUnit(args, 4) : 1;
  const entry = readSortedSet(client, args, 1);
  const isKnown = findPlace(client, args, entry, 2, point) &&
    findPlace(client, args, entry, 3, other);
  if (!isKnown) return reply.nullBulk();
  const { longitude, latitude } = point;
  replyDistance(reply, geoDistance(longitude, latitude, other.longitude, other.latitude) / unit);
}

export const geoPositionCommands = commandTable("geo", [
  {
    name: "geopos",
    arity: -2,
    flags: ["readonly"],
    keys: READS,
    args: [arg.key(), arg.string("member", { multiple: true })],
    since: "3.2.0",
    complexity: "O(1) for each member",
    summary: "Tells longitudes and latitudes of members.",
    handler: geoposCommand,
  },
  {
    name: "geohash",
    arity: -2,
    flags: ["readonly"],
    keys: READS,
    args: [arg.key(), arg.string("member", { multiple: true })],
    since: "3.2.0",
    complexity: "O(1) for each member",
    summary: "Tells the places of members as geohashes, as geohash.org spells them.",
    handler: geohashCommand,
  },
  {
    name: "geodist",
    arity: -4,
    flags: ["readonly"],
    keys: READS,
    args: [
      arg.key(),
      arg.string("member1"),
      arg.string("member2"),
      arg.oneOf("unit", UNIT_TOKENS, { optional: true }),
    ],
    since: "3.2.0",
    complexity: "O(1)",
    summary: "Tells how far two members are from each other.",
    handler: geodistCommand,
  },
]);
