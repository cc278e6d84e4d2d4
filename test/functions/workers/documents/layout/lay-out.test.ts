import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { worker as toPdf } from '../../../../../functions/workers/documents/to-pdf/definition.ts';
import { type DrawnText, drawnTexts, openPdf } from '../../../../support/documents/drawn-texts.ts';
import { pngOf } from '../../../../support/documents/images.ts';
import { docxOf, paragraph, STRICT, wordPart } from '../../../../support/documents/office.ts';
import { runWorker } from '../../../../support/documents/run-worker.ts';
import { zipOf } from '../../../../support/documents/zips.ts';
import { withRenamedEntry } from '../../../../support/zips.ts';

/** Makes a PDF of a document, and reads its texts and links. */
async function drawn(name: string, bytes: Uint8Array | string, parameters: Record<string, unknown> = {}) {
  const { record, files } = await runWorker(toPdf, { [name]: Buffer.from(bytes) }, { parameters });
  expect(record.failure).toBeUndefined();
  const [pdf = new Uint8Array()] = [...files.values()];
  const opened = await openPdf(pdf);
  const texts = await drawnTexts(opened);
  const links: string[] = [];
  for (let page = 1; page <= opened.numPages; page += 1) {
    const annotations = await (await opened.getPage(page)).getAnnotations();
    links.push(...annotations.flatMap(({ url }: { url?: string }) => url ?? []));
  }
  const all = texts.map(({ text }) => text).join(' ');
  return { texts, links, all, pages: opened.numPages, output: record.output, pdf };
}

const find = (texts: readonly DrawnText[], text: string) => {
  const found = texts.find((one) => one.text.trim() === text) ?? texts.find((one) => one.text.includes(text));
  if (found === undefined) throw new Error(`'${text}' is not in ${texts.map((one) => one.text).join('|')}`);
  return found;
};

