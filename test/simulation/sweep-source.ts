import type { Functions, RunningInstance, SweepWork } from './functions.ts';
import type { Surroundings } from './ports.ts';

/** Due times beyond this are ignored. Otherwise a schedule would only end when its jobs are deleted. */
export const HORIZON_MILLIS = 3_600_000;

/** Invokes the sweeper at intervals while something is due. */
export class SweepSource {
  readonly #surroundings: Surroundings;
  readonly #functions: Functions;
  #running: RunningInstance<SweepWork> | undefined;
  #isSweeping = false;
  #nextAt: number;

  constructor(surroundings: Surroundings, functions: Functions) {
    this.#surroundings = surroundings;
    this.#functions = functions;
    this.#nextAt = surroundings.world.clock.now();
  }

  start(): boolean {
    const now = this.#surroundings.world.clock.now();
    if (this.#isSweeping || now < this.#nextAt) return false;
    this.#nextAt = now + this.#surroundings.watch.scenario.sweepMillis;
    const first = this.#firstDue();
    if (first === undefined || first > now) return false;
    this.#sweep();
    return true;
  }

  nextDue(): number | undefined {
    const first = this.#isSweeping ? undefined : this.#firstDue();
    return first === undefined ? undefined : Math.max(first, this.#nextAt);
  }

  #firstDue(): number | undefined {
    const { table, clock } = this.#surroundings.world;
    const times = [...table.rows()]
      .flatMap(({ dueSk }) => (typeof dueSk === 'string' ? [Number(dueSk.split('#')[0])] : []))
      .filter((time) => time - clock.now() < HORIZON_MILLIS);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #sweep(): void {
    const { stage, trace } = this.#surroundings;
    if (this.#running === undefined || this.#running.instance.isDead)
      this.#running = this.#functions.sweeper();
    const { instance, work } = this.#running;
    trace.note(0, instance.name, '← the schedule');
    this.#isSweeping = true;
    const release = (): void => {
      this.#isSweeping = false;
    };
    stage.begin(instance, { run: work, onResult: release, onError: release, onCrash: release });
  }
}
