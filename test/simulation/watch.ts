/**
 * Sees every effect of every function as it happens and compares it with the model in `truth.ts`. It never talks
 * to the functions: what it knows comes from the ports.
 */
import type {
  ChunkMessage,
  ProgressMessage,
  ReportMessage,
  SealMessage,
  SplitMessage,
} from '#contract/messages.ts';
import type { OutcomeRecord } from '#core/item.ts';
import type { JobKey, JobRun } from '#core/job.ts';
import type { LogFields, OutgoingMessage, QueueName } from '#core/ports.ts';
import type { ChangeRecord } from '../support/memory/table.ts';
import type { VirtualClock } from '../support/memory/world.ts';
import { NO_FAULTS } from './faults.ts';
import { checkFailure, checkJobChange } from './job-checks.ts';
import { checkFence, checkPage, checkProgress } from './row-checks.ts';
import type { JobSpec, Scenario } from './scenario.ts';
import type { Assignment } from './stage.ts';
import type { Trace } from './trace.ts';
import { RunTruth, runId, sentAside, sentBatch, sentChunk, sentOn, sentReport, sentUpdate } from './truth.ts';

export interface Violation {
  readonly invariant: string;
  readonly detail: string;
  readonly step: number;
}

/** Who sends, on whose behalf, and since which step of the schedule it knows what it knows. */
export interface Sender {
  readonly to: Assignment;
  readonly since: number;
}

const MAX_VIOLATIONS = 5;

type AnyMessage =
  | ChunkMessage
  | SplitMessage
  | ReportMessage
  | ProgressMessage
  | SealMessage
  /** Put aside. */
  | { readonly kind: undefined; readonly body: string };

/** Whose row or object it is; `run` where the key names a generation. */
interface Owner {
  readonly job: string;
  readonly any: string;
  readonly run: string | undefined;
}

function ownerOf(pk: string): Owner {
  const [, partition = '', , job = '', generation = ''] = pk.split('#');
  const key = `${decodeURIComponent(partition)}/${decodeURIComponent(job)}`;
  const run = /^G\d+$/.test(generation) ? `${key}/${generation.slice(1)}` : undefined;
  return { job: key, any: `${key}/*`, run };
}

/** Rows that the jobs of a partition share, and its other jobs: whoever ends may let another begin. */
function isShared({ job, run }: Owner, known: ReadonlySet<string>): boolean {
  const [partition] = job.split('/');
  return run === undefined && [...known].some((one) => one.startsWith(`${partition}/`));
}

export class Watch {
  readonly violations: Violation[] = [];
  readonly runs = new Map<string, RunTruth>();
  /** What was logged as worth a look, by text. */
  readonly logged = new Map<string, number>();
  /** By `partition/job`. */
  readonly invocations = new Map<string, number>();
  readonly #specs: ReadonlyMap<string, JobSpec>;
  readonly #owners = new Map<string, Owner>();
  readonly #messages = new Map<string, AnyMessage>();
  readonly scenario: Scenario;
  readonly clock: VirtualClock;
  readonly trace: Trace;

  constructor(scenario: Scenario, clock: VirtualClock, trace: Trace) {
    this.scenario = scenario;
    this.clock = clock;
    this.trace = trace;
    const creations = scenario.actions.filter((action) => action.kind === 'create');
    this.#specs = new Map(creations.map(({ spec }) => [spec.name, spec]));
  }

  readonly violated = (invariant: string, detail: string): void => {
    this.trace.lines?.push(`      VIOLATED ${invariant}: ${detail}`);
    if (this.violations.length >= MAX_VIOLATIONS) return;
    this.violations.push({ invariant, detail, step: this.trace.steps });
  };

  get isFaultless(): boolean {
    return this.scenario.rates === NO_FAULTS && this.scenario.planned.size === 0;
  }

  /** What a body says, parsed once. */
  message(body: string): AnyMessage {
    let message = this.#messages.get(body);
    if (message === undefined) {
      message = JSON.parse(body) as AnyMessage;
      this.#messages.set(body, message);
    }
    return message;
  }

