import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

interface AlarmWords {
  readonly description: string;
  /** Number of consecutive minutes before the alarm is raised. */
  readonly minutes: number;
}

/** Adds an alarm to the queue: messages have waited for this many consecutive minutes. */
export function alarmWhileMessagesWait(queue: Queue, words: AlarmWords): void {
  const waiting = queue.metricApproximateNumberOfMessagesVisible({
    period: Duration.minutes(1),
    statistic: Stats.MINIMUM,
  });
  alarmAboveZero(queue, waiting, words);
}

/** Adds an alarm to the function: it has failed in each of this many consecutive minutes. */
export function alarmWhileFailing(lambda: LambdaFunction, words: AlarmWords): void {
  const errors = lambda.metricErrors({ period: Duration.minutes(1), statistic: Stats.SUM });
  alarmAboveZero(lambda, errors, words);
}

export interface LoggedAlarmsProps {
  readonly logGroups: readonly LogGroup[];
}

const LOGGED_ALARM = FilterPattern.booleanValue('$.alarm', true);

/** One alarm for every log line that functions mark as an alarm. */
export class LoggedAlarms extends Construct {
  constructor(scope: Construct, id: string, { logGroups }: LoggedAlarmsProps) {
    super(scope, id);
    const name = { metricNamespace: 'jobtree', metricName: `alarms-${this.node.addr}` };
    for (const logGroup of logGroups) {
      new MetricFilter(logGroup, 'Alarms', { logGroup, filterPattern: LOGGED_ALARM, ...name });
    }
    const logged = new Metric({
      namespace: name.metricNamespace,
      metricName: name.metricName,
      period: Duration.minutes(1),
      statistic: Stats.SUM,
    });
    const description = `A function logged an alarm. Find its line in the logs of the stack's functions by the filter pattern ${LOGGED_ALARM.logPatternString}.`;
    alarmAboveZero(this, logged, { description, minutes: 1 });
  }
}

function alarmAboveZero(scope: Construct, metric: IMetric, { description, minutes }: AlarmWords): void {
  new Alarm(scope, 'Alarm', {
    metric,
    alarmDescription: description,
    threshold: 0,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: minutes,
    // SQS sends no metrics for queues that have been idle for hours.
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}
