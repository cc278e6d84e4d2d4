/** The failures of one group. The API lists failures of all groups, so others are left out here. */

import type { Failure, FailureGroup, JobHandle, Page } from 'jobtree/client';
import { omitUndefined } from '#core/omit-undefined.ts';
import { itemOfSource, messagePattern } from '../../../../functions/core/fingerprint.ts';

const PAGE_SIZE = 200;
/** Pages that one step may search. */
const MAX_PAGES = 5;
const ENOUGH = 50;
/** Maximum number of item ids in a retry. */
export const MAX_RETRIED = 1_000;

type Cause = Pick<FailureGroup, 'code' | 'message'>;

export function isOfGroup(failure: Failure, { code, message }: Cause): boolean {
  return failure.code === code && messagePattern(failure) === message;
}

/** Returns the next failures of the group, and the cursor to continue with. */
export async function failuresOfGroup(
  handle: JobHandle,
  group: Cause,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Page<Failure>> {
  const entries: Failure[] = [];
  let next = cursor;
  for (let pages = 0; pages < MAX_PAGES && entries.length < ENOUGH; pages += 1) {
    const page = await handle.failures({ pageSize: PAGE_SIZE }).page(next, { signal });
    entries.push(...page.entries.filter((failure) => isOfGroup(failure, group)));
    next = page.next;
    if (next === undefined) break;
  }
  return { entries, ...omitUndefined({ next }) };
}

/** Returns the ids of the items of the group, as many as one retry can select. */
export async function itemsOfGroup(handle: JobHandle, group: Cause): Promise<string[]> {
  const items = new Set<string>();
  for await (const failure of handle.failures({ pageSize: 1_000 })) {
    const item = itemOfSource(failure.failureSource);
    if (item !== undefined && isOfGroup(failure, group)) items.add(item);
    if (items.size >= MAX_RETRIED) break;
  }
  return [...items];
}
