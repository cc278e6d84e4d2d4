/** The items of a job that runs a template, as the request specifies them. */
import * as z from 'zod';

const MAX_PARTS = 1_000;

const partUrl = z
  .string()
  .max(2_048)
  .regex(/^(upload:|s3:\/\/|https:\/\/).+/, 'must be upload:<id>, s3://bucket/key or https://…');

const requestedPart = z.strictObject({
  url: partUrl,
  filename: z.string().min(1).max(1_024).optional(),
  type: z.enum(['BASE_PART', 'META']).default('BASE_PART'),
  mimeType: z.string().min(1).max(200).default('application/octet-stream'),
  properties: z.record(z.string(), z.string()).optional(),
});

const requestedItem = z.strictObject({
  id: z.string().min(1).max(1_024).optional().describe('Default: the index of the item.'),
  parts: z.array(requestedPart).max(MAX_PARTS).default([]),
  indexData: z.record(z.string(), z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});

export const requestedItems = z.array(requestedItem).superRefine((items, context) => {
  const indexById = new Map<string, number>();
  for (const [index, { id = String(index) }] of items.entries()) {
    const first = indexById.get(id);
    indexById.set(id, first ?? index);
    if (first === undefined) continue;
    context.addIssue({
      code: 'custom',
      path: [index, 'id'],
      message: `'${id}' is already the id of item ${first}; use unique ids`,
    });
  }
});
export type RequestedItems = z.output<typeof requestedItems>;
