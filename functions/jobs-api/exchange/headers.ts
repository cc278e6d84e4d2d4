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
