/** A decimal number: `digits` / 10 ** `places`. */
interface Decimal {
  readonly digits: bigint;
  readonly places: number;
}

/** Powers of ten up to this are exact as doubles, so a division by them is rounded only once. */
const EXACT_PLACES = 22;

/**
 * value = raw * scale + offset, calculated in decimal: 215 at 0.1 is 21.5, not 21.500000000000004. A scale is the
 * number that is written, not the double that is near it.
 */
export class Scale {
  /** Digits behind the decimal point that values have at most. */
  readonly places: number;
  readonly #scale: number;
  readonly #offset: number;
  /** Both as whole numbers, counted in the last decimal place. */
  readonly #factor: bigint;
  readonly #shift: bigint;
  /** 10 ** places. */
  readonly #unit: number;
  readonly #factorNumber: number;
  readonly #shiftNumber: number;
  /** Results may be exact in doubles. */
  readonly #isShort: boolean;

  /** @param scale finite, not 0. @param offset finite. */
  constructor(scale: number, offset: number) {
    const [factor, shift] = [decimalOf(scale), decimalOf(offset)];
    this.places = Math.max(factor.places, shift.places);
    this.#scale = scale;
    this.#offset = offset;
    this.#factor = unitsOf(factor, this.places);
    this.#shift = unitsOf(shift, this.places);
    this.#unit = Number(`1e${this.places}`);
    this.#factorNumber = Number(this.#factor);
    this.#shiftNumber = Number(this.#shift);
    this.#isShort = this.places <= EXACT_PLACES && Number.isSafeInteger(this.#shiftNumber);
  }

  /** @param raw a whole number. @returns the double next to the exact result. */
  toValue(raw: number | bigint): number {
    const product = Number(raw) * this.#factorNumber;
    const units = product + this.#shiftNumber;
    // Up to 2 ** 53, sums and products of whole numbers are exact.
    if (this.#isShort && Number.isSafeInteger(product) && Number.isSafeInteger(units)) return units / this.#unit;
    return Number(`${BigInt(raw) * this.#factor + this.#shift}e-${this.places}`);
  }

  /** @param value finite. @returns the whole number nearest to (value - offset) / scale; halves go away from zero. */
  toRaw(value: number): number | bigint {
    const estimate = (value - this.#offset) / this.#scale;
    const nearest = Math.round(estimate);
    // A bound for the rounding errors above. Close to a half, they would decide.
    const doubt = (4 * Number.EPSILON * (Math.abs(value) + Math.abs(this.#offset))) / Math.abs(this.#scale);
    return Math.abs(estimate - nearest) + doubt < 0.5 ? nearest + 0 : this.#toRawExactly(value);
  }

  #toRawExactly(value: number): bigint {
    const decimal = decimalOf(value);
    const places = Math.max(decimal.places, this.places);
    const up = 10n ** BigInt(places - this.places);
    return divide(unitsOf(decimal, places) - this.#shift * up, this.#factor * up);
  }
}

/** The shortest decimal that stands for a double: that which people write. */
function decimalOf(value: number): Decimal {
  const [, whole = '0', fraction = '', exponent = '0'] = /^(-?\d+)(?:\.(\d+))?(?:e(.+))?$/.exec(String(value)) ?? [];
  const digits = BigInt(whole + fraction);
  const places = fraction.length - Number(exponent);
  return places >= 0 ? { digits, places } : { digits: digits * 10n ** BigInt(-places), places: 0 };
}

function unitsOf({ digits, places }: Decimal, wanted: number): bigint {
  return digits * 10n ** BigInt(wanted - places);
}

/** To the nearest whole number; halves go away from zero. */
function divide(dividend: bigint, divisor: bigint): bigint {
  const [a, b] = divisor < 0n ? [-dividend, -divisor] : [dividend, divisor];
  const half = a < 0n ? -b : b;
  return (2n * a + half) / (2n * b);
}
