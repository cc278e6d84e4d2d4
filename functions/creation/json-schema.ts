/** Values against JSON Schema 2020-12, and what is wrong told by its place. */
import { Ajv2020, type ErrorObject, type Options, type ValidateFunction } from 'ajv/dist/2020.js';

type JsonSchema = Readonly<Record<string, unknown>>;

/** One place of a value that is wrong. */
export interface WrongPlace {
  readonly path: readonly string[];
  readonly detail: string;
}

export type SchemaCheck = (value: unknown) => WrongPlace[];

/** Every fault of a larger value could be more than the memory holds; of such a one the first is told. */
const MAX_BYTES_FOR_ALL_ERRORS = 64 * 1024;
const MAX_NAMED = 3;
const MAX_DETAIL_LENGTH = 500;
const MAX_SHOWN_LENGTH = 60;
const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** Users' schemas may hold words and formats that nobody here knows; those say nothing. */
const OPTIONS: Options = { strict: false, validateFormats: false, logger: false, verbose: true };

/** Throws what is wrong with the schema, unless `schemaFaults` found nothing before. */
export function compileSchema(schema: JsonSchema): SchemaCheck {
  const { $schema: _dialect, ...rest } = schema;
  const compile = (allErrors: boolean) =>
    new Ajv2020({ ...OPTIONS, allErrors, validateSchema: false }).compile(rest);
  const first = compile(false);
  let all: ValidateFunction | undefined;
  const check: SchemaCheck = (value) => {
    if (first(value)) return [];
    if (JSON.stringify(value).length > MAX_BYTES_FOR_ALL_ERRORS) return placesOf(first.errors ?? []);
    all ??= compile(true);
    all(value);
    return placesOf(all.errors ?? []);
  };
  return (value) => {
    try {
      return check(value);
    } catch (error) {
      // Such as {"$ref": "#"}, which is a valid schema.
      if (!(error instanceof RangeError)) throw error;
      return [{ path: [], detail: 'cannot be checked: the schema refers to itself without end' }];
    }
  };
}

/** What keeps a value from being a JSON Schema by which others can be checked. */
export function schemaFaults(schema: JsonSchema): WrongPlace[] {
  const { $schema: dialect = DIALECT } = schema;
  if (typeof dialect !== 'string' || dialect.replace(/#$/, '') !== DIALECT) {
    return [{ path: ['$schema'], detail: `only ${DIALECT} is understood; leave it out` }];
  }
  const ajv = new Ajv2020({ ...OPTIONS, allErrors: true });
  if (ajv.validateSchema(schema) !== true) return placesOf(ajv.errors ?? []);
  try {
    compileSchema(schema);
    return [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ path: [], detail: `cannot be used as a schema: ${reason.slice(0, MAX_DETAIL_LENGTH)}` }];
  }
}

function placesOf(errors: readonly ErrorObject[]): WrongPlace[] {
  const groups = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  const isTold = (error: ErrorObject) =>
    // These only say that a schema in them failed, which told its reason itself.
    ((error.keyword !== 'if' && error.keyword !== 'propertyNames') || errors.length === 1) &&
    // What each of several forms misses stands in the words for all of them.
    !groups.some((group) => error !== group && isBranchOf(error, group));
  const places = errors.filter(isTold).map((error) => ({
    path: pathOf(error),
    detail: `${detailOf(error, errors)}${gotOf(error)}`.toWellFormed().slice(0, MAX_DETAIL_LENGTH),
  }));
  return [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
}

function isBranchOf(error: ErrorObject, group: ErrorObject): boolean {
  return error.schemaPath.startsWith(`${group.schemaPath}/`);
}

function pathOf({ keyword, instancePath, params, propertyName }: ErrorObject): string[] {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  switch (keyword) {
    case 'required':
    case 'dependentRequired':
      return [...path, String(params['missingProperty'])];
    case 'additionalProperties':
      return [...path, String(params['additionalProperty'])];
    case 'unevaluatedProperties':
      return [...path, String(params['unevaluatedProperty'])];
    case 'propertyNames':
      return [...path, String(params['propertyName'])];
    default:
      return propertyName === undefined ? path : [...path, propertyName];
  }
}

function detailOf(error: ErrorObject, all: readonly ErrorObject[]): string {
  const { keyword, params, message = 'is not valid' } = error;
  switch (keyword) {
    case 'required':
      return 'is missing';
    case 'dependentRequired':
      return `is missing; it belongs to ${params['property']}`;
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'is not known here';
    case 'enum':
      return `must be one of ${params['allowedValues'].map((value: unknown) => JSON.stringify(value)).join(', ')}`;
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`;
    case 'type':
      return `must be ${[params['type']].flat().join(' or ')}`;
    case 'false schema':
      return 'is not allowed here';
    case 'anyOf':
    case 'oneOf':
      return formsDetail(error, all);
    default:
      return message;
  }
}

/** Keywords that want another value at this very place; the words of all others name what is missing or too much. */
const ABOUT_VALUE =
  /^(type|enum|const|pattern|format|multipleOf|(exclusive)?(minimum|maximum)|(min|max)Length)$/i;

function gotOf({ keyword, data, propertyName }: ErrorObject): string {
  return ABOUT_VALUE.test(keyword) && propertyName === undefined ? `; got ${shown(data)}` : '';
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length <= MAX_SHOWN_LENGTH ? text : `${text.slice(0, MAX_SHOWN_LENGTH)}…`;
}

/** What each allowed form misses: whoever wrote the value knows which one was meant. */
function formsDetail(group: ErrorObject, all: readonly ErrorObject[]): string {
  if (Array.isArray(group.params['passingSchemas'])) return 'fits more than one of the allowed forms';
  const below = group.instancePath.split('/').length - 1;
  const reasons = all
    .filter((error) => error !== group && isBranchOf(error, group))
    .map((error) => [...pathOf(error).slice(below), detailOf(error, [])].join(': '));
  const some = [...new Set(reasons)].slice(0, MAX_NAMED).join(' | ');
  return `fits none of the allowed forms${some === '' ? '' : ` (${some})`}`;
}
