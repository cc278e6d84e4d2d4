/** Items that templates are tried on: documents that can be read, and hostile ones. */
import { BROKEN_DOCUMENT, collectDocuments } from '../../localstack/sample/sample-documents.ts';
import { HOSTILE } from '../support/documents/hostile.ts';
import { docxOf, docxOfPart, paragraph } from '../support/documents/office.ts';
import { encryptedPdf, pdfOfPages } from '../support/documents/pdfs.ts';
import { aZip } from '../support/zips.ts';

export interface Document {
  readonly filename: string;
  readonly body: string | Uint8Array;
  readonly mimeType?: string;
  readonly type?: 'META';
}

/** Documents of items, by the id of the item. */
export type Documents = Readonly<Record<string, readonly Document[]>>;

export function one(filename: string, body: string | Uint8Array, mimeType = 'application/octet-stream') {
  return [{ filename, body, mimeType }];
}

/** Documents that no worker can read. `bomb` selects the PDF that exhausts the worker under test. */
export async function hostilePdfs(bomb: keyof typeof HOSTILE): Promise<Documents> {
  return {
    'cut off': one('cut-off.pdf', BROKEN_DOCUMENT.read()),
    locked: one('locked.pdf', await encryptedPdf({ userPassword: 'secret', ownerPassword: 'secret' })),
    bomb: one('bomb.pdf', (await HOSTILE[bomb]?.()) ?? ''),
  };
}

/** Documents whose text the workers can extract, one item for each format. */
export async function readable(): Promise<Documents> {
  const [real] = collectDocuments({ limit: 1 });
  if (real === undefined) throw new Error('no package brought a PDF along');
  return {
    real: one('real.pdf', real.read()),
    report: one('report.pdf', await pdfOfPages(3)),
    letter: one('letter.docx', await docxOf(paragraph('Dear reader, these are the words of a letter.'))),
    page: one(
      'page.html',
      '<html><body><h1>Heading</h1><p>Some words on a page of the web.</p></body></html>',
    ),
    notes: one('notes.txt', 'Grüße aus Köln, und noch ein paar Wörter auf Deutsch dazu.'),
  };
}

const LAUGHS = `<?xml version="1.0"?><!DOCTYPE w [<!ENTITY e0 "ha"><!ENTITY e1 "&e0;&e0;">]><w:document xmlns:w="w">${paragraph('&e1;')}</w:document>`;

export async function unreadable(): Promise<Documents> {
  return {
    ...(await hostilePdfs('inflating content')),
    entities: one('entities.docx', await docxOfPart(LAUGHS)),
    zeros: one('zeros.zip', await aZip({ 'zeros.txt': Buffer.alloc(20 * 2 ** 20) })),
  };
}

/** Codes of their failures. */
export const UNREADABLE = {
  'cut off': 'document-broken',
  locked: 'document-encrypted',
  bomb: 'document-too-large',
  entities: 'document-broken',
  zeros: 'document-too-large',
};
