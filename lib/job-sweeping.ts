import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { alarmWhileFailing } from './alarms.ts';
import { JobFunction } from './job-function.ts';
import type { JobResources } from './job-resources.ts';

const EACH_MINUTE = Duration.minutes(1);
/** The next one goes on where this one ends. */
const SWEEP_TIMEOUT = Duration.minutes(1);
/** One that fails now and then is made good by the next. */
const FAILING_MINUTES = 5;

export interface JobSweepingProps {
  readonly resources: JobResources;
}

/** Each minute → sweep-jobs, which does to jobs what is due: starts, expiry, retention. */
export class JobSweeping extends Construct {
  readonly function: JobFunction;

  constructor(scope: Construct, id: string, { resources: { table, bucket } }: JobSweepingProps) {
    super(scope, id);
    this.function = new JobFunction(this, 'SweepJobs', {
      name: 'sweep-jobs',
      description: 'calls jobs whose delay is over, expires and deletes those whose time is up',
      entry: { own: 'sweep-jobs' },
      timeout: SWEEP_TIMEOUT,
      memorySizeMebibytes: 512,
      environment: { table: table.table.tableName, bucket: bucket.bucket.bucketName },
      statements: [table.allowQueryDue(), table.allow('DeleteItem', 'GetItem', 'PutItem', 'UpdateItem')],
    });
    // A sweep that failed or came late is not repeated: the next one does what it left.
    const once = { retryAttempts: 0, maxEventAge: EACH_MINUTE };
    this.function.configureAsyncInvoke(once);
    new Rule(this, 'EachMinute', {
      description: 'jobtree: looks for jobs that are due',
      schedule: Schedule.rate(EACH_MINUTE),
      targets: [new LambdaFunction(this.function, once)],
    });
    alarmWhileFailing(this.function, {
      description: 'Jobs that are due could not be looked at: see the log of sweep-jobs.',
      minutes: FAILING_MINUTES,
    });
  }
}
