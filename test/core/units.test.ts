import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bodyBytes,
  numberBytes,
  readUnits,
  receivedRequests,
  rowBytes,
  sendRequests,
  utf8Bytes,
  valueBytes,
  writeUnits,
} from '#core/units.ts';

describe('units of DynamoDB', () => {
  test.for([
    [0, 1],
    [1024, 1],
    [1025, 2],
    [400 * 1024, 400],
  ] as const)('a write of %i bytes costs %i, twice that in a transaction', ([bytes, units]) => {
    expect(writeUnits(bytes)).toBe(units);
    expect(writeUnits(bytes, { transaction: true })).toBe(2 * units);
  });

  test.for([
    [0, 1],
    [4096, 1],
    [4097, 2],
    [1024 * 1024, 256],
  ] as const)('a strong read of %i bytes costs %i, half that when it may be stale', ([bytes, units]) => {
    expect(readUnits(bytes, { strong: true })).toBe(units);
    expect(readUnits(bytes)).toBe(units / 2);
  });
});

describe('requests of SQS', () => {
  test.for([
    [0, 1],
    [64 * 1024, 1],
    [64 * 1024 + 1, 2],
    [256 * 1024, 4],
  ] as const)('a send of %i bytes is billed as %i', ([bytes, requests]) => {
    expect(sendRequests(bytes)).toBe(requests);
  });

  test.for([
    [1, 2],
    [10, 2],
    [11, 4],
    [1000, 200],
  ] as const)('receiving and deleting %i messages is billed as %i', ([messages, requests]) => {
    const bodies = Array.from({ length: messages }, () => ({ body: '{}' }));

    expect(receivedRequests(bodies)).toBe(requests);
  });

  test('receiving long messages is billed by their size, ten at a time', () => {
    const long = { body: 'x'.repeat(20 * 1024) };

    expect(receivedRequests(Array(20).fill(long))).toBe(2 * (4 + 1));
  });

  test('bodies count in bytes', () => {
    expect(bodyBytes([{ body: 'é' }, { body: 'abc' }])).toBe(5);
  });
});

describe('sizes', () => {
  test.for([
    [0, 1],
    [7, 2],
    [99, 2],
    [100, 2],
    [255, 3],
    [1000, 2],
    [1234, 3],
    [-1234, 4],
    [0.001, 2],
    [12.34, 3],
    [1.5e-7, 2],
    [1e21, 2],
  ] as const)('the number %d takes %i bytes: its significant digits by twos, and one', ([value, bytes]) => {
    expect(numberBytes(value)).toBe(bytes);
  });

  test('38 digits take 20 bytes', () => {
    expect(numberBytes(10n ** 38n - 1n)).toBe(20);
  });

  test('a number takes as many bytes as a bigint of the same value', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(numberBytes(value)).toBe(numberBytes(BigInt(value)));
      }),
    );
  });

  test('positions of a page follow the general rule', () => {
    for (let position = 1; position < 1000; position += 1) {
      const digits = String(position).replace(/0+$/, '').length;

      expect(numberBytes(position)).toBe(1 + Math.ceil(digits / 2));
    }
  });

  test.for([
    [true, 1],
    [null, 1],
    ['größe', 7],
    [new Set([1n, 255n]), 5],
    [[], 3],
    [['a', 'b'], 7],
    [{}, 3],
    [{ ab: 'c' }, 7],
    [{ ab: undefined }, 3],
    [Uint8Array.of(1, 2, 3), 3],
  ] as [unknown, number][])('%o takes %i bytes', ([value, bytes]) => {
    expect(valueBytes(value)).toBe(bytes);
  });

  test('the size of a row includes names and values, and no undefined ones', () => {
    expect(rowBytes({ pk: 'P#1', sk: 'S', n: 10, gone: undefined })).toBe(2 + 3 + 2 + 1 + 1 + 2);
  });

  test('the bytes of a string are those of its encoding', () => {
    const encoder = new TextEncoder();
    const unit = fc.integer({ min: 0, max: 0xffff });
    const surrogate = fc.integer({ min: 0xd800, max: 0xdfff });
    fc.assert(
      // Any 16-bit units, so that surrogate pairs are complete, split or reversed.
      fc.property(fc.array(fc.oneof(unit, surrogate), { maxLength: 20 }), (units) => {
        const text = String.fromCharCode(...units);
        expect(utf8Bytes(text)).toBe(encoder.encode(text).length);
      }),
    );
  });

  test('surrogate pairs and lone halves are distinguished', () => {
    for (const text of ['😀', '\uD83D', '\uDE00', '\uD83D\uD83D\uDE00', '\uDE00\uD83D', 'a\uD83Db']) {
      expect(utf8Bytes(text)).toBe(new TextEncoder().encode(text).length);
    }
  });
});
