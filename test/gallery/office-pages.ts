/** Markdown, plain text and Word documents. */
import { docxOfPart, paragraph, pptxOf, shape, wordPart, xlsxOf } from '../support/documents/office.ts';
import { type GalleryDocument, markdown, prose } from './gallery-document.ts';

export const MARKDOWN_PAGES = [
  markdown(
    'readme',
    'headings, lists, code, a table and links',
    `# Tool\n\n[![build](https://example.com/badge.svg)](https://example.com)\n\nA **small** tool with *two* commands and \`one\` option.\n\n## Install\n\n\`\`\`sh\nnpm install tool\n\`\`\`\n\n## Options\n\n| option | default | meaning |\n|:--|:-:|--:|\n| \`--all\` | off | takes everything |\n| \`--limit\` | 10 | stops earlier |\n\n1. First\n   - nested\n2. Second\n\n> A quote of two\n> lines.\n\n---\n\nSee <https://example.com/docs>.\n`,
  ),
  markdown(
    'tasks',
    'boxes of a task list, checked and not',
    '# Plan\n\n- [x] done\n- [ ] open\n- [ ] ~~dropped~~\n\nTerm with a hard  \nline break.\n',
  ),
];

export const OFFICE_PAGES: readonly GalleryDocument[] = [
  {
    name: 'plan.xlsx',
    shows: 'each sheet as a table with its name',
    worker: 'to-pdf',
    make: () =>
      xlsxOf(
        [
          { name: 'Costs', rows: sheetRows(60) },
          { name: 'Notes', rows: sheetRows(3) },
        ],
        [],
      ),
  },
  {
    name: 'talk.pptx',
    shows: 'the text of each slide below its title',
    worker: 'to-pdf',
    make: () =>
      pptxOf([{ shapes: shape('First slide', prose(2)) }, { shapes: shape('Second', 'a', 'b') }], [0, 1]),
  },
  {
    name: 'minutes.docx',
    shows: 'headings, bold text and a table of a Word document',
    worker: 'to-pdf',
    make: () =>
      docxOfPart(
        wordPart(
          [
            heading(1, 'Minutes'),
            paragraph(prose(4)),
            heading(2, 'Decisions'),
            '<w:p><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">Bold </w:t></w:r><w:r><w:rPr><w:i/></w:rPr><w:t>and slanted</w:t></w:r></w:p>',
            `<w:tbl>${[
              ['Topic', 'Vote'],
              ['Budget', '7 : 2'],
              ['Venue', '9 : 0'],
            ]
              .map(
                (cells) => `<w:tr>${cells.map((cell) => `<w:tc>${paragraph(cell)}</w:tc>`).join('')}</w:tr>`,
              )
              .join('')}</w:tbl>`,
            ...Array.from({ length: 20 }, (_, at) => paragraph(prose(4, at))),
          ].join(''),
        ),
      ),
  },
];

export const TEXT_PAGES: readonly GalleryDocument[] = [
  {
    name: 'letter.txt',
    shows: 'lines and blank lines as written',
    worker: 'to-pdf',
    make: () => Buffer.from(`Dear Sir,\n\n${prose(20)}\n\n    indented\n\ttabbed\n\nRegards\n`),
  },
  {
    name: 'server.log',
    shows: 'long lines that wrap, on several pages',
    worker: 'to-pdf',
    make: () =>
      Buffer.from(
        Array.from(
          { length: 160 },
          (_, at) =>
            `2026-11-12T08:${String(at % 60).padStart(2, '0')}:00Z INFO request ${at} GET /items/${at * 7919} 200 ${'k=v '.repeat(at % 30)}`,
        ).join('\n'),
      ),
  },
  {
    name: 'boxes.txt',
    shows: 'a table drawn with signs stays aligned',
    worker: 'to-pdf',
    make: () =>
      Buffer.from(
        '┌──────┬─────┐\n│ name │ sum │\n├──────┼─────┤\n│ a    │  12 │\n│ bbbb │   7 │\n└──────┴─────┘\n',
      ),
  },
];

function heading(level: number, text: string): string {
  return `<w:p><w:pPr><w:pStyle w:val="Heading${level}"/></w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;
}

function sheetRows(count: number): string {
  return Array.from({ length: count }, (_, row) => {
    const number = row + 1;
    const text = `<c r="A${number}" t="inlineStr"><is><t>${row === 0 ? 'Position' : `Position ${row}`}</t></is></c>`;
    const value =
      row === 0
        ? `<c r="B1" t="inlineStr"><is><t>Amount</t></is></c>`
        : `<c r="B${number}"><v>${row * 12.5}</v></c>`;
    return `<row r="${number}">${text}${value}</row>`;
  }).join('');
}
