import { omitUndefined } from '#core/omit-undefined.ts';
import type { ZipArchive } from '../reading/zip-archive.ts';
import type { AnnotatedText } from '../text/annotated-text.ts';
import { BoundedText } from '../text/bounded-text.ts';
import { UnreadableDocument } from '../unreadable-document.ts';
import { readDocx } from './docx.ts';
import { readOdf } from './odf.ts';
import { odfPackage } from './odf-package.ts';
import type { OfficeFile, OfficeReading } from './office-file.ts';
import { OpcPackage } from './opc-package.ts';
import { readPptx } from './pptx.ts';
import { readXml } from './read-xml.ts';
import { readXlsx } from './xlsx.ts';

interface OfficeLimits {
  readonly maxCharacters: number;
}

/** Office document in an archive: its media type, its reader, and the entry with its properties. */
interface OfficeDocument {
  readonly type: string;
  readonly properties: string | undefined;
  readonly read: () => Promise<OfficeReading | undefined>;
}

/**
 * Returns the text of an office document, read from the XML in its zip, and the title from its properties. Returns
 * undefined for any other zip.
 */
export async function readOffice(
  archive: ZipArchive,
  { maxCharacters }: OfficeLimits,
  step: () => void,
): Promise<AnnotatedText | undefined> {
  const file: OfficeFile = { archive, text: new BoundedText(maxCharacters), maxCharacters, step };
  const document = (await openXmlDocument(file)) ?? (await openDocument(file));
  if (document === undefined) return undefined;
  const { pages, note } = (await document.read()) ?? {};
  return {
    type: document.type,
    title: await readTitle(file, document.properties),
    ...omitUndefined({ pages, note }),
    text: trimLines(file.text.end()),
  };
}

type OoxmlKind = 'word' | 'excel' | 'powerpoint';

const READERS = { word: readDocx, excel: readXlsx, powerpoint: readPptx } as const;

/** Content types of the main part, without templates and documents with macros, which contain the same words. */
const MAIN_TYPES: readonly { readonly kind: OoxmlKind; readonly pattern: RegExp }[] = [
  { kind: 'word', pattern: /(?:wordprocessingml|ms-word)\..*\bmain\+xml$/i },
  { kind: 'excel', pattern: /(?:spreadsheetml|ms-excel)\..*\bmain\+xml$/i },
  { kind: 'powerpoint', pattern: /(?:presentationml|ms-powerpoint)\..*\bmain\+xml$/i },
];

/** Types for a main part with an unknown content type, by its root element. */
const ROOTS: Readonly<Record<string, { readonly kind: OoxmlKind; readonly contentType: string }>> = {
  document: { kind: 'word', contentType: 'wordprocessingml.document' },
  workbook: { kind: 'excel', contentType: 'spreadsheetml.sheet' },
  presentation: { kind: 'powerpoint', contentType: 'presentationml.presentation' },
};
const OOXML = 'application/vnd.openxmlformats-officedocument';

/** Formats in the same container without a reader. */
const UNSUPPORTED: readonly { readonly pattern: RegExp; readonly format: string }[] = [
  {
    pattern: /ms-excel\.sheet\.binary/i,
    format: 'xlsb (application/vnd.ms-excel.sheet.binary.macroEnabled.12)',
  },
  { pattern: /ms-visio\./i, format: 'vsdx (application/vnd.ms-visio.drawing)' },
  { pattern: /xps-fixeddocumentsequence/i, format: 'xps (application/oxps)' },
];

async function openXmlDocument(file: OfficeFile): Promise<OfficeDocument | undefined> {
  const opc = await OpcPackage.open(file);
  if (opc === undefined) return undefined;
  const unsupportedType = UNSUPPORTED.find(({ pattern }) => opc.hasPart((type) => pattern.test(type)));
  if (unsupportedType !== undefined) throw unsupported(unsupportedType.format);
  const main = await opc.mainEntry((type) => MAIN_TYPES.some(({ pattern }) => pattern.test(type)));
  if (main === undefined) return undefined;
  const known = await typeOfMain(file, opc.contentTypeOf(main), main);
  if (known === undefined) return undefined;
  const [properties] = await opc.related('', 'core-properties');
  return {
    type: known.type,
    properties: properties?.entryName,
    read: async () => (await READERS[known.kind](file, opc, main)) ?? undefined,
  };
}

async function typeOfMain(
  { archive }: OfficeFile,
  contentType: string,
  main: string,
): Promise<{ readonly kind: OoxmlKind; readonly type: string } | undefined> {
  const known = MAIN_TYPES.find(({ pattern }) => pattern.test(contentType));
  if (known !== undefined) return { kind: known.kind, type: fileTypeOf(contentType) };
  const head = (await archive.head(main)).toString('latin1', 0, 4_096);
  const [, root = ''] = /<(?:[\w.-]+:)?(document|workbook|presentation)[\s>]/.exec(head) ?? [];
  const guessed = ROOTS[root];
  return guessed && { kind: guessed.kind, type: `${OOXML}.${guessed.contentType}` };
}

/** Returns the media type of the file, from the content type of its main part. */
function fileTypeOf(contentType: string): string {
  return contentType
    .replace(/\.main\+xml$/i, '')
    .replace(/\.macroEnabled(?:Template)?$/i, '.macroEnabled.12');
}

async function openDocument(file: OfficeFile): Promise<OfficeDocument | undefined> {
  const odf = await odfPackage(file);
  if (odf === undefined) return undefined;
  const properties = file.archive.entries.has('meta.xml') ? 'meta.xml' : undefined;
  return { type: odf.type, properties, read: () => readOdf(file, odf.kind) };
}

const MAX_TITLE_CHARACTERS = 1_000;

async function readTitle(
  { archive, step }: OfficeFile,
  properties: string | undefined,
): Promise<string | undefined> {
  if (properties === undefined) return undefined;
  let isTitle = false;
  let title = '';
  await readXml(archive, properties, {
    step,
    open: (name) => {
      isTitle = name === 'title';
    },
    close: () => {
      isTitle = false;
    },
    text(piece) {
      if (isTitle && title.length < MAX_TITLE_CHARACTERS) title += piece;
    },
  });
  return title;
}

/** Removes trailing spaces and tabs, which cells produce, and runs of empty lines, which empty paragraphs produce. */
function trimLines(text: string): string {
  return text
    .replace(/[ \t]+$/gm, '')
    .replace(/ +\t/g, '\t')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function unsupported(format: string): UnreadableDocument {
  return new UnreadableDocument(
    'document-unsupported',
    `the content is ${format}; convert it to docx, xlsx, pptx or PDF`,
  );
}
