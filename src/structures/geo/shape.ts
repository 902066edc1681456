/** Circles and boxes on earth, and what lies in them. The earth is a sphere of Redis's radius. */

/** In metres; Redis's, and so that of every distance a client has ever been told. */
export const EARTH_RADIUS_M = 6372797.560856;

/** More than what the rounding of two ways to a distance makes up. */
const ROUNDING_M = 1;
/** So near to a pole, in radians, meridians are too close to each other to be told from what is there. */
const POLE_MARGIN = 1e-4;

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
  return haversine(u * u + Math.cos(lat1) * Math.cos(lat2) * v * v);
}

function haversine(a: number): number {
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(a));
}

/** Metres from one latitude to another. */
function meridianDistance(latitude1: number, latitude2: number): number {
  return EARTH_RADIUS_M * Math.abs(radians(latitude2) - radians(latitude1));
}

/** Tells which places lie in a shape; used again and again. */
export class ShapeFilter {
  #shape!: GeoShape;
  /** In radians, and the cosine of the latitude, which each distance needs. */
  #longitude = 0;
  #latitude = 0;
  #cosine = 0;
  /** No place in a circle is more degrees of longitude away. */
  #longitudeDelta = 0;

  begin(shape: GeoShape): void {
    this.#shape = shape;
    this.#longitude = radians(shape.longitude);
    this.#latitude = radians(shape.latitude);
    this.#cosine = Math.cos(this.#latitude);
    this.#longitudeDelta = widestLongitude(shape.radiusM, this.#latitude);
  }

  /** Metres from the centre to a place that lies in the shape; -1 for any other place. */
  distance(longitude: number, latitude: number): number {
    const shape = this.#shape;
    const northM = meridianDistance(latitude, shape.latitude);
    if (!shape.isBox) {
      // Most of what is looked at is too far away in one direction: no sines are needed for it.
      if (northM > shape.radiusM + ROUNDING_M) return -1;
      const east = Math.abs(longitude - shape.longitude);
      if (east > this.#longitudeDelta && east < 360 - this.#longitudeDelta) return -1;
      const distance = this.#distance(longitude, latitude);
      return distance > shape.radiusM ? -1 : distance;
    }
    if (northM > shape.heightM / 2) return -1;
    // A box is as wide everywhere: along the place's own parallel.
    if (geoDistance(longitude, latitude, shape.longitude, latitude) > shape.widthM / 2) return -1;
    return this.#distance(longitude, latitude);
  }

  /** As {@link geoDistance}, from the centre. */
  #distance(longitude: number, latitude: number): number {
    const v = Math.sin((radians(longitude) - this.#longitude) / 2);
    if (v === 0) return meridianDistance(this.#shape.latitude, latitude);
    const lat2 = radians(latitude);
    const u = Math.sin((lat2 - this.#latitude) / 2);
    return haversine(u * u + this.#cosine * Math.cos(lat2) * v * v);
  }
}

/** The degrees from a circle's centre to the meridians that touch it; 360 when it has a pole in it, or nearly. */
function widestLongitude(radiusM: number, latitude: number): number {
  const angle = (radiusM + ROUNDING_M) / EARTH_RADIUS_M;
  if (angle + Math.abs(latitude) > Math.PI / 2 - POLE_MARGIN) return 360;
  return degrees(Math.asin(Math.sin(angle) / Math.cos(latitude)));
}
