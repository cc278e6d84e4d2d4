import { describe, expect, test } from 'vitest';
import { extractText } from '../../../../../functions/workers/documents/extract-text/extract-text.ts';
import { odtOf } from '../../../../support/documents/office.ts';
import { refusalOf } from './documents.ts';

const ODF = 'application/vnd.oasis.opendocument';
const p = (text: string) => `<text:p>${text}</text:p>`;

async function textOf(bytes: Uint8Array): Promise<string> {
  return (await extractText(bytes, { name: 'a' })).text;
}

describe('a text', () => {
  test('has its notes and text boxes after their paragraph, and comments at the end', async () => {
    const note =
      '<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>A note</text:p></text:note-body></text:note>';
    const box = `<draw:frame><draw:text-box>${p('A box')}</draw:text-box></draw:frame>`;
    const comment = `<office:annotation><dc:creator>Ann</dc:creator>${p('A comment')}</office:annotation>`;

    const text = await textOf(await odtOf(`${p(`one${note} two${box} three${comment} four`)}${p('end')}`));

    expect(text).toBe('one two three four\nA note\nA box\nend\n\nA comment');
  });

  test('has its headers and footers at the end, without those that are not shown', async () => {
    const styles = `<style:master-page><style:header>${p('A header')}</style:header><style:header-first style:display="false">${p('hidden')}</style:header-first><style:footer>${p('A footer')}</style:footer></style:master-page>`;

    expect(await textOf(await odtOf(p('Body'), { styles }))).toBe('Body\n\nA header\nA footer');
  });

  test('has no phonetic guides', async () => {
    const ruby =
      '<text:ruby><text:ruby-base>東</text:ruby-base><text:ruby-text>とう</text:ruby-text></text:ruby>';

    expect(await textOf(await odtOf(p(ruby)))).toBe('東');
  });
});

test('a spreadsheet has its sheets under their names, and repeated cells and rows', async () => {
  const cell = (text: string, count = 1) =>
    `<table:table-cell table:number-columns-repeated="${count}">${text && p(text)}</table:table-cell>`;
  const row = (cells: string, count = 1) =>
    `<table:table-row table:number-rows-repeated="${count}">${cells}</table:table-row>`;
  const table = `<table:table table:name="Sheet 1">${row(cell('a') + cell('', 3) + cell('b', 2))}${row(cell('c'), 2)}${row(cell('', 16384), 1048000)}</table:table>`;
  const second = `<table:table table:name="Sheet 2">${row(cell('12.50 €'))}</table:table>`;

  const read = await extractText(await odtOf(table + second, { kind: 'spreadsheet' }), { name: 'a' });

  expect(read.type).toBe(`${ODF}.spreadsheet`);
  expect(read.text).toBe('Sheet 1\na\tb\tb\nc\nc\n\nSheet 2\n12.50 €');
});

test('a presentation has its slides with their notes', async () => {
  const page = (text: string, notes: string) =>
    `<draw:page><draw:frame><draw:text-box>${p(text)}</draw:text-box></draw:frame><presentation:notes><draw:frame><draw:text-box>${p(notes)}</draw:text-box></draw:frame></presentation:notes></draw:page>`;

  const bytes = await odtOf(page('One', 'note 1') + page('Two', 'note 2'), { kind: 'presentation' });

  expect(await extractText(bytes, { name: 'a' })).toMatchObject({
    type: `${ODF}.presentation`,
    pages: 2,
    text: 'One\nnote 1\n\nTwo\nnote 2',
  });
});

describe('the type', () => {
  test.each(['text-template', 'text-master', 'spreadsheet-template', 'graphics'])(
    '%s is read',
    async (kind) => {
      expect(await extractText(await odtOf(p('text'), { kind }), { name: 'a' })).toMatchObject({
        type: `${ODF}.${kind}`,
        text: 'text',
      });
    },
  );

  test('is taken from the manifest, if the entry mimetype is missing', async () => {
    const manifest = `<manifest:file-entry manifest:full-path="/" manifest:media-type="${ODF}.text"/>`;

    expect(
      await extractText(await odtOf(p('text'), { mimetype: '', manifest }), { name: 'a' }),
    ).toMatchObject({
      type: `${ODF}.text`,
      text: 'text',
    });
  });
});

test('a file with a password is refused as encrypted', async () => {
  const manifest =
    '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>';
  const refusal = await refusalOf(await odtOf('random bytes', { manifest }));

  expect(refusal.code).toBe('document-encrypted');
  expect(refusal.message).toContain('remove the password');
});
