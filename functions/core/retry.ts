/** Which failed items a retry means, and what it changes of them. */
import type { OutcomeRecord } from './item.ts';

export interface RetryFilter {
  readonly codes?: readonly string[] | undefined;
  readonly itemIds?: readonly string[] | undefined;
}

export interface Retry {
  readonly filter: RetryFilter;
  /** A JSON merge patch (RFC 7396) for the payload that the splitter found. */
  readonly patch?: unknown;
}

export function isRetried({ id, outcome, failure }: OutcomeRecord, { codes, itemIds }: RetryFilter): boolean {
  if (outcome !== 'failed') return false;
  if (itemIds !== undefined && !itemIds.includes(id)) return false;
  return codes === undefined || codes.includes(failure?.code ?? '');
}

export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const merged = new Map(isMap(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
