/** 1,000 items of two documents each through the template merge-to-pdf; the benchmark opens every resulting PDF. */
import {
  paginateGetExecutionHistory,
  paginateListExecutions,
  paginateListStateMachines,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { getDocumentProxy } from 'unpdf';
import { pngOf } from '../../support/documents/images.ts';
import { pdfOfPages } from '../../support/documents/pdfs.ts';
import type { Row } from '../row.ts';
import { call, pause, type Service, seconds } from './service.ts';

const TEMPLATE = 'merge-to-pdf';
const PARTITION = 'bench-documents';
const SIZES = [10, 1_000];
/** Files that items share, so that each of 1,000 has a different pair. */
const TEXTS = 40;
const PICTURES = 25;
const MAX_PAGES = 3;
const PARALLEL = 8;

interface Document {
  readonly url: string;
  readonly filename: string;
  readonly mimeType: string;
  readonly pages: number;
}

async function upload(service: Service, body: string | Uint8Array, document: Omit<Document, 'url'>) {
  const { filename } = document;
  const uploadTicket = await call(service, 'POST', `/partitions/${PARTITION}/uploads`, {
    filename,
    sizeBytes: Buffer.byteLength(body),
  });
  const { id, url, method, headers } = (await uploadTicket.json()) as {
    id: string;
    url: string;
    method: string;
    headers: Record<string, string>;
  };
  const uploadResponse = await fetch(url, {
    method,
    headers,
    body: typeof body === 'string' ? body : Buffer.from(body),
  });
  if (!uploadResponse.ok)
    throw new Error(`upload of ${filename}: ${uploadResponse.status} ${await uploadResponse.text()}`);
  return { ...document, url: `upload:${id}` };
}

async function texts(service: Service): Promise<Document[]> {
  return inParallel(
    Array.from({ length: TEXTS }, (_, number) => number),
    (number) => {
      const pages = 1 + (number % MAX_PAGES);
      const body = Array.from({ length: pages }, (_, page) => `Text ${number}, page ${page + 1}\n`).join(
        '\f',
      );
      return upload(service, body, { filename: `text-${number}.txt`, mimeType: 'text/plain', pages });
    },
  );
}

/** Uploads PDF and PNG files alternately. */
async function pictures(service: Service): Promise<Document[]> {
  return inParallel(
    Array.from({ length: PICTURES }, (_, number) => number),
    async (number) => {
      if (number % 2 === 0) {
        const pages = 1 + (number % MAX_PAGES);
        const body = await pdfOfPages(pages);
        return upload(service, body, { filename: `${number}.pdf`, mimeType: 'application/pdf', pages });
      }
      const body = pngOf({
        width: 60,
        height: 40,
        colorType: 2,
        pixel: (x, y) => [x * 4, y * 6, number * 10],
      });
      return upload(service, body, { filename: `${number}.png`, mimeType: 'image/png', pages: 1 });
    },
  );
}

async function inParallel<A, B>(all: readonly A[], work: (element: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (let from = 0; from < all.length; from += PARALLEL) {
    results.push(...(await Promise.all(all.slice(from, from + PARALLEL).map(work))));
  }
  return results;
}

async function runJob(service: Service, path: string, items: readonly object[]): Promise<void> {
  await call(service, 'PUT', path, { template: TEMPLATE, items });
  for (;;) {
    const job = (await (await call(service, 'GET', path)).json()) as {
      status: string;
      items: { found: number; succeeded: number };
    };
    if (job.status === 'Completed' && job.items.succeeded === items.length) return;
    if (job.status !== 'Waiting' && job.status !== 'Active') {
      throw new Error(`the job ended as ${job.status}, ${JSON.stringify(job.items)}`);
    }
    await pause(500);
  }
}

interface ResultPart {
  readonly itemId: string;
  readonly url: string;
}

async function resultsOf(service: Service, path: string): Promise<ResultPart[]> {
  const parts: ResultPart[] = [];
  let query: string | undefined = '?limit=500';
  while (query !== undefined) {
    const page: Response = await call(service, 'GET', `${path}/result${query}`);
    parts.push(...((await page.json()) as ResultPart[]));
    const next = /<([^>]+)>;\s*rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    query = next === undefined ? undefined : new URL(next, service.url).search;
  }
  return parts;
}

/** Number of pages of a PDF. Reads each page, with a different program from the one that made the PDF. */
async function pagesOf({ url }: ResultPart): Promise<number> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const pdf = await getDocumentProxy(new Uint8Array(await response.arrayBuffer()));
  for (let page = 1; page <= pdf.numPages; page += 1) await (await pdf.getPage(page)).getOperatorList();
  return pdf.numPages;
}

type Operations = Record<string, number>;

async function operationsOf(service: Service, path: string): Promise<Operations> {
  const { services } = (await (await call(service, 'GET', `${path}/cost`)).json()) as {
    services: Record<string, Record<string, { count: number }>>;
  };
  const operationCounts = Object.values(services).flatMap(Object.entries);
  return Object.fromEntries(operationCounts.map(([operation, { count }]) => [operation, count]));
}

/** Number of states that the executions of the template's machine have entered, as reported by Step Functions. */
async function statesEntered(client: SFNClient): Promise<number> {
  let statesEnteredCount = 0;
  for await (const { stateMachines = [] } of paginateListStateMachines({ client }, {})) {
    for (const { name = '', stateMachineArn } of stateMachines) {
      if (!name.includes(TEMPLATE)) continue;
      for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn })) {
        for (const { executionArn } of executions) {
          for await (const { events = [] } of paginateGetExecutionHistory({ client }, { executionArn }))
            statesEnteredCount += events.filter(({ type = '' }) => type.endsWith('StateEntered')).length;
        }
      }
    }
  }
  return statesEnteredCount;
}

