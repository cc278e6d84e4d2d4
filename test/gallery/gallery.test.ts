import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserPrint, BrowserPrinter } from './browser-print.ts';
import { differences } from './compare.ts';
import { COMPARED, GALLERY } from './gallery.ts';
import { html } from './gallery-document.ts';
import { made } from './made-pages.ts';

let printer: BrowserPrinter;
beforeAll(async () => {
  printer = await BrowserPrinter.start();
});
afterAll(async () => {
  await printer.stop();
});

test('the gallery has 40 documents with names of their own', () => {
  expect(GALLERY.length).toBeGreaterThanOrEqual(40);
  expect(new Set(GALLERY.map(({ name }) => name)).size).toBe(GALLERY.length);
});

test.each(GALLERY.map((document) => [document.name, document] as const))(
  '%s becomes a file',
  async (_name, document) => {
    const { bytes } = await made(document);

    expect(bytes.length).toBeGreaterThan(500);
  },
);

describe('compared with the print of a browser', () => {
  test.each(COMPARED.map((document) => [document.name, document.shows, document] as const))(
    '%s has %s',
    async (_name, _shows, document) => {
      const { bytes } = await made(document);

      expect(await differences(bytes, await printer.print(document))).toEqual([]);
    },
  );
});

describe('the comparison finds', () => {
  const ROWS =
    '<tr><th>Key</th><th>Value</th></tr><tr><td>first</td><td>one</td></tr><tr><td>second</td><td>two</td></tr>';
  const PAGE = `<h1>Title</h1><p>Some words.</p><table>${ROWS}</table>`;

  async function faults(body: string, reference: string = PAGE): Promise<string[]> {
    const print: BrowserPrint = await printer.print(html('reference', '', reference));
    return differences((await made(html('page', '', body))).bytes, print);
  }

  test('nothing in equal pages', async () => {
    expect(await faults(PAGE)).toEqual([]);
  });

  test.each([
    ['a lost cell', PAGE.replace('<td>two</td>', '<td></td>'), "'two' is missing"],
    [
      'text in another order',
      PAGE.replace(/(<h1>.*<\/h1>)(<p>.*<\/p>)/, '$2$1'),
      "'Somewords.' is not in its place",
    ],
    ['added text', `${PAGE}<p>secret</p>`, "'secret' is not in the source"],
    [
      'a cell in another row',
      PAGE.replace('<td>one</td>', '<td><br>one</td>'),
      "cell 'one' is not beside the others of its row",
    ],
    ['too many pages', PAGE + '<p>Some words.</p>'.repeat(400), 'pages, and 1 printed by the browser'],
  ])('%s', async (_what, body, fault) => {
    expect(await faults(body)).toContainEqual(expect.stringContaining(fault));
  });
});
