import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expiryOf } from '#core/expiry.ts';
import { type Expiry, isExpiryTime, isIdleLimit, isRetention } from '#core/expiry-policy.ts';
import { FINAL_STATUSES, JOB_STATUSES, type JobStatus, LIVE_STATUSES } from '#core/job-status.ts';

const at = (text: string) => Date.parse(text);
const keyOf = (status: JobStatus) => status.toLowerCase() as keyof Expiry;
const shown = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString());

/** Returns when a policy expires a job that was created and changed at these times. */
function timeOf(expiryTime: string, { status = 'Active' as JobStatus, created = '', updated = '' } = {}) {
  const job = {
    status,
    createTime: at(created || '2026-01-01T00:00:00Z'),
    lastUpdateTime: at(updated || '2026-01-02T00:00:00Z'),
    expiry: { [keyOf(status)]: { expiryTime } },
  };
  return shown(expiryOf(job)?.time);
}

describe('an expiry time', () => {
  test.each([
    ['none', undefined],
    ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T12:00:00.250+02:00', '2026-03-01T10:00:00.250Z'],
    ['2028-02-29T12:00:00+0200', '2028-02-29T10:00:00.000Z'],
    ['1999-12-31T23:59Z', '1999-12-31T23:59:00.000Z'],
    ['createTime+P30D', '2026-01-31T00:00:00.000Z'],
    ['lastUpdateTime+PT6H', '2026-01-02T06:00:00.000Z'],
    ['createTime+P1M', '2026-02-01T00:00:00.000Z'],
    ['createTime+PT1M', '2026-01-01T00:01:00.000Z'],
    ['createTime+P1Y', '2027-01-01T00:00:00.000Z'],
    ['createTime+PT90S', '2026-01-01T00:01:30.000Z'],
    ['createTime+P1DT2H', '2026-01-02T02:00:00.000Z'],
    ['createTime+P1Y2M3DT4H5M6S', '2027-03-04T04:05:06.000Z'],
    ['createTime+PT0S', '2026-01-01T00:00:00.000Z'],
    ['createTime+P0D', '2026-01-01T00:00:00.000Z'],
    ['createTime+P400000Y', '+275760-09-13T00:00:00.000Z'],
  ])('%s is %s', (expiryTime, time) => {
    expect(isExpiryTime(expiryTime)).toBe(true);
    expect(timeOf(expiryTime)).toBe(time);
  });

  test.each([
    ['2026-01-31T10:00:00Z', 'P1M', '2026-02-28T10:00:00.000Z'],
    ['2028-01-31T10:00:00Z', 'P1M', '2028-02-29T10:00:00.000Z'],
    ['2026-03-31T00:00:00Z', 'P1M', '2026-04-30T00:00:00.000Z'],
    ['2028-02-29T12:00:00Z', 'P1Y', '2029-02-28T12:00:00.000Z'],
    ['2028-02-29T12:00:00Z', 'P4Y', '2032-02-29T12:00:00.000Z'],
    ['2026-12-31T23:59:59Z', 'P2M', '2027-02-28T23:59:59.000Z'],
    ['2026-01-31T00:00:00Z', 'P1M1D', '2026-03-01T00:00:00.000Z'],
    ['2026-02-28T23:00:00Z', 'PT1H', '2026-03-01T00:00:00.000Z'],
    ['2028-02-28T23:00:00Z', 'PT1H', '2028-02-29T00:00:00.000Z'],
  ])('from %s, %s later, is %s', (created, duration, time) => {
    expect(timeOf(`createTime+${duration}`, { created })).toBe(time);
  });

  test.each([
    '',
    'None',
    'never',
    '2026-03-01',
    '2026-03-01T12:00:00',
    '2026-13-01T12:00:00Z',
    '2026-02-29T12:00:00Z',
    '2026-04-31T12:00:00Z',
    '2026-03-01T25:00:00Z',
    '1767225600000',
    'createTime',
    'createTime+',
    'createTime+P',
    'createTime+PT',
    'createTime+P1DT',
    'createTime+P1W',
    'createTime+P1.5D',
    'createTime+P-1D',
    'createTime-P1D',
    'createTime+PT1D',
    'createTime+P1H',
    'createTime+P1D2M',
    'createTime + P1D',
    'createtime+P1D',
    'endTime+P1D',
    'P1D',
    'createTime+P1234567D',
    ' none',
  ])('is not %j', (text) => {
    expect(isExpiryTime(text)).toBe(false);
  });
});

