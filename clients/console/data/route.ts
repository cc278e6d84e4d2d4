/** The address as state. Ids are decoded exactly once here; the router decodes them less exactly, so only its matching is used. */
import { useCallback } from 'react';
import { useLocation } from 'wouter';
import { useSearch } from 'wouter/use-browser-location';
import { CONSOLE_PATH } from '../addresses.ts';

/** Returns the decoded segments of the address below the console: `p`, partition, page, and more. */
function useSegments(): readonly string[] {
  useLocation();
  return location.pathname
    .slice(CONSOLE_PATH.length)
    .split('/')
    .filter((segment) => segment !== '')
    .map(decoded);
}

/** Returns the partition of the address. */
export function usePartition(): string {
  const [, partition] = useSegments();
  if (partition === undefined) throw new Error('this page has no partition in its address');
  return partition;
}

/** Returns the page of the address, such as `jobs`. */
export function usePageName(): string | undefined {
  return useSegments()[2];
}

/** Returns the segment after the page, such as the id of a job. */
export function usePageId(): string {
  const id = useSegments()[3];
  if (id === undefined) throw new Error('this page has no id in its address');
  return id;
}

/**
 * Returns the query of the address, and a function that changes some of its members; `undefined` removes one.
 * Ids that may contain a slash, such as those of items, belong here.
 */
export function useQueryState(): readonly [
  URLSearchParams,
  (changes: Readonly<Record<string, string | undefined>>) => void,
] {
  const query = new URLSearchParams(useSearch());
  const [, navigate] = useLocation();
  const change = useCallback(
    (changes: Readonly<Record<string, string | undefined>>) => {
      const next = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined || value === '') next.delete(name);
        else next.set(name, value);
      }
      const path = location.pathname.slice(CONSOLE_PATH.length);
      navigate(next.size === 0 ? path : `${path}?${next}`, { replace: true });
    },
    [navigate],
  );
  return [query, change];
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
