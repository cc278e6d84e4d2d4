import type { JobKey } from '#core/job.ts';
import type { Registry } from '../../functions/creation/registry.ts';
import { callApi, registryOf } from './api-calls.ts';
import type { ApiCall } from './chronicle.ts';
import { rulesOf, touchedBy } from './commands/catalogue.ts';
import type { Functions } from './functions.ts';
import { isFinal } from './job-model.ts';
import type { Surroundings } from './ports.ts';
import type { UserAction } from './user-actions.ts';

interface OpenAction {
  readonly action: UserAction;
  /** Number of pending requests. */
  openRequests: number;
  isDone: boolean;
  /** Version of the job at the first request of a guarded action. */
  version: number | undefined;
}

/** Commands that are safe to send twice at the same time. */
const REPEATABLE = ['create', 'cancel', 'pause', 'resume', 'edit', 'resubmit', 'retry', 'settings', 'keyed'];

/** Sends the requests of users to the API, and repeats each until it gets a response. */
export class Users {
  readonly #surroundings: Surroundings;
  readonly #functions: Functions;
  readonly #begin: number;
  readonly #registry: Registry;
  #actions: OpenAction[];

  constructor(surroundings: Surroundings, functions: Functions) {
    this.#surroundings = surroundings;
    this.#functions = functions;
    this.#registry = registryOf(surroundings.watch.scenario);
    this.#begin = surroundings.world.clock.now();
    this.#actions = surroundings.watch.scenario.actions.map(openActionOf);
  }

  /** Sends the first due request of a user. Sends some requests twice at the same time. */
  start(): boolean {
    const now = this.#surroundings.world.clock.now();
    const due = this.#nextActions().find(
      (openAction) => openAction.openRequests === 0 && (this.#dueAt(openAction.action) ?? now + 1) <= now,
    );
    if (due === undefined) return false;
    this.#send(due);
    if (REPEATABLE.includes(due.action.command.kind) && this.#surroundings.chance.is(0.15)) this.#send(due);
    return true;
  }

  nextDue(): number | undefined {
    const waitingActions = this.#nextActions().filter(({ openRequests }) => openRequests === 0);
    const due = waitingActions.map(({ action }) => this.#dueAt(action)).filter((time) => time !== undefined);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  /** Resumes the jobs that are still paused at rest. Returns true if there were any. */
  resumeAll(): boolean {
    const { chronicle } = this.#surroundings.watch;
    const pausedJobs = chronicle.jobs().filter((key) => chronicle.current(key).job?.status === 'Paused');
    for (const key of pausedJobs) {
      const user = `tidy ${key.partition}/${key.job}`;
      this.#actions.push(openActionOf({ at: 0, user, key, command: { kind: 'resume' } }));
    }
    return pausedJobs.length > 0;
  }

  /** Returns undefined if the action depends on another event. */
  #dueAt({ at, atEnd, key }: UserAction): number | undefined {
    if (atEnd !== true) return this.#begin + at;
    const { job, time } = this.#surroundings.watch.chronicle.current(key);
    return job !== undefined && isFinal(job) ? time + at : undefined;
  }

  /** Returns the next action of each user. */
  #nextActions(): OpenAction[] {
    const seenUsers = new Set<string>();
    this.#actions = this.#actions.filter(({ isDone, openRequests }) => !isDone || openRequests > 0);
    return this.#actions.filter(({ action: { user } }) => {
      const isFirst = !seenUsers.has(user);
      seenUsers.add(user);
      return isFirst;
    });
  }

  #send(openAction: OpenAction): void {
    const { action } = openAction;
    const { stage, trace, watch, world } = this.#surroundings;
    const { instance, ports } = this.#functions.instance('api');
    if (action.isGuarded) openAction.version ??= watch.chronicle.current(action.key).job?.version ?? 0;
    const apiCall = watch.chronicle.begin({
      name: instance.name,
      action,
      version: openAction.version,
      beganAt: world.clock.now(),
    });
    instance.assignment = { name: instance.name, jobs: new Set(keysOfAction(action)) };
    trace.note(0, instance.name, `${action.command.kind} ${action.key.partition}/${action.key.job}`);
    trace.lines?.push(`      ${JSON.stringify(rulesOf(action.command).call(action.command, action.key))}`);
    openAction.openRequests += 1;
    const closeRequest = (): void => {
      openAction.openRequests -= 1;
    };
    stage.begin(instance, {
      run: () =>
        callApi(
          { ...ports, random: world.random, registry: this.#registry, idleLimit: watch.scenario.idleLimit },
          apiCall,
          watch.violated,
        ),
      onResult: (response) => {
        closeRequest();
        openAction.isDone = true;
        watch.checkResponse(apiCall, response);
      },
      onError: closeRequest,
      onCrash: closeRequest,
    });
  }
}

function openActionOf(action: UserAction): OpenAction {
  return { action, openRequests: 0, isDone: false, version: undefined };
}

function keysOfAction({ command, key }: ApiCall['action']): string[] {
  return touchedBy(command, key).flatMap((job) => keysOfJob({ ...key, job }));
}

function keysOfJob({ partition, job }: JobKey): string[] {
  return job === '*' ? [`${partition}/*`] : [`${partition}/${job}`, `${partition}/${job}/*`];
}
