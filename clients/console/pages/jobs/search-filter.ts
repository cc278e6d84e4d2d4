/**
 * Turns what people type into the search box into a filter of the API (RSQL). Words match ids and names;
 * `status:failed`, `failed>0`, `by:me`, `newer:2h` and `team:billing` match fields and labels. A text that is
 * already a filter stays as it is.
 */

import { quoted } from 'jobtree/client';

export interface SearchContext {
  readonly now: number;
  /** The `sub` of the token, for `by:me`. */
  readonly me: string;
}

export type Search = { readonly filter: string | undefined } | { readonly problem: string };

const STATUSES = ['Waiting', 'Active', 'Paused', 'Blocked', 'Completed', 'Failed', 'Cancelled', 'Expired'];

/** Short names of the number fields. */
const NUMBERS: Readonly<Record<string, string>> = {
  failed: 'items.failed',
  succeeded: 'items.succeeded',
  found: 'items.found',
  priority: 'priority',
  percent: 'percentageComplete',
};
const TEXTS: Readonly<Record<string, string>> = {
  id: 'id',
  name: 'name',
  type: 'type',
  template: 'template',
};
const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** An operator that only filters have, or a field with a dot before a comparison. */
const IS_FILTER = /==|!=|=\w+=|;|^\s*\(|(?:^|[\s(])(?:items|labels)\.[\w:-]+\s*[<>=]/;

export function searchFilter(text: string, context: SearchContext): Search {
  const trimmed = text.trim();
  if (trimmed === '') return { filter: undefined };
  if (IS_FILTER.test(trimmed)) return { filter: trimmed };
  const parts: string[] = [];
  for (const term of termsOf(trimmed)) {
    const part = filterOfTerm(term, context);
    if ('problem' in part) return part;
    parts.push(part.filter);
  }
  return { filter: parts.join(';') };
}

/** Splits at spaces that are not in double quotes. */
function termsOf(text: string): string[] {
  return [...text.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([term]) => term);
}

type Part = { readonly filter: string } | { readonly problem: string };

function filterOfTerm(term: string, context: SearchContext): Part {
  const [, number = '', operator = '', value = ''] = /^(\w+)(>=|<=|>|<)(\d+(?:\.\d+)?)$/.exec(term) ?? [];
  const numberField = NUMBERS[number];
  if (numberField !== undefined) return { filter: `${numberField}${operator}${value}` };
  if (operator !== '')
    return {
      problem: `'${number}' is not a number of a job; use one of ${Object.keys(NUMBERS).join(', ')}.`,
    };
  const [, key = '', rest = ''] = /^([\w:-]+?):(.+)$/s.exec(term) ?? [];
  if (key === '') return { filter: wordFilter(unquoted(term)) };
  const text = unquoted(rest);
  if (key === 'status') return statusFilter(text);
  if (key === 'newer' || key === 'older') return timeFilter(key, text, context.now);
  if (key === 'by') return { filter: `createdBy==${quotedIfNeeded(text === 'me' ? context.me : text)}` };
  const field = TEXTS[key] ?? `labels.${key}`;
  return { filter: `${field}==${quotedIfNeeded(text)}` };
}

function wordFilter(word: string): string {
  const pattern = quotedIfNeeded(word.includes('*') ? word : `*${word}*`);
  return `(id==${pattern},name==${pattern})`;
}

function statusFilter(text: string): Part {
  const words = text.split(',').filter((word) => word !== '');
  const statuses = words.map((word) =>
    STATUSES.find((status) => status.toLowerCase() === word.toLowerCase()),
  );
  const unknown = words.find((_, at) => statuses[at] === undefined);
  if (unknown !== undefined || words.length === 0)
    return { problem: `'${unknown ?? ''}' is not a status; use one of ${STATUSES.join(', ')}.` };
  return { filter: `status=in=(${statuses.join(',')})` };
}

function timeFilter(key: 'newer' | 'older', text: string, now: number): Part {
  const [, count, unit = ''] = /^(\d+)([smhdw])$/.exec(text) ?? [];
  const millis = UNITS[unit];
  if (count === undefined || millis === undefined)
    return { problem: `'${text}' is not a time; use a number with s, m, h, d or w, such as ${key}:2h.` };
  return { filter: `createTime${key === 'newer' ? '>=' : '<'}${now - Number(count) * millis}` };
}

function unquoted(text: string): string {
  return text.replaceAll('"', '');
}

/** Quotes a value if the syntax needs it. An asterisk stays a wildcard. */
function quotedIfNeeded(value: string): string {
  return /^[\w.*:@+-]+$/.test(value) ? value : quoted(value);
}
