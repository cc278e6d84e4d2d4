import * as v from 'valibot';
import { webHeaders } from '#contract/web-headers.ts';
import { collectBytes } from '#core/byte-stream.ts';
import { PermanentFailure } from '#core/errors.ts';
import { fieldAt } from '#core/item-fields.ts';
import { ExactNumber, idOfValue } from '#core/json/exact-number.ts';
import { parseJson } from '#core/json/parse-json.ts';
import type { Web, WebRequest } from '#core/ports.ts';
import {
  brokenItem,
  type Child,
  checkpoint,
  defineSplitter,
  item,
  type SplitContext,
} from '#core/splitter.ts';
import { textOfAnswer } from '../../sources/web-content.ts';
import { bodyOf, failureOfStatus, hostOf, sendToWeb, withRetries } from '../../sources/web-failures.ts';
import {
  afterPage,
  NEW_WALK,
  type PageCursor,
  type PageWalk,
  pageWalk,
  queryLimits,
} from './query-limits.ts';
import { storedCursor } from './stored-cursor.ts';

const MAX_PAGE_BYTES = 16 * 1024 * 1024;
const PAGE_TIMEOUT_SECONDS = 20;

/** Field names and indexes separated by dots, such as data.items. Empty for the whole response. */
const path = v.pipe(v.string(), v.maxLength(500));

