import { type Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { QueueForOperators, QueueWithDlq } from './queue-with-dlq.ts';

/** Timeouts of the functions that receive: the queues' visibility follows from them. */
export interface JobQueuesProps {
  readonly splitting: Duration;
  readonly tracking: Duration;
  readonly deadLetters: Duration;
  /** By the name of the worker. */
  readonly workers: ReadonlyMap<string, Duration>;
}

/** Lambda takes 4 KB of variables; a queue has a name of up to 80 characters, its worker one of some 20. */
const MAX_WORKERS = 30;

/** Every queue of a job service. */
export class JobQueues extends Construct {
  readonly split: QueueWithDlq;
  /** From workers to the tracker: all that they may tell it. */
  readonly reports: QueueWithDlq;
  /** From the service itself to the tracker; no worker may send here. */
  readonly results: QueueWithDlq;
  readonly workers: ReadonlyMap<string, QueueWithDlq>;
  readonly unroutable: QueueForOperators;
  readonly undispatched: QueueForOperators;

  constructor(scope: Construct, id: string, props: JobQueuesProps) {
    super(scope, id);
    if (props.workers.size > MAX_WORKERS) {
      throw new Error(
        `${props.workers.size} workers; a job service has at most ${MAX_WORKERS}. Deploy a second one for the others`,
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
      alarm: 'Messages came that nobody could place: each says why in its reason.',
    });
    this.undispatched = new QueueForOperators(this, 'Undispatched', {
      alarm: 'Changes of jobs could not be followed up: look at the log of dispatch-jobs.',
    });
  }

  /** Every queue with dead letters. */
  get all(): QueueWithDlq[] {
    return [this.split, ...this.workers.values(), this.reports, this.results];
  }

  /** The queue of this worker. */
  worker(name: string): QueueWithDlq {
    const queue = this.workers.get(name);
    if (!queue) throw new Error(`no worker '${name}'; there are: ${[...this.workers.keys()].join(', ')}`);
    return queue;
  }

  /** Value of the variable `workerQueues`: name → name of the queue, of all workers or of these. */
  workerQueues(names: readonly string[] = [...this.workers.keys()]): string {
    const queues = names.map((name) => [name, this.worker(name).queue.queueName]);
    return Stack.of(this).toJsonString(Object.fromEntries(queues));
  }
}
