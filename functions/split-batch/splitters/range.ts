import * as v from 'valibot';
import { integer, positiveCount } from '#contract/integers.ts';
import { countOfNumbers } from '#core/definition-size.ts';
import { type Child, checkpoint, defineSplitter, numbers, type SplitContext } from '#core/splitter.ts';
import { storedCursor } from './stored-cursor.ts';

/** Number of chunks between two checkpoints. */
const CHUNKS_PER_CHECKPOINT = 1_000;

const rangeDefinition = v.strictObject({
  from: integer,
  to: v.pipe(integer, v.description('Exclusive.')),
  step: v.optional(positiveCount, 1),
});
type RangeDefinition = v.InferOutput<typeof rangeDefinition>;

export const range = defineSplitter<RangeDefinition>({
  name: 'range',
  description:
    'Creates one item for each integer from `from` to before `to`. Its id and payload are the number.',
  definition: rangeDefinition,
  stable: true,
  split: splitRange,
});

function* splitRange({ from, to, step }: RangeDefinition, context: SplitContext): Generator<Child> {
  const { itemsPerTask } = context;
  const perCheckpoint = itemsPerTask * CHUNKS_PER_CHECKPOINT;
  const total = countOfNumbers({ from, to, step });
  for (let done = storedCursor(integer, context) ?? 0; done < total; done += perCheckpoint) {
    const count = Math.min(perCheckpoint, total - done);
    yield numbers({ from: from + done * step, step, count });
    if (done + count < total) yield checkpoint(done + count);
  }
}
