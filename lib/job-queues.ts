import { type Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { QueueForOperators, QueueWithDlq } from './queue-with-dlq.ts';

/** Timeouts of the functions that receive. The visibility timeouts of the queues are derived from them. */
export interface JobQueuesProps {
  readonly splitting: Duration;
  readonly tracking: Duration;
  readonly deadLetters: Duration;
  /** By worker name. */
  readonly workers: ReadonlyMap<string, Duration>;
}

/**
 * Lambda allows 4 KB of environment variables. A queue name has up to 80 characters, a worker name about 20.
 */
const MAX_WORKERS = 30;

/** All queues of a job service. */
export class JobQueues extends Construct {
  readonly split: QueueWithDlq;
  /** From workers to the tracker. Workers send all their messages to the tracker here. */
  readonly reports: QueueWithDlq;
  /** From the service itself to the tracker. Workers may not send here. */
  readonly results: QueueWithDlq;
  readonly workers: ReadonlyMap<string, QueueWithDlq>;
  readonly unroutable: QueueForOperators;
  readonly undispatched: QueueForOperators;

  constructor(scope: Construct, id: string, props: JobQueuesProps) {
    super(scope, id);
    if (props.workers.size > MAX_WORKERS) {
      throw new Error(
        `the job service has ${props.workers.size} workers; at most ${MAX_WORKERS} are allowed. Deploy a second job service for the others`,
      );
    }
    const { deadLetters: deadLetterTimeout } = props;
    this.split = new QueueWithDlq(this, 'Split', { consumerTimeout: props.splitting, deadLetterTimeout });
    this.workers = new Map(
      [...props.workers].map(([name, consumerTimeout]) => [
        name,
        new QueueWithDlq(this, `Worker-${name}`, { consumerTimeout, deadLetterTimeout }),
      ]),
    );
    this.reports = new QueueWithDlq(this, 'Reports', { consumerTimeout: props.tracking, deadLetterTimeout });
    this.results = new QueueWithDlq(this, 'Results', { consumerTimeout: props.tracking, deadLetterTimeout });
    this.unroutable = new QueueForOperators(this, 'Unroutable', {
      alarm:
        'Unroutable messages arrived, which no handler accepts. Each message in the queue states its reason.',
    });
    this.undispatched = new QueueForOperators(this, 'Undispatched', {
      alarm: 'Follow-ups of changed jobs failed repeatedly. See the log of dispatch-jobs.',
    });
  }

  /** Returns every queue that has dead letters. */
  get all(): QueueWithDlq[] {
    return [this.split, ...this.workers.values(), this.reports, this.results];
  }

  /** Returns the queue of this worker. */
  worker(name: string): QueueWithDlq {
    const queue = this.workers.get(name);
    if (!queue)
      throw new Error(`unknown worker '${name}'; the workers are: ${[...this.workers.keys()].join(', ')}`);
    return queue;
  }

  /**
   * Returns the value of the variable `workerQueues`: worker names mapped to queue names, for all workers or
   * for these.
   */
  workerQueues(names: readonly string[] = [...this.workers.keys()]): string {
    const queues = names.map((name) => [name, this.worker(name).queue.queueName]);
    return Stack.of(this).toJsonString(Object.fromEntries(queues));
  }

  /** Returns the value of the variable `queueNames`: the queues of the workers are in the order of these names. */
  queueNames(workers: readonly string[]): string {
    return Stack.of(this).toJsonString({
      reports: this.reports.queue.queueName,
      unroutable: this.unroutable.queue.queueName,
      undispatched: this.undispatched.queue.queueName,
      workers: workers.map((name) => this.worker(name).queue.queueName),
    });
  }
}
