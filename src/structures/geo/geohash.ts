/**
 * Geohashes of 52 bits: places on earth as the scores of a sorted set, so that near places mostly have
 * near scores.
 *
 * Longitude and latitude are each halved 26 times; 26 bits tell in which half the place lies each time.
 * The bits are interleaved, beginning with the longitude's first:
 *
 *   score   lon lat lon lat … lon lat          52 bits, a whole number that a double holds exactly
 *
 * With fewer steps, the first bits alone name a cell, and its places are a range of scores. Here a hash
 * is two whole numbers, the `column` (counted from the west) and the `row` (from the south) of a cell
 * in the grid of `step` halvings; only the score is interleaved.
 *
 * Latitudes go as far as those of web maps, which are square. The last longitude and the last latitude
 * are a column and a row of their own, with a bit more than the others.
 */

export const MAX_LONGITUDE = 180;
/** Web maps (EPSG:3857) end where they are as high as they are wide. */
export const MAX_LATITUDE = 85.05112878;
/** Halvings of a score. */
export const MAX_STEP = 26;
/** Columns, and rows, of as many halvings. */
const CELLS = 2 ** MAX_STEP;

/** Latitudes of the geohashes that are spelled with letters (geohash.org) go to the poles. */
const POLE_LATITUDE = 90;
/** The digits of those geohashes: no a, i, l, o. */
const ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz";
const DIGIT_BITS = 5;
/** Digits that the bits of a score are enough for. One more, a zero, is spelled, as ever in Redis. */
const FULL_DIGITS = 10;

const WORD = 2 ** 32;

/** A place, in degrees. */
export interface Point {
  longitude: number;
  latitude: number;
}

/** Column or row of a coordinate in a grid of `step` halvings of -max to max, in which it must be. */
export function gridIndex(coordinate: number, max: number, step: number): number {
  return Math.floor((coordinate + max) / (max + max) * 2 ** step);
}

/** Where a column or row begins, in degrees; it ends where the next begins. */
export function gridCoordinate(index: number, max: number, step: number): number {
  return -max + index / 2 ** step * (max + max);
}

/** The score of a place, whose coordinates must be in their ranges. */
export function geoScore(longitude: number, latitude: number): number {
  const column = gridIndex(longitude, MAX_LONGITUDE, MAX_STEP);
  return cellScore(column, gridIndex(latitude, MAX_LATITUDE, MAX_STEP), MAX_STEP, 0);
}

/** The lowest score of a cell; with `offset` 1 the first behind it, of the next cell in their order. */
export function cellScore(column: number, row: number, step: number, offset: number): number {
  const low = spread(row & 0xffff) | spread(column & 0xffff) << 1;
  const high = spread(row >>> 16) | spread(column >>> 16) << 1;
  return (high * WORD + ((low >>> 0) + offset)) * 4 ** (MAX_STEP - step);
}

/** Sets `point` to the middle of a score's cell. Any score will do, and then means what it means in Redis. */
export function decodeScore(score: number, point: Point): void {
  let low = score | 0;
  let high = (score / WORD) | 0;
  if (!(score >= 0 && score < 2 ** 53)) {
    const whole = Math.trunc(score);
    low = high = 0;
    // As a processor makes a 64-bit integer of a double: negative ones wrap, and so on.
    if (whole < -(2 ** 63)) high = 1 << 31;
    else if (whole < 2 ** 64) {
      const quotient = Math.floor(whole / WORD);
      low = whole - quotient * WORD;
      high = quotient;
    }
  }
  const column = (squash(low >>> 1) | squash(high >>> 1) << 16) >>> 0;
  const row = (squash(low) | squash(high) << 16) >>> 0;
  point.longitude = middle(column, MAX_LONGITUDE);
  point.latitude = middle(row, MAX_LATITUDE);
}

function middle(index: number, max: number): number {
  // As gridCoordinate has it, without its power of two.
  const from = -max + index / CELLS * (max + max);
  const to = -max + ((index + 1) >>> 0) / CELLS * (max + max);
  const coordinate = (from + to) / 2;
  return coordinate > max ? max : coordinate < -max ? -max : coordinate;
}

/** The geohash of a place as geohash.org spells it, with 11 digits, the last of which is always 0. */
export function geohashText({ longitude, latitude }: Point): string {
  const column = gridIndex(longitude, MAX_LONGITUDE, MAX_STEP);
  const row = gridIndex(latitude, POLE_LATITUDE, MAX_STEP);
  const hash = BigInt(cellScore(column, row, MAX_STEP, 0));
  let text = "";
  for (let digit = 1; digit <= FULL_DIGITS; digit++) {
    const shift = BigInt(2 * MAX_STEP - digit * DIGIT_BITS);
    text += ALPHABET[Number(hash >> shift & 31n)];
  }
  return text + ALPHABET[0];
}

/** Puts a 0 before each of 16 bits: `abcd` becomes `0a0b0c0d`. */
function spread(bits: number): number {
  let spaced = (bits | bits << 8) & 0x00ff00ff;
  spaced = (spaced | spaced << 4) & 0x0f0f0f0f;
  spaced = (spaced | spaced << 2) & 0x33333333;
  return (spaced | spaced << 1) & 0x55555555;
}

/** Takes every second of 32 bits, beginning with the lowest: the inverse of {@link spread}. */
function squash(bits: number): number {
  let dense = bits & 0x55555555;
  dense = (dense | dense >>> 1) & 0x33333333;
  dense = (dense | dense >>> 2) & 0x0f0f0f0f;
  dense = (dense | dense >>> 4) & 0x00ff00ff;
  return (dense | dense >>> 8) & 0x0000ffff;
}
