import { describe, expect, test } from 'vitest';
import { omitUndefined } from '#core/omit-undefined.ts';
import { aZip } from '../../support/zips.ts';
import { aFlowService, step } from './a-flow.ts';

const take = (more: object = {}) => step('take', {}, { inputMimeTypes: ['application/zip'], ...more });

/** Runs one item with a part that contains these bytes. */
async function run(content: Buffer | string, part: object, steps: readonly object[] = [take()]) {
  const flow = aFlowService();
  await flow.service.objects.put('uploads/p1/a', content);
  const items = [{ id: '1', parts: [{ url: 'upload:a', ...part }] }];
  const job = await flow.run({ steps: steps as never }, { items });
  return { flow, job, item: (await flow.list('items'))[0] };
}

describe('a step selects parts', () => {
  test.each([
    'application/x-zip-compressed',
    'application/zip; charset=binary',
    'Application/Zip',
    'application/octet-stream',
    undefined,
  ])('by their type in any form, or by content if it is missing: %s', async (mimeType) => {
    const part = { filename: 'a', ...omitUndefined({ mimeType }) };

    const { flow, item } = await run(await aZip({ 'a.txt': 'x' }), part);

    expect(flow.seen).toMatchObject([{ as: 'take', parts: ['a'] }]);
    expect(item.note).toBeUndefined();
  });
});

describe('an item without a part for the step', () => {
  const part = { filename: 'a.txt', mimeType: 'text/plain' };
  const note =
    "step 'take' received no part: it accepts application/zip, and the item has a.txt (text/plain)";

  test('has a note, which later steps keep', async () => {
    const { flow, job, item } = await run('text', part, [take(), step('next')]);

    expect(job.status).toBe('Completed');
    expect(item).toMatchObject({ outcome: 'succeeded', note });
    const detail = await flow.api.call('GET', '/partitions/p1/jobs/j/items/1');
    expect(detail.body).toMatchObject({ note });
  });

  test('fails if the step says so, and the worker does not receive it', async () => {
    const { flow, job, item } = await run('text', part, [take({ onNoParts: 'fail' })]);

    expect(job.status).toBe('Failed');
    expect(flow.seen).toEqual([]);
    expect(item.failure).toMatchObject({
      code: 'no-parts',
      failureMessage: expect.stringContaining(`${note}. Correct the type`),
    });
  });

  test('has no note if an earlier visit received the part', async () => {
    const steps = [
      take({ marksSourceMeta: true }),
      step('next', {}, { inputMimeTypes: ['application/zip'] }),
    ];

    const { item } = await run(await aZip({ a: 'x' }), { filename: 'a.zip' }, steps);

    expect(item.note).toBeUndefined();
  });
});
