import { createHash } from 'node:crypto';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import type { Item } from '#core/item.ts';
import type { FieldSource } from '#core/item-fields.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { type ChunkContext, defineWorker, type WorkerContext } from '#kit/define-worker.ts';
import { answersOfItems } from './chunk-answers.ts';
import {
  type ExchangePorts,
  exchange,
  type HttpPorts,
  type ItemAnswer,
  keepAnswer,
  type Message,
  wholeAnswer,
} from './exchange.ts';
import { Pace } from './pace.ts';
import { type HttpParameters, httpParameters } from './parameters.ts';
import { fillBody, fillForAll, fillUrl } from './template.ts';

/** Failures of a chunk that a single item may cause. */
const CONTENT_ERROR_CODES = ['http-400', 'http-409', 'http-413', 'http-422'];

/** The worker `http`: sends each item, or each chunk, to an endpoint and keeps the response. */
export function httpWorker(httpPorts: HttpPorts) {
  const ports = { ...httpPorts, pace: new Pace(httpPorts.clock) };
  return defineWorker<HttpParameters>({
    name: 'http',
    parameters: httpParameters,
    concurrency: 10,
    maxItems: ({ per }) => (per === 'item' ? 1 : Number.MAX_SAFE_INTEGER),
    runChunk(items, context) {
      if (context.parameters.per === 'chunk') return sendChunk(ports, items, context);
      return Promise.all(items.map((item) => sendItem(ports, item, context.of(item))));
    },
  });
}

async function sendItem(ports: ExchangePorts, item: Item, context: WorkerContext<HttpParameters>) {
  const { url: template, method, body } = context.parameters;
  const source = sourceOf(item);
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const url = fillUrl(template, source);
  const content = body === undefined ? source : fillBody(body, source);
  const text = hasBody ? bodyFor(context.parameters, content) : undefined;
  const message = { url, body: text, idempotencyKey: context.idempotencyKey };
  return keepAnswer(wholeAnswer(await exchange(ports, context, message), url), context);
}

/**
 * Returns the output or error of each item. Throws a failure that the kit must isolate by splitting the chunk, or retry
 * for all items.
 */
async function sendChunk(
  ports: ExchangePorts,
  items: readonly Item[],
  context: ChunkContext<HttpParameters>,
): Promise<unknown[]> {
  const { url, body = ['{item}'] } = context.parameters;
  const unfitItems = new Map(items.flatMap((item) => unfitFor(body, item)));
  const fitItems = items.filter((item) => !unfitItems.has(item));
  const content = fillForAll(body, fitItems.map(sourceOf));
  const idempotencyKey = keyOfItems(fitItems, context);
  const message = { url, body: bodyFor(context.parameters, content), idempotencyKey };
  const responses = fitItems.length === 0 ? [] : await answersTo(ports, message, fitItems, context);
  const byItem = new Map(fitItems.map((item, at) => [item, responses[at]]));
  return Promise.all(
    items.map((item) => {
      const answer = unfitItems.get(item) ?? byItem.get(item);
      if (answer === undefined || answer instanceof Error) return answer;
      // If one response cannot be stored, only its item fails.
      return keepAnswer(answer, context.of(item)).catch((error: unknown) => error);
    }),
  );
}

/** Returns a key that is the same when exactly these items are sent again. */
function keyOfItems(items: readonly Item[], context: ChunkContext<HttpParameters>): string {
  const keys = items.map((item) => context.of(item).idempotencyKey);
  return createHash('sha256').update(keys.join()).digest('hex');
}

/** Returns a failure if the item lacks a field that the body uses, so that it fails alone. */
function unfitFor(body: unknown, item: Item): [Item, PermanentFailure][] {
  try {
    fillForAll(body, [sourceOf(item)]);
    return [];
  } catch (error) {
    if (error instanceof PermanentFailure) return [[item, error]];
    throw error;
  }
}

async function answersTo(
  ports: ExchangePorts,
  message: Message,
  items: readonly Item[],
  context: ChunkContext<HttpParameters>,
): Promise<readonly (ItemAnswer | Error)[]> {
  const { answers: at } = context.parameters;
  try {
    const answer = await exchange(ports, context, message);
    if (at !== undefined)
      return await answersOfItems(answer, items, { url: message.url, now: ports.clock.now(), at });
    const response = wholeAnswer(answer, message.url);
    return items.map(() => response);
  } catch (error) {
    const isContentError = error instanceof PermanentFailure && CONTENT_ERROR_CODES.includes(error.code);
    if (isContentError || error instanceof RetryableFailure || !(error instanceof Error)) throw error;
    return items.map(() => error);
  }
}

function sourceOf({ id, payload, parts }: Item): FieldSource {
  return { id, payload, ...omitUndefined({ parts }) };
}

function bodyFor({ body, bodyFormat }: HttpParameters, content: unknown): { text: string; type: string } {
  if (typeof body === 'string') {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    return { text, type: 'text/plain; charset=utf-8' };
  }
  if (bodyFormat === 'json') return { text: JSON.stringify(content), type: 'application/json' };
  const lines = [content].flat().map((line) => `${JSON.stringify(line)}\n`);
  return { text: lines.join(''), type: 'application/x-ndjson' };
}
