/**
 * Observes every effect of every function at the ports and compares it with the model in `truth.ts`. It never calls
 * the functions.
 */
import type {
  ChunkMessage,
  FlowMessage,
  ProgressMessage,
  ReportMessage,
  SealMessage,
  SplitMessage,
  StepMessage,
  WakeMessage,
} from '#contract/messages.ts';
import type { OutcomeRecord } from '#core/item.ts';
import type { JobKey, JobRun } from '#core/job.ts';
import type { Key, LogFields } from '#core/ports.ts';
import { ROOT } from '#core/task-path.ts';
import type { ChangeRecord } from '../support/memory/table.ts';
import type { VirtualClock } from '../support/memory/world.ts';
import { AccessChecks } from './access-checks.ts';
import { type ApiCall, Chronicle, isCorrectResponse } from './chronicle.ts';
import { omittedJobs } from './commands/bulk.ts';
import type { ApiResponse, Observation } from './commands/command.ts';
import { checkFailure } from './end-checks.ts';
import { NO_FAULTS } from './faults.ts';
import { finalRecords, mayRunInStep } from './flow-checks.ts';
import { checkJobs } from './job-changes.ts';
import type { JobSpec } from './job-specs.ts';
import type { ExpectedRestart } from './restart-checks.ts';
import { checkFence, checkPage, checkProgress } from './row-checks.ts';
import type { Scenario } from './scenario.ts';
import { Slots } from './slots.ts';
import { SplitErrors } from './split-errors.ts';
import type { Assignment } from './stage.ts';
import type { Trace } from './trace.ts';
import { RunTruth, runId } from './truth.ts';
import { specsOf } from './user-actions.ts';

export interface Violation {
  readonly invariant: string;
  readonly detail: string;
  readonly step: number;
}

const MAX_VIOLATIONS = 5;

type AnyMessage =
  | ChunkMessage
  | SplitMessage
  | StepMessage
  | FlowMessage
  | ReportMessage
  | ProgressMessage
  | SealMessage
  | WakeMessage
  /** Unroutable. */
  | { readonly kind: undefined; readonly body: string };

export class Watch {
  readonly violations: Violation[] = [];
  readonly runs = new Map<string, RunTruth>();
  /** Number of warnings and alarms, by text. */
  readonly logCounts = new Map<string, number>();
  /** Shares of invocations, by `partition/job`. */
  readonly invocations = new Map<string, number>();
  readonly chronicle = new Chronicle();
  /** Dependents that retries must restart. */
  readonly expectedRestarts: ExpectedRestart[] = [];
  readonly slots = new Slots();
  /** Messages that workers had no permission to send, as canonical JSON. */
  readonly forgeries = new Set<string>();
  readonly splitErrors: SplitErrors;
  #changes: ChangeRecord[] = [];
  readonly #specs: ReadonlyMap<string, JobSpec>;
  readonly #access: AccessChecks;
  readonly #messages = new Map<string, AnyMessage>();
  readonly scenario: Scenario;
  readonly clock: VirtualClock;
  readonly trace: Trace;

  constructor(scenario: Scenario, clock: VirtualClock, trace: Trace) {
    this.scenario = scenario;
    this.clock = clock;
    this.trace = trace;
    const specs = specsOf(scenario.actions);
    this.#access = new AccessChecks(this.violated);
    this.splitErrors = new SplitErrors(this);
    this.#specs = new Map(specs.map((spec) => [spec.name, spec]));
  }

  readonly violated = (invariant: string, detail: string): void => {
    this.trace.lines?.push(`      VIOLATED ${invariant}: ${detail}`);
    if (this.violations.length >= MAX_VIOLATIONS) return;
    this.violations.push({ invariant, detail, step: this.trace.steps });
  };

  get isFaultless(): boolean {
    return this.scenario.rates === NO_FAULTS && this.scenario.plannedFaults.size === 0;
  }

  /** Returns the parsed body. Each body is parsed once. */
  message(body: string): AnyMessage {
    let message = this.#messages.get(body);
    if (message === undefined) {
      message = JSON.parse(body) as AnyMessage;
      this.#messages.set(body, message);
    }
    return message;
  }

