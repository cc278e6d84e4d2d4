/** The deployed splitters and workers, with their schemas. */
import * as z from 'zod';
import { DEFAULT_ITEMS_PER_TASK } from '#core/items-per-task.ts';

const jsonSchema = z.record(z.string(), z.unknown());
const commonMembers = { name: z.string().min(1), description: z.string() };

export const splitterSchema = z
  .strictObject({
    ...commonMembers,
    definition: jsonSchema.describe('JSON Schema 2020-12 of its definitions.'),
  })
  .meta({ id: 'Splitter' });

export const workerSchema = z
  .strictObject({
    ...commonMembers,
    parameters: jsonSchema.describe('JSON Schema 2020-12 of its parameters.'),
    itemsPerTask: z
      .int()
      .min(1)
      .exactOptional()
      .describe(`Items of a chunk if the job does not state them. Absent: ${DEFAULT_ITEMS_PER_TASK}.`),
  })
  .meta({ id: 'Worker' });
