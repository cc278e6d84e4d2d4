import { refusal } from '#contract/problem.ts';
import { REQUEST_HEADERS, type RequestHeader } from '#contract/request-headers.ts';
import type { Route } from '#contract/route.ts';
import type { ApiEvent } from './exchange.ts';

/**
 * Gateways keep names as the caller wrote them. Several headers of one name are joined, as HTTP has it, also where their
 * names differ in case: none of two tokens may win.
 */
export function headerReader({ headers, multiValueHeaders }: ApiEvent): (name: string) => string | undefined {
  const several = valuesByName(
    Object.entries(multiValueHeaders ?? {}).filter(([, values]) => Array.isArray(values)),
  );
  const single = valuesByName(Object.entries(headers ?? {}));
  return (name) => (several.get(name.toLowerCase()) ?? single.get(name.toLowerCase()))?.join(', ');
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

/** The reader itself, once each header that the route declares matches its pattern. */
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

/** Ids that callers send to find their requests in our logs; only what looks like one is logged. */
export function correlation(header: (name: string) => string | undefined): Record<string, string> {
  const loggable = (name: string) => {
    const value = header(name);
    return value !== undefined && /^[\x21-\x7e]+$/.test(value)
      ? value.slice(0, MAX_LOGGED_LENGTH)
      : undefined;
  };
  const traceparent = loggable('traceparent');
  const correlationId = loggable('CAF-Correlation-Id');
  return {
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(correlationId === undefined ? {} : { correlationId }),
  };
}
