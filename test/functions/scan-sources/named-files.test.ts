import { describe, expect, test } from 'vitest';
import { namedFiles, withUrls } from '../../../functions/scan-sources/named-files.ts';

const part = (url: string) => ({ template: 't', items: [{ parts: [{ url }] }] });
const source = (value: unknown, splitter = 'items') => ({
  batch: {
    splitter,
    definition: {
      items: [
        { id: 'a', source: value },
        { sources: [value], note: 'n.txt' },
      ],
    },
  },
});

test('relative URLs of parts and sources are replaced, all others stay', () => {
  const change = (path: string) => `upload:${path.toUpperCase()}`;

  expect(withUrls(part('docs/a.pdf'), change)).toEqual({
    template: 't',
    items: [{ parts: [{ filename: 'a.pdf', url: 'upload:DOCS/A.PDF' }] }],
  });
  expect(withUrls(source('a.txt'), change)['batch']).toEqual({
    splitter: 'items',
    definition: {
      items: [
        { id: 'a', source: 'upload:A.TXT' },
        { sources: ['upload:A.TXT'], note: 'n.txt' },
      ],
    },
  });
  for (const url of ['upload:1', 's3://b/k', 'https://host/x?y#z']) {
    expect(withUrls(part(url), change)).toEqual(part(url));
  }
  expect(withUrls(source('crm', 'theirs'), change)).toEqual(source('crm', 'theirs'));
});

test('a file name is decoded and returned once', () => {
  expect(namedFiles(source('./a%20b%23.txt'))).toEqual(['a b#.txt']);
});

describe('a URL is refused', () => {
  test.each([
    ['../secret.txt', 'leads out'],
    ['docs/../../secret.txt', 'leads out'],
    ['%2e%2e/secret.txt', 'leads out'],
    ['docs/%2e%2e%2fsecret.txt', 'contains /'],
    ['..\\secret.txt', 'contains /, \\'],
    ['/etc/passwd', 'absolute'],
    ['//host/share', 'absolute'],
    ['file:///etc/passwd', 'relative URL'],
    ['a.txt?x', 'cannot have a query'],
    ['a%zz.txt', 'percent-encoding'],
    ['docs//a.txt', 'empty'],
    ['docs/./a.txt', 'empty'],
    ['a%00.txt', 'control character'],
    ['other.json', 'subfolder'],
    ['finished/a.txt', 'processed requests'],
  ])('%s', (url, words) => {
    expect(() => namedFiles(part(url))).toThrow(words);
  });
});
