import * as v from 'valibot';
import { PermanentFailure } from '#core/errors.ts';
import { idOfEntry } from '#core/item-id.ts';
import type { ObjectAddress } from '#core/object-address.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import {
  type Child,
  checkpoint,
  defineSplitter,
  item,
  type SourceAddress,
  type SplitContext,
} from '#core/splitter.ts';
import { sourceName } from '../../sources/object-blocks.ts';
import { decideGrammar } from '../records/decide-grammar.ts';
import type { RecordGrammar } from '../records/grammar.ts';
import { itemOfRecord } from '../records/items-of-records.ts';
import { describeVersion, type OpenFile, reopened, withHead } from '../records/open-file.ts';
import { readRecords } from '../records/read-records.ts';
import { CheckpointPace } from './checkpoint-pace.ts';
import { recordCursor, storedCursor } from './stored-cursor.ts';

const itemsDefinition = v.union([
  v.strictObject({
    items: v.pipe(v.array(v.unknown()), v.description('The items. Each element is the payload of one item.')),
  }),
  v.strictObject({
    source: v.pipe(
      v.string(),
      v.regex(/^(upload:|s3:\/\/).+/, 'must be upload:<id> or s3://bucket/key'),
      v.description('Location of a JSON Lines file. Each line is one item.'),
    ),
  }),
]);
type ItemsDefinition = v.InferOutput<typeof itemsDefinition>;

export const items = defineSplitter<ItemsDefinition>({
  name: 'items',
  description:
    'Creates one item for each element of a list or line of a JSON Lines file. The id is its field `id`, or its index.',
  definition: itemsDefinition,
  stable: true,
  split: (definition, context) =>
    'items' in definition ? splitList(definition.items) : splitSource(definition.source, context),
});

function* splitList(list: readonly unknown[]): Generator<Child> {
  for (const [index, payload] of list.entries()) yield item(idOfEntry(payload, index), payload);
}

interface SourceCursor {
  readonly from: number;
  readonly line: number;
  readonly index: number;
  readonly etag?: string | undefined;
  readonly unpacked?: ObjectAddress | undefined;
  readonly grammar: RecordGrammar;
}

const FORM = { format: 'jsonl', quote: '', strayQuotes: 'refuse', skipLines: 0 } as const;

async function* splitSource(source: string, context: SplitContext): AsyncGenerator<Child> {
  const { objects, itemsPerTask } = context;
  const address = objects.resolve(source);
  const resumed = storedCursor(recordCursor, context) as SourceCursor | undefined;
  const { file, start } =
    resumed === undefined
      ? await opened(context, address)
      : { file: await reopened(resumed, context, address), start: resumed };
  const { grammar } = start;
  const range = { from: start.from, line: start.line };
  const pace = new CheckpointPace(itemsPerTask);
  let { index } = start;
  for await (const records of readRecords(objects, file, { grammar, range })) {
    for (const record of records) {
      const child = itemOfRecord(record, '', FORM);
      if (child?.kind !== 'item') continue;
      yield { ...child, id: idOfEntry(child.payload, index) };
      index += 1;
      if (pace.isDue(record.bytes))
        yield checkpoint({
          ...start,
          from: record.end,
          line: record.nextLine,
          index,
        } satisfies SourceCursor);
    }
  }
  if (index > 0 || file.sizeBytes === 0) return;
  throw new PermanentFailure(
    'no-records',
    `'${sourceName(address)}' has ${file.sizeBytes} bytes but no record.`,
  );
}

async function opened(
  context: SplitContext,
  address: SourceAddress,
): Promise<{ readonly file: OpenFile; readonly start: SourceCursor }> {
  const file = await withHead(context, await describeVersion(context.objects, address, undefined));
  const { grammar, markBytes } = await decideGrammar(FORM, file.content);
  const { etag, unpacked } = file;
  return {
    file,
    start: { from: markBytes, line: 1, index: 0, grammar, ...omitUndefined({ etag, unpacked }) },
  };
}
