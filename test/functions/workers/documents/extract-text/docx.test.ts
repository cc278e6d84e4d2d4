import { describe, expect, test } from 'vitest';
import { extractText } from '../../../../../functions/workers/documents/extract-text/extract-text.ts';
import { input } from '../../../../support/documents/input.ts';
import {
  DOCX_TYPE,
  docxOf,
  docxOfPart,
  opcOf,
  paragraph,
  STRICT,
  wordPart,
} from '../../../../support/documents/office.ts';
import { zipOf } from '../../../../support/documents/zips.ts';
import { refusalOf } from './documents.ts';

async function textOf(bytes: Uint8Array): Promise<string> {
  return (await extractText(bytes, { name: 'a.docx' })).text;
}

const run = (text: string) => `<w:r><w:t>${text}</w:t></w:r>`;

describe('the parts of a Word document are found by relations and content types', () => {
  const MS = 'application/vnd.ms-word';
  const OOXML = 'application/vnd.openxmlformats-officedocument.wordprocessingml';

  test('in a file whose main part is document2.xml', async () => {
    const read = await extractText(input('main-part-document2.docx'), { name: 'a.docx' });

    expect(read).toMatchObject({ type: `${OOXML}.document`, characters: 22 });
  });

  test.each([
    ['/odd/name.xml', 'odd/name.xml', 'odd/name.xml'],
    ['odd/name.xml', 'odd/name.xml', 'odd/name.xml'],
    ['./odd/../odd/name.xml', 'odd/name.xml', 'odd/name.xml'],
    ['Word/Document.xml', 'word/document.xml', 'word/document.xml'],
    ['word/My%20text.xml', 'word/My text.xml', 'word/My%20text.xml'],
    ['word/täxt.xml', 'word/täxt.xml', 'word/t%C3%A4xt.xml'],
  ])('by the target %s', async (target, entryName, partName) => {
    const types = `<Types><Override PartName="/${partName}" ContentType="${DOCX_TYPE}"/></Types>`;
    const relations = `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="${target}"/></Relationships>`;
    const zip = await zipOf({
      '[Content_Types].xml': types,
      '_rels/.rels': relations,
      [entryName]: wordPart(paragraph('found')),
    });

    expect(await textOf(zip)).toBe('found');
  });

  test.each([
    ['docm', `${MS}.document.macroEnabled.main+xml`, `${MS}.document.macroEnabled.12`],
    ['dotx', `${OOXML}.template.main+xml`, `${OOXML}.template`],
    ['dotm', `${MS}.template.macroEnabledTemplate.main+xml`, `${MS}.template.macroEnabled.12`],
    ['a file without a known content type', 'application/xml', `${OOXML}.document`],
  ])('in %s', async (_, contentType, type) => {
    const bytes = await opcOf({ 'word/document.xml': { xml: wordPart(paragraph('text')), contentType } });

    expect(await extractText(bytes, { name: 'a' })).toMatchObject({ type, text: 'text' });
  });

  test('without a list of content types', async () => {
    const zip = await zipOf({
      '_rels/.rels':
        '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="main.xml"/></Relationships>',
      'main.xml': wordPart(paragraph('found')),
    });

    expect(await textOf(zip)).toBe('found');
  });

  test('in a strict document', async () => {
    const footnotes = { xml: wordPart(paragraph('A footnote'), 'footnotes') };
    const main = {
      xml: wordPart(paragraph('text')),
      contentType: DOCX_TYPE,
      relations: { a: ['footnotes', '/notes/all.xml'] },
    } as const;
    const bytes = await opcOf(
      { 'x/main.xml': main, 'notes/all.xml': footnotes },
      { relationTypes: STRICT, title: 'Strict' },
    );

    expect(await extractText(bytes, { name: 'a' })).toMatchObject({
      title: 'Strict',
      text: 'text\n\nA footnote',
    });
  });

  test('or the file is broken, if the main part is missing', async () => {
    const relations =
      '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="gone.xml"/></Relationships>';
    const refusal = await refusalOf(
      await zipOf({ '[Content_Types].xml': '<Types/>', '_rels/.rels': relations }),
    );

    expect(refusal.code).toBe('document-broken');
    expect(refusal.message).toContain(`its main part 'gone.xml' is missing`);
  });
});

