/** Splitters of the steps of a template: the first step reads the items of the request, later ones earlier outcomes. */
import * as z from 'zod';
import { omitUndefined } from '#core/omit-undefined.ts';
import { fileNameOf } from '#core/source-name.ts';
import { type Child, checkpoint, defineSplitter, type SplitContext } from '#core/splitter.ts';
import { nodePrefix, outcomeKey } from '../../store/object-keys.ts';

export const FIRST_STEP_SPLITTER = 'first-step';
export const STEP_OUTCOMES_SPLITTER = 'outcomes';

const ITEMS_PER_CHECKPOINT = 1_000;
const OBJECTS_PER_LIST = 1_000;

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
  *split({ items }, { cursor = 0 }): Generator<Child> {
    for (let index = Number(cursor); index < items.length; index += 1) {
      const { id = String(index), parts = [], ...words } = items[index] ?? {};
      const named = parts.map((part) => ({ ...part, filename: part.filename ?? fileNameOf(part.url) }));
      yield { kind: 'item', id, ...words, ...(named.length === 0 ? {} : { parts: named }) };
      if ((index + 1) % ITEMS_PER_CHECKPOINT === 0) yield checkpoint(index + 1);
    }
  },
});

const outcomes = z.strictObject({
  /** Visits of steps, by node. For a join, the last visit of each branch. */
  inputs: z.array(z.strictObject({ node: z.number().int(), step: z.string() })).min(1),
});

/**
 * Creates one chunk for each chunk of the earlier step, in the order of its objects. Chunks are never repacked, so that the
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
    const run = { partition: context.partition, job: context.job, runNumber: context.runNumber };
    for await (const { key, index } of objectsOf(run, first.node, context)) {
      const counterparts = others.map(({ node, step }) => ({
        step,
        key: outcomeKey(run, String(node), index),
      }));
      yield { kind: 'outcomes', sources: [{ step: first.step, key }, ...counterparts] };
      if ((index + 1) % OBJECTS_PER_LIST === 0) yield checkpoint({ after: key, index: index + 1 });
    }
  },
});

interface Run {
  readonly partition: string;
  readonly job: string;
  readonly runNumber: number;
}

/** Yields the outcome objects of a node. Those of batches below the node come first. */
async function* objectsOf(
  run: Run,
  node: number,
  { objects, cursor }: SplitContext,
): AsyncGenerator<{ key: string; index: number }> {
  const start = (cursor ?? { index: 0 }) as { readonly after?: string; readonly index: number };
  let { index } = start;
  for (const separator of ['.', '/'] as const) {
    const prefix = nodePrefix(run, node, separator);
    // A cursor after this prefix means that the prefix is done.
    let after = start.after !== undefined && start.after > prefix ? start.after : undefined;
    if (after !== undefined && !after.startsWith(prefix)) continue;
    for (;;) {
      const page = await objects.list(
        { key: prefix },
        { limit: OBJECTS_PER_LIST, ...omitUndefined({ after }) },
      );
      for (const { key } of page.objects) {
        yield { key, index };
        index += 1;
      }
      after = page.objects.at(-1)?.key;
      if (page.next === undefined || after === undefined) break;
    }
  }
}
