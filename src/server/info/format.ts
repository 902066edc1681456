/** How INFO writes numbers. */

const UNITS = ["B", "K", "M", "G", "T", "P"];

/** Bytes for people: `967.22K`. */
export function humanBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`;
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return value.toFixed(2) + UNITS[unit];
}

/** A ratio with two decimals; 0 where there is nothing to compare with. */
export function ratio(part: number, whole: number): string {
  return whole === 0 ? "0.00" : (part / whole).toFixed(2);
}

/** A share in per cent with two decimals. */
export function percent(part: number, whole: number): string {
  return `${whole === 0 ? "0.00" : (part / whole * 100).toFixed(2)}%`;
}
