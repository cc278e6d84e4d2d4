import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExactNumber } from '#core/json/exact-number.ts';
import { parseJson } from '#core/json/parse-json.ts';

function roundTrip(text: string): string {
  return JSON.stringify(parseJson(text));
}

describe('numbers that a JavaScript number holds', () => {
  test.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992],
    ['-9007199254740991', -9007199254740991],
    ['0.1', 0.1],
    ['0.30000000000000004', 0.30000000000000004],
    ['1.10000000000000000000', 1.1],
    ['1000000000000000000000', 1e21],
    ['1e300', 1e300],
    ['5e-324', 5e-324],
    ['0.00000000000000000000', 0],
    ['0e999', 0],
  ])('%s stays a number', (text, value) => {
    expect(parseJson(text)).toBe(value);
  });
});

describe('numbers that lose digits', () => {
  test.each([
    '9007199254740993',
    '-9007199254740993',
    '12345678901234567890',
    '0.1234567890123456789',
    '123456789012.123456',
    '9007199254740993.0',
    '12345678901234567e5',
    '1e400',
    '-1e400',
    '1e-400',
  ])('%s keeps every digit', (text) => {
    const value = parseJson(text);

    expect(value).toBeInstanceOf(ExactNumber);
    expect(String(value)).toBe(text);
    expect(roundTrip(`{"a":[${text}]}`)).toBe(`{"a":[${text}]}`);
  });

  test('keep their digits between strings that look like numbers, escapes and marks', () => {
    const text =
      '{"a \\"12345678901234567890":"\\\\","b":"\uE000 \\ue001 12345678901234567890","c":[1,9007199254740993]}';

    const value = parseJson(text) as Record<string, unknown>;

    expect(value['a "12345678901234567890']).toBe('\\');
    expect(value['b']).toBe('\uE000 \uE001 12345678901234567890');
    expect(String(value['c'])).toBe('1,9007199254740993');
  });

  test('have no members, so that a path finds nothing in them', () => {
    expect(Object.values(parseJson('12345678901234567890') as object)).toEqual([]);
  });

  test('refuse arithmetic and comparison instead of rounding', () => {
    const value = parseJson('9007199254740993') as number;

    expect(() => value + 1).toThrow(/9007199254740993 has more digits/);
    expect(() => value > 1).toThrow(/BigInt\(String/);
    expect(BigInt(String(value)) + 1n).toBe(9007199254740994n);
  });

  test('refuse a text that is not a number', () => {
    expect(() => new ExactNumber('12a')).toThrow(/not a number/);
  });
});

test('parses every other text as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(3), (value, space) => {
      const text = JSON.stringify(value, null, space);

      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('keeps the digits of integers and decimals of any length at any depth', () => {
  const digits = fc.stringMatching(/^-?[1-9]\d{0,30}(\.\d{1,30})?(e[+-]?\d{1,3})?$/);
  fc.assert(
    fc.property(fc.array(digits), (numbers) => {
      const parsed = parseJson(`[${numbers.join(' ,\n')}]`) as unknown[];

      for (const [at, text] of numbers.entries()) {
        const value = parsed[at];
        if (typeof value === 'number') expect(sameValue(String(value), text)).toBe(true);
        else expect(String(value)).toBe(text);
      }
    }),
  );
});

/** Compares two decimal numbers as integers, scaled by a power of ten. */
function sameValue(a: string, b: string): boolean {
  const [first, second] = [a, b].map((text) => {
    const [mantissa = '', exponent = '0'] = text.split('e');
    const [whole = '', fraction = ''] = mantissa.split('.');
    return { digits: BigInt(whole + fraction), power: Number(exponent) - fraction.length };
  }) as [{ digits: bigint; power: number }, { digits: bigint; power: number }];
  const least = Math.min(first.power, second.power);
  const scaled = [first, second].map(({ digits, power }) => digits * 10n ** BigInt(power - least));
  return scaled[0] === scaled[1];
}

test('refuses invalid JSON as JSON.parse does', () => {
  expect(() => parseJson('{"a":12345678901234567890,}')).toThrow(SyntaxError);
});

test('reads a string of 40 megabytes beside a long number', () => {
  const text = JSON.stringify({ long: 'a\\"b'.repeat(8_000_000) }).replace('}', ',"n":12345678901234567890}');

  expect(String((parseJson(text) as { n: unknown }).n)).toBe('12345678901234567890');
});
