/** Attribute values as this project reads them, wherever they come from: answers, refusals, streams. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Row } from '#core/ports.ts';

/** A plain number, as long as it can be one without loss. */
export function parseNumber(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) || !/^-?\d+$/.test(text) ? number : BigInt(text);
}

/**
 * The row of an image in a stream record, or of a refused condition: both come as they are on the wire, lib-dynamodb
 * does not translate them.
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

/** lib-dynamodb reads each element of a number set like a plain number; here all of them are bigint. */
export function withBigintSets<T>(value: T): T;
export function withBigintSets(value: unknown): unknown {
  if (value instanceof Set) {
    return new Set([...value].map((element) => (typeof element === 'number' ? BigInt(element) : element)));
  }
  if (Array.isArray(value)) return value.map((element) => withBigintSets(element));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([name, element]) => [name, withBigintSets(element)]));
}
