import { UnreadableDocument } from '../unreadable-document.ts';
import type { OdfKind } from './odf.ts';
import { attribute, type OfficeFile } from './office-file.ts';
import { readXml } from './read-xml.ts';

const MIMETYPE = 'mimetype';
const MANIFEST = 'META-INF/manifest.xml';

/** Media types of documents, templates and master documents. */
const ODF_TYPE =
  /^application\/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation|graphics)(?:-(?:template|master|master-template|web))?$/;
const LONGEST_TYPE = 100;

/** Returns the media type of an OpenDocument file, or undefined for any other zip. Throws if a password protects it. */
export async function odfPackage(
  file: OfficeFile,
): Promise<{ readonly type: string; readonly kind: OdfKind } | undefined> {
  const manifest = await readManifest(file);
  const declaredType = (await mimetypeOf(file)) ?? manifest.type;
  const [type, kind] = ODF_TYPE.exec(declaredType) ?? [];
  if (type === undefined || kind === undefined) return undefined;
  if (manifest.isEncrypted) {
    throw new UnreadableDocument(
      'document-encrypted',
      'the OpenDocument file is protected with a password; remove the password and submit it again',
    );
  }
  if (!file.archive.entries.has('content.xml')) {
    throw new UnreadableDocument(
      'document-broken',
      `the OpenDocument file is not valid: its 'content.xml' is missing; save it again with an office program`,
    );
  }
  return { type, kind: kind as OdfKind };
}

async function mimetypeOf({ archive }: OfficeFile): Promise<string | undefined> {
  const entry = archive.entries.get(MIMETYPE);
  if (entry === undefined || entry.sizeBytes > LONGEST_TYPE) return undefined;
  return (await archive.read(MIMETYPE)).toString('latin1').trim();
}

async function readManifest({ archive, step }: OfficeFile): Promise<{ type: string; isEncrypted: boolean }> {
  const manifest = { type: '', isEncrypted: false };
  if (!archive.entries.has(MANIFEST)) return manifest;
  await readXml(archive, MANIFEST, {
    step,
    open(name, attributes) {
      if (name === 'encryption-data') manifest.isEncrypted = true;
      if (name === 'file-entry' && attribute(attributes, 'full-path') === '/')
        manifest.type = attribute(attributes, 'media-type') ?? '';
    },
  });
  return manifest;
}
