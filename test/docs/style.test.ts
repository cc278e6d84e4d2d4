import { globSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type StyledText, styleFaults, textsOfPage, textsOfSource } from './style-rules.ts';

/** The bench installs packages below its own folder. */
const NOT_INSTALLED = { exclude: ['**/node_modules/**'] };
const sources = globSync(
  ['{bin,lib,functions,clients,localstack,test}/**/*.{ts,tsx,mjs}', 'docs/*.ts'],
  NOT_INSTALLED,
).filter((file) => !file.startsWith('test/docs/style') && file !== 'clients/client/contract.ts');
const pages = globSync(['*.md', 'docs/**/*.md', 'localstack/*.md', 'test/**/*.md'], NOT_INSTALLED);

const shown = (texts: readonly StyledText[]) =>
  texts.flatMap((text) =>
    styleFaults(text).map((fault) => `${text.file}:${text.line} (${text.kind}) ${fault}`),
  );

test('comments, messages and test names are plain technical English', () => {
  const texts = sources.flatMap(textsOfSource);

  expect(texts.length).toBeGreaterThan(5_000);
  expect(shown(texts)).toEqual([]);
});

test('pages are plain technical English', () => {
  const texts = pages.flatMap(textsOfPage);

  expect(texts.length).toBeGreaterThan(300);
  expect(shown(texts)).toEqual([]);
});

describe('a text breaks the style', () => {
  const of = (kind: StyledText['kind'], text: string) => styleFaults({ file: 'a.ts', line: 1, kind, text });

  test.each([
    ['comment', 'What a body asks for.'],
    ['comment', 'Answers the rows.'],
    ['page', 'The object lies in the bucket.'],
    ['string', 'somebody changed the job'],
    ['test name', 'what comes of a job that nobody reads'],
    ['comment', Array(40).fill('word').join(' ')],
  ] as const)('as a %s: %s', (kind, text) => {
    expect(of(kind, text).length).toBeGreaterThan(0);
  });

  test('but not when it is plain', () => {
    expect(of('comment', 'Returns the rows of a job.')).toEqual([]);
    expect(of('string', 'the job is final')).toEqual([]);
  });
});
