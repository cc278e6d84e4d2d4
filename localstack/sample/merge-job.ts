import { dirname } from 'node:path';
import { getDocumentProxy } from 'unpdf';
import { followJob } from './follow-job.ts';
import type { FollowedJob, JobApi } from './job-api.ts';
import { jobSummary } from './job-report.ts';
import type { LineOutput } from './progress-line.ts';
import type { SampleDocument } from './sample-documents.ts';

/** Documents that belong together: the documents of one folder. */
export interface Dossier {
  readonly id: string;
  readonly documents: readonly SampleDocument[];
}

export interface MergeOutcome {
  readonly job: FollowedJob;
  /** The merged PDFs, with the number of pages counted by a library other than the one that wrote them. */
  readonly pdfs: readonly { readonly id: string; readonly pages: number }[];
  /** Dossiers without a PDF, with the reason. */
  readonly failed: readonly { readonly id: string; readonly reason: string }[];
  readonly seconds: number;
}

const MAX_DOSSIERS = 40;
const MAX_DOCUMENTS = 4;
const MERGED_SHOWN = 5;

/** Returns the folders with at least two documents. Folders with a PDF come first. */
export function dossiersOf(documents: readonly SampleDocument[]): Dossier[] {
  const byFolder = Map.groupBy(documents, ({ path }) => dirname(path));
  const hasPdf = ({ documents: folderDocuments }: Dossier) =>
    folderDocuments.some(({ contentType }) => contentType.endsWith('/pdf'));
  return [...byFolder]
    .filter(([, folderDocuments]) => folderDocuments.length > 1)
    .map(([id, folderDocuments]) => ({ id, documents: folderDocuments.slice(0, MAX_DOCUMENTS) }))
    .sort((a, b) => Number(hasPdf(b)) - Number(hasPdf(a)))
    .slice(0, MAX_DOSSIERS);
}

/** Runs the template `merge-to-pdf`: the documents of each dossier become one PDF. */
export async function runMergeJob(
  dossiers: readonly Dossier[],
  options: { api: JobApi; id: string; source: (document: SampleDocument) => string; progress: LineOutput },
): Promise<MergeOutcome> {
  const { api, id, source, progress } = options;
  const startTime = Date.now();
  await api.create(id, {
    name: 'The documents of a folder as one PDF',
    template: 'merge-to-pdf',
    items: dossiers.map((dossier) => ({
      id: dossier.id,
      parts: dossier.documents.map((document) => ({
        url: source(document),
        filename: document.path.split('/').at(-1),
        mimeType: document.contentType,
      })),
    })),
  });
  const job = await followJob(api, id, progress);
  const seconds = (Date.now() - startTime) / 1000;
  const pdfs: { id: string; pages: number }[] = [];
  for (const { itemId, url, note } of await api.result(id)) {
    if (url === undefined) throw new Error(`the result of ${itemId} has no link: ${note}`);
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
    pdfs.push({ id: itemId, pages: (await getDocumentProxy(bytes)).numPages });
  }
  const items = job.items.failed === 0 ? [] : await api.items(id);
  const failed = items
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ id, failure }) => ({ id, reason: failure?.failureMessage ?? 'no reason given' }));
  return { job, pdfs, failed, seconds };
}

/**
 * Returns a report for users, followed by errors if there are any. A dossier may only fail if one of its documents has a
 * path in `unreadable`.
 */
export function reportMerge(
  outcome: MergeOutcome,
  dossiers: readonly Dossier[],
  unreadable: ReadonlySet<string> = new Set(),
): { text: string; isRight: boolean } {
  const { job, pdfs, seconds } = outcome;
  const documents = dossiers.reduce((sum, dossier) => sum + dossier.documents.length, 0);
  const { found, succeeded, failed } = job.items;
  const isReadable = ({ id }: { readonly id: string }) =>
    dossiers.every(
      (dossier) => dossier.id !== id || !dossier.documents.some((one) => unreadable.has(one.path)),
    );
  const wrong = outcome.failed.filter(isReadable);
  const expectations: [string, unknown, unknown][] = [
    ['status of the job', job.status, 'Completed'],
    ['items found', found, dossiers.length],
    ['items with an end', succeeded + failed, dossiers.length],
    ['merged PDFs', new Set(pdfs.map(({ id }) => id)).size, succeeded],
    ['failed merges of readable documents', wrong.length, 0],
    ['PDFs without a page', pdfs.filter((pdf) => pdf.pages === 0).length, 0],
  ];
  const mistakes = expectations.filter(([, actual, expected]) => actual !== expected);
  const longest = pdfs.toSorted((a, b) => b.pages - a.pages).slice(0, MERGED_SHOWN);
  const text = [
    `${job.id}: ${job.status} after ${seconds.toFixed(1)} s by the template merge-to-pdf`,
    `items ${found}   succeeded ${succeeded}   failed ${failed}`,
    '',
    `${documents} documents became ${pdfs.length} PDFs with ${pagesOf(outcome)} pages, such as`,
    ...longest.map((pdf) => `  ${pdf.id.padEnd(72)} ${String(pdf.pages).padStart(8)} pages`),
    ...mistakes.map(([name, actual, expected]) => `WRONG ${name}: ${actual}, expected ${expected}`),
    ...wrong.slice(0, MERGED_SHOWN).map(({ id, reason }) => `  ${id}: ${reason}`),
  ].join('\n');
  return { text, isRight: mistakes.length === 0 };
}

export function mergeSummary(outcome: MergeOutcome) {
  return { ...jobSummary(outcome), pages: pagesOf(outcome) };
}

function pagesOf({ pdfs }: MergeOutcome): number {
  return pdfs.reduce((sum, { pages }) => sum + pages, 0);
}
