import { expect, test } from 'vitest';
import { call, freshPartition, jobPath, until } from './rest.ts';

const ITEMS = 31;
const CRASHING = '7';

test('an item that ends its worker delays the others by less than a minute, and counts at rest are exact', async () => {
  const path = jobPath(freshPartition(), 'job');
  const batch = {
    splitter: 'range',
    definition: { from: 0, to: ITEMS },
    worker: 'rehearse',
    itemsPerTask: 1,
    parameters: { failItems: [CRASHING], failure: 'crash' },
  };
  const begin = Date.now();
  await call('PUT', path, { body: { batch } });

  const { body } = await until(
    'all other items are done',
    async () => {
      const answer = await call('GET', path);
      return answer.body.items.succeeded === ITEMS - 1 && answer;
    },
    90,
  );

  expect(Date.now() - begin).toBeLessThan(60_000);
  expect(body).toMatchObject({ status: 'Active', items: { found: ITEMS, succeeded: ITEMS - 1, failed: 0 } });
  await call('POST', `${path}/cancel`);
}, 100_000);
