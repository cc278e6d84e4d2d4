import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { alarmWhileFailing } from './alarms.ts';
import { JobFunction } from './job-function.ts';
import type { JobResources } from './job-resources.ts';

const EACH_MINUTE = Duration.minutes(1);
/** The next sweep continues where this one ends. */
const SWEEP_TIMEOUT = Duration.minutes(1);
/** An occasional failure does not matter, because the next sweep does the work. */
const FAILING_MINUTES = 5;

export interface JobSweepingProps {
  readonly resources: JobResources;
}

/** Each minute → sweep-jobs, which processes due jobs: starts, expiry, retention. */
export class JobSweeping extends Construct {
  readonly function: JobFunction;

  constructor(scope: Construct, id: string, { resources: { table, bucket } }: JobSweepingProps) {
    super(scope, id);
    this.function = new JobFunction(this, 'SweepJobs', {
      name: 'sweep-jobs',
      description: 'starts delayed jobs that are due, expires jobs, and deletes jobs after their retention',
      entry: { own: 'sweep-jobs' },
      timeout: SWEEP_TIMEOUT,
      memorySizeMebibytes: 512,
      environment: { table: table.table.tableName, bucket: bucket.bucket.bucketName },
      statements: [table.allowQueryDue(), table.allow('DeleteItem', 'GetItem', 'PutItem', 'UpdateItem')],
    });
    // A failed or late sweep is not repeated: the next one does its work.
    const invokeOnce = { retryAttempts: 0, maxEventAge: EACH_MINUTE };
    this.function.configureAsyncInvoke(invokeOnce);
    new Rule(this, 'EachMinute', {
      description: 'jobtree: processes due jobs',
      schedule: Schedule.rate(EACH_MINUTE),
      targets: [new LambdaFunction(this.function, invokeOnce)],
    });
    alarmWhileFailing(this.function, {
      description: 'Due jobs are not processed. See the log of sweep-jobs.',
      minutes: FAILING_MINUTES,
    });
  }
}
