import { assert, assertEquals } from "@std/assert";
import {
  cellScore,
  decodeScore,
  geohashText,
  geoScore,
  gridCoordinate,
  gridIndex,
  MAX_LATITUDE,
  MAX_LONGITUDE,
  MAX_STEP,
  type Point,
} from "../../../../src/structures/geo/geohash.ts";
import { freshSeed, Random } from "../../../support/random.ts";

/** Half of a cell of a score, in degrees. */
const LONGITUDE_TOLERANCE = MAX_LONGITUDE / 2 ** MAX_STEP;
const LATITUDE_TOLERANCE = MAX_LATITUDE / 2 ** MAX_STEP;

function randomPoint(random: Random): Point {
  return {
    longitude: (random.next() / 2 ** 31 - 1) * MAX_LONGITUDE,
    latitude: (random.next() / 2 ** 31 - 1) * MAX_LATITUDE,
  };
}

function decoded(score: number): Point {
  const point = { longitude: NaN, latitude: NaN };
  decodeScore(score, point);
  return point;
}

Deno.test("A score is the geohash that Redis stores", () => {
  assertEquals(geoScore(13.361389, 38.115556), 3479099956230698);
  assertEquals(geoScore(15.087269, 37.502669), 3479447370796909);
  assertEquals(geoScore(-180, -MAX_LATITUDE), 0);
});

Deno.test("A score's place is within half a cell of the place it was made of", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let round = 0; round < 10_000; round++) {
    const { longitude, latitude } = randomPoint(random);
    const point = decoded(geoScore(longitude, latitude));
    assert(Math.abs(point.longitude - longitude) <= LONGITUDE_TOLERANCE * 1.000001);
    assert(Math.abs(point.latitude - latitude) <= LATITUDE_TOLERANCE * 1.000001);
    assertEquals(geoScore(point.longitude, point.latitude), geoScore(longitude, latitude));
  }
});

Deno.test("Bits of a score alternate between longitude and latitude, the former first", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let round = 0; round < 1000; round++) {
    const column = random.below(2 ** MAX_STEP);
    const row = random.below(2 ** MAX_STEP);
    let bits = "";
    for (let bit = MAX_STEP - 1; bit >= 0; bit--) bits += `${column >> bit & 1}${row >> bit & 1}`;
    assertEquals(cellScore(column, row, MAX_STEP, 0), parseInt(bits, 2));
  }
});

Deno.test("A cell's scores are those of the places in it", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  for (let round = 0; round < 5000; round++) {
    const { longitude, latitude } = randomPoint(random);
    const step = random.between(1, MAX_STEP);
    const column = gridIndex(longitude, MAX_LONGITUDE, step);
    const row = gridIndex(latitude, MAX_LATITUDE, step);
    const score = geoScore(longitude, latitude);
    assert(cellScore(column, row, step, 0) <= score);
    assert(score < cellScore(column, row, step, 1));
    assert(gridCoordinate(column, MAX_LONGITUDE, step) <= longitude);
    assert(longitude <= gridCoordinate(column + 1, MAX_LONGITUDE, step));
  }
});

Deno.test("The last longitude and latitude have scores of their own, as in Redis", () => {
  assertEquals(geoScore(180, -MAX_LATITUDE), 2 ** 53);
  assertEquals(geoScore(-180, MAX_LATITUDE), 2 ** 52);
  assertEquals(decoded(2 ** 53).longitude, 180);
});

Deno.test("Any score has a place", () => {
  for (const score of [-1, -1e300, -Infinity, Infinity, 1e300, 0.5, 2 ** 63, 2 ** 64 - 2048]) {
    const { longitude, latitude } = decoded(score);
    assert(Math.abs(longitude) <= MAX_LONGITUDE && Math.abs(latitude) <= MAX_LATITUDE);
  }
  assertEquals(decoded(0.5), decoded(0));
});

Deno.test("A geohash in letters is that of geohash.org", () => {
  assertEquals(geohashText(decoded(geoScore(13.361389, 38.115556))), "sqc8b49rny0");
  assertEquals(geohashText(decoded(geoScore(15.087269, 37.502669))), "sqdtr74hyu0");
});
