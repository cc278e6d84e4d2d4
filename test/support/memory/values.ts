/** Attribute values as DynamoDB and the SDK take them; what they refuse is refused here too. */

/** Returns an independent copy, without undefined members. */
export function storedValue(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return value;
    case 'number':
      if (Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
      throw new Error(`number ${value} can't be stored; use a bigint beyond 2^53`);
    case 'object':
      return value === null ? null : storedContainer(value);
    default:
      throw new Error(`a ${typeof value} can't be stored`);
  }
}

function storedContainer(value: object): unknown {
  if (value instanceof Set) {
    if (value.size === 0) throw new Error('an empty set cannot be stored; leave the attribute out');
    return new Set(value);
  }
  if (Array.isArray(value)) {
    return Object.freeze(value.filter((element) => element !== undefined).map(storedValue));
  }
  if (value instanceof Uint8Array) return value.slice();
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new Error(`a ${value.constructor.name} can't be stored; only plain objects can`);
  }
  return Object.freeze(storedMap(value));
}

export function storedMap(value: object): Record<string, unknown> {
  const storedFields: Record<string, unknown> = {};
  for (const [name, element] of Object.entries(value)) {
    if (element !== undefined) storedFields[name] = storedValue(element);
  }
  return storedFields;
}

export function areEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Set) {
    return b instanceof Set && a.size === b.size && [...a].every((element) => b.has(element));
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  const right = b as Readonly<Record<string, unknown>>;
  return (
    left.length === Object.keys(b).length && left.every(([name, element]) => areEqual(element, right[name]))
  );
}
