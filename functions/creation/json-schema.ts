/** Checks values against JSON Schema 2020-12 and returns each fault with its location. */
import { Ajv2020, type ErrorObject, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import { RULE_KEYWORD, ruleFaults } from '#core/schema-rules.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** A fault and its location in a value. */
export interface ValueFault {
  readonly path: readonly string[];
  readonly detail: string;
}

export type SchemaCheck = (value: unknown) => ValueFault[];

/** Above this size only the first fault is returned, because all faults of the value could exceed the memory. */
const MAX_BYTES_FOR_ALL_ERRORS = 64 * 1024;
const MAX_NAMED = 3;
const MAX_DETAIL_LENGTH = 500;
const MAX_SHOWN_LENGTH = 60;
const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** Schemas of users may contain unknown keywords and formats, which are ignored. */
const OPTIONS: Options = { strict: false, validateFormats: false, logger: false, verbose: true };

/** Throws if the schema is not valid. A schema for which `schemaFaults` returned nothing compiles. */
export function compileSchema(schema: JsonSchema): SchemaCheck {
  const { $schema: _dialect, ...rest } = schema;
  const compile = (allErrors: boolean) =>
    withRules(new Ajv2020({ ...OPTIONS, allErrors, validateSchema: false })).compile(rest);
  const checkFirst = compile(false);
  let checkAll: ValidateFunction | undefined;
  const check: SchemaCheck = (value) => {
    if (checkFirst(value)) return [];
    if (JSON.stringify(value).length > MAX_BYTES_FOR_ALL_ERRORS) return faultsOf(checkFirst.errors ?? []);
    checkAll ??= compile(true);
    checkAll(value);
    return faultsOf(checkAll.errors ?? []);
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

/** ajv reads the faults from the member `errors` of the function. */
interface RuleCheck {
  (rule: unknown, value: unknown): boolean;
  errors?: Partial<ErrorObject>[];
}

function withRules(ajv: Ajv2020): Ajv2020 {
  const validate: RuleCheck = (rule, value) => {
    validate.errors = ruleFaults(rule, value).map(({ path, detail }) => ({
      keyword: RULE_KEYWORD,
      params: { path },
      message: detail,
    }));
    return validate.errors.length === 0;
  };
  return ajv.addKeyword({ keyword: RULE_KEYWORD, validate });
}

/** Returns the reasons why a value cannot be used as a JSON Schema. */
export function schemaFaults(schema: JsonSchema): ValueFault[] {
  const { $schema: dialect = DIALECT } = schema;
  if (typeof dialect !== 'string' || dialect.replace(/#$/, '') !== DIALECT) {
    return [{ path: ['$schema'], detail: `only ${DIALECT} is supported; leave it out` }];
  }
  const ajv = new Ajv2020({ ...OPTIONS, allErrors: true });
  if (ajv.validateSchema(schema) !== true) return faultsOf(ajv.errors ?? []);
  try {
    compileSchema(schema);
    return [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ path: [], detail: `cannot be used as a schema: ${reason.slice(0, MAX_DETAIL_LENGTH)}` }];
  }
}

function faultsOf(errors: readonly ErrorObject[]): ValueFault[] {
  const groups = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  const isRelevant = (error: ErrorObject) =>
    // These only report that a nested schema failed, which has its own error.
    ((error.keyword !== 'if' && error.keyword !== 'propertyNames') || errors.length === 1) &&
    // The error of the group already names the fault of each branch.
    !groups.some((group) => error !== group && isBranchOf(error, group));
  const faults = errors.filter(isRelevant).map((error) => ({
    path: pathOf(error),
    detail: `${detailOf(error, errors)}${gotOf(error)}`.toWellFormed().slice(0, MAX_DETAIL_LENGTH),
  }));
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
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
    case RULE_KEYWORD:
      return [...path, ...params['path']];
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
      return `is missing; it is required together with ${params['property']}`;
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

/** Keywords that restrict the value itself. Errors of other keywords name a missing or unknown member instead. */
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

/** Lists the fault of each allowed form, because only the author of the value knows which form it was meant to have. */
function formsDetail(group: ErrorObject, all: readonly ErrorObject[]): string {
  if (Array.isArray(group.params['passingSchemas'])) return 'matches more than one of the allowed forms';
  const depth = group.instancePath.split('/').length - 1;
  const reasons = all
    .filter((error) => error !== group && isBranchOf(error, group))
    .map((error) => [...pathOf(error).slice(depth), detailOf(error, [])].join(': '));
  const some = [...new Set(reasons)].slice(0, MAX_NAMED).join(' | ');
  return `matches none of the allowed forms${some === '' ? '' : ` (${some})`}`;
}
