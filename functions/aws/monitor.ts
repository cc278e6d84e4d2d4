/** The alarms of a stack, and the age of the oldest message in its queues, from CloudWatch. */
import type { AlarmState, AlarmStatus, Monitor } from '#core/monitor.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Clock } from '#core/ports.ts';
import type { QueueDepth } from '#core/queue-desk.ts';
import type { CloudWatchCall, MetricAlarm, MetricQuery, MetricResult } from './calls.ts';
import { queueNameOfUrl } from './queue-url.ts';

export interface MonitoredStack {
  /** Name of the stack, with which CloudFormation begins the names of its alarms. */
  readonly stack: string;
  readonly queues: ReadonlyMap<QueueDepth['queue'], string>;
}

/** CloudWatch has a value for each minute, with a delay of some minutes. */
const PERIOD_SECONDS = 60;
const WINDOW_SECONDS = 10 * PERIOD_SECONDS;
const MAX_ALARMS = 100;
/** The stack has about three alarms for each queue and function. */
const MAX_PAGES = 5;

const STATUSES: Readonly<Record<string, AlarmStatus>> = { OK: 'ok', ALARM: 'alarm' };

export function cloudWatchMonitor(
  cloudWatch: CloudWatchCall,
  { stack, queues }: MonitoredStack,
  clock: Clock,
): Monitor {
  return {
    async alarms() {
      const alarms: MetricAlarm[] = [];
      let next: string | undefined;
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const { MetricAlarms = [], NextToken } = await cloudWatch('DescribeAlarms', {
          AlarmNamePrefix: `${stack}-`,
          MaxRecords: MAX_ALARMS,
          ...omitUndefined({ NextToken: next }),
        });
        alarms.push(...MetricAlarms);
        next = NextToken;
        if (next === undefined) break;
      }
      return alarms.filter(({ AlarmName }) => isOfStack(AlarmName, stack)).map(stateOf);
    },

    async oldestMessages() {
      const names = [...queues];
      const endSeconds = Math.floor(clock.now() / 1000);
      const { MetricDataResults = [] } = await cloudWatch('GetMetricData', {
        MetricDataQueries: names.map(([, url], position) => ageQuery(position, queueNameOfUrl(url))),
        StartTime: endSeconds - WINDOW_SECONDS,
        EndTime: endSeconds,
      });
      const ages = MetricDataResults.flatMap((result): [QueueDepth['queue'], number][] => {
        const [queue] = names[Number(result.Id.slice(1))] ?? [];
        const newest = newestValue(result);
        return queue === undefined || newest === undefined ? [] : [[queue, Math.round(newest)]];
      });
      return new Map(ages);
    },
  };
}

function newestValue({ Timestamps = [], Values = [] }: MetricResult): number | undefined {
  const newest = Math.max(...Timestamps);
  return Values[Timestamps.indexOf(newest)];
}

/**
 * CloudFormation names an alarm `<stack>-<logical id>-<random>`. The parts after the stack have no hyphen, which excludes
 * the alarms of a stack whose name begins with that of this one.
 */
function isOfStack(name: string, stack: string): boolean {
  return name.startsWith(`${stack}-`) && /^[A-Za-z0-9]+-[A-Za-z0-9]+$/.test(name.slice(stack.length + 1));
}

function stateOf(alarm: MetricAlarm): AlarmState {
  return {
    name: alarm.AlarmName,
    description: alarm.AlarmDescription ?? '',
    status: STATUSES[alarm.StateValue ?? ''] ?? 'unknown',
    since: Math.round(1000 * (alarm.StateUpdatedTimestamp ?? 0)),
    reason: alarm.StateReason ?? '',
  };
}

function ageQuery(position: number, queueName: string): MetricQuery {
  return {
    Id: `q${position}`,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateAgeOfOldestMessage',
        Dimensions: [{ Name: 'QueueName', Value: queueName }],
      },
      Period: PERIOD_SECONDS,
      Stat: 'Maximum',
    },
  };
}
