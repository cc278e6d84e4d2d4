/** The worker over real files and the installed LibreOffice. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extractText } from '../../../../../functions/workers/documents/extract-text/extract-text.ts';
import {
  convertOffice,
  OFFICE_LIMITS,
} from '../../../../../functions/workers/documents/office-to-pdf/convert-office.ts';
import { worker } from '../../../../../functions/workers/documents/office-to-pdf/definition.ts';
import { input } from '../../../../support/documents/input.ts';
import { docxOf, paragraph } from '../../../../support/documents/office.ts';
import {
  HAS_OFFICE,
  NEEDS_OFFICE,
  officeFiles,
  PAGE_BREAK,
} from '../../../../support/documents/office-program.ts';
import { pdfOfPages } from '../../../../support/documents/pdfs.ts';
import { documentsWithLinks } from '../../../../support/documents/remote-links.ts';
import { runWorker } from '../../../../support/documents/run-worker.ts';

const TEXT = 'Ein Bericht über Flüsse';
const ROOT = join(tmpdir(), `jobtree-office-files-${process.pid}`);
const folders = () =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('jobtree-office-') && !ROOT.endsWith(name));

/** Ids of processes that run LibreOffice for a conversion. */
function officeProcesses(): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('jobtree-office-');
    } catch {
      return false;
    }
  });
}

async function convert(documents: Readonly<Record<string, Uint8Array>>, parameters = {}) {
  const { record, files } = await runWorker(worker, documents, { parameters });
  // A copy, because the reader moves its bytes to a thread.
  const pdf = new Uint8Array([...files.values()][0] ?? []);
  const read = pdf.length === 0 ? undefined : await extractText(pdf, { name: 'a.pdf' });
  return { output: record.output, failure: record.failure, files, text: read?.text, pages: read?.pages };
}

const limits = { ...OFFICE_LIMITS, signal: new AbortController().signal };

describe.skipIf(!HAS_OFFICE)(`office-to-pdf${NEEDS_OFFICE}`, () => {
  let files: ReadonlyMap<string, Buffer>;
  const file = (extension: string) => files.get(extension) ?? Buffer.alloc(0);

  beforeAll(async () => {
    files = await officeFiles(ROOT);
  }, 300_000);
  afterAll(() => rmSync(ROOT, { recursive: true, force: true }));

  test.each([
    ['docx', 2],
    ['doc', 2],
    ['odt', 2],
    ['rtf', 2],
    ['xlsx', 1],
    ['xls', 1],
    ['ods', 1],
    ['pptx', 2],
    ['ppt', 2],
    ['odp', 2],
    ['odg', 2],
  ])('makes a PDF of %s with its text and pages', async (extension, pages) => {
    const made = await convert({ [`bericht.${extension}`]: file(extension) });

    expect(made.failure).toBeUndefined();
    expect([...made.files.keys()]).toEqual(['bericht.pdf']);
    expect(made.text).toContain(TEXT);
    expect(made.pages).toBe(pages);
    expect(made.output).toEqual({ pages, sizeBytes: made.files.get('bericht.pdf')?.length });
  });

  test('decides by the content, not by the name, and stores a PDF unchanged', async () => {
    const pdf = await pdfOfPages(3);

    const { files: parts, output } = await convert({ 'wrong.xls': file('docx'), 'scan.docx': pdf });

    expect([...parts.keys()]).toEqual(['wrong.pdf', 'scan.pdf']);
    expect(Buffer.from(parts.get('scan.pdf') ?? []).equals(Buffer.from(pdf))).toBe(true);
    expect(output).toMatchObject({ pages: 5 });
  });

  test('leaves out a broken document on request', async () => {
    const broken = file('docx').subarray(0, 600);
    const documents = { 'good.odt': file('odt'), 'bad.docx': broken };

    const fails = await convert(documents);
    const leavesOut = await convert(documents, { onBrokenDocument: 'leaveOut' });

    expect(fails.failure).toMatchObject({ code: 'document-broken' });
    expect([...leavesOut.files.keys()]).toEqual(['good.pdf']);
    expect(leavesOut.output).toMatchObject({ note: 'bad.docx: left out, document-broken' });
  });

  test('refuses a file that LibreOffice cannot load', async () => {
    const damaged = await docxOf('<w:p><w:r><w:t>never closed');

    const { failure } = await convert({ 'a.docx': damaged });

    expect(failure).toMatchObject({
      code: 'document-broken',
      failureMessage: expect.stringMatching(
        /^'a\.docx': the office document can't be converted: LibreOffice cannot open it .*check that it opens/,
      ),
    });
  });

  test('requests nothing that a document names, and reads no file of the machine', async () => {
    const requests: string[] = [];
    const server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = Object(server.address());
    const documents = await documentsWithLinks(`http://127.0.0.1:${port}`, ROOT);

    const texts: string[] = [];
    for (const [name, bytes] of Object.entries(documents)) {
      const { failure, text = '' } = await convert({ [name]: bytes });
      expect(failure, name).toBeUndefined();
      texts.push(text);
    }

    server.close();
    expect(requests).toEqual([]);
    expect(texts.join('\n')).toContain('before the links');
    expect(texts.join('\n')).not.toContain('secret of the machine');
  });

  test('ends at each limit, and leaves neither a process nor a folder', async () => {
    const pages = Array.from({ length: 2_000 }, (_, i) => paragraph(`Seite ${i}`) + PAGE_BREAK);
    const long = await docxOf(pages.join(''));
    const converted = (some: object) => convertOffice(long, 'docx', { ...limits, ...some });

    await expect(converted({ cpuSeconds: 0.3 })).rejects.toMatchObject({
      code: 'document-too-large',
      message: 'converting the document exceeds the limit of 0.3 s of CPU time; simplify or split it',
    });
    await expect(converted({ wallSeconds: 0.5 })).rejects.toMatchObject({
      name: 'RetryableFailure',
      code: 'document-not-processed',
    });
    await expect(converted({ memoryBytes: 100 * 2 ** 20 })).rejects.toMatchObject({
      code: 'document-too-large',
      message: expect.stringContaining('100 MiB of memory'),
    });
    await expect(converted({ fileBytes: 20_000 })).rejects.toMatchObject({
      code: expect.stringMatching(/^document-(too-large|broken)$/),
    });
    expect(officeProcesses()).toEqual([]);
    expect(folders()).toEqual([]);
  });

  test('20 conversions leave neither a process nor a folder', async () => {
    const documents = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}.rtf`, file('rtf')]));

    const { output, files: parts } = await convert(documents);

    expect(parts.size).toBe(20);
    expect(output).toMatchObject({ pages: 40 });
    expect(officeProcesses()).toEqual([]);
    expect(folders()).toEqual([]);
  }, 300_000);
});

test('office-to-pdf refuses a password before it starts LibreOffice', async () => {
  const { failure } = await convert({ 'a.docx': input('password.docx') });

  expect(failure).toMatchObject({ code: 'document-encrypted' });
});
