/** Office documents as their programs write them, cut down to what carries text. */
import { zipOf } from './zips.ts';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const SLIDE =
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"';
const RELATION = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
const RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"';

function core(title: string): Record<string, string> {
  const names =
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"';
  return {
    'docProps/core.xml': `${XML}<cp:coreProperties ${names}><dc:title>${title}</dc:title></cp:coreProperties>`,
  };
}

function relations(targets: readonly string[]): string {
  const list = targets.map((target, i) => `<Relationship Id="rId${i + 1}" Type="t" Target="${target}"/>`);
  return `${XML}<Relationships ${RELATIONS}>${list.join('')}</Relationships>`;
}

/** `body` is the content of `w:body`. */
export function docxOf(
  body: string,
  title = 'A letter',
  extra: Record<string, string> = {},
): Promise<Buffer> {
  return zipOf({
    '[Content_Types].xml': `${XML}<Types/>`,
    'word/document.xml': `${XML}<w:document ${WORD}><w:body>${body}</w:body></w:document>`,
    ...core(title),
    ...extra,
  });
}

export function paragraph(...texts: string[]): string {
  return `<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>${texts
    .map((text) => `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`)
    .join('')}</w:p>`;
}

export interface Sheet {
  readonly name: string;
  /** Content of `sheetData`. */
  readonly rows: string;
}

export function xlsxOf(sheets: readonly Sheet[], strings: readonly string[]): Promise<Buffer> {
  const list = sheets.map(({ name }, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`);
  const members = sheets.map(({ rows }, i) => [
    `xl/worksheets/sheet${i + 1}.xml`,
    `${XML}<worksheet ${SHEET}><sheetData>${rows}</sheetData></worksheet>`,
  ]);
  return zipOf({
    'xl/workbook.xml': `${XML}<workbook ${SHEET} ${RELATION}><sheets>${list.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(sheets.map((_, i) => `/xl/worksheets/sheet${i + 1}.xml`)),
    'xl/sharedStrings.xml': `${XML}<sst ${SHEET}>${strings.map((text) => `<si>${text}</si>`).join('')}</sst>`,
    ...Object.fromEntries(members),
    ...core('Numbers'),
  });
}

/** Slides by their texts; `order` gives their positions as they are shown. */
export function pptxOf(slides: readonly string[], order: readonly number[]): Promise<Buffer> {
  const shown = order.map((n) => `<p:sldId id="${256 + n}" r:id="rId${n + 1}"/>`);
  const members = slides.map((text, i) => [
    `ppt/slides/slide${i + 1}.xml`,
    `${XML}<p:sld ${SLIDE}><p:cSld><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:cSld></p:sld>`,
  ]);
  return zipOf({
    'ppt/presentation.xml': `${XML}<p:presentation ${SLIDE} ${RELATION}><p:sldIdLst>${shown.join('')}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relations(slides.map((_, i) => `slides/slide${i + 1}.xml`)),
    ...Object.fromEntries(members),
    ...core('A talk'),
  });
}

/** `body` is the content of `office:text`. */
export function odtOf(body: string): Promise<Buffer> {
  const names =
    'xmlns:office="o" xmlns:text="t" xmlns:table="ta" xmlns:dc="http://purl.org/dc/elements/1.1/"';
  return zipOf({
    mimetype: 'application/vnd.oasis.opendocument.text',
    'content.xml': `${XML}<office:document-content ${names}><office:body><office:text>${body}</office:text></office:body></office:document-content>`,
    'meta.xml': `${XML}<office:document-meta ${names}><office:meta><dc:title>A report</dc:title></office:meta></office:document-meta>`,
  });
}
