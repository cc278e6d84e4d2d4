import { describe, expect, test } from 'vitest';
import { extractText } from '../../../../../functions/workers/documents/extract-text/extract-text.ts';
import {
  docxOf,
  docxOfPart,
  odtOf,
  paragraph,
  pptxOf,
  wordPart,
  xlsxOf,
} from '../../../../support/documents/office.ts';
import { refusalOf } from './documents.ts';

const OOXML = 'application/vnd.openxmlformats-officedocument';

describe('an office document', () => {
  test('in docx returns its paragraphs, table rows, footnotes and title', async () => {
    const cell = (text: string) => `<w:tc>${paragraph(text)}</w:tc>`;
    const table = `<w:tbl><w:tr>${cell('a')}${cell('b')}</w:tr><w:tr>${cell('c')}${cell('d')}</w:tr></w:tbl>`;
    const deleted = '<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>';
    const breaks = '<w:p><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r></w:p>';
    const body = `${paragraph('Dear ', 'Müller &amp; Söhne,')}${table}${deleted}${breaks}`;
    const notes = wordPart(paragraph('A footnote'), 'footnotes');

    const read = await extractText(await docxOf(body, 'A letter', { footnotes: notes }), {
      name: 'letter',
    });

    expect(read).toMatchObject({ type: `${OOXML}.wordprocessingml.document`, title: 'A letter' });
    expect(read.text).toBe('Dear Müller & Söhne,\na\tb\nc\td\n\none\ttwo\nthree\n\nA footnote');
  });

  test('in xlsx returns its sheets in order, with shared, inline and plain values', async () => {
    const rows = [
      '<row><c t="s"><v>1</v></c><c><v>12.5</v></c></row>',
      '<row><c t="inlineStr"><is><t>inline</t></is></c><c t="str"><f>A1&amp;"x"</f><v>made</v></c></row>',
    ];
    const strings = [
      '<t>unused</t>',
      '<r><t>rich </t></r><r><t>text</t></r><rPh sb="0" eb="1"><t>spoken</t></rPh>',
    ];
    const sheets = [
      { name: 'Second', rows: '<row><c><v>2</v></c></row>' },
      { name: 'First', rows: rows.join('') },
    ];

    const read = await extractText(await xlsxOf(sheets, strings), { name: 'a.bin' });

    expect(read).toMatchObject({ type: `${OOXML}.spreadsheetml.sheet`, title: 'Numbers' });
    expect(read.text).toBe('Second\n2\n\nFirst\nrich text\t12.5\ninline\tmade');
  });

  test('in pptx returns its slides in presentation order', async () => {
    const read = await extractText(await pptxOf(['last', 'first'], [1, 0]), { name: 'talk.pptx' });

    expect(read).toMatchObject({
      type: `${OOXML}.presentationml.presentation`,
      title: 'A talk',
      pages: 2,
      text: 'first\n\nlast',
    });
  });

  test('in odt returns its paragraphs and tables, without deletions, and comments at the end', async () => {
    const body = [
      '<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>',
      '<text:h>Title</text:h>\n  <text:p>One<text:s text:c="3"/>two<text:tab/>three<text:line-break/>four</text:p>',
      '<office:annotation><text:p>remark</text:p></office:annotation>',
      '<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>',
      '<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>',
    ];

    const read = await extractText(await odtOf(body.join('')), { name: 'a.zip' });

    expect(read).toMatchObject({ type: 'application/vnd.oasis.opendocument.text', title: 'A report' });
    expect(read.text).toBe('Title\nOne   two\tthree\nfour\na\tb\n\nremark');
  });

  test('may be written in UTF-16', async () => {
    const xml = `<?xml version="1.0" encoding="UTF-16"?><w:document xmlns:w="w">${paragraph('Ärger')}</w:document>`;
    const bytes = Buffer.from(`\ufeff${xml}`, 'utf16le');

    const { text } = await extractText(await docxOfPart(bytes), { name: 'a.docx' });

    expect(text).toBe('Ärger');
  });
});

describe('a hostile office document is refused', () => {
  const entities = Array.from({ length: 9 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`);
  const doctypes = {
    'a billion laughs': `<!DOCTYPE w [<!ENTITY e0 "ha">${entities.join('')}]>`,
    'a file of the machine': '<!DOCTYPE w [<!ENTITY e9 SYSTEM "file:///etc/passwd">]>',
    'an empty one': '<!DOCTYPE w>',
  };

  test.each(Object.entries(doctypes))('with a DOCTYPE: %s', async (_, doctype) => {
    const xml = `<?xml version="1.0"?>${doctype}<w:document xmlns:w="w">${paragraph('&e9;')}</w:document>`;
    const refusal = await refusalOf(await docxOfPart(xml));

    expect(refusal.code).toBe('document-broken');
    expect(refusal.message).toContain("'word/document.xml' has a DOCTYPE");
  });

  test('with deeply nested elements', async () => {
    const refusal = await refusalOf(await docxOf('<w:p>'.repeat(100_000)));

    expect(refusal.message).toContain('nests more than 500 elements');
  });

  test('with a million cells that share one long text', async () => {
    const rows = `<row>${'<c t="s"><v>0</v></c>'.repeat(20_000)}</row>`;
    const refusal = await refusalOf(await xlsxOf([{ name: 's', rows }], [`<t>${'long '.repeat(2_000)}</t>`]));

    expect(refusal.code).toBe('document-too-large');
    expect(refusal.message).toContain('limit of 20000000 characters');
  });
});