const members = v.strictObject({
  url: v.pipe(
    v.string(),
    v.maxLength(4096),
    v.regex(/^https?:\/\/[^/?#\s]+([/?#]\S*)?$/i, 'must be an https URL'),
  ),
  method: v.optional(v.picklist(['GET', 'POST']), 'GET'),
  headers: v.optional(
    v.pipe(webHeaders, v.description('Headers of each request. Everyone who can read the job can see them.')),
    {},
  ),
  body: v.optional(
    v.pipe(v.record(v.string(), v.unknown()), v.description('Body of a POST request, sent as JSON.')),
  ),
  itemsPath: v.optional(v.pipe(path, v.description('Path of the list of items in a response.')), ''),
  idPath: v.optional(
    v.pipe(path, v.description('Path of the id in an item. If absent, ids are numbers from 0.')),
  ),
  cursorPath: v.optional(
    v.pipe(
      path,
      v.description('Path of the next cursor or URL in a response. The list ends if there is none.'),
    ),
  ),
  cursorParameter: v.optional(
    v.pipe(
      v.string(),
      v.nonEmpty(),
      v.maxLength(100),
      v.description(
        'Parameter for the cursor: in the query of a GET, in the body of a POST. If absent, the cursor is a URL.',
      ),
    ),
  ),
  ...queryLimits,
});
/** Without a path, the list would end after its first page. */
const queryDefinition = v.pipe(
  members,
  v.forward(
    v.check(
      ({ cursorParameter, cursorPath }) => cursorParameter === undefined || cursorPath !== undefined,
      'requires cursorPath, the path of the next cursor in a response',
    ),
    ['cursorParameter'],
  ),
  v.metadata({ dependentRequired: { cursorParameter: ['cursorPath'] } }),
);
type QueryDefinition = v.InferOutput<typeof queryDefinition>;

export const query = defineSplitter<QueryDefinition>({
  name: 'query',
  description: 'Creates one item for each entry of a list that an HTTPS API returns page by page.',
  definition: queryDefinition,
  split: splitQuery,
});

type QueryCursor = v.InferOutput<typeof queryCursor>;
const queryCursor = v.object({
  ...pageWalk.entries,
  next: v.union([v.string(), v.number(), v.instance(ExactNumber)]),
});

async function* splitQuery(definition: QueryDefinition, context: SplitContext): AsyncGenerator<Child> {
  const { web, clock } = context;
  const { itemsPath, cursorPath, url } = definition;
  let { next, ...walk }: PageWalk & { next?: PageCursor } = {
    ...NEW_WALK,
    ...storedCursor(queryCursor, context),
  };
  for (;;) {
    const startedAt = clock.now();
    const request = requestFor(definition, next);
    const page = await withRetries(clock, () => requestPage(web, request));
    const entries = listIn(page, itemsPath, url);
    const after = cursorPath === undefined ? undefined : nextIn(page, cursorPath, url);
    const read = { entries: entries.length, next: after, millis: clock.now() - startedAt };
    const walkAfterPage = afterPage(walk, read, definition, hostOf(url));
    for (const [position, payload] of entries.entries()) {
      yield itemOf(payload, definition, walk.count + position);
    }
    if (after === undefined) return;
    next = after;
    walk = walkAfterPage;
    yield checkpoint({ next, ...walk } satisfies QueryCursor);
  }
}

function requestFor(definition: QueryDefinition, next: PageCursor | undefined): WebRequest {
  const { method, cursorParameter, body = {} } = definition;
  const isInBody = next !== undefined && cursorParameter !== undefined && method === 'POST';
  const sent = isInBody ? { ...body, [cursorParameter]: next } : body;
  const accept = { accept: 'application/json', ...definition.headers };
  return {
    url: next === undefined || isInBody ? definition.url : urlOfPage(definition, next),
    method,
    headers: method === 'POST' ? { 'content-type': 'application/json', ...accept } : accept,
    timeoutSeconds: PAGE_TIMEOUT_SECONDS,
    ...(method === 'POST' ? { body: JSON.stringify(sent) } : {}),
  };
}

function urlOfPage({ url: first, cursorParameter }: QueryDefinition, next: PageCursor): string {
  const url = new URL(cursorParameter === undefined ? String(next) : first, first);
  if (cursorParameter !== undefined) url.searchParams.set(cursorParameter, String(next));
  // Headers may contain credentials for the first server only.
  if (url.origin === new URL(first).origin) return url.href;
  throw new PermanentFailure(
    'source-forbidden',
    `the next page is at ${url.origin}, but only the server of the given url is allowed`,
  );
}

async function requestPage(web: Web, request: WebRequest): Promise<unknown> {
  const { url } = request;
  const answer = await sendToWeb(web, request);
  const bytes = await collectBytes(bodyOf(url, answer), MAX_PAGE_BYTES);
  if (answer.status !== 200) throw failureOfStatus(url, answer, { code: `http-${answer.status}`, now: 0 });
  if (bytes === 'too-large') {
    throw new PermanentFailure(
      'page-too-large',
      `a page of ${hostOf(url)} has more than ${MAX_PAGE_BYTES} bytes; request smaller pages`,
    );
  }
  const decoded = await textOfAnswer(answer.headers, bytes);
  if (decoded.kind === 'unreadable')
    throw new PermanentFailure('page-unreadable', `a page of ${hostOf(url)} ${decoded.reason}`);
  try {
    return parseJson(decoded.text);
  } catch {
    throw new PermanentFailure('page-unreadable', `a page of ${hostOf(url)} is not valid JSON`);
  }
}

function listIn(page: unknown, itemsPath: string, url: string): readonly unknown[] {
  const found = valueAt(page, itemsPath);
  if (Array.isArray(found)) return found;
  throw new PermanentFailure(
    'page-unreadable',
    `a page of ${hostOf(url)} has no list at '${itemsPath}'. Correct itemsPath.`,
  );
}

function itemOf(payload: unknown, { idPath }: QueryDefinition, index: number): Child {
  if (idPath === undefined) return item(String(index), payload);
  const id = idOfValue(valueAt(payload, idPath));
  if (id !== undefined) return item(id, payload);
  return brokenItem(String(index), `entry ${index} of the list has no id at '${idPath}'`);
}

/** Values that end the list. */
const NO_CURSOR: readonly unknown[] = [undefined, null, '', false];

function nextIn(page: unknown, cursorPath: string, url: string): PageCursor | undefined {
  const next = valueAt(page, cursorPath);
  if (NO_CURSOR.includes(next)) return undefined;
  if (typeof next === 'string' || typeof next === 'number' || next instanceof ExactNumber) return next;
  throw new PermanentFailure(
    'page-unreadable',
    `a page of ${hostOf(url)} has ${JSON.stringify(next).slice(0, 100).toWellFormed()} at '${cursorPath}'; a cursor is a string or a number. Correct cursorPath.`,
  );
}

function valueAt(value: unknown, path: string): unknown {
  if (path === '') return value;
  return typeof value === 'object' && value !== null ? fieldAt(value, path)[0] : undefined;
}
