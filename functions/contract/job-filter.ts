/**
 * Filters of job lists, in RSQL. The text is compiled once to a predicate, and an error states what is
 * allowed. A comparison is true only if the job has the field: `labels.k!=v` requires the label.
 */
import { type ComparisonNode, type ExpressionNode, isLogicNode } from '@rsql/ast';
import { parse } from '@rsql/parser';
import { JOB_STATUSES, type JobStatus } from '#core/job-status.ts';
import { LABEL_KEY, LABEL_KEY_RULE, labelKeyIn } from '#core/label.ts';

/** Number of items by outcome, and of all that were found. */
interface ItemCounts {
  readonly found: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** The fields of a job that a filter can compare. */
export interface FilterSubject {
  readonly id: string;
  readonly name?: string | undefined;
  readonly status: JobStatus;
  readonly percentageComplete: number;
  readonly priority: number;
  readonly type?: string | undefined;
  readonly template?: string | undefined;
  readonly createdBy: string;
  readonly createTime: number;
  readonly lastUpdateTime: number;
  readonly startTime?: number | undefined;
  readonly endTime?: number | undefined;
  readonly items: ItemCounts;
  readonly labels: Readonly<Record<string, string>>;
}

export interface JobFilter {
  readonly matches: (job: FilterSubject) => boolean;
  /** Names of the fields that it compares. */
  readonly fields: ReadonlySet<string>;
}

/** Thrown for an invalid filter. The message is for its author. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
}

const TEXT_FIELDS = ['id', 'name', 'type', 'template', 'createdBy'] as const;
const NUMBER_FIELDS: Readonly<Record<string, Reader<number>>> = {
  percentageComplete: ({ percentageComplete }) => percentageComplete,
  priority: ({ priority }) => priority,
  createTime: ({ createTime }) => createTime,
  lastUpdateTime: ({ lastUpdateTime }) => lastUpdateTime,
  startTime: ({ startTime }) => startTime,
  endTime: ({ endTime }) => endTime,
  'items.found': ({ items }) => items.found,
  'items.succeeded': ({ items }) => items.succeeded,
  'items.failed': ({ items }) => items.failed,
};

/** Fields that a filter can compare. */
export const FILTER_FIELDS = [...TEXT_FIELDS, 'status', ...Object.keys(NUMBER_FIELDS), 'labels.<key>'];

const CANONICAL: Readonly<Record<string, string>> = {
  '=gt=': '>',
  '=ge=': '>=',
  '=lt=': '<',
  '=le=': '<=',
};
const ORDERS = ['>', '>=', '<', '<='];
const EQUALITIES = ['==', '!=', '=in=', '=out='];
const SPELLED_ORDERS = ['=gt=', '=ge=', '=lt=', '=le=', ...ORDERS];

type Predicate = (job: FilterSubject) => boolean;
type Value = string | number;
type Reader<V extends Value> = (job: FilterSubject) => V | undefined;

interface Comparison {
  readonly field: string;
  readonly operator: string;
  readonly values: readonly string[];
}

export function parseFilter(text: string): JobFilter {
  const fields = new Set<string>();
  const matches = compile(syntaxOf(text), fields);
  return { matches, fields };
}

function syntaxOf(text: string): ExpressionNode {
  const source = withSpaces(text);
  try {
    return parse(source);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // A replacement function, because `$` has a special meaning in a replacement string.
    const reason = error.message.replace(` in "${source}"`, () => '').replace(/\.$/, '');
    throw new FilterError(
      `is not valid RSQL: ${reason}. Write comparisons such as name==a*, joined by ; or 'and', or by , or 'or'. ` +
        'Quote values that contain spaces or one of " \' ( ) ; , = ! ~ < >',
    );
  }
}

const WORD_BEFORE_BRACKET = /("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?<=[\s)"'])(and|or)(?=[(\t\r\n])/gs;

/** Adds a space after `and` and `or`, because the parser recognizes them only before a space. */
function withSpaces(text: string): string {
  return text.replace(WORD_BEFORE_BRACKET, (all, quoted: string | undefined) =>
    quoted === undefined ? `${all} ` : all,
  );
}

function compile(node: ExpressionNode, fields: Set<string>): Predicate {
  if (!isLogicNode(node)) return comparison(comparisonOf(node), fields);
  const left = compile(node.left, fields);
  const right = compile(node.right, fields);
  const isAnd = node.operator === ';' || node.operator === 'and';
  return isAnd ? (job) => left(job) && right(job) : (job) => left(job) || right(job);
}

function comparisonOf({ left, operator, right }: ComparisonNode): Comparison {
  const field = left.selector;
  const canonical = CANONICAL[operator] ?? operator;
  if (!EQUALITIES.includes(canonical) && !ORDERS.includes(canonical)) {
    throw new FilterError(
      `has the unknown operator ${operator} for ${field}; use one of ${[...EQUALITIES, ...SPELLED_ORDERS].join(' ')}`,
    );
  }
  const isList = canonical === '=in=' || canonical === '=out=';
  if (!isList && Array.isArray(right.value)) {
    throw new FilterError(
      `has a list of values for ${field}${operator}; lists are allowed only with =in= and =out=`,
    );
  }
  return { field, operator: canonical, values: [right.value].flat() };
}

function comparison(parsed: Comparison, fields: Set<string>): Predicate {
  const { field } = parsed;
  fields.add(field);
  if (field === 'status') return onStatus(parsed);
  const numberOf = Object.hasOwn(NUMBER_FIELDS, field) ? NUMBER_FIELDS[field] : undefined;
  if (numberOf !== undefined) return onNumber(parsed, numberOf);
  const ofText = TEXT_FIELDS.find((name) => name === field);
  if (ofText !== undefined) return onText(parsed, (job) => job[ofText]);
  const key = labelKeyIn(field);
  if (key === undefined) {
    throw new FilterError(`has the unknown field '${field}'; allowed fields: ${FILTER_FIELDS.join(', ')}`);
  }
  if (!LABEL_KEY.test(key)) throw new FilterError(`has the invalid field '${field}'; ${LABEL_KEY_RULE}`);
  return onText(parsed, ({ labels }) => (Object.hasOwn(labels, key) ? labels[key] : undefined));
}

function onStatus(parsed: Comparison): Predicate {
  const { operator, values } = parsed;
  if (ORDERS.includes(operator)) {
    throw new FilterError(`compares status with ${operator}; status allows only ${EQUALITIES.join(' ')}`);
  }
  for (const value of values) {
    const isPattern = operator === '==' || operator === '!=';
    const isKnown = JOB_STATUSES.some((status) => (isPattern ? matcher(value)(status) : status === value));
    if (!isKnown) {
      throw new FilterError(`has the unknown status '${value}'; use one of ${JOB_STATUSES.join(', ')}`);
    }
  }
  return onText(parsed, ({ status }) => status);
}

function onNumber({ field, operator, values }: Comparison, read: Reader<number>): Predicate {
  const numbers = values.map((value) => {
    if (/^-?\d{1,15}(\.\d{1,15})?$/.test(value)) return Number(value);
    const example = field.endsWith('Time')
      ? `milliseconds since 1970 such as ${Date.UTC(2027, 0)}`
      : 'a number such as 4 or 99.5';
    throw new FilterError(`compares ${field} with '${value}'; use ${example}`);
  });
  return predicate(read, operator, numbers, (number) => (value) => value === number);
}

function onText({ operator, values }: Comparison, read: Reader<string>): Predicate {
  return predicate(read, operator, values, matcher);
}

/** `equals` implements ==. Lists contain plain values. */
function predicate<V extends Value>(
  read: Reader<V>,
  operator: string,
  operands: readonly V[],
  equals: (operand: V) => (value: V) => boolean,
): Predicate {
  const holds = operatorTest(operator, operands, equals);
  return (job) => {
    const value = read(job);
    return value !== undefined && holds(value);
  };
}

function operatorTest<V extends Value>(
  operator: string,
  operands: readonly V[],
  equals: (operand: V) => (value: V) => boolean,
): (value: V) => boolean {
  const [operand] = operands;
  if (operand === undefined) throw new Error('the parser returned a comparison without a value');
  const all = new Set(operands);
  const isEqual = equals(operand);
  switch (operator) {
    case '==':
      return isEqual;
    case '!=':
      return (value) => !isEqual(value);
    case '=in=':
      return (value) => all.has(value);
    case '=out=':
      return (value) => !all.has(value);
    case '>':
      return (value) => value > operand;
    case '>=':
      return (value) => value >= operand;
    case '<':
      return (value) => value < operand;
    default:
      return (value) => value <= operand;
  }
}

/**
 * Finds each piece once, from left to right. A regular expression with many stars could take exponential
 * time.
 */
function matcher(pattern: string): (value: string) => boolean {
  const [first = '', ...pieces] = pattern.split('*');
  const last = pieces.pop();
  if (last === undefined) return (value) => value === first;
  return (value) => {
    if (!value.startsWith(first) || !value.endsWith(last)) return false;
    const end = value.length - last.length;
    let from = first.length;
    for (const piece of pieces) {
      const position = value.indexOf(piece, from);
      if (position < 0) return false;
      from = position + piece.length;
    }
    return from <= end;
  };
}