  /** A share of an invocation that is laid at the door of a job; meters know no generations. */
  invoked({ partition, job }: JobKey, share: number): void {
    const key = `${partition}/${job}`;
    this.invocations.set(key, (this.invocations.get(key) ?? 0) + share);
  }

  truthOf(run: JobRun): RunTruth {
    const id = runId(run);
    let truth = this.runs.get(id);
    if (truth === undefined) {
      truth = new RunTruth({ partition: run.partition, job: run.job, generation: run.generation });
      this.runs.set(id, truth);
    }
    return truth;
  }

  /** The creation that made this job: the hash of its request names it. */
  specOf(requestHash: string): JobSpec | undefined {
    return this.#specs.get(requestHash);
  }

  told(message: string, fields: LogFields): void {
    this.logged.set(message, (this.logged.get(message) ?? 0) + 1);
    this.trace.lines?.push(`      log ${message} ${JSON.stringify(fields)}`);
    if (message !== 'node sealed twice with another size') return;
    if (this.truthOf(fields as unknown as JobRun).overAt === undefined)
      this.violated(message, JSON.stringify(fields));
  }

  /** Functions touch only the jobs of which they were given work. */
  accessed({ name, known }: Assignment, pk: string): void {
    let owner = this.#owners.get(pk);
    if (owner === undefined) {
      owner = ownerOf(pk);
      this.#owners.set(pk, owner);
    }
    if (name.startsWith('dispatch') && isShared(owner, known)) return;
    if (!known.has(owner.job)) this.violated('no access outside the partition', `${name} → ${pk}`);
    if (owner.run === undefined || known.has(owner.run) || known.has(owner.any)) return;
    this.violated('a message touches no other generation', `${name} → ${pk}`);
  }

