/** Requests as strangers send them: right ones, right ones with one thing wrong, and ones with nothing right. */
import fc from 'fast-check';
import { ALL_ROUTES } from '#contract/caf-routes.ts';
import { METHODS, operationId, pathParameterNames, type Route } from '#contract/route.ts';
import { anyBody, validBody } from './any-body.ts';
import { anyText } from './any-text.ts';

export interface AnyRequest {
  /** Operation that the request targets. */
  readonly operation: string;
  readonly method: string;
  /** Path as sent, percent-encoded or not. */
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes are no UTF-8. */
  readonly body: string | Uint8Array | null;
  readonly token: 'admin' | 'viewer' | 'foreign' | 'garbage' | 'none';
}

const PARTS = ['path', 'method', 'query', 'headers', 'body', 'token'] as const;
type Part = (typeof PARTS)[number];
const wrongParts: fc.Arbitrary<readonly Part[]> = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 8, arbitrary: fc.constantFrom(...PARTS, 'query', 'body', 'body').map((part) => [part]) },
  { weight: 3, arbitrary: fc.subarray([...PARTS], { minLength: 2 }) },
);

/** IDs that may exist in the service; the jobs are j1 to j3. */
const IDS: Readonly<Record<string, readonly string[]>> = {
  j: ['j1', 'j2', 'j3', 'none'],
  name: ['t1', 't2'],
  b: ['none'],
};

function pathOf(path: string, segments: readonly string[]): string {
  let position = 0;
  return path.replace(/\{[^}]+\}/g, () => segments[position++] ?? '');
}

function rightPath({ path }: Route, partition: string): fc.Arbitrary<string> {
  const segments = pathParameterNames(path).map((name) => fc.constantFrom(...(IDS[name] ?? [partition])));
  return fc.tuple(...segments).map((input) => pathOf(path, input));
}

const wrongSegment = fc.oneof(
  anyText,
  anyText.map((text) => encodeURIComponent(text.toWellFormed())),
  fc.constantFrom('%', '%zz', '%ff', '%C0%AF', '%00', '%2541', '..', '.', 'a%2Fb', '%E2%80%AE'),
);

function wrongPath({ path }: Route, partition: string): fc.Arbitrary<string> {
  const segments = pathParameterNames(path).map((name) =>
    fc.oneof(fc.constantFrom(...(IDS[name] ?? [partition])), wrongSegment),
  );
  const wrong = fc.tuple(...segments).map((input) => pathOf(path, input));
  return fc.oneof(
    { weight: 4, arbitrary: wrong },
    anyText.map((text) => `/${text}`),
    fc.constantFrom(`${path}/`, path, `/${path}`),
  );
}

const RIGHT_VALUES: Readonly<Record<string, readonly string[]>> = {
  limit: ['1', '1000'],
  offset: ['0', '3'],
  sort: ['name:desc', 'labels.l1:asc', 'PERCENTAGECOMPLETE:asc'],
  statusType: ['All', 'NotCompleted', 'Inactive'],
  status: ['Active', 'Cancelled'],
  filter: ['status==Waiting;priority<5', 'labels.l1!=x or name==*a*', 'percentageComplete>=10'],
  labelExist: ['l1,l2'],
  jobIdStartsWith: ['j'],
  includeHidden: ['true'],
  dryRun: ['true'],
  outcome: ['failed'],
  parts: ['result'],
  groupBy: ['fingerprint'],
  parent: ['', '0', '3.17'],
  hours: ['1', '24'],
};
const QUERY_NAMES = [...Object.keys(RIGHT_VALUES), 'cursor'];

type Query = AnyRequest['query'];

function rightQuery({ query }: Route): fc.Arbitrary<Query> {
  const names = Object.keys(query?.shape ?? {}).filter((name) => name !== 'cursor');
  if (names.length === 0) return fc.constant([]);
  const pair = fc
    .constantFrom(...names)
    .chain((name) => fc.constantFrom(...(RIGHT_VALUES[name] ?? [])).map((value) => [name, value] as const));
  return fc.uniqueArray(pair, { maxLength: 2, selector: ([name]) => name });
}

const wrongQuery: fc.Arbitrary<Query> = fc.array(
  fc.tuple(
    fc.oneof(fc.constantFrom(...QUERY_NAMES), fc.constantFrom(...QUERY_NAMES), anyText),
    fc.oneof(
      anyText,
      fc.constantFrom(...Object.values(RIGHT_VALUES).flat()),
      fc.constantFrom(
        '1e3',
        '-1',
        '99999999999999999999',
        'a.b',
        'e30.e30',
        '(((',
        'a==(',
        'labels.==1',
        ':asc',
      ),
      fc.constant('(id==a,'.repeat(200)),
    ),
  ),
  { minLength: 1, maxLength: 4 },
);

const TYPES = ['application/json', 'application/merge-patch+json', 'application/json; charset=utf-8'];
const rightHeaders = fc.constantFrom<Record<string, string>[]>(
  {},
  ...TYPES.map((type) => ({ 'content-type': type })),
);
const wrongHeaders = fc.dictionary(
  fc.oneof(
    fc.constantFrom('if-match', 'If-None-Match', 'accept', 'Idempotency-Key', 'Content-Type', 'traceparent'),
    fc.constantFrom('CAF-Correlation-Id', 'x-http-method-override', '__proto__', 'constructor'),
    anyText,
  ),
  fc.oneof(
    anyText,
    fc.constantFrom(
      '*',
      '"1.0"',
      'W/"1"',
      '"99999999999999999999"',
      'application/x-ndjson',
      'k1',
      'text/html',
    ),
    fc.constantFrom('application/xml', 'multipart/form-data; boundary=x', 'text/plain; charset=utf-16'),
  ),
  { minKeys: 1, maxKeys: 3 },
);

const TOKENS = ['viewer', 'foreign', 'garbage', 'none'] as const;

export function anyRequest(partition: string): fc.Arbitrary<AnyRequest> {
  return fc.constantFrom(...ALL_ROUTES).chain((route) => ofRoute(route, partition));
}

function ofRoute(route: Route, partition: string): fc.Arbitrary<AnyRequest> {
  const { method } = route;
  return wrongParts.chain((wrong) => {
    const either = <T>(part: Part, isWrong: fc.Arbitrary<T>, isRight: fc.Arbitrary<T>) =>
      wrong.includes(part) ? isWrong : isRight;
    return fc.record({
      operation: fc.constant(operationId(route)),
      method: either('method', fc.oneof(fc.constantFrom(...METHODS), anyText), fc.constant<string>(method)),
      path: either('path', wrongPath(route, partition), rightPath(route, partition)),
      query: either('query', wrongQuery, rightQuery(route)),
      headers: either('headers', wrongHeaders, rightHeaders),
      body: either('body', anyBody(route), validBody(route)),
      token: either<AnyRequest['token']>('token', fc.constantFrom(...TOKENS), fc.constant('admin')),
    });
  });
}
