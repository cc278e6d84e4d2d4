/** Checks values against JSON Schema without compiling code, which the policy of the console forbids. */
import { dereference, type OutputUnit, type Schema, validate } from '@cfworker/json-schema';
import { type Path, pathOf } from './pointer.ts';
import { detailOf, NOT_EMPTY, valueAt } from './problem-text.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** A part of a value that is wrong. */
export interface Problem {
  readonly path: Path;
  readonly detail: string;
  /** True if the part is absent: it is not an error before the person has finished. */
  readonly isMissing: boolean;
}

/** Units that only report that a nested schema failed, which has its own units. */
const CONTAINERS: ReadonlySet<string> = new Set([
  '$ref',
  'allOf',
  'properties',
  'patternProperties',
  'propertyNames',
  'items',
  'prefixItems',
  'dependentSchemas',
  'if',
  'then',
  'else',
]);

/** Units of an object whose text names the member. */
const MEMBER_UNITS: ReadonlySet<string> = new Set([
  'required',
  'additionalProperties',
  'unevaluatedProperties',
]);

type Lookup = ReturnType<typeof dereference>;
const lookups = new WeakMap<object, Lookup>();

/** Returns the parts of a JSON value that do not match the schema. A schema that cannot be used finds none. */
export function problemsOf(schema: JsonSchema, value: unknown): Problem[] {
  const units = unitsOf(schema, value ?? null);
  const problems = leavesOf(units, schema).map((unit) => problemOf(unit, schema));
  return [...new Map(problems.map((one) => [`${one.path.join('/')} ${one.detail}`, one])).values()];
}

export function isValid(schema: JsonSchema, value: unknown): boolean {
  return unitsOf(schema, value ?? null).length === 0;
}

function unitsOf(schema: JsonSchema, value: unknown): readonly OutputUnit[] {
  try {
    let lookup = lookups.get(schema);
    if (lookup === undefined) {
      lookup = dereference(schema as Schema);
      lookups.set(schema, lookup);
    }
    return validate(value, schema as Schema, '2020-12', lookup, false).errors;
  } catch {
    // Such as an endless reference. The API explains it.
    return [];
  }
}

/** Members that the schema does not know have a unit of their object, which has the right location. */
function isLeaf({ keyword, keywordLocation }: OutputUnit, schema: JsonSchema): boolean {
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties')
    return valueAt(schema, keywordLocation) === false;
  return keyword !== 'false' && !CONTAINERS.has(keyword);
}

/** Leaves out units of containers, and those of the branches of a union that the value does not try to match. */
function leavesOf(units: readonly OutputUnit[], schema: JsonSchema): OutputUnit[] {
  const union = units.find(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  if (union === undefined) return units.filter((unit) => isLeaf(unit, schema));
  const inside = units.filter(({ keywordLocation }) =>
    keywordLocation.startsWith(`${union.keywordLocation}/`),
  );
  const outside = units.filter((unit) => unit !== union && !inside.includes(unit));
  return [...leavesOf(outside, schema), ...closestBranch(union, inside, schema)];
}

/** A branch for another type of value is never the closest one. */
function closestBranch(union: OutputUnit, units: readonly OutputUnit[], schema: JsonSchema): OutputUnit[] {
  const branches = Map.groupBy(units, ({ keywordLocation }) =>
    keywordLocation.slice(union.keywordLocation.length + 1).replace(/\/.*/, ''),
  );
  const isOfOtherType = (branch: readonly OutputUnit[]) =>
    branch.some(
      ({ keyword, instanceLocation }) => keyword === 'type' && instanceLocation === union.instanceLocation,
    );
  const fitting = [...branches.values()]
    .filter((branch) => !isOfOtherType(branch))
    .map((branch) => leavesOf(branch, schema))
    .sort((one, other) => one.length - other.length);
  return fitting[0] ?? [union];
}

function problemOf(unit: OutputUnit, schema: JsonSchema): Problem {
  const location = pathOf(unit.instanceLocation);
  const [, member] = MEMBER_UNITS.has(unit.keyword) ? (/"(.*)"/s.exec(unit.error) ?? []) : [];
  const path = member === undefined ? location : [...location, member];
  if (unit.keyword === 'required') return { path, detail: 'is missing', isMissing: true };
  const detail = detailOf(unit, schema);
  // A choice that was not made is an empty string.
  return { path, detail, isMissing: detail === NOT_EMPTY };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the problems of a part of a value, with their paths from the whole. */
export function below(path: Path, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
}
