/** Converts between the attribute values of DynamoDB and this project's types. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Row } from '#core/ports.ts';

type Item = Record<string, AttributeValue>;

/** Returns a number, or a bigint if the value does not fit into a number without loss. */
export function parseNumber(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) || !/^-?\d+$/.test(text) ? number : BigInt(text);
}

/** Returns the row of a response, a failed condition or a stream record. */
export function rowOfImage(image: Readonly<Item>): Row {
  return nativeMap(image) as Row;
}

export function nativeMap(image: Readonly<Item>): Record<string, unknown> {
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

/** Returns a row, or any map of attributes, in the wire format. Members without a value are left out. */
export function itemOf(values: Readonly<Record<string, unknown>>): Item {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, attributeOf(value)]],
    ),
  );
}

/** Numbers are sent as text, so that the 38 digits of a bigint are exact. */
export function attributeOf(value: unknown): AttributeValue {
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'number':
      return { N: numberText(value) };
    case 'bigint':
      return { N: value.toString() };
    case 'boolean':
      return { BOOL: value };
    case 'object':
      return value === null ? { NULL: true } : compoundOf(value);
    default:
      throw new Error(`a row cannot contain a ${typeof value}`);
  }
}

function compoundOf(value: object): AttributeValue {
  if (Array.isArray(value)) return { L: value.filter((element) => element !== undefined).map(attributeOf) };
  if (value instanceof Set) return setOf(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return { M: itemOf({ ...value }) };
  throw new Error(`a row cannot contain a ${value.constructor.name}`);
}

function setOf(set: ReadonlySet<unknown>): AttributeValue {
  const elements = [...set];
  if (elements.length === 0) throw new Error('a row cannot contain an empty set; leave the attribute out');
  if (elements.every((element) => typeof element === 'bigint')) return { NS: elements.map(String) };
  if (elements.every((element) => typeof element === 'string')) return { SS: elements };
  throw new Error('a set in a row must contain only bigints or only strings');
}

function numberText(value: number): string {
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return String(value);
  throw new Error(`${value} is not a number that a row can hold exactly; pass a bigint`);
}
