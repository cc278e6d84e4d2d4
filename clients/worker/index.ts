/**
 * The worker kit: everything to write a worker or a splitter.
 *
 * @example
 * ```ts
 * import { defineWorker, lambdaHandler, PermanentFailure } from 'jobtree/worker';
 * import * as z from 'zod';
 *
 * const shout = defineWorker({
 *   name: 'shout',
 *   parameters: z.strictObject({ mark: z.string().default('!') }),
 *   run: (item, { parameters }) => `${String(item.payload).toUpperCase()}${parameters.mark}`,
 * });
 * export const handler = lambdaHandler(shout);
 * ```
 */
export { PermanentFailure, RetryableFailure } from '#core/errors.ts';
export type { Item, Part } from '#core/item.ts';
export type { Web, WebAnswer, WebRequest } from '#core/ports.ts';
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
export { lambdaHandler } from '../../functions/kit/lambda.ts';
export type { FetchOptions, PartPlace } from '../../functions/sources/parts.ts';
