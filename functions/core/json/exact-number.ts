const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Absent in Node 20 and older browsers, where clients run. */
const { rawJSON } = JSON as { readonly rawJSON?: (text: string) => object };

/** Thrown by arithmetic with an `ExactNumber`, which would round it without an error. */
export class InexactNumber extends TypeError {
  override readonly name = 'InexactNumber';

  constructor(digits: string) {
    super(
      `${digits.slice(0, 100)} has more digits than a JavaScript number holds. Use String(…), or BigInt(String(…)) for an integer.`,
    );
  }
}

/**
 * A number of a JSON text that a JavaScript number cannot hold without losing digits. `String(number)` is the number as it
 * was sent. `JSON.stringify` writes it unchanged, or as a string where JSON.rawJSON is missing. Arithmetic and comparisons throw.
 */
export class ExactNumber {
  readonly #digits: string;

  constructor(digits: string) {
    if (!NUMBER.test(digits)) throw new TypeError(`not a number in JSON: '${digits.slice(0, 100)}'`);
    this.#digits = digits;
  }

  toString(): string {
    return this.#digits;
  }

  toJSON(): unknown {
    return rawJSON?.(this.#digits) ?? this.#digits;
  }

  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.#digits;
    throw new InexactNumber(this.#digits);
  }
}

/** Number of digits that a JavaScript number always holds. */
export const SAFE_DIGITS = 15;

/** True if the nearest JavaScript number has another value than the decimal number of the text. */
export function losesDigits(text: string): boolean {
  if (text.length <= SAFE_DIGITS && !/e/i.test(text)) return false;
  const value = Number(text);
  return !Number.isFinite(value) || significant(text) !== significant(String(value));
}

/** Returns the digits without zeros at both ends, and the power of ten of the last digit. */
function significant(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  return kept === '' ? '' : `${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
}

/** Compares the decimal number of a text with a number: negative, 0 or positive; NaN for a text that is not a number. */
export function compareExactly(text: string, to: number): number {
  const value = Number(text);
  if (value !== to || !NUMBER.test(text) || !losesDigits(text)) return value === to ? 0 : value - to;
  if (to === 0) return text.startsWith('-') ? -1 : 1;
  const [one, other] = [scaled(text), scaled(String(to))];
  const least = Math.min(one.power, other.power);
  const [first, second] = [one, other].map(({ digits, power }) => digits * 10n ** BigInt(power - least));
  return (first ?? 0n) < (second ?? 0n) ? -1 : 1;
}

/** Returns the number as an integer and a power of ten. */
function scaled(text: string): { readonly digits: bigint; readonly power: number } {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), power: Number(exponent) - fraction.length };
}

/** Returns a string, a number or an exact number as an id, or `undefined` for any other value. */
export function idOfValue(value: unknown): string | undefined {
  const isId = typeof value === 'string' || typeof value === 'number' || value instanceof ExactNumber;
  return isId ? String(value) : undefined;
}
