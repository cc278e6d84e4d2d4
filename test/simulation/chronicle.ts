/** Records every change of every job in order, with its author. Checks compare API responses with it. */
import type { JobKey } from '#core/job.ts';
import { rulesOf } from './commands/catalogue.ts';
import type { Answer, JobChange, Seen, Standing } from './commands/command.ts';
import type { Settings } from './commands/settings.ts';
import type { Life } from './start-model.ts';
import type { Wish } from './wishes.ts';

/** One API request, pending or completed. A wish may take several attempts. */
export interface Attempt {
  /** Name of the instance and of the calling user. It is unique to the attempt. */
  readonly name: string;
  readonly wish: Wish;
  /** Version sent as If-Match. */
  readonly version: number | undefined;
  readonly since: number;
  /** Start time by the true clock. */
  readonly beganAt: number;
  /** Changes that the attempt's own instance made. */
  readonly changes: JobChange[];
  /** Changes that the dispatcher made on behalf of the attempt. */
  readonly later: JobChange[];
}

interface KnownJob {
  readonly key: JobKey;
  readonly standings: { readonly moment: number; readonly job: Standing; readonly time: number }[];
}

export class Chronicle {
  readonly #lives = new Map<string, KnownJob>();
  readonly #attempts = new Map<string, Attempt>();
  readonly #settings = new Map<string, { readonly moment: number; readonly settings: Settings }[]>();
  #moment = 0;

  begin(attempt: Pick<Attempt, 'name' | 'wish' | 'version' | 'beganAt'>): Attempt {
    const begun = { ...attempt, since: this.#moment, changes: [], later: [] };
    this.#attempts.set(begun.name, begun);
    return begun;
  }

  attempt(name: string | undefined): Attempt | undefined {
    return this.#attempts.get(name ?? '');
  }

  attempts(): Iterable<Attempt> {
    return this.#attempts.values();
  }

  /** Records the state of the job from now on. */
  stands(key: JobKey, job: Standing, time: number): void {
    this.#moment += 1;
    const id = idOf(key);
    const life = this.#lives.get(id) ?? { key, standings: [] };
    this.#lives.set(id, life);
    life.standings.push({ moment: this.#moment, job, time });
  }

  now(key: JobKey): { readonly job: Standing; readonly time: number } {
    return this.#lives.get(idOf(key))?.standings.at(-1) ?? { job: undefined, time: 0 };
  }

  /** Records the settings of the partition from now on. */
  settle(partition: string, settings: Settings): void {
    this.#moment += 1;
    const known = this.#settings.get(partition) ?? [];
    this.#settings.set(partition, [...known, { moment: this.#moment, settings }]);
  }

  /** Returns when the current job with this key was created. */
  born(key: JobKey): { readonly moment: number; readonly time: number } {
    const standings = this.#lives.get(idOf(key))?.standings ?? [];
    const before = standings.findLastIndex(
      ({ job }, position) => job === undefined && position < standings.length - 1,
    );
    return standings[before + 1] ?? { moment: 0, time: 0 };
  }

  /** Returns the states of the job after `since`, preceded by its state at that moment. */
  life(key: JobKey, since: number): Life {
    const standings = this.#lives.get(idOf(key))?.standings ?? [];
    const before = standings.findLast(({ moment }) => moment <= since) ?? { job: undefined, time: 0 };
    return [before, ...standings.filter(({ moment }) => moment > since)];
  }

  jobs(): JobKey[] {
    return [...this.#lives.values()].map(({ key }) => key);
  }

  /** Returns what the attempt could observe. `skewMillis` is the maximum error of a clock. */
  seen(attempt: Attempt, skewMillis: number, outcomes: Seen['outcomes']): Seen {
    return {
      standings: (key) => this.life(key, attempt.since).map(({ job }) => job),
      history: (key) => this.#lives.get(idOf(key))?.standings.map(({ job }) => job) ?? [],
      underKey: (partition, key) => this.#createdUnderKey(partition, key),
      settings: (partition) => this.#settingsSince(partition, attempt.since),
      jobs: (partition) => this.jobs().filter((key) => key.partition === partition),
      changes: attempt.changes,
      wasBefore: (time) => time < attempt.beganAt - 2 * skewMillis,
      outcomes,
    };
  }

  #createdUnderKey(partition: string, idempotencyKey: string): ReturnType<Seen['underKey']> {
    return [...this.#attempts.values()].flatMap(({ wish: { command, key }, changes }) => {
      const isMeant = command.kind === 'keyed' && command.idempotencyKey === idempotencyKey;
      if (!isMeant || key.partition !== partition) return [];
      return changes.map((change) => ({ command, job: key.job, change }));
    });
  }

  #settingsSince(partition: string, since: number): Settings[] {
    const known = this.#settings.get(partition) ?? [];
    const before = known.findLast(({ moment }) => moment <= since);
    const later = known.filter(({ moment }) => moment > since);
    return [before, ...later].flatMap((one) => (one === undefined ? [] : [one.settings]));
  }
}

function idOf({ partition, job }: JobKey): string {
  return `${partition}/${job}`;
}

/** Returns true if the response is consistent with what happened during the attempt. */
export function isTrueAnswer(attempt: Attempt, answer: Answer, seen: Seen): boolean {
  const { wish, version } = attempt;
  if (answer.status !== 412) return rulesOf(wish.command).isTrue(wish.command, wish.key, answer, seen);
  return (
    version !== undefined &&
    seen.standings(wish.key).some((job) => job !== undefined && job.version !== version)
  );
}
