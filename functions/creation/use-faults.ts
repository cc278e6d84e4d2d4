/** Finds faults that no schema can find: names that the stack does not allow, headers that the service sets, unknown placeholders. */
import { ALLOW_LISTS, allowedEntry, notAllowedMessage } from '#contract/allow-lists.ts';
import { unfilledPlaceholders, unknownPlaceholders } from '#contract/placeholders.ts';
import { reservedHeaderFault } from '#contract/web-headers.ts';
import type { ValueFault } from './json-schema.ts';
import type { Deployment } from './registry.ts';

/** Workers and splitters that send their `headers` in HTTP requests. */
const SENDERS = ['http', 'query'];

/** `value` has passed the schema of this worker or splitter, or belongs to another worker of the pipeline. */
export function useFaults(
  name: string,
  value: unknown,
  deployment: Pick<Deployment, 'registry' | 'partition'>,
): ValueFault[] {
  if (typeof value !== 'object' || value === null) return [];
  const members = value as Readonly<Record<string, unknown>>;
  return [
    ...nameFaults(name, members, deployment),
    ...(SENDERS.includes(name) ? headerFaults(members) : []),
    ...(name === 'http' ? placeholderFaults(members) : []),
    ...(name === 'tag' ? fieldFaults(members['rules'], ['rules']) : []),
  ];
}

const MAX_FAULTS = 10;

/** Finds mistyped placeholders, which would be sent literally. */
function placeholderFaults({ url, body, headers }: Readonly<Record<string, unknown>>): ValueFault[] {
  const isMap = typeof headers === 'object' && headers !== null;
  return [
    ...unknownPlaceholders(url, ['url']),
    ...unknownPlaceholders(body, ['body']),
    ...(isMap ? unfilledPlaceholders(headers as Readonly<Record<string, unknown>>, ['headers']) : []),
  ].slice(0, MAX_FAULTS);
}

const TAG_FIELDS = ['id', 'payload', 'parts', 'indexData', 'properties', 'tags'];

/** Finds conditions of the worker `tag` on fields that no item has. */
function fieldFaults(value: unknown, path: readonly string[]): ValueFault[] {
  if (typeof value !== 'object' || value === null) return [];
  const faults = Object.entries(value).flatMap(([name, member]) => {
    const at = [...path, name];
    if (name === 'set' || name === 'remove') return [];
    if (name !== 'field' || typeof member !== 'string') return fieldFaults(member, at);
    const [root = ''] = member.split('.');
    if (TAG_FIELDS.includes(root)) return [];
    const detail = `unknown field '${member.slice(0, 100).toWellFormed()}'. Use a path that begins with ${TAG_FIELDS.join(', ')}`;
    return [{ path: at, detail }];
  });
  return faults.slice(0, MAX_FAULTS);
}

function nameFaults(
  worker: string,
  members: Readonly<Record<string, unknown>>,
  { registry, partition }: Pick<Deployment, 'registry' | 'partition'>,
): ValueFault[] {
  return ALLOW_LISTS.flatMap((list) => {
    const usedName = members[list.parameter];
    if (list.worker !== worker || typeof usedName !== 'string') return [];
    const allowed = registry[list.list];
    if (allowedEntry(allowed, usedName, partition) !== undefined) return [];
    return [{ path: [list.parameter], detail: notAllowedMessage(list, usedName, allowed, partition) }];
  });
}

function headerFaults({ headers }: Readonly<Record<string, unknown>>): ValueFault[] {
  if (typeof headers !== 'object' || headers === null) return [];
  return Object.keys(headers).flatMap((header) => {
    const detail = reservedHeaderFault(header);
    return detail === undefined ? [] : [{ path: ['headers', header], detail }];
  });
}
