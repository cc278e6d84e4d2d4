import type { Failure } from './job.ts';
import { entryIn } from './source-name.ts';

/** One unit of the user's work, as a splitter found it. `problem` says why it cannot be worked on at all. */
export interface Item {
  readonly id: string;
  readonly payload?: unknown;
  readonly problem?: string | undefined;
  /** How often it was tried already. */
  readonly tries?: number | undefined;
  /** Files that it came with, or that earlier workers of the pipeline made of it. */
  readonly parts?: readonly Part[] | undefined;
  /** What the request of a job of a template says of it. */
  readonly indexData?: Readonly<Record<string, unknown>> | undefined;
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
}

/** Items that are just the numbers from, from + step … , `count` of them: a message of constant size. */
export interface NumberRange {
  readonly from: number;
  readonly step: number;
  readonly count: number;
}

export function itemsOfRange({ from, step, count }: NumberRange): Item[] {
  return Array.from({ length: count }, (_, i) => ({ id: String(from + i * step), payload: from + i * step }));
}

export const ITEM_OUTCOMES = ['succeeded', 'failed', 'skipped'] as const;
export type ItemOutcome = (typeof ITEM_OUTCOMES)[number];

/** A file that belongs to an item: at `key` in the stack's bucket, or wherever `url` says. */
export interface Part {
  readonly type: 'BASE_PART' | 'META';
  readonly filename: string;
  readonly mimeType: string;
  readonly key?: string | undefined;
  readonly url?: string | undefined;
  readonly sizeBytes?: number | undefined;
  readonly properties?: Readonly<Record<string, string>> | undefined;
}

/** Whether users can fetch it: a source that the item came with, such as an upload or the entry of an archive, is no result. */
export function isResult({ key, url }: Pick<Part, 'key' | 'url'>): boolean {
  return key !== undefined || (url !== undefined && /^https?:/i.test(url) && entryIn(url) === undefined);
}

/** What came of one item: a line of its chunk's outcome object, and the item view of the API. */
export interface OutcomeRecord {
  readonly id: string;
  readonly path: string;
  readonly outcome: ItemOutcome;
  readonly attempts: number;
  readonly output?: unknown;
  readonly parts?: readonly Part[];
  readonly failure?: Failure;
  /** What else the next step of a template is handed: the payload where there is no output, and the code that was set. */
  readonly payload?: unknown;
  /** That payload is the worker's answer, which is too large for `output`. */
  readonly isAnswer?: true;
  readonly indexData?: Item['indexData'];
  readonly properties?: Item['properties'];
  readonly exitCode?: string;
  /** The id of the item was lost with the message of its chunk; `id` is made up. */
  readonly isUnnamed?: true;
}

/** The most bytes of an item's answer that its outcome carries; a larger one becomes a part. */
export const MAX_INLINE_OUTPUT_BYTES = 4 * 1024;
