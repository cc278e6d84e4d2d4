/** Splits the response for a chunk into the responses for its items. */

import { answersById } from '#core/answers-by-id.ts';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import type { Item } from '#core/item.ts';
import { fieldAt } from '#core/item-fields.ts';
import { idOfValue } from '#core/json/exact-number.ts';
import { parseJson } from '#core/json/parse-json.ts';
import { textOfAnswer } from '../../sources/web-content.ts';
import { failureOfStatus, hostOf, retryAfterSeconds } from '../../sources/web-failures.ts';
import { type Answer, type ItemAnswer, reasonIn } from './exchange.ts';
import type { HttpParameters } from './parameters.ts';

type AnswersAt = NonNullable<HttpParameters['answers']>;

interface AnswerContext {
  readonly url: string;
  readonly now: number;
  readonly at: AnswersAt;
}

/** Returns the responses in item order. An item fails with its `Error`. */
export async function answersOfItems(
  answer: Answer,
  items: readonly Item[],
  context: AnswerContext,
): Promise<(ItemAnswer | Error)[]> {
  const entries = await findAnswers(answer, items, context);
  if (entries instanceof Error) return items.map(() => entries);
  return entries.map((entry) =>
    entry === undefined ? missingAnswer(context) : answerOfItem(answer, entry, context),
  );
}

async function findAnswers(
  { headers, bytes }: Answer,
  items: readonly Item[],
  { url, at: { path, idPath } }: AnswerContext,
): Promise<unknown[] | PermanentFailure> {
  const unreadable = (why: string) =>
    new PermanentFailure('answer-unreadable', `the response of ${hostOf(url)} ${why}`);
  const decoded = await textOfAnswer(headers, bytes);
  if (decoded.kind === 'unreadable') return unreadable(decoded.reason);
  const body = jsonIn(decoded.text);
  if (body === undefined) return unreadable('is not JSON, so its items cannot be identified');
  const entries = entriesAt(body, path);
  if (typeof entries !== 'object' || entries === null) {
    return unreadable(`has neither a list nor an object at '${path}'; correct answers.path`);
  }
  if (!Array.isArray(entries)) return items.map(({ id }) => memberOf(entries, id));
  if (idPath !== undefined) return answersById(items, entries, (entry) => valuesAt(entry, idPath)[0]);
  if (entries.length === items.length) return entries;
  return unreadable(
    `has ${entries.length} entries for ${items.length} items; if they have ids, set answers.idPath`,
  );
}

function jsonIn(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function entriesAt(body: unknown, path: string): unknown {
  const entries = valuesAt(body, path);
  return path.split('.').includes('*') ? entries : entries[0];
}

function valuesAt(value: unknown, path: string): unknown[] {
  if (path === '') return [value];
  return typeof value === 'object' && value !== null ? fieldAt(value, path) : [];
}

function memberOf(entries: object, id: string): unknown {
  return Object.hasOwn(entries, id) ? (entries as Record<string, unknown>)[id] : undefined;
}

function missingAnswer({ url }: AnswerContext): RetryableFailure {
  return new RetryableFailure('answer-missing', `the response of ${hostOf(url)} has no entry for this item`);
}

function answerOfItem(answer: Answer, entry: unknown, context: AnswerContext): ItemAnswer | Error {
  const { url, now, at } = context;
  const status = at.statusPath === undefined ? answer.status : statusIn(entry, at.statusPath, answer.status);
  const [error] = at.errorPath === undefined ? [] : valuesAt(entry, at.errorPath).filter(isError);
  const reason =
    error === undefined ? '' : reasonIn(typeof error === 'string' ? error : JSON.stringify(error));
  if (status < 200 || status >= 300) {
    const code = `http-${status}`;
    return failureOfStatus(
      url,
      { status, headers: answer.headers },
      { code, retryableCode: code, now, reason },
    );
  }
  if (error !== undefined) {
    // Like errors of a worker: retry unless the failure is declared permanent.
    return new RetryableFailure('answer-error', `${hostOf(url)} reported an error for this item: ${reason}`, {
      retryAfterSeconds: retryAfterSeconds(answer.headers['retry-after'], now),
    });
  }
  return { status, readBody: async () => entry, mimeType: 'application/json', file: JSON.stringify(entry) };
}

function statusIn(entry: unknown, path: string, fallback: number): number {
  const status = Number(idOfValue(valuesAt(entry, path)[0]) ?? Number.NaN);
  return Number.isInteger(status) ? status : fallback;
}

/** True if the field at `errorPath` contains an error. */
function isError(error: unknown): boolean {
  return error !== null && error !== false && error !== '';
}
