import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { freshSeed, Random } from "../../../support/random.ts";
import {
  EARTH_RADIUS_M,
  geoDistance,
  type GeoShape,
  ShapeFilter,
} from "../../../../src/structures/geo/shape.ts";

const filter = new ShapeFilter();

/** Metres from the centre of a shape to a place that lies in it; -1 for any other place. */
function distanceWithin(shape: GeoShape, longitude: number, latitude: number): number {
  filter.begin(shape);
  return filter.distance(longitude, latitude);
}

function circle(longitude: number, latitude: number, radiusM: number): GeoShape {
  return { longitude, latitude, isBox: false, radiusM, widthM: 0, heightM: 0 };
}

function box(longitude: number, latitude: number, widthM: number, heightM: number): GeoShape {
  return { longitude, latitude, isBox: true, radiusM: 0, widthM, heightM };
}

Deno.test("Distances are those along great circles", () => {
  assertAlmostEquals(geoDistance(13.361389, 38.115556, 15.087269, 37.502669), 166274.26, 0.01);
  assertAlmostEquals(geoDistance(0, 0, 90, 0), Math.PI / 2 * EARTH_RADIUS_M, 1e-6);
  assertAlmostEquals(geoDistance(5, -45, 5, 45), Math.PI / 2 * EARTH_RADIUS_M, 1e-6);
  assertEquals(geoDistance(7, 8, 7, 8), 0);
  assertAlmostEquals(geoDistance(179.5, 0, -179.5, 0), Math.PI / 180 * EARTH_RADIUS_M, 1e-6);
});

Deno.test("A circle has what is as far as its radius, and nothing farther", () => {
  const distance = geoDistance(10, 20, 11, 21);
  assertEquals(distanceWithin(circle(10, 20, distance), 11, 21), distance);
  assertEquals(distanceWithin(circle(10, 20, distance - 0.001), 11, 21), -1);
});

Deno.test("A box is as wide at its top as in its middle", () => {
  const shape = box(0, 60, 200_000, 200_000);
  const degree = Math.PI / 180 * EARTH_RADIUS_M;
  for (const latitude of [59.2, 60, 60.8]) {
    const edge = 100_000 / degree / Math.cos(latitude * Math.PI / 180);
    assert(distanceWithin(shape, edge - 0.001, latitude) > 0);
    assertEquals(distanceWithin(shape, edge + 0.001, latitude), -1);
  }
  assertEquals(distanceWithin(shape, 0, 60 + 100_001 / degree), -1);
});

Deno.test("A circle has all places that are near enough, wherever on earth it is", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  let inside = 0;
  for (let round = 0; round < 20_000; round++) {
    const radiusM = 10 ** (random.between(0, 7000) / 1000);
    const longitude = random.between(-180_000, 180_000) / 1000;
    const latitude = random.between(-85_000, 85_000) / 1000;
    const spread = radiusM / 80_000 / Math.cos(latitude * Math.PI / 180);
    const otherLongitude = longitude + spread * random.between(-1000, 1000) / 1000;
    const otherLatitude = latitude + radiusM / 110_000 * random.between(-1000, 1000) / 1000;
    if (Math.abs(otherLongitude) > 180 || Math.abs(otherLatitude) > 85) continue;
    const distance = geoDistance(longitude, latitude, otherLongitude, otherLatitude);
    const expected = distance > radiusM ? -1 : distance;
    const found = distanceWithin(
      circle(longitude, latitude, radiusM),
      otherLongitude,
      otherLatitude,
    );
    assertEquals(found, expected, JSON.stringify([longitude, latitude, radiusM]));
    if (found >= 0) inside++;
  }
  assert(inside > 1000);
});

Deno.test("A circle reaches across the date line", () => {
  assert(distanceWithin(circle(179.9, 10, 50_000), -179.9, 10) > 0);
  assertEquals(distanceWithin(circle(179.9, 10, 50_000), -179, 10), -1);
});
