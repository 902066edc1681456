import { assert, assertEquals } from "@std/assert";
import { Cover } from "../../../../src/structures/geo/cover.ts";
import { geoScore, MAX_LATITUDE } from "../../../../src/structures/geo/geohash.ts";
import { type GeoShape, ShapeFilter } from "../../../../src/structures/geo/shape.ts";
import { freshSeed, Random } from "../../../support/random.ts";

const cover = new Cover();
const filter = new ShapeFilter();
const range = { min: 0, max: 0 };

/** Whether some cell that is looked through has the score. */
function isCovered(score: number): boolean {
  for (let cell = 0; cell < cover.count; cell++) {
    cover.range(cell, range);
    if (score >= range.min && score < range.max) return true;
  }
  return false;
}

/** Away from the poles and from the date line, where some places are not looked for, as in Redis. */
function randomShape(random: Random): GeoShape {
  return {
    longitude: random.between(-90_000, 90_000) / 1000,
    latitude: random.between(-50_000, 50_000) / 1000,
    isBox: random.oneIn(2),
    radiusM: random.between(1, 1_500_000),
    widthM: random.between(1, 2_000_000),
    heightM: random.between(1, 2_000_000),
  };
}

Deno.test("What lies in a shape lies in the cells that are looked through", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  let inside = 0;
  for (let round = 0; round < 2000; round++) {
    const shape = randomShape(random);
    cover.find(shape);
    filter.begin(shape);
    assert(cover.count >= 1 && cover.count <= 9);
    for (let place = 0; place < 20; place++) {
      const longitude = shape.longitude + random.between(-15_000, 15_000) / 1000;
      const latitude = shape.latitude + random.between(-15_000, 15_000) / 1000;
      if (filter.distance(longitude, latitude) < 0) continue;
      inside++;
      assert(
        isCovered(geoScore(longitude, latitude)),
        JSON.stringify({ shape, longitude, latitude }),
      );
    }
  }
  assert(inside > 1000);
});

Deno.test("A shape as big as the earth is looked for in all cells there are", () => {
  for (const radiusM of [3e7, Infinity]) {
    const shape = { longitude: 10, latitude: 20, isBox: false, radiusM, widthM: 0, heightM: 0 };
    cover.find(shape);
    for (const longitude of [-179, -1, 1, 179]) {
      for (const latitude of [-MAX_LATITUDE, -1, 1, 85]) {
        assert(isCovered(geoScore(longitude, latitude)));
      }
    }
  }
});

Deno.test("A shape without extent is looked for in one cell", () => {
  cover.find({ longitude: 1, latitude: 2, isBox: false, radiusM: 0, widthM: 0, heightM: 0 });
  assertEquals(cover.count, 1);
  assert(isCovered(geoScore(1, 2)));
});
