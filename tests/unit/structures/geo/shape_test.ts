import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  distanceWithin,
  EARTH_RADIUS_M,
  geoDistance,
  type GeoShape,
} from "../../../../src/structures/geo/shape.ts";

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
