import { describe, expect, test } from 'vitest';
import { cloudWatchMonitor } from '../../functions/aws/monitor.ts';
import { systemClock } from '../../functions/aws/runtime.ts';
import { signedAt } from '../support/aws-services.ts';

const QUEUES = new Map([
  ['split', 'http://localhost/000000000000/monitor-split'],
  ['results', 'http://localhost/000000000000/monitor-results'],
] as const);

/** Alarms and metrics of CloudWatch, which memory does not have. */
export function describeMonitor(endpointOf: () => string): void {
  const call = (operation: string, input: object) =>
    fetch(endpointOf(), {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `GraniteServiceVersion20100801.${operation}`,
        authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/monitoring/aws4_request',
      },
      body: JSON.stringify(input),
    });
  const monitor = () => {
    const stack = { stack: 'monitored', queues: QUEUES };
    return cloudWatchMonitor(signedAt(endpointOf()).cloudWatch, stack, systemClock);
  };

  describe('monitor: MiniStack, signed', () => {
    test('alarms of the stack are returned with their state, and those of other stacks are not', async () => {
      const rule = { EvaluationPeriods: 1, Threshold: 0, ComparisonOperator: 'GreaterThanThreshold' };
      const metric = { Namespace: 'test', MetricName: 'm', Period: 60, Statistic: 'Sum', ...rule };
      for (const AlarmName of ['monitored-DeadAlarm1-AB12', 'monitored-dev-DeadAlarm1-AB12', 'other-A-B']) {
        await call('PutMetricAlarm', { AlarmName, AlarmDescription: 'Read the log.', ...metric });
        await call('SetAlarmState', { AlarmName, StateValue: 'ALARM', StateReason: 'a test' });
      }

      expect(await monitor().alarms()).toEqual([
        {
          name: 'monitored-DeadAlarm1-AB12',
          description: 'Read the log.',
          status: 'alarm',
          since: expect.any(Number),
          reason: 'a test',
        },
      ]);
      const [alarm] = await monitor().alarms();
      expect(Math.abs((alarm?.since ?? 0) - Date.now())).toBeLessThan(60_000);
    });

    test('the age of the oldest message is the newest value of its queue', async () => {
      const ageOf = (QueueName: string, minutesAgo: number, Value: number) => ({
        MetricName: 'ApproximateAgeOfOldestMessage',
        Dimensions: [{ Name: 'QueueName', Value: QueueName }],
        Timestamp: Math.floor(Date.now() / 1000) - 60 * minutesAgo,
        Value,
      });
      const MetricData = [ageOf('monitor-split', 4, 900), ageOf('monitor-split', 2, 42)];
      await call('PutMetricData', { Namespace: 'AWS/SQS', MetricData });

      expect([...(await monitor().oldestMessages())]).toEqual([['split', 42]]);
    });
  });
}
