/** The patterns that the OpenAPI document declares against the code that enforces them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createJobBody } from '#contract/create-job.ts';
import { type IdKind, idProblem, idSchema, MAX_ID_LENGTH } from '#contract/ids.ts';
import { parseSort, SORT_PATTERN } from '#contract/job-sort.ts';
import { listJobsQuery } from '#contract/queries.ts';
import { REQUEST_HEADERS } from '#contract/request-headers.ts';
import { EXPIRY_TIME_PATTERN, isExpiryTime, isRetention, RETENTION_PATTERN } from '#core/expiry-policy.ts';
import openApi from '../../docs/openapi.json' with { type: 'json' };
import { anyText } from '../support/any-text.ts';

function accepts(parse: (text: string) => unknown): (text: string) => boolean {
  return (text) => {
    try {
      parse(text);
      return true;
    } catch {
      return false;
    }
  };
}

/** Checks both directions: strings generated from the pattern, the same with one change, and arbitrary ones. */
function agree(
  pattern: string,
  isAccepted: (text: string) => boolean,
  examples: readonly string[] = [],
): void {
  const expression = new RegExp(pattern, 'u');
  const matching = fc.stringMatching(expression);
  const changed = fc
    .tuple(matching, fc.nat(), anyText)
    .map(([text, at, more]) => text.slice(0, at % (text.length + 1)) + more.slice(0, 1) + text.slice(at));
  fc.assert(
    fc.property(fc.oneof(matching, changed, anyText, fc.constantFrom('', ...examples)), (text) => {
      expect([text, expression.test(text)]).toEqual([text, isAccepted(text)]);
    }),
    { numRuns: 2_000 },
  );
}

describe.each(Object.keys(MAX_ID_LENGTH) as IdKind[])('the schema of a %s id', (kind) => {
  test('accepts what the service accepts, except for lengths', () => {
    const { pattern, maxLength } = idSchema(kind);
    const short = (text: string) => text.slice(0, maxLength);
    const wellFormed = (text: string) => text.isWellFormed();

    const expression = new RegExp(pattern, 'u');
    fc.assert(
      fc.property(fc.oneof(anyText, fc.stringMatching(expression)).map(short).filter(wellFormed), (text) => {
        expect([text, expression.test(text)]).toEqual([text, idProblem(kind, text) === undefined]);
      }),
      { numRuns: 2_000 },
    );
    expect(idProblem(kind, 'a'.repeat(maxLength))).toBeUndefined();
    expect(idProblem(kind, 'a'.repeat(maxLength + 1))).toBeDefined();
  });
});

test('the pattern of sort accepts what the service accepts', () => {
  agree(SORT_PATTERN, accepts(parseSort), ['JOBID:ASC', 'labels.a:b:desc', 'createTime', ':asc']);
});

test('the pattern of retentions accepts what the service accepts, except for their length', () => {
  agree(RETENTION_PATTERN, (text) => isExpiryTime(`createTime+${text}`), ['P', 'PT', 'P1DT', 'P1W', 'PT0S']);
  for (const text of ['P1D', 'P1Y2M3DT4H5M6S', 'PT6H']) expect(isRetention(text)).toBe(true);
});

test('the pattern of expiry times accepts what the service accepts', () => {
  agree(EXPIRY_TIME_PATTERN, isExpiryTime, [
    'none',
    'createTime+P1D',
    'createTime',
    '2027-01-01T06:00:00+01:00',
    '2027-13-01T06:00Z',
  ]);
  const days = ['2028-02-29', '2000-02-29', '2100-02-29', '2027-02-29', '2027-04-31', '2027-12-31'];
  expect(days.map((day) => isExpiryTime(`${day}T00:00Z`))).toEqual([true, true, false, false, false, true]);
});

test('the pattern of labelExist is the check itself', () => {
  const { labelExist } = listJobsQuery.shape;
  const shown = openApi.paths['/partitions/{p}/jobs'].get.parameters.find(
    (parameter) => 'name' in parameter && parameter.name === 'labelExist',
  );
  const pattern =
    shown !== undefined && 'schema' in shown ? (shown.schema as { pattern: string }).pattern : '';

  agree(pattern, (text) => labelExist.safeParse(text).success, ['a', 'a,b', 'a, b', ' a ', 'a,,b', '']);
});

test('an ETag contains no space, and a list of them no empty entry', () => {
  const { pattern } = REQUEST_HEADERS['If-Match'];
  const fits = (value: string) => new RegExp(pattern).test(value);

  expect(['"1.0"', 'W/"a"', '"a,b" , "c"', '*'].map(fits)).toEqual([true, true, true, true]);
  expect(['', '1.0', '"a b"', '"a",', ',', '"a" "b"', '* , "a"'].map(fits)).not.toContain(true);
});

describe('a body with', () => {
  const [example] = openApi.components.schemas.JobRequest.examples;

  test.each([
    ['two forms of work', { ...example, type: 'extract-folder' }],
    ['no form of work', { name: 'nothing to do' }],
    ['items beside a batch', { ...example, items: [] }],
  ])('%s is refused by the service and by the declared schema', async (_, body) => {
    const { Ajv2020 } = await import('ajv/dist/2020.js');
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const declared = ajv.compile({
      ...openApi.components.schemas.JobRequest,
      components: openApi.components,
    });

    expect([declared(body), createJobBody.safeParse(body).success]).toEqual([false, false]);
    expect([declared(example), createJobBody.safeParse(example).success]).toEqual([true, true]);
  });
});
