/**
 * The worker kit: everything that you need to write and test a worker or a splitter.
 *
 * @example
 * ```ts
 * import { defineWorker } from 'jobtree/worker';
 * import * as z from 'zod';
 *
 * export const shout = defineWorker({
 *   name: 'shout',
 *   description: 'Converts a text to upper case.',
 *   parameters: z.strictObject({ mark: z.string().default('!') }),
 *   run: (item, { parameters }) => `${String(item.payload).toUpperCase()}${parameters.mark}`,
 * });
 * ```
 */
export { PermanentFailure, RetryableFailure } from '#core/errors.ts';
export type { Item, Part } from '#core/item.ts';
export { ExactNumber, InexactNumber } from '#core/json/exact-number.ts';
export type { Log, Web, WebRequest, WebResponse } from '#core/ports.ts';
export {
  batch,
  brokenItem,
  type Child,
  checkpoint,
  defineSplitter,
  item,
  numbers,
  type SplitContext,
  type Splitter,
} from '#core/splitter.ts';
export {
  type ChunkContext,
  type ChunkWorkerOptions,
  defineWorker,
  type Worker,
  type WorkerContext,
  type WorkerOptions,
} from '../../functions/kit/define-worker.ts';
export {
  type InvocationContext,
  lambdaHandler,
  type QueueEvent,
  type QueueHandler,
  type QueueResponse,
} from '../../functions/kit/lambda.ts';
export type { GivenFiles } from '../../functions/kit/testing/given-files.ts';
export {
  type RunSplitterOptions,
  runSplitter,
} from '../../functions/kit/testing/run-splitter.ts';
export {
  type ItemResult,
  type RunWorkerOptions,
  runWorker,
  type StoredPart,
} from '../../functions/kit/testing/run-worker.ts';
export type { FetchOptions, PartLocation } from '../../functions/sources/parts.ts';
