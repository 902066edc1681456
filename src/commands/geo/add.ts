/** GEOADD: members of a sorted set with places for scores. */
import { EventClass } from "../../keyspace/events.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { geoScore, type Point } from "../../structures/geo/geohash.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import { wrote } from "../lookup.ts";
import { addSortedSet, writeSortedSet } from "../sorted_set/lookup.ts";
import { ADD, addOne, isBigFrom, Outcome } from "../sorted_set/members.ts";
import { arg, commandTable, key } from "../spec.ts";
import { readPoint } from "./units.ts";

const NX = keyword("NX");
const XX = keyword("XX");
const CH = keyword("CH");

/** Longitude, latitude, member. */
const TRIPLE = 3;

const rules = { ...ADD };
const point: Point = { longitude: 0, latitude: 0 };

function geoaddCommand(client: Client, args: Args): void {
  let changes = false;
  let from = 2;
  rules.nx = rules.xx = false;
  for (; from < args.count; from++) {
    if (args.is(from, NX)) rules.nx = true;
    else if (args.is(from, XX)) rules.xx = true;
    else if (args.is(from, CH)) changes = true;
    else break;
  }
  const left = args.count - from;
  if (left === 0 || left % TRIPLE !== 0 || (rules.nx && rules.xx)) throw SYNTAX;
  for (let i = from; i < args.count; i += TRIPLE) readPoint(args, i, point);

  let entry = writeSortedSet(client, args, 1);
  if (entry === 0) {
    if (rules.xx) return client.reply.integer(0);
    entry = addSortedSet(client, args, isBigFrom(client, args, from + 2));
  }
  let added = 0;
  let updated = 0;
  for (let i = from; i < args.count; i += TRIPLE) {
    readPoint(args, i, point);
    const score = geoScore(point.longitude, point.latitude);
    const outcome = addOne(client, args, entry, i + 2, score, rules);
    if (outcome === Outcome.ADDED) added++;
    else if (outcome === Outcome.UPDATED) updated++;
  }
  if (added + updated > 0) {
    client.db.keyspace.counters.dirty += added + updated - 1;
    wrote(client, args, 1, EventClass.ZSET, "zadd");
  }
  client.reply.integer(changes ? added + updated : added);
}

export const geoAddCommands = commandTable("geo", [
  {
    name: "geoadd",
    arity: -5,
    flags: ["write", "denyoom"],
    keys: [key({ at: 1, access: "rw", does: "update" })],
    args: [
      arg.key(),
      arg.oneOf("condition", [arg.token("NX"), arg.token("XX")], {
        optional: true,
        since: "6.2.0",
      }),
      arg.token("CH", { name: "change", optional: true, since: "6.2.0" }),
      arg.block("longitude_latitude_member", [
        arg.double("longitude"),
        arg.double("latitude"),
        arg.string("member"),
      ], { multiple: true }),
    ],
    since: "3.2.0",
    complexity: "O(log N) for each member, N being the size of the set",
    summary: "Gives members of a sorted set their places on earth, adding those that are missing.",
    history: [["6.2.0", "Takes `CH`, `NX` and `XX`."]],
    handler: geoaddCommand,
  },
]);
