/** Items, failures and result parts as the API shows them. */
import * as z from 'zod';
import { ITEM_OUTCOMES } from '#core/item.ts';

const part = z.object({
  type: z.enum(['BASE_PART', 'META']),
  filename: z.string(),
  mimeType: z.string(),
  key: z.string().optional(),
  url: z.string().optional(),
  sizeBytes: z.number().optional(),
  properties: z.record(z.string(), z.string()).optional(),
});

const failure = z.object({
  failureId: z.string(),
  failureTime: z.int(),
  failureSource: z.string(),
  failureMessage: z.string(),
  code: z.string(),
  attempts: z.int(),
  stack: z.string().optional(),
});

/** A line of an outcome object; what workers add to it beyond these members is not shown. */
export const itemView = z.object({
  id: z.string(),
  path: z.string(),
  outcome: z.enum(ITEM_OUTCOMES),
  attempts: z.int(),
  output: z.unknown().optional(),
  parts: z.array(part).optional(),
  failure: failure.optional(),
});
export type ItemView = z.output<typeof itemView>;

/** A file that the job made, and where to fetch it until `expiresAt`. */
export interface ResultPart {
  readonly itemId: string;
  readonly filename: string;
  readonly mimeType: string;
  readonly sizeBytes?: number;
  readonly url: string;
  /** Absent where the part lies outside of the stack, under an address of its own. */
  readonly expiresAt?: number;
}
