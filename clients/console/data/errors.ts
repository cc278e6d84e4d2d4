import { JobtreeError } from 'jobtree/client';

export interface ShownError {
  /** A sentence for people. */
  readonly text: string;
  /** Each part of the request that is wrong. */
  readonly parts: readonly string[];
  readonly requestId: string | undefined;
}

export function shownError(error: unknown): ShownError {
  if (error instanceof JobtreeError) {
    const parts = error.errors.map(({ pointer, parameter, detail }) => {
      const location = pointer ?? parameter;
      return location === undefined || location === '' ? detail : `${location}: ${detail}`;
    });
    const isOnlyPart = parts.length === 1 && error.detail.includes(error.errors[0]?.detail ?? ' ');
    return { text: sentence(error.detail), parts: isOnlyPart ? [] : parts, requestId: error.requestId };
  }
  const text = error instanceof Error ? error.message : String(error);
  return { text: sentence(text), parts: [], requestId: undefined };
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}${/[.!?]$/.test(trimmed) ? '' : '.'}`;
}
