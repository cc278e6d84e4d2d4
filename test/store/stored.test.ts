import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { jobOfRow } from '../../functions/store/job-rows.ts';
import { partitionKey } from '../../functions/store/keys.ts';
import { parseOutcomes } from '../../functions/store/outcomes.ts';
import { readPartition } from '../../functions/store/partitions.ts';
import { parseStored, readStored, storedRetry } from '../../functions/store/stored.ts';
import { MemoryTable } from '../support/memory/table.ts';

test('a stored value of another shape is refused with the member that is wrong', () => {
  expect(() => parseStored(v.object({ step: v.string() }), '{"step":1}', 'visit')).toThrow(
    /the stored visit is not valid: .*at step/s,
  );
});

test('a stored outcome without an outcome is refused', () => {
  const line = JSON.stringify({ id: '1', path: '', attempts: 1 });
  expect(() => parseOutcomes(new TextEncoder().encode(line))).toThrow('a stored outcome is not valid');
});

test('a job row without its plan is refused', () => {
  expect(() => jobOfRow({ pk: 'P#p#J#j', sk: 'JOB', status: 'Active', runNumber: 1 })).toThrow(
    'the row P#p#J#j is not valid as the row of a job',
  );
});

describe('a value that a later release stored', () => {
  test('does not stop the settings of a partition', async () => {
    const table = new MemoryTable();
    const settings = { maxActiveJobs: 3, suspended: false, retention: 'P30D', quota: 9 };
    const defaults = {
      priority: 5,
      owner: 'x',
      expiry: { active: { expiryTime: 'lastUpdateTime+P1D', notify: true } },
    };
    const row = { ...partitionKey('p1'), settings: { ...settings, defaults }, settingsVersion: 1 };
    await table.write({ kind: 'put', row });

    expect((await readPartition(table, 'p1')).settings).toEqual({ ...settings, defaults });
  });

  test('does not stop a retry', () => {
    const retry = { filter: { codes: ['x'], since: 1 }, note: 'y' };

    expect(readStored(storedRetry, retry, 'retry')).toEqual(retry);
  });
});
