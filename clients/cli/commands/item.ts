import type { ItemDetail } from '../../client/index.ts';
import type { Context } from '../context.ts';
import type { Field, Output } from '../output/output.ts';
import { age } from '../output/times.ts';
import { partitionOf } from '../settings/connection.ts';

const number = new Intl.NumberFormat('en-US');

export async function run(context: Context, _options: object, id: string, itemId: string): Promise<void> {
  const { output, signal, connect } = context;
  const job = partitionOf(connect()).job(id);
  let detail = await job.lookForItem(itemId, undefined, { signal });
  while (detail.cursor !== undefined) {
    output.note(`Looked at ${number.format(detail.lookedAt ?? 0)} items`);
    detail = await job.lookForItem(itemId, detail.cursor, { signal });
  }
  const found = detail;
  await output.value(found, () => itemFields(found, output));
}

function itemFields(detail: ItemDetail, output: Output): Field[] {
  const { attempts, failure, nextAttemptAt, parts = [] } = detail;
  return [
    ['id', detail.id],
    ['outcome', detail.outcome ?? 'is being retried'],
    ['task', detail.path],
    ...attempts.map(
      ({ at, error }, index): Field => [
        `attempt ${index + 1}`,
        [output.time(at), error ?? 'no error'].filter(Boolean).join('  '),
      ],
    ),
    ['next attempt', nextAttemptAt && age(nextAttemptAt)],
    ['note', detail.note],
    ['code', failure?.code],
    ['failure', failure?.failureMessage],
    ['stack', failure?.stack],
    ['payload', detail.payload === undefined ? detail.payloadExcerpt : shown(detail.payload)],
    ['whole payload', detail.payloadUrl],
    ['output', detail.output === undefined ? undefined : shown(detail.output)],
    ...parts.map(({ filename, url, note }): Field => ['file', `${filename}  ${url ?? note ?? ''}`]),
  ];
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
