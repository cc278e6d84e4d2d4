/** Records every change of every job in order, with its author. Checks compare API responses with it. */
import type { JobKey } from '#core/job.ts';
import { rulesOf } from './commands/catalogue.ts';
import type { ApiResponse, JobChange, JobState, Observation } from './commands/command.ts';
import type { Settings } from './commands/settings.ts';
import type { StateHistory } from './start-model.ts';
import type { UserAction } from './user-actions.ts';

/** One API request, pending or completed. A user repeats an action until a call gets a response. */
export interface ApiCall {
  /** Name of the instance and of the calling user. It is unique to the call. */
  readonly name: string;
  readonly action: UserAction;
  /** Version sent as If-Match. */
  readonly version: number | undefined;
  readonly firstMoment: number;
  /** Start time by the true clock. */
  readonly beganAt: number;
  /** Changes that the instance of the call made. */
  readonly changes: JobChange[];
  /** Changes that the dispatcher made on behalf of the call. */
  readonly changesOnBehalf: JobChange[];
}

interface JobRecord {
  readonly key: JobKey;
  readonly states: { readonly moment: number; readonly job: JobState; readonly time: number }[];
}

export class Chronicle {
  readonly #jobs = new Map<string, JobRecord>();
  readonly #apiCalls = new Map<string, ApiCall>();
  readonly #settings = new Map<string, { readonly moment: number; readonly settings: Settings }[]>();
  #moment = 0;

  begin(apiCall: Pick<ApiCall, 'name' | 'action' | 'version' | 'beganAt'>): ApiCall {
    const newCall = { ...apiCall, firstMoment: this.#moment, changes: [], changesOnBehalf: [] };
    this.#apiCalls.set(newCall.name, newCall);
    return newCall;
  }

  apiCall(name: string | undefined): ApiCall | undefined {
    return this.#apiCalls.get(name ?? '');
  }

  /** The number of changes so far. */
  get moment(): number {
    return this.#moment;
  }

  apiCalls(): Iterable<ApiCall> {
    return this.#apiCalls.values();
  }

  /** Records the state of the job from now on. */
  recordState(key: JobKey, job: JobState, time: number): void {
    this.#moment += 1;
    const id = idOf(key);
    const history = this.#jobs.get(id) ?? { key, states: [] };
    this.#jobs.set(id, history);
    history.states.push({ moment: this.#moment, job, time });
  }

  current(key: JobKey): { readonly job: JobState; readonly time: number } {
    return this.#jobs.get(idOf(key))?.states.at(-1) ?? { job: undefined, time: 0 };
  }

  /** Records the settings of the partition from now on. */
  recordSettings(partition: string, settings: Settings): void {
    this.#moment += 1;
    const earlierSettings = this.#settings.get(partition) ?? [];
    this.#settings.set(partition, [...earlierSettings, { moment: this.#moment, settings }]);
  }

  /** Returns when the current job with this key was created. */
  creationTimeOf(key: JobKey): { readonly moment: number; readonly time: number } {
    const states = this.#jobs.get(idOf(key))?.states ?? [];
    const before = states.findLastIndex(
      ({ job }, position) => job === undefined && position < states.length - 1,
    );
    return states[before + 1] ?? { moment: 0, time: 0 };
  }

  /** Returns the states of the job after `since`, preceded by its state at that moment. */
  history(key: JobKey, firstMoment: number): StateHistory {
    const states = this.#jobs.get(idOf(key))?.states ?? [];
    const before = states.findLast(({ moment }) => moment <= firstMoment) ?? { job: undefined, time: 0 };
    return [before, ...states.filter(({ moment }) => moment > firstMoment)];
  }

  jobs(): JobKey[] {
    return [...this.#jobs.values()].map(({ key }) => key);
  }

  /** Returns what the user could observe during the call. `skewMillis` is the maximum error of a clock. */
  observationOf(apiCall: ApiCall, skewMillis: number, outcomes: Observation['outcomes']): Observation {
    return {
      states: (key) => this.history(key, apiCall.firstMoment).map(({ job }) => job),
      history: (key) => this.#jobs.get(idOf(key))?.states.map(({ job }) => job) ?? [],
      createdUnderKey: (partition, key) => this.#createdUnderKey(partition, key),
      settings: (partition) => this.#settingsSince(partition, apiCall.firstMoment),
      jobs: (partition) => this.jobs().filter((key) => key.partition === partition),
      changes: apiCall.changes,
      isBeforeCall: (time) => time < apiCall.beganAt - 2 * skewMillis,
      outcomes,
    };
  }

  #createdUnderKey(partition: string, idempotencyKey: string): ReturnType<Observation['createdUnderKey']> {
    return [...this.#apiCalls.values()].flatMap(({ action: { command, key }, changes }) => {
      const usesKey = command.kind === 'keyed' && command.idempotencyKey === idempotencyKey;
      if (!usesKey || key.partition !== partition) return [];
      return changes.map((change) => ({ command, job: key.job, change }));
    });
  }

  #settingsSince(partition: string, firstMoment: number): Settings[] {
    const earlierSettings = this.#settings.get(partition) ?? [];
    const before = earlierSettings.findLast(({ moment }) => moment <= firstMoment);
    const changesOnBehalf = earlierSettings.filter(({ moment }) => moment > firstMoment);
    return [before, ...changesOnBehalf].flatMap((entry) => (entry === undefined ? [] : [entry.settings]));
  }
}

function idOf({ partition, job }: JobKey): string {
  return `${partition}/${job}`;
}

/** Returns true if the response is consistent with what happened during the call. */
export function isCorrectResponse(
  apiCall: ApiCall,
  response: ApiResponse,
  observation: Observation,
): boolean {
  const { action, version } = apiCall;
  if (response.status !== 412)
    return rulesOf(action.command).isCorrect(action.command, action.key, response, observation);
  return (
    version !== undefined &&
    observation.states(action.key).some((job) => job !== undefined && job.version !== version)
  );
}
