import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#core/partition-settings.ts';
import type { Write } from '#core/ports.ts';
import { queuePk } from '../../../functions/store/keys.ts';
import { putSettings } from '../../../functions/store/partitions.ts';
import { JOB } from '../../support/jobs.ts';
import { type aDispatcher, NEVER, withEveryCrash } from './a-dispatcher.ts';

type Dispatcher = ReturnType<typeof aDispatcher>;

const isInLine = (write: Write) => write.kind === 'put' && write.row.pk === queuePk(JOB.partition);

function suspend({ table, clock }: Dispatcher, suspended: boolean) {
  return putSettings(table, JOB.partition, { ...DEFAULT_SETTINGS, suspended }, { now: clock.now() });
}

/** The partition is resumed after the job found no slot and before it joins the waitlist, which is still empty. */
async function aLateResume(dispatcher: Dispatcher): Promise<void> {
  await suspend(dispatcher, true);
  await dispatcher.followStream();
  await dispatcher.create();
  const { table } = dispatcher;
  const transact = table.transact.bind(table);
  let isResumed = false;
  table.transact = async (writes) => {
    if (!isResumed && writes.some(isInLine)) {
      await suspend(dispatcher, false);
      for (const row of dispatcher.owed()) await dispatcher.dispatch(row, NEVER);
      isResumed = true;
    }
    return transact(writes);
  };
}

test('a job that joins the waitlist too late for the turn starts, with any crash', async () => {
  const calls = await withEveryCrash(aLateResume, async (dispatcher) => {
    expect(await dispatcher.job()).toMatchObject({ status: 'Active' });
  });

  expect(calls).toBeGreaterThan(5);
});