describe('HTML', () => {
  test('has headings, bold and italic text and code in fonts and sizes of their own', async () => {
    const html = '<h1>Title</h1><h2>Part</h2><p>plain <b>bold</b> <i>slanted</i> <code>mono</code></p>';
    const { texts } = await drawn('a.html', html);

    expect(find(texts, 'Title').size).toBe(20);
    expect(find(texts, 'Part').size).toBe(15);
    const fonts = ['plain', 'bold', 'slanted', 'mono'].map((word) => find(texts, word).font);
    expect(new Set(fonts).size).toBe(4);
    expect(find(texts, 'bold').size).toBe(10);
  });

  test('has table cells in rows and columns, and repeats the header on each page', async () => {
    const rows = Array.from({ length: 120 }, (_, row) => `<tr><td>r${row}</td><td>value ${row}</td></tr>`);
    const html = `<table><thead><tr><th>Key</th><th>Value</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
    const { texts, pages } = await drawn('a.html', html);

    expect(pages).toBeGreaterThan(2);
    expect(texts.filter(({ text }) => text === 'Key')).toHaveLength(pages);
    const [key, value] = [find(texts, 'r57'), find(texts, 'value 57')];
    expect(value.y).toBeCloseTo(key.y, 0);
    expect(value.x).toBeGreaterThan(key.x);
    const numbers = texts.flatMap(({ text }) => /^value (\d+)$/.exec(text)?.[1] ?? []).map(Number);
    expect(numbers).toEqual(rows.map((_, row) => row));
  });

  test('has cells over several columns and rows at their positions', async () => {
    const html =
      '<table><tr><td rowspan=2>tall</td><td colspan=2>wide</td></tr><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td><td>3</td></tr></table>';
    const { texts } = await drawn('a.html', html);

    expect(find(texts, 'a').x).toBeCloseTo(find(texts, 'wide').x, 0);
    expect(find(texts, '3').x).toBeCloseTo(find(texts, 'b').x, 0);
    expect(find(texts, '1').x).toBeCloseTo(find(texts, 'tall').x, 0);
  });

  test('has nested lists with numbers, and indents them', async () => {
    const html =
      '<ol start=3><li>three</li><li>four<ul><li>below</li></ul></li></ol><dl><dt>term</dt><dd>meaning</dd></dl>';
    const { texts } = await drawn('a.html', html);

    expect(find(texts, '3.').x).toBeLessThan(find(texts, 'three').x);
    expect(find(texts, '4.').y).toBeCloseTo(find(texts, 'four').y, 0);
    expect(find(texts, 'below').x).toBeGreaterThan(find(texts, 'four').x);
    expect(find(texts, 'meaning').x).toBeGreaterThan(find(texts, 'term').x);
  });

  test('has web links, and no link that could run a program', async () => {
    const html =
      '<p><a href="https://example.com/a">one</a> <a href="javascript:alert(1)">two</a> <a href="file:///etc">three</a></p>';
    const { links, all } = await drawn('a.html', html);

    expect(links).toEqual(['https://example.com/a']);
    expect(all).toContain('two');
  });

  test('keeps the spaces of code, and draws images that are part of it', async () => {
    const png = pngOf({ width: 40, height: 30, colorType: 2, pixel: () => [200, 0, 0] });
    const html = `<pre>if x:\n    y()</pre><img src="data:image/png;base64,${Buffer.from(png).toString('base64')}"><img src="https://example.com/logo.png" alt="Logo"><p>end`;
    const { texts, output } = await drawn('a.html', html);

    expect(find(texts, 'y()').x).toBeGreaterThan(find(texts, 'if').x + 15);
    expect(find(texts, '[Logo]').font).not.toBe(find(texts, 'end').font);
    expect(output).toMatchObject({ note: 'a.html: 1 images are not part of the document and are left out' });
  });

  test('runs no script and shows no style sheet, and survives deep nesting', async () => {
    const deep = `${'<div>'.repeat(20_000)}inside${'</div>'.repeat(20_000)}`;
    const { all } = await drawn('a.html', `<style>x{}</style><script>bad()</script><p>shown</p>${deep}`);

    expect(all.trim()).toBe('shown inside');
  });

  test('has page numbers from two pages on', async () => {
    const { texts } = await drawn('a.html', '<p>word</p>'.repeat(100));

    expect(texts.filter(({ text }) => /^\d+ \/ \d+$/.test(text)).map(({ text }) => text)).toEqual([
      '1 / 3',
      '2 / 3',
      '3 / 3',
    ]);
    expect((await drawn('a.html', '<p>word</p>')).all).toBe('word');
  });

  test('with right-to-left text is aligned to the right, its words from right to left', async () => {
    const { texts, pages } = await drawn('a.html', '<p>אחת שתיים <b>שלוש</b> ארבע</p><p>left</p>');

    const [first, second, third] = ['אחת', 'שלוש', 'ארבע'].map((word) => find(texts, word).x);
    expect(first).toBeGreaterThan(second ?? 0);
    expect(second).toBeGreaterThan(third ?? 0);
    expect(pages).toBe(1);
    expect(find(texts, 'left').x).toBeLessThan(60);
  });

  test('has brackets and full stops of right-to-left text on their sides', async () => {
    const { texts } = await drawn('a.html', '<p>אחת (שתיים) שלוש.</p>');

    const [open, two, close, stop] = ['(', 'שתיים', ')', '.'].map((sign) => find(texts, sign).x) as number[];
    expect([open, two, close, stop].toSorted((a, b) => Number(a) - Number(b))).toEqual([
      stop,
      open,
      two,
      close,
    ]);
  });

  test('keeps right-to-left headings and cells within their width', async () => {
    const long = 'אחת שתיים שלוש ארבע '.repeat(12);
    const { texts } = await drawn(
      'a.html',
      `<h1>${long}</h1><table><tr><td>${long}</td><td>left</td></tr></table>`,
    );

    expect(Math.min(...texts.map(({ x }) => x))).toBeGreaterThan(55);
    expect(find(texts, 'left').x).toBeLessThan(540);
  });

  test('has lists and tables from right to left', async () => {
    const list = '<ul dir="rtl"><li>אחת</li></ul>';
    const table = '<table dir="rtl"><tr><td>שתיים</td><td>שלוש</td></tr></table>';
    const { texts } = await drawn('a.html', list + table);

    // The reader of PDF joins what is side by side, in reading order.
    expect(find(texts, 'אחת').text).toBe('• אחת');
    expect(find(texts, 'שתיים').x).toBeGreaterThan(find(texts, 'שלוש').x);
  });

  test('shows no hidden element', async () => {
    const hidden =
      '<p hidden>one</p><p style="color: red; display:none">two</p><div style="visibility: hidden"><p>three</p></div>';
    const { all } = await drawn('a.html', `<p>before</p>${hidden}<p>after</p>`);

    expect(all).toBe('before after');
  });

  test('shows what is entered in a form, and the boxes of a task list', async () => {
    const form =
      '<p>Name: <input value="Ada"></p><p><select><option>Spain</option><option selected>France</option></select></p><p><input type="password" value="secret"><input type="hidden" value="id"></p>';
    const { all } = await drawn('a.html', form);
    const tasks = await drawn('a.md', '- [x] done\n- [ ] open\n');

    expect(all).toBe('Name: Ada France');
    expect(tasks.all).toMatch(/☑ done.*☐ open/);
  });

  test('keeps all columns on the page, however long their words are', async () => {
    const html = `<table><tr><td>${'x'.repeat(400)}</td><td>${'y'.repeat(80)}</td><td>last</td></tr></table>`;
    const { texts } = await drawn('a.html', html);

    const last = find(texts, 'last');
    expect(last.x).toBeLessThan(595 - 56);
    expect(
      texts
        .filter(({ text }) => /^x+$/.test(text))
        .map(({ text }) => text.length)
        .reduce((a, b) => a + b),
    ).toBe(400);
  });

  test('has header cells over several rows, a caption, and letters as numbers', async () => {
    const head = '<tr><th rowspan=2>tall</th><th colspan=2>wide</th></tr><tr><th>a1</th><th>b1</th></tr>';
    const table = `<table><caption>Prices</caption>${head}<tr><td>1</td><td>2</td><td>3</td></tr></table>`;
    const { texts, all } = await drawn('a.html', `${table}<ol type="a"><li>one</li></ol>`);

    expect(find(texts, 'Prices').y).toBeGreaterThan(find(texts, 'tall').y);
    expect(find(texts, 'a1').x).toBeCloseTo(find(texts, 'wide').x, 0);
    expect(all).toContain('a.');
  });

  test('has paragraphs on the right and in the middle', async () => {
    const { texts } = await drawn(
      'a.html',
      '<p style="text-align: right">right</p><div align="center"><p>middle</p></div><p>left</p>',
    );

    const [right, middle, left] = ['right', 'middle', 'left'].map((word) => find(texts, word).x) as number[];
    expect(right).toBeGreaterThan(500);
    expect(middle).toBeGreaterThan(250);
    expect(left).toBeLessThan(60);
  });

  test('makes the same bytes on every run', async () => {
    const html = '<h1>x</h1><table><tr><td>1</td></tr></table>';
    const [once, twice] = [await drawn('a.html', html), await drawn('a.html', html)];

    expect(Buffer.from(once.pdf).equals(Buffer.from(twice.pdf))).toBe(true);
  });

  test('that is very long is shown as text, with a note', async () => {
    const { all, output } = await drawn(
      'a.html',
      `<h1>Start</h1>${'<p>word after word</p>'.repeat(25_000)}<p>End`,
    );

    expect(output).toMatchObject({ note: 'a.html: too long to lay out, so only its text is shown' });
    expect([all.slice(0, 5), all.slice(-3)]).toEqual(['Start', 'End']);
  });
});

test('Markdown is laid out, without its marks', async () => {
  const markdown =
    '# Guide\n\nSome **bold** text.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nlet x = 1;\n```\n\n1. one\n2. two\n';
  const { texts, all } = await drawn('guide.md', markdown);

  expect(find(texts, 'Guide').size).toBe(20);
  expect(all).not.toMatch(/[#*|`]/);
  expect(find(texts, '2').x).toBeGreaterThan(find(texts, '1').x);
});

test('a Word document is laid out, with any name of its main part', async () => {
  const file = join(import.meta.dirname, '../../../../support/documents/inputs/main-part-document2.docx');
  const { all } = await drawn('letter.docx', readFileSync(file));

  expect(all.length).toBeGreaterThan(10);
});

describe('the parts of a Word document are found and decoded as by extract-text', () => {
  const latin = Buffer.from(wordPart(paragraph('Größe')).replace('UTF-8', 'ISO-8859-1'), 'latin1');

  test.each([
    ['word/my%20text.xml', 'word/my text.xml', latin],
    ['word/document.xml', 'WORD/Document.xml', latin],
    [
      'word/document.xml',
      'word/document.xml',
      Buffer.from(`\uFEFF${wordPart(paragraph('Größe'))}`, 'utf16le'),
    ],
  ])('%s in %s', async (target, entryName, xml) => {
    const relations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="${STRICT}/officeDocument" Target="${target}"/></Relationships>`;

    const { all } = await drawn('a.docx', await zipOf({ '_rels/.rels': relations, [entryName]: xml }));

    expect(all).toBe('Größe');
  });

  test('in a zip whose folders are separated by backslashes', async () => {
    const zip = withRenamedEntry(await docxOf(paragraph('Größe')), 'word/document.xml', 'word\\document.xml');

    const { all } = await drawn('a.docx', zip);

    expect(all).toBe('Größe');
  });
});
