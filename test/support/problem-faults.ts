/** Rules for error responses: the members they must have, and internal details they must not reveal. */

const TEXTS = ['type', 'title', 'detail', 'message', 'instance', 'code', 'requestId'] as const;

/** Stacks, errors of the language or of the store, files, and keys of the table. */
const INTERNAL =
  /\n\s*at |node:|node_modules|\/functions\/|\.[cm]?[jt]s:\d|(Type|Reference|Range|Zod)Error|Cannot (read|set) prop|is not a function|Exception\b|DynamoDB|P#\w+#|REQUEST#|\[object Object\]/;

export interface Refusal {
  readonly status: number;
  readonly contentType: string | null | undefined;
  readonly text: string;
}

/** Returns an empty list for a valid problem. */
export function problemFaults({ status, contentType, text }: Refusal): string[] {
  if (contentType !== 'application/problem+json') return [`has the content type ${contentType}`];
  const problem: Record<string, unknown> = JSON.parse(text);
  const missingFields = TEXTS.filter((name) => typeof problem[name] !== 'string' || problem[name] === '');
  const { errors = [], ...others } = problem;
  return [
    ...missingFields.map((name) => `lacks ${name}`),
    ...(others['status'] === status ? [] : [`says ${others['status']} and is ${status}`]),
    ...(others['message'] === others['detail'] ? [] : ['has a message that is not its detail']),
    ...(Array.isArray(errors) ? errors.flatMap(locationFaults) : ['has errors that are no list']),
    ...(INTERNAL.test(text) ? [`tells what is internal: ${INTERNAL.exec(text)?.[0]}`] : []),
  ];
}

function locationFaults(location: Record<string, unknown>): string[] {
  const { detail, pointer, parameter } = location;
  const isNamed = [pointer, parameter].filter((name) => typeof name === 'string').length === 1;
  return [
    ...(typeof detail === 'string' && detail !== '' ? [] : ['has an error without detail']),
    ...(isNamed ? [] : ['has an error that is nowhere']),
  ];
}
