/** LibreOffice, where it is installed. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { docxOf, paragraph, xlsxOf } from './office.ts';

/** True if tests can run LibreOffice. The worker supports only Linux. */
export const HAS_OFFICE = process.platform === 'linux' && ['soffice', 'python3'].every(isOnPath);
export const NEEDS_OFFICE = HAS_OFFICE ? '' : ' (skipped: needs Linux with soffice and python3 on PATH)';

function isOnPath(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => existsSync(join(folder, program)));
}

const FLAT_ODF = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
  xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
  xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.3"`;

/** A presentation or drawing whose pages have these texts. */
function pagesOf(kind: 'presentation' | 'graphics', texts: readonly string[]): string {
  const body = kind === 'presentation' ? 'presentation' : 'drawing';
  const pages = texts.map(
    (text, i) =>
      `<draw:page draw:name="page${i + 1}"><draw:frame svg:x="2cm" svg:y="2cm" svg:width="12cm" svg:height="3cm"><draw:text-box><text:p>${text}</text:p></draw:text-box></draw:frame></draw:page>`,
  );
  return `<?xml version="1.0"?><office:document ${FLAT_ODF} office:mimetype="application/vnd.oasis.opendocument.${kind}"><office:body><office:${body}>${pages.join('')}</office:${body}></office:body></office:document>`;
}

export const PAGE_BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>';

/** Files of every format with the text `Ein Bericht über Flüsse`, by their extensions. */
export async function officeFiles(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const text = 'Ein Bericht über Flüsse';
  // The number is in another row, because a filled neighbour hides the end of a long text.
  const cells = `<row r="1"><c r="A1" t="inlineStr"><is><t>${text}</t></is></c></row><row r="2"><c r="B2"><v>12.5</v></c></row>`;
  mkdirSync(folder, { recursive: true });
  const sources = {
    docx: await docxOf(paragraph(text) + PAGE_BREAK + paragraph('Seite zwei')),
    xlsx: await xlsxOf([{ name: 'Tabelle', rows: cells }], []),
    fodp: pagesOf('presentation', [text, 'Seite zwei']),
    fodg: pagesOf('graphics', [text, 'Seite zwei']),
  };
  const targets = {
    docx: ['doc', 'odt', 'rtf'],
    xlsx: ['xls', 'ods'],
    fodp: ['pptx', 'ppt', 'odp'],
    fodg: ['odg'],
  };
  const files = new Map<string, Buffer>([
    ['docx', sources.docx],
    ['xlsx', sources.xlsx],
  ]);
  for (const [extension, content] of Object.entries(sources)) {
    const source = join(folder, `${extension}.${extension}`);
    writeFileSync(source, content);
    for (const target of targets[extension as keyof typeof targets]) {
      convert(source, target, folder);
      files.set(target, readFileSync(join(folder, `${extension}.${target}`)));
    }
  }
  return files;
}

function convert(source: string, target: string, folder: string): void {
  const profile = pathToFileURL(join(folder, 'profile')).href;
  execFileSync(
    'soffice',
    [`-env:UserInstallation=${profile}`, '--headless', '--convert-to', target, '--outdir', folder, source],
    { stdio: 'pipe' },
  );
}
