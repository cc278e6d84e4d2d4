import { expect, test } from 'vitest';
import { readMarkdown } from '../../../../../functions/workers/documents/text/read-markdown.ts';

test('markup, link addresses, badges and comments are not text', () => {
  const source =
    '# Title\n\n[![build](https://ci/b.svg)](https://ci)\n\n<!-- note -->\nSee *the* [docs](https://x.org/a) &amp; `code`.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nlet a = 1;\n```\n';

  expect(readMarkdown(source)).toEqual({
    title: 'Title',
    text: 'Title\n\nSee the docs & code.\n\na b\n1 2\n\nlet a = 1;',
  });
});

test('front matter is not part of the text, but may hold the title', () => {
  expect(readMarkdown('---\r\ntitle: "About"\r\ntags: [a]\r\n---\r\n# Heading\r\n')).toEqual({
    title: 'About',
    text: 'Heading',
  });
});

test('a rule at the beginning is not front matter', () => {
  expect(readMarkdown('---\n\ntext').text).toBe('text');
});

test('a very long document is returned as written', () => {
  const source = '# Title\n\n*text*\n'.repeat(600_000);

  const read = readMarkdown(source);

  expect(read.text).toBe(source);
  expect(read.note).toBe('too long to take its markup out');
});
