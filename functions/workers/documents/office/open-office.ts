import type { ZipArchive } from '../reading/zip-archive.ts';
import { BoundedText } from '../text/bounded-text.ts';
import { UnreadableDocument } from '../unreadable-document.ts';
import type { OdfKind } from './odf.ts';
import { odfPackage } from './odf-package.ts';
import type { OfficeFile } from './office-file.ts';
import { OpcPackage } from './opc-package.ts';

interface OfficeProperties {
  readonly file: OfficeFile;
  /** Media type. */
  readonly type: string;
  /** Entry with the title. */
  readonly properties: string | undefined;
}

/** A docx, xlsx or pptx, or another file of their formats. */
export interface OpcDocument extends OfficeProperties {
  readonly kind: OoxmlKind;
  readonly opc: OpcPackage;
  /** Entry of the main part. */
  readonly main: string;
}

interface OdfDocument extends OfficeProperties {
  readonly kind: 'odf';
  readonly content: OdfKind;
}

export type OfficeDocument = OpcDocument | OdfDocument;

/** Returns the office document in an archive, or undefined for any other zip. Throws for formats without a reader. */
export async function openOffice(
  archive: ZipArchive,
  { maxCharacters }: { readonly maxCharacters: number },
  step: () => void,
): Promise<OfficeDocument | undefined> {
  const file: OfficeFile = { archive, text: new BoundedText(maxCharacters), maxCharacters, step };
  return (await openXmlDocument(file)) ?? (await openDocument(file));
}

type OoxmlKind = 'word' | 'excel' | 'powerpoint';

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

async function openXmlDocument(file: OfficeFile): Promise<OpcDocument | undefined> {
  const opc = await OpcPackage.open(file);
  if (opc === undefined) return undefined;
  const unsupportedType = UNSUPPORTED.find(({ pattern }) => opc.hasPart((type) => pattern.test(type)));
  if (unsupportedType !== undefined) throw unsupported(unsupportedType.format);
  const main = await opc.mainEntry((type) => MAIN_TYPES.some(({ pattern }) => pattern.test(type)));
  if (main === undefined) return undefined;
  const known = await typeOfMain(file, opc.contentTypeOf(main), main);
  if (known === undefined) return undefined;
  const [properties] = await opc.related('', 'core-properties');
  return { file, ...known, properties: properties?.entryName, opc, main };
}

async function typeOfMain(
  { archive }: OfficeFile,
  contentType: string,
  main: string,
): Promise<{ readonly kind: OoxmlKind; readonly type: string } | undefined> {
  const known = MAIN_TYPES.find(({ pattern }) => pattern.test(contentType));
  if (known !== undefined) return { kind: known.kind, type: fileTypeOf(contentType) };
  // Without its NULs, UTF-16 looks like text of one byte per character.
  const head = (await archive.head(main)).toString('latin1', 0, 4_096).replaceAll('\0', '');
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

async function openDocument(file: OfficeFile): Promise<OdfDocument | undefined> {
  const odf = await odfPackage(file);
  if (odf === undefined) return undefined;
  const properties = file.archive.entries.has('meta.xml') ? 'meta.xml' : undefined;
  return { file, kind: 'odf', type: odf.type, properties, content: odf.kind };
}

function unsupported(format: string): UnreadableDocument {
  return new UnreadableDocument(
    'document-unsupported',
    `the content is ${format}; convert it to docx, xlsx, pptx or PDF`,
  );
}