describe('tracked changes appear as accepted', () => {
  test('in a file whose text was moved', async () => {
    expect(await textOf(input('tracked-move.docx'))).toBe('First paragraph alpha.\n\nMOVEDTEXT');
  });

  test.each([
    ['an insertion', `<w:p>${run('a')}<w:ins>${run('b')}</w:ins></w:p>`, 'ab'],
    ['a deletion', `<w:p>${run('a')}<w:del>${run('b')}</w:del></w:p>`, 'a'],
    [
      'a deleted paragraph end',
      `<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>${run('a')}</w:p><w:p>${run('b')}</w:p>`,
      'ab',
    ],
    [
      'a moved paragraph',
      `<w:p><w:pPr><w:rPr><w:moveFrom/></w:rPr></w:pPr><w:moveFrom>${run('a')}</w:moveFrom></w:p><w:p>${run('b')}</w:p><w:p><w:pPr><w:rPr><w:moveTo/></w:rPr></w:pPr><w:moveTo>${run('a')}</w:moveTo></w:p>`,
      'b\na',
    ],
    [
      'a deleted table row',
      `<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p>${run('a')}</w:p></w:tc></w:tr><w:tr><w:tc><w:p>${run('b')}</w:p></w:tc></w:tr></w:tbl>`,
      'b',
    ],
    [
      'changed properties',
      `<w:p><w:pPr><w:pPrChange><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr></w:pPrChange></w:pPr>${run('a')}</w:p>`,
      'a',
    ],
  ])('%s', async (_, body, text) => {
    expect(await textOf(await docxOf(body))).toBe(text);
  });
});

describe('text in unusual elements appears once', () => {
  const box = (text: string) => `<w:txbxContent>${paragraph(text)}</w:txbxContent>`;
  const alternatives = (...texts: [string, string]) =>
    `<w:r><mc:AlternateContent><mc:Choice Requires="wps">${texts[0]}</mc:Choice><mc:Fallback>${texts[1]}</mc:Fallback></mc:AlternateContent></w:r>`;

  test.each([
    [
      'a text box and its copy follow their paragraph',
      `<w:p>${run('before ')}${alternatives(box('in the box'), box('in the box'))}${run('after')}</w:p>`,
      'before after\nin the box',
    ],
    ['the fallback, if the choice has no text', `<w:p>${alternatives('<w:drawing/>', run('x'))}</w:p>`, 'x'],
    [
      'a text box in a text box',
      `<w:p><w:r>${box('outer').replace('</w:p>', `<w:r>${box('inner')}</w:r></w:p>`)}</w:r>${run('text')}</w:p>`,
      'text\nouter\ninner',
    ],
    [
      'a field: its result, not its code',
      `<w:p><w:r><w:instrText>PAGEREF x</w:instrText></w:r>${run('7')}<w:fldSimple w:instr="DATE">${run(' today')}</w:fldSimple></w:p>`,
      '7 today',
    ],
    ['a hyperlink', `<w:p><w:hyperlink w:anchor="x">${run('link')}</w:hyperlink></w:p>`, 'link'],
    [
      'content controls around a block, a run and a cell',
      `<w:sdt><w:sdtPr/><w:sdtContent><w:p><w:sdt><w:sdtContent>${run('a')}</w:sdtContent></w:sdt></w:p></w:sdtContent></w:sdt><w:tbl><w:tr><w:sdt><w:sdtContent><w:tc><w:p>${run('b')}</w:p></w:tc></w:sdtContent></w:sdt><w:tc><w:p>${run('c')}</w:p></w:tc></w:tr></w:tbl>`,
      'a\nb\tc',
    ],
    [
      'a phonetic guide is left out',
      `<w:p><w:r><w:ruby><w:rt>${run('とう')}</w:rt><w:rubyBase>${run('東')}</w:rubyBase></w:ruby></w:r></w:p>`,
      '東',
    ],
    [
      'the selected entry of a drop-down list',
      '<w:p><w:r><w:fldChar><w:ffData><w:ddList><w:result w:val="1"/><w:default w:val="0"/><w:listEntry w:val="red"/><w:listEntry w:val="blue"/></w:ddList></w:ffData></w:fldChar></w:r></w:p>',
      'blue',
    ],
    [
      'an equation, a symbol and special characters',
      `<w:p><m:oMath><m:r><m:t>x+y</m:t></m:r></m:oMath><w:r><w:sym w:font="Arial" w:char="2192"/><w:sym w:font="Wingdings" w:char="F0E0"/><w:noBreakHyphen/><w:t>z</w:t></w:r></w:p>`,
      'x+y→-z',
    ],
    [
      'a table in a table keeps one line for a row',
      `<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc><w:p>${run('a')}</w:p></w:tc><w:tc><w:p>${run('b')}</w:p></w:tc></w:tr></w:tbl><w:p/></w:tc><w:tc><w:p>${run('c')}</w:p></w:tc></w:tr></w:tbl>`,
      'a\tb\tc',
    ],
  ])('%s', async (_, body, text) => {
    expect((await textOf(await docxOf(body))).replace(/ *\t[ \t]*/g, '\t')).toBe(text);
  });
});

