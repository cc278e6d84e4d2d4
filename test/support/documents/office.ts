/** Office documents as their programs write them, cut down to what carries text. */
import { zipOf } from './zips.ts';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const OOXML = 'http://schemas.openxmlformats.org';
const OOXML_TYPE = 'application/vnd.openxmlformats-officedocument';
const WORD = `xmlns:w="${OOXML}/wordprocessingml/2006/main"`;
const SHEET = `xmlns="${OOXML}/spreadsheetml/2006/main"`;
const SLIDE = `xmlns:a="${OOXML}/drawingml/2006/main" xmlns:p="${OOXML}/presentationml/2006/main"`;
const RELATION = `xmlns:r="${OOXML}/officeDocument/2006/relationships"`;

export interface OpcPart {
  readonly xml: string | Buffer;
  readonly contentType?: string;
  /** Targets by the ids of the relations: `rId1: ['slide', 'slides/a.xml']`. */
  readonly relations?: Readonly<Record<string, readonly [type: string, target: string]>>;
}

export interface OpcOptions {
  /** Namespace of the types of relations. Strict documents have another one. */
  readonly relationTypes?: string;
  readonly title?: string;
}

const TRANSITIONAL = `${OOXML}/officeDocument/2006/relationships`;
export const STRICT = 'http://purl.oclc.org/ooxml/officeDocument/relationships';

/** A package of these parts. The first one is the document. */
export function opcOf(
  parts: Readonly<Record<string, OpcPart>>,
  { relationTypes = TRANSITIONAL, title = '' }: OpcOptions = {},
): Promise<Buffer> {
  const [main = ''] = Object.keys(parts);
  const relationsOf = (relations: NonNullable<OpcPart['relations']>) =>
    `${XML}<Relationships xmlns="${OOXML}/package/2006/relationships">${Object.entries(relations)
      .map(([id, [type, target]]) => {
        const uri =
          type === 'core-properties' ? `${OOXML}/package/2006/relationships/metadata` : relationTypes;
        return `<Relationship Id="${id}" Type="${uri}/${type}" Target="${target}"/>`;
      })
      .join('')}</Relationships>`;
  const overrides = Object.entries(parts).map(
    ([name, { contentType }]) =>
      contentType && `<Override PartName="/${name}" ContentType="${contentType}"/>`,
  );
  const entries = Object.entries(parts).flatMap(([name, { xml, relations }]) => {
    const slash = name.lastIndexOf('/') + 1;
    const own = [name, xml] as const;
    const list = `${name.slice(0, slash)}_rels/${name.slice(slash)}.rels`;
    return relations === undefined ? [own] : [own, [list, relationsOf(relations)] as const];
  });
  const names =
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"';
  return zipOf({
    '[Content_Types].xml': `${XML}<Types xmlns="${OOXML}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>${overrides.join('')}</Types>`,
    '_rels/.rels': relationsOf({
      rId1: ['officeDocument', main],
      rId2: ['core-properties', 'docProps/core.xml'],
    }),
    'docProps/core.xml': `${XML}<cp:coreProperties ${names}><dc:title>${title}</dc:title></cp:coreProperties>`,
    ...(Object.fromEntries(entries) as Record<string, string>),
  });
}

export const DOCX_TYPE = `${OOXML_TYPE}.wordprocessingml.document.main+xml`;
export const XLSX_TYPE = `${OOXML_TYPE}.spreadsheetml.sheet.main+xml`;
export const PPTX_TYPE = `${OOXML_TYPE}.presentationml.presentation.main+xml`;

/** The part with this content of `w:body`. */
export function wordPart(body: string, root = 'document'): string {
  const content = root === 'document' ? `<w:body>${body}</w:body>` : body;
  return `${XML}<w:${root} ${WORD} ${RELATION} xmlns:mc="m">${content}</w:${root}>`;
}

/** `body` is the content of `w:body`, `stories` the other parts by the types of their relations. */
export function docxOf(
  body: string,
  title = 'A letter',
  stories: Readonly<Record<string, string | Buffer>> = {},
): Promise<Buffer> {
  const relations = Object.keys(stories).map((type) => [type, [type, `${type}.xml`]] as const);
  const others = Object.entries(stories).map(([type, xml]) => [`word/${type}.xml`, { xml }] as const);
  return opcOf(
    {
      'word/document.xml': {
        xml: wordPart(body),
        contentType: DOCX_TYPE,
        relations: Object.fromEntries(relations),
      },
      ...Object.fromEntries(others),
    },
    { title },
  );
}

/** A document whose main part has these bytes. */
export function docxOfPart(xml: string | Buffer): Promise<Buffer> {
  return opcOf({ 'word/document.xml': { xml, contentType: DOCX_TYPE } });
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
  /** Elements before and after `sheetData`, such as `cols` and `mergeCells`. */
  readonly before?: string;
  readonly after?: string;
  /** Parts by the types of their relations. */
  readonly around?: Readonly<Record<string, string>>;
}

export interface WorkbookParts {
  /** Content of `styleSheet`. */
  readonly styles?: string;
  /** Attributes of `workbookPr`. */
  readonly properties?: string;
}

