/** Estimates the memory of a JSON value, and detects if it is nested too deeply to be serialized again. */

/** `JSON.parse` reads any depth, but `JSON.stringify` overflows the stack below 5,000 levels. */
export const MAX_NESTING = 500;

const VALUE_BYTES = 16;
const CONTAINER_BYTES = 48;

const TOO_DEEP = Number.POSITIVE_INFINITY;

export interface Measured {
  readonly weight: number;
  readonly isTooDeep: boolean;
}

/** Measures a value. A cyclic value counts as too deep. */
export function measure(value: unknown): Measured {
  const weight = weightOf(value, MAX_NESTING);
  return weight === TOO_DEEP ? { weight: 0, isTooDeep: true } : { weight, isTooDeep: false };
}

/** Runs for each value of each item, so it allocates no lists or objects. */
function weightOf(value: unknown, levelsLeft: number): number {
  if (typeof value === 'string') return VALUE_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return VALUE_BYTES;
  if (levelsLeft === 0) return TOO_DEEP;
  let weight = CONTAINER_BYTES;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length && weight !== TOO_DEEP; at += 1)
      weight += weightOf(value[at], levelsLeft - 1);
    return weight;
  }
  if (ArrayBuffer.isView(value)) return weight + value.byteLength;
  for (const key in value) {
    if (weight === TOO_DEEP) break;
    weight +=
      VALUE_BYTES + key.length + weightOf((value as Readonly<Record<string, unknown>>)[key], levelsLeft - 1);
  }
  return weight;
}