test('notes, comments, and the headers and footers in use follow the body', async () => {
  const section =
    '<w:sectPr><w:headerReference r:id="header"/><w:headerReference r:id="header"/><w:footerReference r:id="footer"/></w:sectPr>';
  const separator = `<w:footnote w:type="separator">${paragraph('line')}</w:footnote>`;
  const stories = {
    footer: wordPart(paragraph('A footer'), 'ftr'),
    header: wordPart(paragraph('A header'), 'hdr'),
    comments: wordPart(`<w:comment>${paragraph('A comment')}</w:comment>`, 'comments'),
    endnotes: wordPart(`<w:endnote>${paragraph('An endnote')}</w:endnote>`, 'endnotes'),
    footnotes: wordPart(`${separator}<w:footnote>${paragraph('A footnote')}</w:footnote>`, 'footnotes'),
    glossaryDocument: wordPart(paragraph('A building block'), 'glossaryDocument'),
  };

  const text = await textOf(await docxOf(paragraph('Body') + section, 'x', stories));

  expect(text.split('\n\n')).toEqual([
    'Body',
    'A footnote',
    'An endnote',
    'A comment',
    'A header',
    'A footer',
  ]);
});

test('a header that no section uses is left out', async () => {
  const header = wordPart(paragraph('An unused header'), 'hdr');

  expect(await textOf(await docxOf(paragraph('Body'), 'x', { header }))).toBe('Body');
});

test('an embedded document is counted in the note', async () => {
  const read = await extractText(await docxOf(paragraph('Body'), 'x', { aFChunk: '<html/>' }), { name: 'a' });

  expect(read.note).toBe('1 embedded documents (altChunk) were left out');
});

describe('the text of a part is decoded by its encoding', () => {
  const declared = (encoding: string, text = 'Größe') => wordPart(paragraph(text)).replace('UTF-8', encoding);

  test.each([
    ['ISO-8859-1', Buffer.from(declared('ISO-8859-1'), 'latin1')],
    ['windows-1252', Buffer.from(declared('windows-1252'), 'latin1')],
    ['UTF-16 without a mark', Buffer.from(declared('UTF-16'), 'utf16le')],
    ['UTF-8 that is declared as UTF-16', Buffer.from(declared('UTF-16'))],
  ])('%s', async (_, xml) => {
    expect(await textOf(await docxOfPart(xml))).toBe('Größe');
  });

  test.each([
    ['another encoding than it declares', declared('UTF-8'), /'word\/document.xml' is not valid utf-8/],
    ['an unknown encoding', declared('x-unknown'), /has the unknown encoding 'x-unknown'/],
  ])('or the file is broken, if a part has %s', async (_, xml, message) => {
    const refusal = await refusalOf(await docxOfPart(Buffer.from(xml, 'latin1')));

    expect(refusal).toMatchObject({ code: 'document-broken', message: expect.stringMatching(message) });
  });
});
