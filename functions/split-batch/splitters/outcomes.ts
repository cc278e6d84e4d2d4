/** Splitters of the steps of a template: the first step reads the items of the request, later ones earlier outcomes. */
import * as v from 'valibot';
import { integer } from '#contract/integers.ts';
import { fileNameOf } from '#core/source-name.ts';
import { type Child, checkpoint, defineSplitter } from '#core/splitter.ts';
import { FIRST_STEP_SPLITTER, STEP_OUTCOMES_SPLITTER } from './names.ts';
import { storedCursor } from './stored-cursor.ts';

const ITEMS_PER_CHECKPOINT = 1_000;
const CHUNKS_PER_CHECKPOINT = 1_000;

const firstStepInput = v.strictObject({
  items: v.array(
    v.object({
      id: v.optional(v.string()),
      parts: v.array(
        v.object({
          url: v.string(),
          filename: v.optional(v.string()),
          type: v.picklist(['BASE_PART', 'META']),
          mimeType: v.string(),
          properties: v.optional(v.record(v.string(), v.string())),
        }),
      ),
      indexData: v.optional(v.record(v.string(), v.unknown())),
      properties: v.optional(v.record(v.string(), v.unknown())),
    }),
  ),
});

export const firstStepItems = defineSplitter<v.InferOutput<typeof firstStepInput>>({
  name: FIRST_STEP_SPLITTER,
  description: 'Creates the items that the request of a template lists.',
  definition: firstStepInput,
  stable: true,
  *split({ items }, context): Generator<Child> {
    for (let index = storedCursor(integer, context) ?? 0; index < items.length; index += 1) {
      const { id = String(index), parts = [], ...words } = items[index] ?? {};
      const named = parts.map((part) => ({ ...part, filename: part.filename ?? fileNameOf(part.url) }));
      yield { kind: 'item', id, ...words, ...(named.length === 0 ? {} : { parts: named }) };
      if ((index + 1) % ITEMS_PER_CHECKPOINT === 0) yield checkpoint(index + 1);
    }
  },
});

const outcomesCursor = v.looseObject({ after: v.exactOptional(v.string()), index: integer });

const outcomes = v.strictObject({
  /** Visits of steps, by node. For a join, the last visit of each branch. */
  inputs: v.pipe(v.array(v.strictObject({ node: integer, step: v.string() })), v.nonEmpty()),
});

/**
 * Creates one chunk for each chunk of the earlier step, in the order of the tree. Chunks are never repacked, so that the
 * branches of a fork have the same chunks and a join finds the counterparts of each object.
 */
export const outcomesOfStep = defineSplitter<v.InferOutput<typeof outcomes>>({
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