  /** Adds a share of an invocation to a job. Meters do not distinguish runs. */
  addInvocations({ partition, job }: JobKey, share: number): void {
    const key = `${partition}/${job}`;
    this.invocations.set(key, (this.invocations.get(key) ?? 0) + share);
  }

  truthOf(run: JobRun): RunTruth {
    const id = runId(run);
    let truth = this.runs.get(id);
    if (truth === undefined) {
      truth = new RunTruth({ partition: run.partition, job: run.job, runNumber: run.runNumber });
      this.runs.set(id, truth);
    }
    return truth;
  }

  /** Returns the request of the job with this external data. */
  specOf(externalData: string | undefined): JobSpec | undefined {
    return this.#specs.get(externalData ?? '');
  }

  recordLog(message: string, fields: LogFields): void {
    this.logCounts.set(message, (this.logCounts.get(message) ?? 0) + 1);
    this.trace.lines?.push(`      log ${message} ${JSON.stringify(fields)}`);
    if (message !== 'node sealed twice with another size') return;
    if (this.truthOf(fields as unknown as JobRun).endedAt === undefined)
      this.violated(message, JSON.stringify(fields));
  }

  /** Checks that a function accesses only jobs that it received work for. */
  checkAccess(to: Assignment, pk: string): void {
    this.#access.check(to, pk);
  }

