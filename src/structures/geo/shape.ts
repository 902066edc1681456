/** Circles and boxes on earth, and what lies in them. The earth is a sphere of Redis's radius. */

/** In metres; Redis's, and so that of every distance a client has ever been told. */
export const EARTH_RADIUS_M = 6372797.560856;

/** More than what the rounding of two ways to a distance makes up. */
const ROUNDING_M = 1;

const RADIAN = Math.PI / 180;

/** Around a centre: a circle, or a box that is `widthM` wide and `heightM` high. */
export interface GeoShape {
  longitude: number;
  latitude: number;
  isBox: boolean;
  /** Of a circle. */
  radiusM: number;
  /** Of a box. */
  widthM: number;
  heightM: number;
}

export function radians(degrees: number): number {
  return degrees * RADIAN;
}

export function degrees(radians: number): number {
  return radians / RADIAN;
}

/** Metres from one place to another, by the haversine formula. */
export function geoDistance(
  longitude1: number,
  latitude1: number,
  longitude2: number,
  latitude2: number,
): number {
  const v = Math.sin((radians(longitude2) - radians(longitude1)) / 2);
  if (v === 0) return meridianDistance(latitude1, latitude2);
  const lat1 = radians(latitude1);
  const lat2 = radians(latitude2);
  const u = Math.sin((lat2 - lat1) / 2);
  const a = u * u + Math.cos(lat1) * Math.cos(lat2) * v * v;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(a));
}

/** Metres from one latitude to another. */
function meridianDistance(latitude1: number, latitude2: number): number {
  return EARTH_RADIUS_M * Math.abs(radians(latitude2) - radians(latitude1));
}

/** Metres from the centre of a shape to a place that lies in it; -1 for any other place. */
export function distanceWithin(shape: GeoShape, longitude: number, latitude: number): number {
  if (!shape.isBox) {
    // Most of what is looked at is too far north or south: sines and cosines are not needed for it.
    if (meridianDistance(latitude, shape.latitude) > shape.radiusM + ROUNDING_M) return -1;
    const distance = geoDistance(shape.longitude, shape.latitude, longitude, latitude);
    return distance > shape.radiusM ? -1 : distance;
  }
  if (meridianDistance(latitude, shape.latitude) > shape.heightM / 2) return -1;
  // A box is as wide everywhere: along the place's own parallel.
  if (geoDistance(longitude, latitude, shape.longitude, latitude) > shape.widthM / 2) return -1;
  return geoDistance(shape.longitude, shape.latitude, longitude, latitude);
}
