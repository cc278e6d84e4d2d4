import { expect, test } from 'vitest';
import * as z from 'zod';
import { jobOfRow } from '../../functions/store/job-rows.ts';
import { parseOutcomes } from '../../functions/store/outcomes.ts';
import { parseStored } from '../../functions/store/stored.ts';

test('a stored value of another shape is refused with the member that is wrong', () => {
  expect(() => parseStored(z.object({ step: z.string() }), '{"step":1}', 'visit')).toThrow(
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
