import { describe, expect, test } from 'vitest';
import { checkBy } from '#core/schema.ts';
import { compileSchema } from '../../../../functions/creation/json-schema.ts';
import { httpParameters } from '../../../../functions/workers/http/parameters.ts';
import { jsonSchema } from '../../../../lib/registry.ts';

test.for([
  [{ url: 'https://example.com/{item.id}' }, /names an item/],
  [{ method: 'GET' }, /GET has no body/],
  [{ body: 'text {item.id}' }, /JSON with a list/],
  [{ body: { id: '{item.id}' } }, /outside a list/],
  [{ body: { fixed: [1] } }, /does not name an item/],
  [{ per: 'item', answers: {} }, /requires per: 'chunk'/],
] as const)('parameters %j are refused: %s', ([parameters, reason]) => {
  const checked = checkBy(httpParameters, { url: 'https://example.com/', per: 'chunk', ...parameters });

  expect(checked).toMatchObject({ reason: expect.stringMatching(reason) });
});

describe('creation refuses a job', () => {
  const check = compileSchema(jsonSchema(httpParameters));

  test.for([
    [
      { per: 'chunk', url: 'https://example.com/{item.id}' },
      ['url', expect.stringContaining('must match pattern')],
    ],
    [
      { per: 'chunk', method: 'GET' },
      ['method', 'must be one of "POST", "PUT", "PATCH", "DELETE"; got "GET"'],
    ],
    [{ per: 'chunk', body: 'text' }, ['body', 'must be array or object; got "text"']],
    [{ per: 'item', answers: {} }, ['per', 'must be "chunk"; got "item"']],
    [{ answers: {} }, ['per', 'is missing']],
  ] as const)('with %j', ([parameters, [path, detail]]) => {
    const wrong = check({ url: 'https://example.com/', ...parameters });

    expect(wrong.map((one) => [one.path.join('/'), one.detail])).toEqual([[path, detail]]);
  });

  test('but accepts valid parameters', () => {
    const url = 'https://example.com/{item.id}';
    const body = ['{item}'];

    expect(check({ url, method: 'GET' })).toEqual([]);
    expect(check({ url: 'https://example.com/{x}', per: 'chunk', body, answers: {} })).toEqual([]);
  });
});
