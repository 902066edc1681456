/**
 * The cells in which to look for what lies in a shape: the one with its centre, and those around it
 * that the shape may reach into.
 *
 * The grid is chosen so coarse that no shape reaches farther than one cell from its centre's. Where that
 * estimate fails, and what is then not found, is as in Redis: clients see the order of the cells in what
 * is not sorted, and in what COUNT ANY leaves out.
 */
import {
  cellScore,
  gridCoordinate,
  gridIndex,
  MAX_LATITUDE,
  MAX_LONGITUDE,
  MAX_STEP,
} from "./geohash.ts";
import { degrees, EARTH_RADIUS_M, type GeoShape, radians } from "./shape.ts";

/** Half of the earth's circumference on a web map, in metres. */
const MERCATOR_MAX_M = 20037726.37;

/** Near the poles cells are narrow. */
const NARROW_LATITUDE = 66;
const VERY_NARROW_LATITUDE = 80;

/** The centre's cell, then its neighbours, in the order in which they are looked through. */
const EAST = [0, 0, 0, 1, -1, 1, -1, 1, -1];
const NORTH = [0, 1, -1, 0, 0, 1, 1, -1, -1];

/** A range of scores: from `min` up to, but not with, `max`. */
export interface CellRange {
  min: number;
  max: number;
}

/** Degrees that a shape surely lies within. */
interface Bounds {
  west: number;
  east: number;
  south: number;
  north: number;
}

/** Up to nine cells; used again and again. */
export class Cover {
  /** How many cells there are to look through. */
  count = 0;
  readonly #columns = new Int32Array(EAST.length);
  readonly #rows = new Int32Array(EAST.length);
  #step = 0;
  readonly #bounds: Bounds = { west: 0, east: 0, south: 0, north: 0 };

  /** Finds the cells for a shape. */
  find(shape: GeoShape): void {
    const bounds = this.#bounds;
    setBounds(bounds, shape);
    let step = estimatedStep(shape);
    if (step > 1 && fallsShort(shape, step, bounds)) step--;
    this.#step = step;
    this.count = 0;

    const column = gridIndex(shape.longitude, MAX_LONGITUDE, step);
    const row = gridIndex(shape.latitude, MAX_LATITUDE, step);
    // In the coarsest grid the cells around are all there is, and none is left out.
    const isFine = step >= 2;
    const noSouth = isFine && gridCoordinate(row, MAX_LATITUDE, step) < bounds.south;
    const noNorth = isFine && gridCoordinate(row + 1, MAX_LATITUDE, step) > bounds.north;
    const noWest = isFine && gridCoordinate(column, MAX_LONGITUDE, step) < bounds.west;
    const noEast = isFine && gridCoordinate(column + 1, MAX_LONGITUDE, step) > bounds.east;
    for (let i = 0; i < EAST.length; i++) {
      const east = EAST[i];
      const north = NORTH[i];
      if ((noSouth && north < 0) || (noNorth && north > 0)) continue;
      if ((noWest && east < 0) || (noEast && east > 0)) continue;
      this.#add(moved(column, east, step), moved(row, north, step));
    }
  }

  /** Sets `range` to the scores of a cell. */
  range(index: number, range: CellRange): void {
    const column = this.#columns[index];
    const row = this.#rows[index];
    range.min = cellScore(column, row, this.#step, 0);
    range.max = cellScore(column, row, this.#step, 1);
  }

  /** Adds a cell, unless it is the one before: in coarse grids, what lies around is the same on all sides. */
  #add(column: number, row: number): void {
    const { count } = this;
    if (count > 0 && this.#columns[count - 1] === column && this.#rows[count - 1] === row) return;
    this.#columns[count] = column;
    this.#rows[count] = row;
    this.count = count + 1;
  }
}

function setBounds(bounds: Bounds, shape: GeoShape): void {
  const { longitude, latitude, isBox } = shape;
  const height = isBox ? shape.heightM / 2 : shape.radiusM;
  const width = isBox ? shape.widthM / 2 : shape.radiusM;
  const latitudeDelta = degrees(height / EARTH_RADIUS_M);
  // Degrees of longitude are shortest at the end that is nearer to a pole.
  const farthest = latitude < 0 ? latitude - latitudeDelta : latitude + latitudeDelta;
  const longitudeDelta = degrees(width / EARTH_RADIUS_M / Math.cos(radians(farthest)));
  bounds.west = longitude - longitudeDelta;
  bounds.east = longitude + longitudeDelta;
  bounds.south = latitude - latitudeDelta;
  bounds.north = latitude + latitudeDelta;
}

/** How fine a grid may be for a shape to lie within a cell and its neighbours, mostly. */
function estimatedStep({ latitude, isBox, radiusM, widthM, heightM }: GeoShape): number {
  const reachM = isBox ? Math.sqrt((widthM / 2) ** 2 + (heightM / 2) ** 2) : radiusM;
  if (reachM === 0) return MAX_STEP;
  let step = -1;
  for (let doubled = reachM; doubled < MERCATOR_MAX_M; doubled *= 2) step++;
  const pole = Math.abs(latitude);
  if (pole > NARROW_LATITUDE) step--;
  if (pole > VERY_NARROW_LATITUDE) step--;
  return step < 1 ? 1 : step > MAX_STEP ? MAX_STEP : step;
}

/** Whether the cells around the centre's end within the bounds. */
function fallsShort(shape: GeoShape, step: number, bounds: Bounds): boolean {
  const column = gridIndex(shape.longitude, MAX_LONGITUDE, step);
  const row = gridIndex(shape.latitude, MAX_LATITUDE, step);
  const north = gridCoordinate(moved(row, 1, step) + 1, MAX_LATITUDE, step);
  const south = gridCoordinate(moved(row, -1, step), MAX_LATITUDE, step);
  const east = gridCoordinate(moved(column, 1, step) + 1, MAX_LONGITUDE, step);
  const west = gridCoordinate(moved(column, -1, step), MAX_LONGITUDE, step);
  return north < bounds.north || south > bounds.south || east < bounds.east || west > bounds.west;
}

/** The index one further, or one back, or the same; the grid is closed in both directions. */
function moved(index: number, by: number, step: number): number {
  return by === 0 ? index : (index + by) & (2 ** step - 1);
}