  accessedObject(to: Assignment, key: string): void {
    const [, partition = '', job = '', generation] = key.split('/');
    this.accessed(to, `P#${partition}#J#${job}${generation === undefined ? '' : `#G${generation}`}`);
  }

  objectWritten(key: string, body: string): void {
    const [area, partition, job, generation, ...rest] = key.split('/');
    if (area !== 'outcomes' && area !== 'chunks') return;
    const run = {
      partition: decodeURIComponent(partition ?? ''),
      job: decodeURIComponent(job ?? ''),
      generation: Number(generation),
    };
    const truth = this.truthOf(run);
    if (area === 'chunks') {
      truth.itemsAt.set(
        key,
        (JSON.parse(body) as { id: string }[]).map(({ id }) => id),
      );
      return;
    }
    const [path = '', name = ''] = rest;
    const address = `${path === 'root' ? '' : path}/${Number(name.replace('.jsonl', ''))}`;
    if (truth.outcomes.has(address) && !truth.isDeleted) {
      this.violated('an outcome is recorded once', `${runId(run)} ${address} was written twice`);
    }
    const records = body.split('\n').filter((line) => line !== '');
    truth.outcomes.set(
      address,
      records.map((line) => JSON.parse(line) as OutcomeRecord),
    );
  }

  sent({ to, since }: Sender, queue: QueueName, { body, group }: OutgoingMessage): void {
    const message = this.message(body);
    if (message.kind === undefined) {
      this.#putAside(to, message.body);
      return;
    }
    if (group !== message.partition) this.violated('a message is in the group of its partition', body);
    this.accessed(to, `P#${encodeURIComponent(message.partition)}#J#${encodeURIComponent(message.job)}`);
    const truth = this.truthOf(message);
    this.trace.lines?.push(`      ${queue} ← ${body}`);
    const isSplitter = to.name.startsWith('split');
    switch (message.kind) {
      case 'chunk':
        if (isSplitter) {
          const child = sentChunk(truth, message, this.violated);
          this.#checkSends(truth, { path: message.path, index: message.index, sends: child.sends, since });
        } else sentOn(truth, message, this.violated);
        break;
      case 'split':
        if (message.from === 0) sentBatch(truth, message, this.violated);
        break;
      case 'report':
        sentReport(truth, message, this.violated);
        break;
      case 'progress':
        sentUpdate(truth, message);
        break;
      case 'seal':
        this.#checkSeal(truth, message);
    }
  }

  /** What the table's stream tells, at the very moment of the write. */
  changed(change: ChangeRecord): void {
    const { pk, sk } = change.key;
    if (sk === 'JOB') checkJobChange(this, change);
    else if (sk.startsWith('JOB#PROGRESS#')) checkProgress(this, this.#runOf(pk, sk), change);
    else if (sk === 'P') checkPage(this, this.#runOf(pk), change);
    else if (sk.startsWith('N#')) checkFence(this, this.#runOf(pk), change);
    else if (sk.startsWith('F#')) checkFailure(this, this.#runOf(pk), change.new);
  }

  /** Jobs of one id may have items of one id; the worker cannot tell which creation its item is of. */
  itemStarted(key: JobKey, itemId: string): void {
    const owners = [...this.runs.values()].filter(
      ({ run, spec }) =>
        run.job === key.job && run.partition === key.partition && spec?.items?.has(itemId) === true,
    );
    const ends = owners.map(({ overAt }) => overAt ?? Number.POSITIVE_INFINITY);
    const late = this.clock.now() - Math.max(...ends);
    if (owners.length === 0 || late <= this.scenario.statusCacheMillis) return;
    const names = owners.map(({ run }) => runId(run)).join(', ');
    this.violated('no item starts after the end and the age of a cache', `${names} ${itemId} +${late} ms`);
  }

  #isPaused({ partition, job }: JobKey): boolean {
    return this.scenario.actions.some(
      (action) => action.kind === 'pause' && action.key.partition === partition && action.key.job === job,
    );
  }

  #putAside({ name }: Assignment, body: string): void {
    const chunk = JSON.parse(body) as ChunkMessage;
    if (chunk.kind !== 'chunk' || chunk.worker !== 'nowhere') {
      this.violated('every message of ours can be read', `${name} put aside ${body}`);
    } else sentAside(this.truthOf(chunk), chunk);
  }

  #checkSeal(truth: RunTruth, { path, children }: SealMessage): void {
    if (truth.overAt !== undefined) return;
    const node = truth.node(path);
    const sizes = `${runId(truth.run)} ${path}: ${children} of ${node.children.size} sent`;
    if (node.sealed !== undefined && node.sealed !== children) {
      this.violated('a node is sealed with one size', `${sizes}, before it was ${node.sealed}`);
    }
    for (let index = 0; index < children; index += 1) {
      if (!node.children.has(index))
        this.violated('the seal comes after the last child', `${sizes}, not ${index}`);
    }
    node.sealed ??= children;
  }

  #checkSends(
    truth: RunTruth,
    { path, index, sends, since }: { path: string; index: number; sends: number; since: number },
  ): void {
    if (truth.overAt !== undefined) return;
    const fence = truth.node(path).fences.findLast(({ at }) => at < since);
    if (fence !== undefined && index < fence.next) {
      this.violated(
        'nothing is sent behind the fence',
        `${runId(truth.run)} ${path}/${index}, fence ${fence.next}`,
      );
    }
    // A job paused while it was launched is launched again: then the fence alone keeps the second from doing harm.
    if (sends > 1 && this.isFaultless && !this.#isPaused(truth.run)) {
      this.violated('without faults each chunk is sent once', `${runId(truth.run)} ${path}/${index}`);
    }
  }

  #runOf(pk: string, sk = ''): JobRun {
    const [, partition = '', , job = '', generation = ''] = pk.split('#');
    return {
      partition: decodeURIComponent(partition),
      job: decodeURIComponent(job),
      generation: Number(generation === '' ? sk.split('#')[2] : generation.slice(1)),
    };
  }
}
