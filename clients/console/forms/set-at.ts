import { isObject } from './json-schema.ts';
import type { Path } from './pointer.ts';

/** Returns the part of a value at a path. */
export function getAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (part, name) =>
      isObject(part) || Array.isArray(part) ? (part as Record<string, unknown>)[name] : undefined,
    value,
  );
}

/** Returns the value with another part at the path; `undefined` removes the part. */
export function setAt(value: unknown, path: Path, part: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return part;
  if (Array.isArray(value)) {
    return value.map((entry, at) => (String(at) === name ? setAt(entry, rest, part) : entry));
  }
  const { [name]: current, ...others } = isObject(value) ? value : {};
  const next = setAt(current, rest, part);
  if (next === undefined) return others;
  // A changed member keeps its position in the text.
  return isObject(value) ? { ...value, [name]: next } : { [name]: next };
}

/** Returns the value without members that are undefined, as JSON has it. */
export function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => withoutUndefined(entry) ?? null);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, withoutUndefined(member)]),
  );
}
