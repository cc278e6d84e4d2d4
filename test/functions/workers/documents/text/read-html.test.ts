import { describe, expect, test } from 'vitest';
import { readHtml } from '../../../../../functions/workers/documents/text/read-html.ts';

test('blocks become lines, and whitespace collapses', () => {
  const page =
    '<body><h1>One</h1>\n<p>two <b>three</b>\n four&nbsp;&amp; five<br>six</p><ul><li>a<li>b</ul></body>';

  expect(readHtml(page).text).toBe('One\n\ntwo three four & five\nsix\n\na\nb');
});

test('cells of a table are separated', () => {
  const table = '<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>';

  expect(readHtml(table).text).toBe('a b\nc d');
});

test('preformatted text keeps its whitespace', () => {
  expect(readHtml('<p>x</p><pre>if (a)\n    b();\n</pre><p>y</p>').text).toBe('x\n\nif (a)\n    b();\n\ny');
});

test('scripts, styles and drawings are skipped', () => {
  const page =
    '<style>p{}</style><script>"</p>"</script><svg><title>logo</title></svg><p>text</p><noscript>on!</noscript>';

  expect(readHtml(page)).toEqual({ title: '', text: 'text' });
});

test.each([
  ['<title>Head\n title</title><h1>Heading</h1>', 'Head\n title'],
  ['<h1><img></h1><h1>The <i>first</i> heading</h1><h1>second</h1>', 'The first heading'],
])('the title of %j is found', (page, title) => {
  expect(readHtml(page).title).toBe(title);
});

describe('XHTML', () => {
  const page = (head: string, body: string) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x">\n<html xmlns="http://www.w3.org/1999/xhtml"><head>${head}</head><body>${body}</body></html>`;

  test.each([
    ['an empty script', '<title>t</title><script src="a.js"/>', '<p>text</p>', 't', 'text'],
    ['an empty title', '<title/>', '<h1>heading</h1>', 'heading', 'heading'],
    ['empty elements', '<title>t</title>', '<p>a<a id="x"/>b<style/><textarea/>c</p>', 't', 'ab\nc'],
    [
      'a CDATA section',
      '<title><![CDATA[t & u]]></title>',
      '<p><![CDATA[a < b]]> &nbsp;&eacute;</p>',
      't & u',
      'a < b é',
    ],
  ])('with %s is read', (_, head, body, title, text) => {
    const read = readHtml(page(head, body));

    expect(read.title).toBe(title);
    expect(read.text.replace(/[ \u00a0]+/g, ' ')).toBe(text);
  });

  test('without an XML declaration is recognized by its namespace', () => {
    const { text } = readHtml(
      '<html xmlns="http://www.w3.org/1999/xhtml"><script src="x"/><p>text</p></html>',
    );

    expect(text).toBe('text');
  });
});
