/** How much memory a JSON value takes, roughly, and whether it is nested too deep to be written as JSON again. */

/** `JSON.parse` reads any depth, `JSON.stringify` overflows the stack below 5,000 levels. */
export const MAX_NESTING = 500;

const VALUE_BYTES = 16;
const CONTAINER_BYTES = 48;

export interface Measured {
  readonly weight: number;
  readonly isTooDeep: boolean;
}

/** Level by level, so that no depth overflows the stack; a value that contains itself counts as too deep. */
export function measure(value: unknown): Measured {
  if (typeof value !== 'object' || value === null) return { weight: weightOfScalar(value), isTooDeep: false };
  let weight = 0;
  let level: object[] = [value];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > MAX_NESTING) return { weight, isTooDeep: true };
    const next: object[] = [];
    for (const container of level) weight += weightOfContainer(container, next);
    level = next;
  }
  return { weight, isTooDeep: false };
}

function weightOfContainer(container: object, inner: object[]): number {
  let weight = CONTAINER_BYTES;
  if (ArrayBuffer.isView(container)) return weight + container.byteLength;
  const isList = Array.isArray(container);
  for (const key in container) {
    const child = (container as Readonly<Record<string, unknown>>)[key];
    if (!isList) weight += VALUE_BYTES + key.length;
    if (typeof child === 'object' && child !== null) inner.push(child);
    else weight += weightOfScalar(child);
  }
  return weight;
}

function weightOfScalar(value: unknown): number {
  return typeof value === 'string' ? VALUE_BYTES + value.length : VALUE_BYTES;
}
