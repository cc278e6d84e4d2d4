import { refusal } from '#contract/problem.ts';
import { REQUEST_HEADERS, type RequestHeader } from '#contract/request-headers.ts';
import type { Route } from '#contract/route.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { ApiEvent } from './exchange.ts';

/**
 * Returns a function that reads a header. Gateways keep the case of names. Headers whose names differ only in case are
 * joined, as HTTP specifies, so that a request with two tokens is refused.
 */
export function headerReader({ headers, multiValueHeaders }: ApiEvent): (name: string) => string | undefined {
  const multiValues = valuesByName(
    Object.entries(multiValueHeaders ?? {}).filter(([, values]) => Array.isArray(values)),
  );
  const singleValues = valuesByName(Object.entries(headers ?? {}));
  return (name) => (multiValues.get(name.toLowerCase()) ?? singleValues.get(name.toLowerCase()))?.join(', ');
}

function valuesByName(entries: readonly (readonly [string, unknown])[]): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, sent] of entries) {
    const texts = [sent].flat().filter((value) => typeof value === 'string');
    const lower = name.toLowerCase();
    if (texts.length > 0) values.set(lower, [...(values.get(lower) ?? []), ...texts]);
  }
  return values;
}

const MAX_SHOWN_LENGTH = 200;

/** Checks the headers that the route declares against their patterns and returns the reader. */
export function checkedHeaders(
  { requestHeaders = [] }: Route,
  header: (name: string) => string | undefined,
): (name: string) => string | undefined {
  for (const name of requestHeaders) {
    const value = header(name);
    const { pattern, expected }: RequestHeader = REQUEST_HEADERS[name];
    if (value === undefined || pattern === undefined || new RegExp(pattern).test(value)) continue;
    const shown = value.slice(0, MAX_SHOWN_LENGTH).toWellFormed();
    const detail = `${name} is not valid: '${shown}'. Send ${expected}`;
    throw refusal('invalid-request', detail, { errors: [{ parameter: name, detail }] });
  }
  return header;
}

const MAX_LOGGED_LENGTH = 200;

/** Returns the ids by which callers find their requests in the logs. Values that do not look like ids are not logged. */
export function correlation(header: (name: string) => string | undefined): Record<string, string> {
  const loggable = (name: string) => {
    const value = header(name);
    return value !== undefined && /^[\x21-\x7e]+$/.test(value)
      ? value.slice(0, MAX_LOGGED_LENGTH)
      : undefined;
  };
  const traceparent = loggable('traceparent');
  const correlationId = loggable('CAF-Correlation-Id');
  return omitUndefined({ traceparent, correlationId });
}