  /** Records that the sweeper read the progress of a run. */
  recordProgressRead({ name }: Assignment, { pk, sk }: Key): void {
    if (!name.startsWith('sweep#') || !sk.startsWith('JOB#PROGRESS#')) return;
    const truth = this.truthOf(this.#runOf(pk, sk));
    truth.progressAtSweep = truth.progressAt ?? 0;
  }

  checkObjectAccess(to: Assignment, key: string): void {
    this.#access.checkObject(to, key);
  }

  /** Records the loss of an object that a message references. */
  async recordLoss(key: string): Promise<void> {
    const [, partition = '', job = '', runNumber] = key.split('/').map(decodeURIComponent);
    this.truthOf({ partition, job, runNumber: Number(runNumber) }).hasLostObjects = true;
  }

  recordObject(key: string, body: string | Uint8Array): void {
    const [area, partition, job, runNumber] = key.split('/');
    const isBlock = area === 'outcomes';
    if (!isBlock && area !== 'chunks') return;
    const run = {
      partition: decodeURIComponent(partition ?? ''),
      job: decodeURIComponent(job ?? ''),
      runNumber: Number(runNumber),
    };
    const truth = this.truthOf(run);
    if (isBlock) {
      if (truth.blocks.has(key)) this.violated('stored outcomes never change', key);
      truth.blocks.set(key, typeof body === 'string' ? new TextEncoder().encode(body) : body.slice());
      return;
    }
    const items = JSON.parse(String(body)) as { id: string }[];
    truth.itemsAt.set(
      key,
      items.map(({ id }) => id),
    );
  }

  /** Receives a change of the table's stream at the moment of the write. */
  recordChange(change: ChangeRecord): void {
    this.#changes.push(change);
  }

  /** Performs a table call and checks all its changes together. */
  perform<T>(by: Assignment, perform: () => Promise<T>): Promise<T> {
    this.#changes = [];
    const answer = perform();
    checkJobs(this, by, this.#changes);
    this.slots.check(this, this.#changes);
    for (const change of this.#changes) this.#checkRow(change);
    return answer;
  }

  #checkRow(change: ChangeRecord): void {
    const { pk, sk } = change.key;
    if (sk.startsWith('JOB#PROGRESS#')) checkProgress(this, this.#runOf(pk, sk), change);
    else if (sk === 'P') checkPage(this, this.#runOf(pk), change);
    else if (sk.startsWith('N#')) checkFence(this, this.#runOf(pk), change);
    else if (sk.startsWith('F#')) checkFailure(this, this.#runOf(pk), change.new);
    else if (sk === 'BULK') this.#checkBulk(change);
  }

  checkResponse(apiCall: ApiCall, response: ApiResponse): void {
    const observation = this.#observationOf(apiCall);
    this.trace.lines?.push(`      answer to ${apiCall.name}: ${response.status} ${response.code ?? ''}`);
    if (isCorrectResponse(apiCall, response, observation)) return;
    const { key, command } = apiCall.action;
    const statuses = observation.states(key).map((job) => job && `${job.status} ${job.version}`);
    this.violated(
      'a response matches what happened',
      `${apiCall.name} ${command.kind} ${JSON.stringify({ ...key, ...response })} ${statuses}`,
    );
  }

  /** Checks a bulk action that has ended in the background. */
  #checkBulk({ new: row }: ChangeRecord): void {
    const apiCall = this.chronicle.apiCall(String(row?.['createdBy']));
    const command = apiCall?.action.command;
    if (row?.['status'] !== 'Completed' || apiCall === undefined || command?.kind !== 'bulk') return;
    const missedJobs = omittedJobs(command, apiCall.action.key.partition, this.#observationOf(apiCall));
    if (missedJobs.length > 0)
      this.violated('a bulk action leaves no job out', JSON.stringify([command, missedJobs]));
  }

  #observationOf(apiCall: ApiCall): Observation {
    return this.chronicle.observationOf(apiCall, this.scenario.skewMillis, (job) => this.#outcomesOf(job));
  }

  #outcomesOf(job: JobRun): OutcomeRecord[] | undefined {
    const truth = this.truthOf(job);
    if (truth.flow !== undefined) return finalRecords(truth, truth.flow);
    const outcomes = [...truth.newestOutcomes()];
    if (outcomes.some(([address]) => truth.isDisputed(address))) return undefined;
    return outcomes.flatMap(([, records]) => records);
  }

  /** Records a step request or the end of a flow. No visit begins after the end. */
  recordMachineMessage(message: StepMessage | FlowMessage): void {
    const truth = this.truthOf(message);
    if (message.kind === 'step') truth.flow?.recordRequest(message, this.clock.now());
    else if (message.outcome === 'done') truth.node(ROOT).childCount ??= truth.flow?.visitNodes.length ?? 0;
  }

  /** Checks that an instance may run an item. `step` is set if the job runs a template. */
  checkItemStart({ jobs }: Assignment, key: JobKey, itemId: string, step: string | undefined): void {
    const runs = [...this.runs.values()].filter(
      ({ run, spec }) =>
        run.job === key.job &&
        run.partition === key.partition &&
        jobs.has(runId(run)) &&
        spec?.items?.has(itemId) !== false,
    );
    const [reason, ...otherReasons] = runs.map((truth) => this.#reasonNotToStart(truth, itemId, step));
    if (reason !== undefined && !otherReasons.includes(undefined))
      this.violated(reason, `${key.partition}/${key.job} ${itemId} at ${this.clock.now()}`);
  }

  /** Returns the reason why an item of the run must not start now, or undefined if it may. */
  #reasonNotToStart(truth: RunTruth, itemId: string, step: string | undefined): string | undefined {
    const { endedAt, pausedAt, takeover, flow } = truth;
    const oldestCacheTime = this.clock.now() - this.scenario.statusCacheMillis;
    if (endedAt !== undefined && endedAt < oldestCacheTime)
      return 'no item starts after the end plus the cache time';
    if (pausedAt !== undefined && pausedAt < oldestCacheTime)
      return 'no item starts after a pause plus the cache time';
    if (takeover === undefined) return undefined;
    const mayRun =
      flow === undefined ? takeover.mayRun(itemId) : mayRunInStep(truth, flow, step ?? '', itemId);
    if (!mayRun) return 'a retry runs exactly the requested items';
    return undefined;
  }

  #runOf(pk: string, sk = ''): JobRun {
    const [, partition = '', , job = '', runNumber = ''] = pk.split('#');
    return {
      partition: decodeURIComponent(partition),
      job: decodeURIComponent(job),
      runNumber: Number(runNumber === '' ? sk.split('#')[2] : runNumber.slice(1)),
    };
  }
}
