/** The request of a new job, from a file and options. */

import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { parseJson } from 'jobtree/client';
import { omitUndefined } from '#core/omit-undefined.ts';
import { usageError } from './errors.ts';

type Members = Record<string, unknown>;

export interface RequestOptions {
  readonly splitter?: string;
  readonly worker?: string;
  readonly type?: string;
  readonly template?: string;
  readonly set?: readonly string[];
  readonly define?: readonly string[];
  readonly label?: readonly string[];
  readonly name?: string;
  readonly priority?: number;
  readonly itemsPerTask?: number;
  readonly maxAttempts?: number;
  readonly onItemFailure?: string;
  readonly after?: readonly string[];
  readonly hold?: boolean;
}

/** Uploads a file and returns its address, `upload:<id>`. */
export type Upload = (path: string) => Promise<string>;

const WORK_FORMS = ['batch', 'type', 'template', 'task'] as const;

/** Returns the request of a JSON file, or `undefined` if the file is data to split. */
export function requestIn(input: string): Members | undefined {
  if (input !== '-' && extname(input).toLowerCase() !== '.json') return undefined;
  const text = readText(input);
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw usageError(`${nameOf(input)} is not valid JSON (${(error as Error).message})`);
  }
  if (typeof value === 'object' && value !== null && WORK_FORMS.some((form) => form in value))
    return { ...value };
  if (Array.isArray(value)) return undefined;
  throw usageError(
    `${nameOf(input)} is not a job request`,
    `A request is a JSON object with one of ${WORK_FORMS.join(', ')}. A JSON array is a list of items, which needs --worker.`,
  );
}

/** Returns the complete request. Files that options or the input name are uploaded. */
export async function buildRequest(
  input: string | undefined,
  options: RequestOptions,
  upload: Upload,
): Promise<Members> {
  const base = input === undefined ? undefined : requestIn(input);
  const work = base ?? (await workOf(input, options, upload));
  const parameters = await membersOf('--set', options.set, upload);
  const batch: Members = {
    ...Object(work['batch']),
    ...(await batchChanges(work, base !== undefined, options, upload)),
  };
  const isBatch = 'batch' in work;
  if (isBatch && Object.keys(parameters).length > 0) {
    batch['parameters'] = merged(Object(batch['parameters']), parameters);
  }
  const { name, priority, hold, after } = options;
  return {
    ...work,
    ...(isBatch && { batch }),
    ...(!isBatch &&
      Object.keys(parameters).length > 0 && { parameters: merged(Object(work['parameters']), parameters) }),
    ...omitUndefined({ name, priority }),
    ...(hold && { hold }),
    ...(after && { prerequisiteJobIds: after }),
    ...(options.label && { labels: { ...Object(work['labels']), ...labelsOf(options.label) } }),
  };
}

async function workOf(input: string | undefined, options: RequestOptions, upload: Upload): Promise<Members> {
  const { type, template, worker, splitter } = options;
  if (type !== undefined) {
    if (input === undefined) return { type };
    throw usageError('a job type takes no file', 'Upload it as a parameter: --set source=@FILE');
  }
  if (template !== undefined) {
    const parts = input === undefined ? undefined : [{ url: await upload(input), filename: nameOf(input) }];
    return { template, ...(parts && { items: [{ parts }] }) };
  }
  if (worker === undefined) {
    throw usageError(
      'no worker is selected',
      'Pass --worker NAME (see jobtree workers), --type or --template.',
    );
  }
  if (input === undefined && splitter === undefined) {
    throw usageError(
      'no input is given',
      'Pass a file, or --splitter NAME with its definition: --define key=value',
    );
  }
  return { batch: { ...(await splitterOf(input, splitter, upload)), worker } };
}

async function splitterOf(input: string | undefined, splitter: string | undefined, upload: Upload) {
  if (input === undefined) return { splitter, definition: {} };
  if (extname(input).toLowerCase() === '.json' || input === '-') {
    return { splitter: splitter ?? 'items', definition: { items: parseJson(readText(input)) } };
  }
  const usual = usualDefinition(input);
  const source = await upload(input);
  if (splitter === undefined || splitter === usual.splitter) {
    return { splitter: usual.splitter, definition: { source, ...usual.definition } };
  }
  return { splitter, definition: { source } };
}

/** The splitter for a type of file. */
function usualDefinition(path: string): { splitter: string; definition: Members } {
  switch (extname(path).toLowerCase()) {
    case '.zip':
      return { splitter: 'zip', definition: {} };
    case '.csv':
      return { splitter: 'lines', definition: { format: 'csv' } };
    case '.tsv':
      return { splitter: 'lines', definition: { format: 'csv', delimiter: '\t' } };
    case '.jsonl':
    case '.ndjson':
      return { splitter: 'lines', definition: { format: 'jsonl' } };
    default:
      return { splitter: 'lines', definition: { format: 'text' } };
  }
}

async function batchChanges(
  work: Members,
  isGiven: boolean,
  options: RequestOptions,
  upload: Upload,
): Promise<Members> {
  const { itemsPerTask, maxAttempts, onItemFailure, define } = options;
  const definition = await membersOf('--define', define, upload);
  const current = Object(work['batch']) as Members;
  return {
    ...(isGiven && options.splitter !== undefined && { splitter: options.splitter }),
    ...(isGiven && options.worker !== undefined && { worker: options.worker }),
    ...(Object.keys(definition).length > 0 && {
      definition: merged(Object(current['definition']), definition),
    }),
    ...omitUndefined({ itemsPerTask, maxAttempts }),
    ...(onItemFailure !== undefined && { onItemFailure: policyOf(onItemFailure) }),
  };
}

function policyOf(text: string): string | Members {
  const [, amount, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  if (amount === undefined) return text;
  return { tolerate: percent ? { percent: Number(amount) } : { count: Number(amount) } };
}

export function labelsOf(labels: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    labels.map((label) => {
      const at = label.indexOf('=');
      return at < 0 ? [label, ''] : [label.slice(0, at), label.slice(at + 1)];
    }),
  );
}

/** Returns `a.b=1` as `{a: {b: 1}}`. A value is JSON if it parses, `@FILE` is uploaded, anything else is a string. */
export async function membersOf(
  option: string,
  assignments: readonly string[] = [],
  upload: Upload,
): Promise<Members> {
  let members: Members = {};
  for (const assignment of assignments) {
    const at = assignment.indexOf('=');
    if (at < 1) throw usageError(`${option} is '${assignment}'`, `Use ${option} key=value`);
    const text = assignment.slice(at + 1);
    const value = text.startsWith('@') ? await upload(text.slice(1)) : parsedValue(text);
    const path = assignment.slice(0, at).split('.');
    members = merged(
      members,
      path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Members,
    );
  }
  return members;
}

function parsedValue(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/** Merges objects member by member; any other value is replaced. */
function merged(one: Members, other: Members): Members {
  const entries = Object.entries(other).map(([key, value]) => {
    const before = Object.hasOwn(one, key) ? one[key] : undefined;
    return [key, isObject(before) && isObject(value) ? merged(before, value) : value];
  });
  return { ...one, ...Object.fromEntries(entries) };
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function nameOf(path: string): string {
  return path === '-' ? 'the input' : (path.split(/[\\/]/).at(-1) ?? path);
}

function readText(input: string): string {
  try {
    return readFileSync(input === '-' ? 0 : input, 'utf8');
  } catch (error) {
    throw usageError(`${input} cannot be read (${(error as Error).message})`);
  }
}
