import * as z from 'zod';
import { idOfEntry } from '#core/item-id.ts';
import { type Child, checkpoint, defineSplitter, item, type SplitContext } from '#core/splitter.ts';
import { CheckpointPace } from './checkpoint-pace.ts';
import { describeFile, itemsOfRecords, readRecords } from './records.ts';

const itemsDefinition = z.union([
  z.strictObject({
    items: z.array(z.unknown()).describe('The items. Each element is the payload of one item.'),
  }),
  z.strictObject({
    source: z
      .string()
      .regex(/^(upload:|s3:\/\/).+/, 'must be upload:<id> or s3://bucket/key')
      .describe('Location of a JSON Lines file. Each line is one item.'),
  }),
]);
type ItemsDefinition = z.infer<typeof itemsDefinition>;

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
  readonly etag: string;
}

async function* splitSource(
  source: string,
  { cursor, objects, itemsPerTask }: SplitContext,
): AsyncGenerator<Child> {
  const address = objects.resolve(source);
  const info = await describeFile(objects, address);
  const start = (cursor ?? { from: 0, line: 1, index: 0, etag: info.etag }) as SourceCursor;
  const range = { from: start.from, line: start.line, to: info.sizeBytes };
  const pace = new CheckpointPace(itemsPerTask);
  let { index } = start;
  for await (const records of readRecords(objects, { address, etag: start.etag }, range, false)) {
    const found = itemsOfRecords(records, () => '', { format: 'jsonl', delimiter: ',' });
    for (const [position, record] of records.entries()) {
      const child = found[position];
      if (child?.kind !== 'item') continue;
      yield { ...child, id: idOfEntry(child.payload, index) };
      index += 1;
      if (pace.isDue(record.bytes.length)) {
        yield checkpoint({
          from: record.end,
          line: record.line + 1,
          index,
          etag: start.etag,
        } satisfies SourceCursor);
      }
    }
  }
}
