import { expect, test } from 'vitest';
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
