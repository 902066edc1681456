/** Places, distances and their units among the arguments, and how replies spell them. */
import { formatFixed } from "../../memory/double.ts";
import { parseDouble } from "../../memory/double.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { ReplyWriter } from "../../resp/writer.ts";
import { MAX_LATITUDE, MAX_LONGITUDE, type Point } from "../../structures/geo/geohash.ts";
import { arg } from "../spec.ts";

const M = keyword("M");
const KM = keyword("KM");
const FT = keyword("FT");
const MI = keyword("MI");

const UNKNOWN_UNIT = new ReplyError("ERR unsupported unit provided. please use M, KM, FT, MI");
const NO_RADIUS = new ReplyError("ERR need numeric radius");
const NO_WIDTH = new ReplyError("ERR need numeric width");
const NO_HEIGHT = new ReplyError("ERR need numeric height");
const NEGATIVE_RADIUS = new ReplyError("ERR radius cannot be negative");
const NEGATIVE_SIDE = new ReplyError("ERR height or width cannot be negative");

/** Decimals of a distance. */
const DISTANCE_DECIMALS = 4;
/** Decimals of a coordinate, before the zeros at their end are cut off. */
const COORDINATE_DECIMALS = 17;

/** The argument of rows that take a unit. */
export const UNIT_TOKENS = [arg.token("M"), arg.token("KM"), arg.token("FT"), arg.token("MI")];

/** The metres of the unit at argument `i`. */
export function readUnit(args: Args, i: number): number {
  if (args.is(i, M)) return 1;
  if (args.is(i, KM)) return 1000;
  if (args.is(i, FT)) return 0.3048;
  if (args.is(i, MI)) return 1609.34;
  throw UNKNOWN_UNIT;
}

/** The radius at argument `i`, in a unit of its own. */
export function readRadius(args: Args, i: number): number {
  return nonNegative(readNumber(args, i, NO_RADIUS), NEGATIVE_RADIUS);
}

/** Width and height at arguments `i` and `i + 1`, in a unit of their own. */
export function readSides(args: Args, i: number, sides: { width: number; height: number }): void {
  sides.width = readNumber(args, i, NO_WIDTH);
  sides.height = readNumber(args, i + 1, NO_HEIGHT);
  nonNegative(Math.min(sides.width, sides.height), NEGATIVE_SIDE);
}

function readNumber(args: Args, i: number, error: ReplyError): number {
  const value = parseDouble(args.bufs[i], args.starts[i], args.ends[i]);
  if (value !== value) throw error;
  return value;
}

function nonNegative(value: number, error: ReplyError): number {
  if (value < 0) throw error;
  return value;
}

/** The place whose longitude and latitude stand at arguments `i` and `i + 1`. */
export function readPoint(args: Args, i: number, point: Point): void {
  const longitude = args.double(i);
  const latitude = args.double(i + 1);
  if (Math.abs(longitude) > MAX_LONGITUDE || Math.abs(latitude) > MAX_LATITUDE) {
    throw new ReplyError(
      `ERR invalid longitude,latitude pair ${decimals(longitude)},${decimals(latitude)}`,
    );
  }
  point.longitude = longitude;
  point.latitude = latitude;
}

/** As C prints a double with "%f". */
function decimals(d: number): string {
  return Number.isFinite(d) ? formatFixed(d, 6) : d < 0 ? "-inf" : "inf";
}

/** A distance, which is a string under RESP3 as well. */
export function replyDistance(reply: ReplyWriter, distance: number): void {
  reply.bulkText(formatFixed(distance, DISTANCE_DECIMALS));
}

/** Longitude and latitude. */
export function replyPoint(reply: ReplyWriter, point: Point): void {
  reply.array(2);
  reply.doubleText(coordinateText(point.longitude));
  reply.doubleText(coordinateText(point.latitude));
}

/** A coordinate as a C `long double` is printed for people: without zeros at the end. */
function coordinateText(coordinate: number): string {
  const text = formatFixed(coordinate, COORDINATE_DECIMALS);
  let end = text.length;
  while (text.charCodeAt(end - 1) === 0x30) end--;
  if (text.charCodeAt(end - 1) === 0x2e) end--;
  return text.slice(0, end);
}
