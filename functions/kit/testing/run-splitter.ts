import { PermanentFailure } from '#core/errors.ts';
import { checkBy } from '#core/schema.ts';
import type { Child, SplitContext, Splitter } from '#core/splitter.ts';
import { readableObjects } from '../../sources/readable-objects.ts';
import { keptFileKey } from '../../store/object-keys.ts';
import { asJson, type GivenWorld, objectsOf, readingPortsOf, systemTime, webOf } from './given-files.ts';

const NO_OUTCOMES = {
  async *after() {},
  at: async () => undefined,
};

export interface RunSplitterOptions extends GivenWorld {
  /** Cursor of an earlier `checkpoint`, to test that splitting resumes from it. @default - from the start */
  readonly cursor?: unknown;
  /** @default 10 */
  readonly itemsPerTask?: number;
}

/**
 * Runs a splitter on a definition in a unit test. Returns its children in order: items, batches and checkpoints, as
 * `item`, `batch` and `checkpoint` make them. Batches are checked against the schema, but not split.
 *
 * @example
 * expect(await runSplitter(words, { text: 'two words' })).toEqual([item('1', 'two'), item('2', 'words')]);
 */
export async function runSplitter<D>(
  splitter: Splitter<D>,
  definition: unknown,
  options: RunSplitterOptions = {},
): Promise<Child[]> {
  const { files = {}, partition = 'demo', job = 'unit-test', itemsPerTask = 10, cursor } = options;
  const { web = webOf(files) } = options;
  const objects = await objectsOf(files, partition);
  const run = { partition, job, runNumber: 1 };
  const context: SplitContext = {
    ...run,
    itemsPerTask,
    objects: readableObjects({ web, clock: systemTime, ...readingPortsOf(files, objects) }, partition),
    keepFile: async (name, content) => {
      const address = { key: keptFileKey(run, name) };
      if ((await objects.describe(address)) === undefined) await objects.putStream(address.key, content());
      return address;
    },
    web,
    clock: systemTime,
    findJob: async () => undefined,
    findOutcomes: async () => NO_OUTCOMES,
    findStepOutcomes: () => NO_OUTCOMES,
    ...(cursor === undefined ? {} : { cursor: asJson(cursor) }),
  };
  const children: Child[] = [];
  for await (const child of splitter.split(checked(splitter, asJson(definition)), context)) {
    if (child.kind === 'batch' && (child.splitter ?? splitter.name) === splitter.name)
      checked(splitter, asJson(child.definition));
    children.push(asJson(child));
  }
  return children;
}

function checked<D>({ name, definition: schema }: Splitter<D>, definition: unknown): D {
  const result = checkBy(schema, definition);
  if (result.ok) return result.value;
  throw new PermanentFailure('invalid-definition', `definition of splitter '${name}' at ${result.reason}`);
}