describe('laws of durations', () => {
  const start = fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true });
  const add = (created: Date, duration: string) =>
    at(timeOf(`createTime+${duration}`, { created: created.toISOString() }) ?? '');

  test('days, hours, minutes and seconds have one length', () => {
    const parts = fc.tuple(fc.nat(4_000), fc.nat(400), fc.nat(400), fc.nat(400));

    fc.assert(
      fc.property(start, parts, (created, [days, hours, minutes, seconds]) => {
        const millis = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000;

        expect(add(created, `P${days}DT${hours}H${minutes}M${seconds}S`)).toBe(created.getTime() + millis);
      }),
    );
  });

  test('adding months keeps day and time, or uses the last day of a shorter month', () => {
    fc.assert(
      fc.property(start, fc.nat(600), (created, months) => {
        const end = new Date(add(created, `P${months}M`));

        const counted = (end.getUTCFullYear() - created.getUTCFullYear()) * 12 + end.getUTCMonth();
        const isLast = new Date(end.getTime() + 86_400_000).getUTCDate() === 1;
        expect(counted - created.getUTCMonth()).toBe(months);
        expect(end.getTime() % 86_400_000).toBe(created.getTime() % 86_400_000);
        expect(end.getUTCDate() === created.getUTCDate() || (isLast && end.getUTCDate() >= 28)).toBe(true);
      }),
    );
  });

  test('a year is twelve months', () => {
    fc.assert(
      fc.property(start, fc.nat(200), (created, years) => {
        expect(add(created, `P${years}Y`)).toBe(add(created, `P${12 * years}M`));
      }),
    );
  });

  test('a later start never results in an earlier end', () => {
    const duration = fc.constantFrom('P1M', 'P1Y', 'P1M1D', 'P11MT5H', 'P1DT2H');

    fc.assert(
      fc.property(start, fc.nat(100 * 86_400_000), duration, (created, later, text) => {
        const other = new Date(created.getTime() + later);

        expect(add(other, text)).toBeGreaterThanOrEqual(add(created, text));
      }),
    );
  });
});

describe('the automatic action on a job', () => {
  const times = { createTime: at('2026-01-01T00:00:00Z'), lastUpdateTime: at('2026-01-02T00:00:00Z') };

  test.each(['Waiting', 'Paused', 'Blocked'] as const)('that is %s is none without a policy', (status) => {
    expect(expiryOf({ status, ...times })).toBeUndefined();
  });

  test('that is Active is Expire seven days after its last progress, or after the limit of its stack', () => {
    const job = { status: 'Active', ...times, activeSince: at('2026-01-03T00:00:00Z') } as const;
    const progress = at('2026-01-05T00:00:00Z');

    expect(expiryOf(job)).toEqual({ time: at('2026-01-10T00:00:00Z'), operation: 'Expire' });
    expect(expiryOf(job, progress)?.time).toBe(at('2026-01-12T00:00:00Z'));
    expect(expiryOf({ ...job, progressSeen: progress })?.time).toBe(at('2026-01-12T00:00:00Z'));
    expect(expiryOf({ ...job, idleLimit: 'PT1H' })?.time).toBe(at('2026-01-03T01:00:00Z'));
    expect(expiryOf({ ...job, idleLimit: 'none' })).toBeUndefined();
    expect(expiryOf({ ...job, expiry: { active: { expiryTime: 'none' } } })).toBeUndefined();
  });

  test.each([
    ['none', true],
    ['P7D', true],
    ['PT12H', true],
    ['PT0S', false],
    ['P1W', false],
    ['7 days', false],
  ])('the limit %s of idle jobs: %s', (text, isValid) => {
    expect(isIdleLimit(text)).toBe(isValid);
  });

  test.each(LIVE_STATUSES)('that is %s is Expire unless its policy specifies Delete', (status) => {
    const expiryTime = 'createTime+P1D';
    const said = { [keyOf(status)]: { expiryTime, operation: 'Delete' } } as Expiry;

    const silent = expiryOf({ status, ...times, expiry: { [keyOf(status)]: { expiryTime } } });

    expect(silent).toEqual({ time: at('2026-01-02T00:00:00Z'), operation: 'Expire' });
    expect(expiryOf({ status, ...times, expiry: said })?.operation).toBe('Delete');
  });

  test.each(FINAL_STATUSES)(
    'that is %s is deletion: by its policy, its partition, or after 30 days',
    (status) => {
      const expiry = { [keyOf(status)]: { expiryTime: 'lastUpdateTime+P1D' } };

      expect(expiryOf({ status, ...times })).toEqual({
        time: at('2026-02-01T00:00:00Z'),
        operation: 'Delete',
      });
      expect(expiryOf({ status, ...times, retention: 'PT1H' })?.time).toBe(at('2026-01-02T01:00:00Z'));
      expect(expiryOf({ status, ...times, retention: 'PT1H', expiry })?.time).toBe(
        at('2026-01-03T00:00:00Z'),
      );
      expect(
        expiryOf({ status, ...times, expiry: { [keyOf(status)]: { expiryTime: 'none' } } }),
      ).toBeUndefined();
    },
  );

  test('depends on the policy of its own status only', () => {
    for (const status of JOB_STATUSES) {
      const others = JOB_STATUSES.filter((other) => other !== status);
      const expiry = Object.fromEntries(
        others.map((other) => [keyOf(other), { expiryTime: 'createTime+P1D' }]),
      );

      expect(expiryOf({ status, ...times, expiry })).toEqual(expiryOf({ status, ...times }));
    }
  });
});

test.each([
  ['P10Y', true],
  ['P3652D', true],
  ['PT0S', true],
  ['P30D', true],
  ['P10YT1S', false],
  ['P3653D', false],
  ['P1W', false],
  ['none', false],
])('as a retention, %s is allowed: %s', (text, isAllowed) => {
  expect(isRetention(text)).toBe(isAllowed);
});
