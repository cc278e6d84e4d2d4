/** Converts attribute values of responses, refusals and streams to this project's types. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Row } from '#core/ports.ts';

/** Returns a number, or a bigint if the value does not fit into a number without loss. */
export function parseNumber(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) || !/^-?\d+$/.test(text) ? number : BigInt(text);
}

/**
 * Returns the row of an image from a stream record or a failed condition. Both have DynamoDB's wire format,
 * which lib-dynamodb does not convert.
 */
export function rowOfImage(image: Readonly<Record<string, AttributeValue>>): Row {
  return nativeMap(image) as Row;
}

function nativeMap(image: Readonly<Record<string, AttributeValue>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, nativeValue(value)]));
}

function nativeValue(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return parseNumber(value.N);
  if (value.NS !== undefined) return new Set(value.NS.map(BigInt));
  if (value.SS !== undefined) return new Set(value.SS);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.M !== undefined) return nativeMap(value.M);
  if (value.L !== undefined) return value.L.map(nativeValue);
  if (value.B !== undefined) return value.B;
  return null;
}

/** Converts number sets to bigint. lib-dynamodb converts each element like a plain number. */
export function withBigintSets<T>(value: T): T;
export function withBigintSets(value: unknown): unknown {
  if (value instanceof Set) {
    return new Set([...value].map((element) => (typeof element === 'number' ? BigInt(element) : element)));
  }
  if (Array.isArray(value)) return value.map((element) => withBigintSets(element));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([name, element]) => [name, withBigintSets(element)]));
}
