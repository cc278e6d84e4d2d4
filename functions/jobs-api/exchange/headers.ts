import type { ApiEvent } from './exchange.ts';

/** Gateways keep names as the caller wrote them. Several headers of one name are joined, as HTTP has it. */
export function headerReader({ headers, multiValueHeaders }: ApiEvent): (name: string) => string | undefined {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (typeof value === 'string') values.set(name.toLowerCase(), value);
  }
  for (const [name, several] of Object.entries(multiValueHeaders ?? {})) {
    if (Array.isArray(several) && several.length > 0) values.set(name.toLowerCase(), several.join(', '));
  }
  return (name) => values.get(name.toLowerCase());
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
