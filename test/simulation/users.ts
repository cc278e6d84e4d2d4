import type { JobKey } from '#core/job.ts';
import { deleteJob } from '../../functions/store/delete-job.ts';
import { createJob, moveJob } from '../../functions/store/jobs.ts';
import { captureRequest } from '../../functions/store/requests.ts';
import type { Functions } from './functions.ts';
import type { InstancePorts, Surroundings } from './ports.ts';
import type { JobSpec, UserAction } from './scenario.ts';

interface Wish {
  readonly action: UserAction;
  readonly at: number;
  /** Requests under way. */
  open: number;
  isDone: boolean;
}

/** What users ask for, through the store's verbs as the API would; they ask again until they get an answer. */
export class Users {
  readonly #surroundings: Surroundings;
  readonly #functions: Functions;
  #wishes: Wish[];

  constructor(surroundings: Surroundings, functions: Functions) {
    this.#surroundings = surroundings;
    this.#functions = functions;
    const start = surroundings.world.clock.now();
    this.#wishes = surroundings.watch.scenario.actions.map((action) => ({
      action,
      at: start + action.at,
      open: 0,
      isDone: false,
    }));
  }

  /** One request of the first wish of a job that is due; some are sent twice at once. */
  start(): boolean {
    const now = this.#surroundings.world.clock.now();
    const wish = this.#first().find(({ at, open }) => at <= now && open === 0);
    if (wish === undefined) return false;
    this.#ask(wish);
    if (wish.action.kind === 'create' && this.#surroundings.chance.is(0.3)) this.#ask(wish);
    return true;
  }

  nextDue(): number | undefined {
    const due = this.#first().filter(({ open }) => open === 0);
    return due.length === 0 ? undefined : Math.min(...due.map(({ at }) => at));
  }

  /** Of each job the wish that is its turn. */
  #first(): Wish[] {
    const seen = new Set<string>();
    this.#wishes = this.#wishes.filter(({ isDone, open }) => !isDone || open > 0);
    return this.#wishes.filter(({ action }) => {
      const { partition, job } = keyOf(action);
      const isFirst = !seen.has(`${partition}/${job}`);
      seen.add(`${partition}/${job}`);
      return isFirst;
    });
  }

  #ask(wish: Wish): void {
    const { stage, trace } = this.#surroundings;
    const { instance, ports } = this.#functions.instance('api');
    const { partition, job } = keyOf(wish.action);
    const known = new Set([`${partition}/${job}`, `${partition}/${job}/*`]);
    instance.assignment = { name: instance.name, known };
    trace.note(0, instance.name, `${wish.action.kind} ${partition}/${job}`);
    wish.open += 1;
    const again = (): void => {
      wish.open -= 1;
    };
    stage.begin(instance, {
      run: () => this.#do(ports, wish.action),
      onAnswer: () => {
        again();
        wish.isDone = true;
      },
      onError: again,
      onCrash: again,
    });
  }

  async #do(ports: InstancePorts, action: UserAction): Promise<void> {
    const now = ports.clock.now();
    switch (action.kind) {
      case 'create':
        return this.#create(ports, action.spec);
      case 'cancel':
      case 'pause':
      case 'resume':
        await moveJob(ports.table, action.key, action.kind, { now });
        return;
      case 'delete':
        await deleteJob(ports.table, action.key, { now });
    }
  }

  async #create(ports: InstancePorts, { name, key, plan, batch }: JobSpec): Promise<void> {
    const { world, watch } = this.#surroundings;
    const request = await captureRequest(ports.objects, key, { request: { batch } }, world.random.id());
    const { outcome } = await createJob(
      ports.table,
      {
        ...key,
        plan,
        createTime: ports.clock.now(),
        labels: {},
        priority: 4,
        createdBy: 'simulation',
        requestHash: name,
      },
      request,
    );
    if (outcome === 'exists') watch.violated('an id that is free can be taken', JSON.stringify(key));
  }
}

function keyOf(action: UserAction): JobKey {
  return action.kind === 'create' ? action.spec.key : action.key;
}