export function xlsxOf(
  sheets: readonly Sheet[],
  strings: readonly string[],
  { styles = '', properties = '' }: WorkbookParts = {},
): Promise<Buffer> {
  const list = sheets.map(({ name }, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`);
  const sheetParts = sheets.flatMap(({ rows, before = '', after = '', around = {} }, i) => {
    const relations = Object.keys(around).map((type) => [type, [type, `../${type}${i}.xml`]] as const);
    const sheet = {
      xml: `${XML}<worksheet ${SHEET}>${before}<sheetData>${rows}</sheetData>${after}</worksheet>`,
      relations: Object.fromEntries(relations),
    };
    const others = Object.entries(around).map(([type, xml]) => [`xl/${type}${i}.xml`, { xml }] as const);
    return [[`xl/worksheets/sheet${i + 1}.xml`, sheet] as const, ...others];
  });
  const sheetRelations = sheets.map(
    (_, i) => [`rId${i + 1}`, ['worksheet', `/xl/worksheets/sheet${i + 1}.xml`]] as const,
  );
  return opcOf(
    {
      'xl/workbook.xml': {
        xml: `${XML}<workbook ${SHEET} ${RELATION}><workbookPr ${properties}/><sheets>${list.join('')}</sheets></workbook>`,
        contentType: XLSX_TYPE,
        relations: {
          ...Object.fromEntries(sheetRelations),
          strings: ['sharedStrings', 'sharedStrings.xml'],
          styles: ['styles', 'styles.xml'],
        },
      },
      'xl/sharedStrings.xml': {
        xml: `${XML}<sst ${SHEET}>${strings.map((text) => `<si>${text}</si>`).join('')}</sst>`,
      },
      'xl/styles.xml': { xml: `${XML}<styleSheet ${SHEET}>${styles}</styleSheet>` },
      ...Object.fromEntries(sheetParts),
    },
    { title: 'Numbers' },
  );
}

export interface Slide {
  /** Content of `p:cSld`. */
  readonly shapes: string;
  /** Parts by the types of their relations. */
  readonly around?: Readonly<Record<string, string>>;
}

/** A text box with these paragraphs. */
export function shape(...texts: string[]): string {
  const paragraphs = texts.map((text) => `<a:p><a:r><a:t>${text}</a:t></a:r></a:p>`);
  return `<p:sp><p:txBody>${paragraphs.join('')}</p:txBody></p:sp>`;
}

/** `order` gives the positions of the slides as they are shown. */
export function pptxOf(slides: readonly (string | Slide)[], order: readonly number[]): Promise<Buffer> {
  const shown = order.map((n) => `<p:sldId id="${256 + n}" r:id="rId${n + 1}"/>`);
  const slideParts = slides.flatMap((slide, i) => {
    const { shapes, around = {} } = typeof slide === 'string' ? { shapes: shape(slide) } : slide;
    const relations = Object.keys(around).map((type) => [type, [type, `../${type}${i}.xml`]] as const);
    const others = Object.entries(around).map(([type, xml]) => [`ppt/${type}${i}.xml`, { xml }] as const);
    const part = {
      xml: `${XML}<p:sld ${SLIDE} xmlns:mc="m"><p:cSld>${shapes}</p:cSld></p:sld>`,
      relations: Object.fromEntries(relations),
    };
    return [[`ppt/slides/slide${i + 1}.xml`, part] as const, ...others];
  });
  const relations = slides.map((_, i) => [`rId${i + 1}`, ['slide', `slides/slide${i + 1}.xml`]] as const);
  return opcOf(
    {
      'ppt/presentation.xml': {
        xml: `${XML}<p:presentation ${SLIDE} ${RELATION}><p:sldIdLst>${shown.join('')}</p:sldIdLst></p:presentation>`,
        contentType: PPTX_TYPE,
        relations: Object.fromEntries(relations),
      },
      ...Object.fromEntries(slideParts),
    },
    { title: 'A talk' },
  );
}

const ODF = 'application/vnd.oasis.opendocument';

export interface OdfParts {
  readonly kind?: string;
  /** Content of `office:master-styles`. */
  readonly styles?: string;
  readonly manifest?: string;
  readonly mimetype?: string | undefined;
}

/** `body` is the content of `office:text`, or of the element of another kind. */
export function odtOf(body: string, { kind = 'text', styles, manifest, mimetype }: OdfParts = {}) {
  const names =
    'xmlns:office="o" xmlns:text="t" xmlns:table="ta" xmlns:draw="d" xmlns:style="s" xmlns:dc="http://purl.org/dc/elements/1.1/"';
  return zipOf({
    ...(mimetype !== '' && { mimetype: mimetype ?? `${ODF}.${kind}` }),
    'content.xml': `${XML}<office:document-content ${names}><office:body><office:text>${body}</office:text></office:body></office:document-content>`,
    'meta.xml': `${XML}<office:document-meta ${names}><office:meta><dc:title>A report</dc:title></office:meta></office:document-meta>`,
    ...(styles !== undefined && {
      'styles.xml': `${XML}<office:document-styles ${names}><office:master-styles>${styles}</office:master-styles></office:document-styles>`,
    }),
    ...(manifest !== undefined && {
      'META-INF/manifest.xml': `${XML}<manifest:manifest xmlns:manifest="m">${manifest}</manifest:manifest>`,
    }),
  });
}
