/** The worker extract-text over the sample documents, against a bare loop over the same libraries and pdftotext. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eld } from 'eld/extrasmall';
import { Parser } from 'htmlparser2';
import { Marked } from 'marked';
import { getDocumentProxy } from 'unpdf';
import { runWorker } from '../../../functions/kit/testing/run-worker.ts';
import { worker } from '../../../functions/workers/documents/extract-text/definition.ts';
import { collectDocuments } from '../../../localstack/sample/sample-documents.ts';
import { cpuMicros, type Measurement, median, type Row, times } from '../row.ts';

const ROUNDS = 3;
const PDF = 'application/pdf';
/** The worker reads as many characters to guess the language. */
const SAMPLE_CHARACTERS = 6_000;

interface Document {
  readonly filename: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
}

const markdown = new Marked({ gfm: true, async: false });

async function textOfPdf(bytes: Buffer): Promise<string> {
  const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
  const texts: string[] = [];
  for (let page = 1; page <= pdf.numPages; page += 1) {
    const { items } = await (await pdf.getPage(page)).getTextContent();
    texts.push(items.map((item) => ('str' in item ? item.str : '')).join(' '));
  }
  await pdf.loadingTask.destroy();
  return texts.join('\n');
}

function textOfHtml(source: string): string {
  const texts: string[] = [];
  new Parser({ ontext: (text) => texts.push(text) }).end(source);
  return texts.join('');
}

async function textOf({ mimeType, bytes }: Document): Promise<string> {
  if (mimeType === PDF) return textOfPdf(bytes);
  const source = new TextDecoder().decode(bytes);
  if (mimeType === 'text/html') return textOfHtml(source);
  return mimeType === 'text/markdown' ? textOfHtml(markdown.parse(source, { async: false })) : source;
}

/** Does what a script would do: text, words, language and hash, without limits, detection or notes. */
async function bareLoop(documents: readonly Document[]): Promise<number> {
  let words = 0;
  for (const document of documents) {
    const text = await textOf(document);
    words += text.match(/[\p{L}\p{N}]+/gv)?.length ?? 0;
    eld.detect(text.slice(0, SAMPLE_CHARACTERS));
    createHash('sha256').update(document.bytes).digest('hex');
  }
  return words;
}

/** Runs the worker through the kit. Returns the number of words of all documents. */
async function runExtractText(documents: readonly Document[]): Promise<number> {
  const files = Object.fromEntries(documents.map(({ bytes }, at) => [`upload:${at}`, bytes]));
  const items = documents.map(({ filename, mimeType }, at) => ({
    id: String(at),
    parts: [{ type: 'BASE_PART' as const, filename, mimeType, url: `upload:${at}` }],
  }));
  let words = 0;
  for (const result of await runWorker(worker, items, { files })) {
    if (result.kind !== 'succeeded')
      throw new Error(`${documents[Number(result.id)]?.filename}: ${result.kind}`);
    words += (result.output as { words: number }).words;
  }
  return words;
}

/** Returns the CPU time of pdftotext in microseconds, or `undefined` if it is not installed. */
function pdftotextMicros(documents: readonly Document[]): number | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'jobtree-bench-'));
  try {
    for (const [at, { bytes }] of documents.entries()) writeFileSync(join(folder, `${at}.pdf`), bytes);
    const script =
      'pdftotext -v 2>/dev/null || exit 9; for f in *.pdf; do pdftotext -q "$f" -; done >/dev/null; times';
    // The second line has the times of the programs that the shell ran.
    const [, children = ''] = execFileSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' }).split(
      '\n',
    );
    const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => Number(m) * 60 + Number(s));
    return seconds.reduce((sum, each) => sum + each, 0) * 1e6;
  } catch (error) {
    if ((error as { status?: number }).status === 9) return undefined;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const seconds = (microseconds: number) => `${(microseconds / 1e6).toFixed(2)} s`;

/** Interleaved, medians of three. The round before them loads and compiles the code. */
async function compare(documents: readonly Document[], what: string, others: string): Promise<Row> {
  const rounds: { own: number; bare: number }[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    let [ownWords, bareWords] = [0, 0];
    const own = await cpuMicros(async () => {
      ownWords = await runExtractText(documents);
    });
    const bare = await cpuMicros(async () => {
      bareWords = await bareLoop(documents);
    });
    if (Math.min(ownWords, bareWords) < 0.7 * Math.max(ownWords, bareWords))
      throw new Error(`extract-text counted ${ownWords} words, the bare loop ${bareWords}`);
    if (round > 0) rounds.push({ own, bare });
  }
  const [own, bare] = (['own', 'bare'] as const).map((name) => median(rounds.map((round) => round[name])));
  const ratio = (own ?? 0) / (bare ?? 0);
  return {
    id: '–',
    what: `extract-text on ${what}, CPU of all threads`,
    measured: `${seconds(own ?? 0)}, ${times(ratio)}`,
    reference: `a bare loop over the same libraries: ${seconds(bare ?? 0)}${others}`,
    goal: '≤ 1.3 ×',
    isMet: ratio <= 1.3,
  };
}

export const measureExtractText: Measurement = async () => {
  const documents = collectDocuments().map(({ path, contentType, read }) => ({
    filename: path.split('/').at(-1) ?? path,
    mimeType: contentType,
    bytes: read(),
  }));
  const pdfs = documents.filter(({ mimeType }) => mimeType === PDF);
  const micros = pdftotextMicros(pdfs);
  const pdftotext = micros === undefined ? '; pdftotext is not installed' : `; pdftotext: ${seconds(micros)}`;
  return [
    await compare(documents, `${documents.length.toLocaleString('en')} sample documents`, ''),
    await compare(pdfs, `their ${pdfs.length} PDFs`, pdftotext),
  ];
};
