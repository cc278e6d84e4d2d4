import type { Failure } from './job.ts';
import { entryIn } from './source-name.ts';

/**
 * One unit of the user's work, as a splitter found it. `problem` is the reason if it cannot be processed at
 * all.
 */
export interface Item {
  readonly id: string;
  readonly payload?: unknown;
  readonly problem?: string | undefined;
  /** Number of earlier attempts. */
  readonly tries?: number | undefined;
  /** Files from its source, and files that earlier workers of the pipeline made from it. */
  readonly parts?: readonly Part[] | undefined;
  /** Notes of earlier steps for the user. */
  readonly note?: string | undefined;
  /** Data about the item from the request of a job that runs a template. */
  readonly indexData?: Readonly<Record<string, unknown>> | undefined;
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * `count` items whose payloads are the numbers `from`, `from + step`, and so on. The message has a constant
 * size.
 */
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

/** A file that belongs to an item: at `key` in the stack's bucket, or at `url`. */
export interface Part {
  readonly type: 'BASE_PART' | 'META';
  readonly filename: string;
  readonly mimeType: string;
  readonly key?: string | undefined;
  readonly url?: string | undefined;
  readonly sizeBytes?: number | undefined;
  readonly properties?: Readonly<Record<string, string>> | undefined;
}

/**
 * True if the part is a result that users can fetch. A source of the item, such as an upload or an entry of
 * an archive, is not a result.
 */
export function isResult({ key, url }: Pick<Part, 'key' | 'url'>): boolean {
  return key !== undefined || (url !== undefined && /^https?:/i.test(url) && entryIn(url) === undefined);
}

/** The payload of an item in its outcome: the whole payload if it is small, otherwise the beginning. */
export interface ItemInput {
  /** The payload as JSON, or the beginning of that JSON. */
  readonly json: string;
  /** True if `json` is only the beginning. */
  readonly isExcerpt?: true;
  /** Key of the whole payload, if it was stored. */
  readonly key?: string;
}

/** An attempt that failed and was repeated. The error is absent if the note of the chunk had no space for it. */
export interface FailedAttempt {
  readonly at: number;
  readonly error?: string;
}

/** The outcome of one item: a line of its chunk's outcome object, and the item view of the API. */
export interface OutcomeRecord {
  readonly id: string;
  readonly path: string;
  readonly outcome: ItemOutcome;
  readonly attempts: number;
  readonly output?: unknown;
  readonly parts?: readonly Part[];
  readonly failure?: Failure;
  /**
   * Input for the next step of a template: the payload if `output` is absent, and the code that the worker
   * set.
   */
  readonly payload?: unknown;
  /** True if `payload` is the output of the worker, which is too large for `output`. */
  readonly isAnswer?: true;
  readonly indexData?: Item['indexData'];
  readonly properties?: Item['properties'];
  readonly exitCode?: string;
  /** Payload that the worker received. Absent if `payload` is that payload. */
  readonly input?: ItemInput;
  /** Note for the user, such as that a step received no part. */
  readonly note?: string;
  /** Time at which the last attempt ended. */
  readonly at?: number;
  /** Failed attempts of this run before the last one, in order. */
  readonly earlierAttempts?: readonly FailedAttempt[];
  /** True if the item's id was lost with the message of its chunk; `id` is then a placeholder. */
  readonly isUnnamed?: true;
}

/** Maximum size of an output in its outcome. A larger output becomes a part. */
export const MAX_INLINE_OUTPUT_BYTES = 4 * 1024;
