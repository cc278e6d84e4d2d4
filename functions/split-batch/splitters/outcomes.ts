/** Splitters of the steps of a template: the first step reads the items of the request, later ones earlier outcomes. */
import * as z from 'zod';
import { fileNameOf } from '#core/source-name.ts';
import { type Child, checkpoint, defineSplitter } from '#core/splitter.ts';
import { storedCursor } from './stored-cursor.ts';

export const FIRST_STEP_SPLITTER = 'first-step';
export const STEP_OUTCOMES_SPLITTER = 'outcomes';

const ITEMS_PER_CHECKPOINT = 1_000;
const CHUNKS_PER_CHECKPOINT = 1_000;

const firstStepInput = z.strictObject({
  items: z.array(
    z.object({
      id: z.string().optional(),
      parts: z.array(
        z.object({
          url: z.string(),
          filename: z.string().optional(),
          type: z.enum(['BASE_PART', 'META']),
          mimeType: z.string(),
          properties: z.record(z.string(), z.string()).optional(),
        }),
      ),
      indexData: z.record(z.string(), z.unknown()).optional(),
      properties: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});

export const firstStepItems = defineSplitter<z.infer<typeof firstStepInput>>({
  name: FIRST_STEP_SPLITTER,
  description: 'Creates the items that the request of a template lists.',
  definition: firstStepInput,
  stable: true,
  *split({ items }, context): Generator<Child> {
    for (let index = storedCursor(z.int(), context) ?? 0; index < items.length; index += 1) {
      const { id = String(index), parts = [], ...words } = items[index] ?? {};
      const named = parts.map((part) => ({ ...part, filename: part.filename ?? fileNameOf(part.url) }));
      yield { kind: 'item', id, ...words, ...(named.length === 0 ? {} : { parts: named }) };
      if ((index + 1) % ITEMS_PER_CHECKPOINT === 0) yield checkpoint(index + 1);
    }
  },
});

const outcomesCursor = z.strictObject({ after: z.string().exactOptional(), index: z.int() });

const outcomes = z.strictObject({
  /** Visits of steps, by node. For a join, the last visit of each branch. */
  inputs: z.array(z.strictObject({ node: z.number().int(), step: z.string() })).min(1),
});

/**
 * Creates one chunk for each chunk of the earlier step, in the order of the tree. Chunks are never repacked, so that the
 * branches of a fork have the same chunks and a join finds the counterparts of each object.
 */
export const outcomesOfStep = defineSplitter<z.infer<typeof outcomes>>({
  name: STEP_OUTCOMES_SPLITTER,
  description: 'Creates one chunk for each chunk of the earlier step.',
  definition: outcomes,
  stable: true,
  async *split({ inputs }, context): AsyncGenerator<Child> {
    const [first, ...others] = inputs;
    if (first === undefined) return;
    const start = storedCursor(outcomesCursor, context) ?? { index: 0 };
    let { index } = start;
    for await (const { name, range } of context.findStepOutcomes(first.node).after(start.after)) {
      if (range === undefined) continue;
      const counterparts = others.map(async ({ node, step }) => {
        const counterpart = await context.findStepOutcomes(node).at(index);
        return counterpart && { step, ...counterpart };
      });
      const found = await Promise.all(counterparts);
      const sources = [{ step: first.step, ...range }, ...found.filter((source) => source !== undefined)];
      yield { kind: 'outcomes', sources };
      index += 1;
      if (index % CHUNKS_PER_CHECKPOINT === 0) yield checkpoint({ after: name, index });
    }
  },
});
