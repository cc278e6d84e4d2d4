/** Finds faults that no schema can find: names that the stack does not allow, and headers that the service sets. */
import { ALLOW_LISTS, allowedEntry, notAllowedMessage } from '#contract/allow-lists.ts';
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
  return [...nameFaults(name, members, deployment), ...(SENDERS.includes(name) ? headerFaults(members) : [])];
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
