import { type CompoundFile, compoundFile } from '../reading/compound-file.ts';
import { detectType } from '../reading/detect-type.ts';
import type { SourceDocument } from '../reading/source-document.ts';
import { typeRefusal } from '../reading/type-refusal.ts';
import { ZipArchive } from '../reading/zip-archive.ts';
import { UnreadableDocument } from '../unreadable-document.ts';

/** File extension by which LibreOffice selects its reader. */
export type OfficeExtension =
  | 'docx'
  | 'xlsx'
  | 'xlsb'
  | 'pptx'
  | 'odt'
  | 'ods'
  | 'odp'
  | 'odg'
  | 'doc'
  | 'xls'
  | 'ppt'
  | 'rtf';

const SUPPORTED =
  'Word (docx, doc), Excel (xlsx, xlsb, xls), PowerPoint (pptx, ppt), OpenDocument (odt, ods, odp, odg), RTF and PDF; use to-pdf for text, HTML and images';

const CONTENT_TYPES = '[Content_Types].xml';

/** Content types of the main part, by the extension of the file. */
const OOXML: readonly { readonly type: RegExp; readonly extension: OfficeExtension }[] = [
  { type: /ms-excel\.sheet\.binary[^"]*\bmain"/i, extension: 'xlsb' },
  { type: /(?:wordprocessingml|ms-word)\.[^"]*\bmain\+xml"/i, extension: 'docx' },
  { type: /(?:spreadsheetml|ms-excel)\.[^"]*\bmain\+xml"/i, extension: 'xlsx' },
  { type: /(?:presentationml|ms-powerpoint)\.[^"]*\bmain\+xml"/i, extension: 'pptx' },
];

/** Media types of OpenDocument, also of its templates. */
const ODF: readonly { readonly type: RegExp; readonly extension: OfficeExtension }[] = [
  { type: /opendocument\.text/, extension: 'odt' },
  { type: /opendocument\.spreadsheet/, extension: 'ods' },
  { type: /opendocument\.presentation/, extension: 'odp' },
  { type: /opendocument\.graphics/, extension: 'odg' },
];

const COMPOUND: readonly { readonly format: RegExp; readonly extension: OfficeExtension }[] = [
  { format: /^doc /, extension: 'doc' },
  { format: /^xls /, extension: 'xls' },
  { format: /^ppt /, extension: 'ppt' },
];

/** Returns the type of a document by its content. Throws for types and passwords that LibreOffice cannot open. */
export async function officeTypeOf(source: SourceDocument): Promise<OfficeExtension | 'pdf'> {
  const compound = compoundFile(source.bytes);
  if (compound !== undefined) return typeOfCompound(source, compound);
  const detected = detectType(source.bytes, source.name);
  if (detected.type === 'application/pdf') return 'pdf';
  if (detected.type === 'unsupported' && detected.format.startsWith('rtf')) return 'rtf';
  const extension = detected.type === 'application/zip' ? await typeOfZip(source.bytes) : undefined;
  if (extension === undefined) throw typeRefusal(detected, source, SUPPORTED);
  return extension;
}

function typeOfCompound(source: SourceDocument, compound: CompoundFile): OfficeExtension {
  if (compound.isEncrypted) throw typeRefusal({ type: 'encrypted' }, source, SUPPORTED);
  const known = COMPOUND.find(({ format }) => format.test(compound.format));
  if (known) return known.extension;
  throw typeRefusal({ type: 'unsupported', format: compound.format }, source, SUPPORTED);
}

async function typeOfZip(bytes: Uint8Array): Promise<OfficeExtension | undefined> {
  const archive = await ZipArchive.open(bytes);
  if (archive.entries.has(CONTENT_TYPES)) {
    const types = (await archive.read(CONTENT_TYPES)).toString();
    return OOXML.find(({ type }) => type.test(types))?.extension;
  }
  if (!archive.entries.has('mimetype')) return undefined;
  const mimeType = (await archive.head('mimetype')).toString('latin1', 0, 200);
  const extension = ODF.find(({ type }) => type.test(mimeType))?.extension;
  if (extension !== undefined) await checkNoPassword(archive);
  return extension;
}

/** The manifest of OpenDocument lists the encrypted entries. */
async function checkNoPassword(archive: ZipArchive): Promise<void> {
  const manifest = 'META-INF/manifest.xml';
  if (!archive.entries.has(manifest)) return;
  if (!(await archive.read(manifest)).toString().includes('encryption-data')) return;
  throw new UnreadableDocument(
    'document-encrypted',
    'the office document is protected with a password; remove the password and submit it again',
  );
}
