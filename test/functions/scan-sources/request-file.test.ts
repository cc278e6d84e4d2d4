import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { withUrls } from '../../../functions/scan-sources/named-files.ts';
import { checkRequest, contentHash, readRequest } from '../../../functions/scan-sources/request-file.ts';
import { refusalOf } from './refusal-of.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const xml = (text: string) => readRequest('r.xml', bytes(text));
const json = (value: unknown) => readRequest('r.json', bytes(JSON.stringify(value)));

describe('a request in JSON', () => {
  test('is the body of a job, with or without an id', () => {
    expect(json({ id: 'a', batch: {} })).toEqual({ id: 'a', body: { batch: {} } });
    expect(json({ batch: {} })).toEqual({ body: { batch: {} } });
  });

  test.each([
    ['[]', 'not a JSON object'],
    ['', 'not a JSON object'],
    ['{', 'the body is not JSON'],
    ['{"a": 1, "a": 2}', '/a appears twice'],
    ['{"__proto__": {}}', 'has a name that is not allowed'],
    ['{"id": 7}', 'the id is a number'],
    ['{"id": "a.b"}', 'the id is not accepted'],
    [`{"a":${'['.repeat(40)}${']'.repeat(40)}}`, 'nested deeper than the 32 levels'],
  ])('%s is refused', (text, words) => {
    expect(refusalOf(() => readRequest('r.json', bytes(text)))).toContain(words);
  });
});

describe('a body', () => {
  const batch = { splitter: 'items', definition: { items: [1, 2, 3] }, worker: 'w' };

  test('is checked by the schema of the API', () => {
    checkRequest({ batch }, 3);

    expect(refusalOf(() => checkRequest({ batch, prio: 1 }, 3))).toContain('/prio: is not known here');
    expect(refusalOf(() => checkRequest({ batch, priority: 12 }, 3))).toContain('/priority');
  });

  test('has a limited number of items', () => {
    const tooMany = () => checkRequest({ batch }, 2);

    expect(tooMany).toThrow('the request has 3 items; the limit is 2');
  });
});

test('equal requests have the same hash in any format and order, and other files change it', () => {
  const written = xml('<jobRequest><template>t</template><name>n</name></jobRequest>');
  const files = new Map([['a.txt', 'h1']]);

  const hash = contentHash(written, files);

  expect(contentHash(json({ name: 'n', template: 't' }), files)).toBe(hash);
  expect(contentHash(written, new Map([['a.txt', 'h2']]))).not.toBe(hash);
  expect(contentHash({ ...written, id: 'x' }, files)).not.toBe(hash);
});

test('the examples in the docs are valid requests', () => {
  const docs = readFileSync(new URL('../../../docs/how-to/scan-a-folder.md', import.meta.url), 'utf8');
  const example = (language: string) =>
    new RegExp(`\\n\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(docs)?.[1] ?? '';

  const written = xml(example('xml'));
  const sent = readRequest('r.json', bytes(example('json')));

  expect(written).toMatchObject({ id: 'invoices-2026-11', body: { template: 'merge-to-pdf' } });
  checkRequest(
    withUrls(sent.body, (path) => `upload:${path}`),
    2,
  );
});
