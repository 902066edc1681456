/**
 * Binary floating-point numbers of any format, exactly, on BigInt: for what JavaScript's own doubles
 * do not cover, which is C's long double, and hexadecimal text.
 */

/** The number mantissa * 2^exponent, the mantissa carrying the sign; or infinite. */
export interface BinaryFloat {
  /** 0n for both zeros; 1n or -1n for the infinities. */
  readonly mantissa: bigint;
  /** `Infinity` for the infinities, else an integer. */
  readonly exponent: number;
}

/** The numbers that a format holds: mantissas below 2^precision, exponents within both bounds. */
export interface BinaryFormat {
  readonly precision: number;
  readonly minExponent: number;
  readonly maxExponent: number;
}

const ZERO: BinaryFloat = { mantissa: 0n, exponent: 0 };

/** Beyond 2^±20000 every format overflows or vanishes: no need to work such powers out. */
const RANGE_BITS = 20_000;
const RANGE_DIGITS = 6_000;

/** So many hexadecimal digits decide the value; of those behind, only whether all are 0. */
const HEX_DIGITS = 40;

const DECIMAL_PARTS = /^([+-]?)([0-9]*)\.?([0-9]*)(?:e([+-]?[0-9]+))?$/i;
const HEX_PARTS = /^([+-]?)0x([0-9a-f]*)\.?([0-9a-f]*)(?:p([+-]?[0-9]+))?$/i;

/** The number of the format nearest to a text of the form DECIMAL_FLOAT. */
export function readDecimal(text: string, format: BinaryFormat): BinaryFloat {
  const [, sign, whole, fraction, power = "0"] = DECIMAL_PARTS.exec(text)!;
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return ZERO;
  const exponent = Number(power) - fraction.length;
  const magnitude = digits.length + exponent; // the value is below 10^magnitude
  if (magnitude > RANGE_DIGITS) return infinite(sign);
  if (magnitude < -RANGE_DIGITS) return ZERO;
  const scale = 10n ** BigInt(Math.abs(exponent));
  const integer = BigInt(digits);
  const isWhole = exponent >= 0;
  return signed(sign, nearest(isWhole ? integer * scale : integer, isWhole ? 1n : scale, format));
}

/** The number of the format nearest to a text of the form HEX_FLOAT. */
export function readHex(text: string, format: BinaryFormat): BinaryFloat {
  const [, sign, whole, fraction, power = "0"] = HEX_PARTS.exec(text)!;
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return ZERO;
  const exponent = Number(power) - 4 * fraction.length;
  const magnitude = 4 * digits.length + exponent; // the value is below 2^magnitude
  if (magnitude > RANGE_BITS) return infinite(sign);
  if (magnitude < -RANGE_BITS) return ZERO;
  const rest = digits.slice(HEX_DIGITS);
  const kept = BigInt("0x" + digits.slice(0, HEX_DIGITS) + (/[^0]/.test(rest) ? "1" : "0"));
  return signed(sign, scaled(kept, exponent + 4 * (rest.length - 1), format));
}

/** The number of the format nearest to the sum. Infinities of both signs have none: null. */
export function addBinary(
  a: BinaryFloat,
  b: BinaryFloat,
  format: BinaryFormat,
): BinaryFloat | null {
  if (a.exponent === Infinity) {
    return b.exponent === Infinity && a.mantissa !== b.mantissa ? null : a;
  }
  if (b.exponent === Infinity) return b;
  const exponent = Math.min(a.exponent, b.exponent);
  const sum = (a.mantissa << BigInt(a.exponent - exponent)) +
    (b.mantissa << BigInt(b.exponent - exponent));
  if (sum === 0n) return ZERO;
  return sum < 0n ? signed("-", scaled(-sum, exponent, format)) : scaled(sum, exponent, format);
}

/** The number of the format nearest to mantissa * 2^exponent, for a mantissa above zero. */
function scaled(mantissa: bigint, exponent: number, format: BinaryFormat): BinaryFloat {
  return exponent >= 0
    ? nearest(mantissa << BigInt(exponent), 1n, format)
    : nearest(mantissa, 1n << BigInt(-exponent), format);
}

/**
 * The number of the format nearest to a ratio above zero; of two that are equally near, the one
 * with the even mantissa.
 */
function nearest(numerator: bigint, denominator: bigint, format: BinaryFormat): BinaryFloat {
  // With this exponent the quotient has as many bits as the precision, or one more.
  const bits = bitLength(numerator) - bitLength(denominator);
  let exponent = Math.max(bits - format.precision, format.minExponent);
  const dividend = exponent < 0 ? numerator << BigInt(-exponent) : numerator;
  let divisor = exponent < 0 ? denominator : denominator << BigInt(exponent);
  const precision = BigInt(format.precision);
  if ((dividend / divisor) >> precision > 0n) {
    divisor <<= 1n;
    exponent++;
  }

  let mantissa = dividend / divisor;
  const twiceRest = 2n * (dividend - mantissa * divisor);
  if (twiceRest > divisor || (twiceRest === divisor && (mantissa & 1n) === 1n)) mantissa++;
  if (mantissa === 0n) return ZERO;
  if (mantissa >> precision > 0n) { // rounded up to the next power of two
    mantissa >>= 1n;
    exponent++;
  }
  return exponent > format.maxExponent ? infinite("") : { mantissa, exponent };
}

function bitLength(n: bigint): number {
  const hex = n.toString(16);
  return 4 * hex.length - Math.clz32(parseInt(hex[0], 16)) + 28;
}

function infinite(sign: string): BinaryFloat {
  return { mantissa: sign === "-" ? -1n : 1n, exponent: Infinity };
}

function signed(sign: string, magnitude: BinaryFloat): BinaryFloat {
  if (sign !== "-") return magnitude;
  return { mantissa: -magnitude.mantissa, exponent: magnitude.exponent };
}
