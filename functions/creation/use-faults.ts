/** Faults of parameters that no schema can find: names that the stack does not allow, and headers that it sets itself. */
import { ALLOW_LISTS, allowedEntry, notAllowed } from '#contract/allow-lists.ts';
import { reservedHeaderFault } from '#contract/web-headers.ts';
import type { WrongPlace } from './json-schema.ts';
import type { Deployment } from './registry.ts';

/** Workers and splitters whose `headers` are sent to the web. */
const SENDERS = ['http', 'query'];

/** `value` has passed the schema of this worker or splitter, or is meant for another worker of the pipeline. */
export function useFaults(
  name: string,
  value: unknown,
  deployment: Pick<Deployment, 'registry' | 'partition'>,
): WrongPlace[] {
  if (typeof value !== 'object' || value === null) return [];
  const members = value as Readonly<Record<string, unknown>>;
  return [...nameFaults(name, members, deployment), ...(SENDERS.includes(name) ? headerFaults(members) : [])];
}

function nameFaults(
  worker: string,
  members: Readonly<Record<string, unknown>>,
  { registry, partition }: Pick<Deployment, 'registry' | 'partition'>,
): WrongPlace[] {
  return ALLOW_LISTS.flatMap((list) => {
    const named = members[list.parameter];
    if (list.worker !== worker || typeof named !== 'string') return [];
    const allowed = registry[list.list];
    if (allowedEntry(allowed, named, partition) !== undefined) return [];
    return [{ path: [list.parameter], detail: notAllowed(list, named, allowed, partition) }];
  });
}

function headerFaults({ headers }: Readonly<Record<string, unknown>>): WrongPlace[] {
  if (typeof headers !== 'object' || headers === null) return [];
  return Object.keys(headers).flatMap((header) => {
    const detail = reservedHeaderFault(header);
    return detail === undefined ? [] : [{ path: ['headers', header], detail }];
  });
}