async function measureJob(service: Service, sfn: SFNClient, documents: readonly (readonly Document[])[]) {
  const path = `/partitions/${PARTITION}/jobs/of-${documents.length}`;
  const items = documents.map((parts, id) => ({
    id: String(id),
    parts: parts.map(({ pages, ...part }) => part),
  }));
  const before = await statesEntered(sfn);
  const jobSeconds = await seconds(() => runJob(service, path, items));
  const operations = await operationsOf(service, path);
  const states = (await statesEntered(sfn)) - before;
  const results = await resultsOf(service, path);
  const wrongParts: string[] = [];
  await inParallel(results, async (part) => {
    const expectedPages = documents[Number(part.itemId)]?.reduce((sum, { pages }) => sum + pages, 0);
    const actualPages = await pagesOf(part).catch(String);
    if (actualPages !== expectedPages)
      wrongParts.push(`${part.itemId}: ${actualPages} pages, not ${expectedPages}`);
  });
  if (results.length !== items.length) wrongParts.push(`${results.length} results of ${items.length} items`);
  if (wrongParts.length > 0) throw new Error(`some PDFs have wrong pages: ${wrongParts.join('; ')}`);
  return { items: items.length, pdfs: results.length, jobSeconds, states, operations };
}

/** Runs a small and a large job: the number of state transitions must not depend on the number of items. */
export async function measureDocuments(service: Service, sfn: SFNClient): Promise<Row[]> {
  const [firstDocuments, secondDocuments] = [await texts(service), await pictures(service)];
  const pairs = firstDocuments.flatMap((text) => secondDocuments.map((picture) => [text, picture]));
  const jobs: Awaited<ReturnType<typeof measureJob>>[] = [];
  for (const size of SIZES) jobs.push(await measureJob(service, sfn, pairs.slice(0, size)));
  const transitions = jobs.map(
    ({ states, operations }) => `${states} (${operations['stateTransitions']} counted)`,
  );
  if (jobs.some(({ states }) => states === 0)) throw new Error('no execution of the template was found');
  if (new Set(transitions).size > 1) throw new Error(`state transitions differ: ${transitions.join(', ')}`);
  const [small, large] = jobs;
  const row = (job: (typeof jobs)[number]): Row => ({
    id: '–',
    what: `${job.items.toLocaleString('en')} items of a text and a PDF or PNG through merge-to-pdf, on the emulator`,
    measured: `${job.jobSeconds.toFixed(1)} s, every page of every PDF is right`,
    reference: `${job.states} states entered, of ${small?.items} items: ${small?.states}`,
    goal: 'the same states',
    isMet: job.states === small?.states,
  });
  return large === undefined ? [] : [row(large)];
}
