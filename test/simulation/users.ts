import type { JobKey } from '#core/job.ts';
import type { Registry } from '../../functions/creation/registry.ts';
import { callApi, registryOf } from './api-calls.ts';
import type { Attempt } from './chronicle.ts';
import { rulesOf, touchedBy } from './commands/catalogue.ts';
import type { Functions } from './functions.ts';
import { isFinal } from './job-model.ts';
import type { Surroundings } from './ports.ts';
import type { Wish } from './wishes.ts';

interface OpenWish {
  readonly wish: Wish;
  /** Number of pending requests. */
  open: number;
  isDone: boolean;
  /** Version of the job at the first request of a guarded wish. */
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
  #wishes: OpenWish[];

  constructor(surroundings: Surroundings, functions: Functions) {
    this.#surroundings = surroundings;
    this.#functions = functions;
    this.#registry = registryOf(surroundings.watch.scenario);
    this.#begin = surroundings.world.clock.now();
    this.#wishes = surroundings.watch.scenario.wishes.map(opened);
  }

  /** Sends the first due request of a user. Sends some requests twice at the same time. */
  start(): boolean {
    const now = this.#surroundings.world.clock.now();
    const due = this.#first().find((one) => one.open === 0 && (this.#dueAt(one.wish) ?? now + 1) <= now);
    if (due === undefined) return false;
    this.#ask(due);
    if (REPEATABLE.includes(due.wish.command.kind) && this.#surroundings.chance.is(0.15)) this.#ask(due);
    return true;
  }

  nextDue(): number | undefined {
    const waiting = this.#first().filter(({ open }) => open === 0);
    const due = waiting.map(({ wish }) => this.#dueAt(wish)).filter((time) => time !== undefined);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  /** Resumes the jobs that are still paused at rest. Returns true if there were any. */
  resumeAll(): boolean {
    const { chronicle } = this.#surroundings.watch;
    const paused = chronicle.jobs().filter((key) => chronicle.now(key).job?.status === 'Paused');
    for (const key of paused) {
      const user = `tidy ${key.partition}/${key.job}`;
      this.#wishes.push(opened({ at: 0, user, key, command: { kind: 'resume' } }));
    }
    return paused.length > 0;
  }

  /** Returns undefined if the wish depends on another event. */
  #dueAt({ at, atEnd, key }: Wish): number | undefined {
    if (atEnd !== true) return this.#begin + at;
    const { job, time } = this.#surroundings.watch.chronicle.now(key);
    return job !== undefined && isFinal(job) ? time + at : undefined;
  }

  /** Returns the next wish of each user. */
  #first(): OpenWish[] {
    const seen = new Set<string>();
    this.#wishes = this.#wishes.filter(({ isDone, open }) => !isDone || open > 0);
    return this.#wishes.filter(({ wish: { user } }) => {
      const isFirst = !seen.has(user);
      seen.add(user);
      return isFirst;
    });
  }

  #ask(one: OpenWish): void {
    const { wish } = one;
    const { stage, trace, watch, world } = this.#surroundings;
    const { instance, ports } = this.#functions.instance('api');
    if (wish.isGuarded) one.version ??= watch.chronicle.now(wish.key).job?.version ?? 0;
    const attempt = watch.chronicle.begin({
      name: instance.name,
      wish,
      version: one.version,
      beganAt: world.clock.now(),
    });
    instance.assignment = { name: instance.name, jobs: new Set(knownTo(wish)) };
    trace.note(0, instance.name, `${wish.command.kind} ${wish.key.partition}/${wish.key.job}`);
    trace.lines?.push(`      ${JSON.stringify(rulesOf(wish.command).call(wish.command, wish.key))}`);
    one.open += 1;
    const again = (): void => {
      one.open -= 1;
    };
    stage.begin(instance, {
      run: () =>
        callApi(
          { ...ports, random: world.random, registry: this.#registry, idleLimit: watch.scenario.idleLimit },
          attempt,
          watch.violated,
        ),
      onAnswer: (answer) => {
        again();
        one.isDone = true;
        watch.answered(attempt, answer);
      },
      onError: again,
      onCrash: again,
    });
  }
}

function opened(wish: Wish): OpenWish {
  return { wish, open: 0, isDone: false, version: undefined };
}

function knownTo({ command, key }: Attempt['wish']): string[] {
  return touchedBy(command, key).flatMap((job) => known({ ...key, job }));
}

function known({ partition, job }: JobKey): string[] {
  return job === '*' ? [`${partition}/*`] : [`${partition}/${job}`, `${partition}/${job}/*`];
}
