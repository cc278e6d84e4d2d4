/** Checks that each function touches only the rows and objects of the jobs in its assignment. */
import type { Assignment } from './stage.ts';

/** Owner of a row or an object. `run` is set if the key includes a run number. */
interface Owner {
  readonly partition: string;
  readonly job: string;
  readonly everyRun: string;
  readonly run: string | undefined;
}

function ownerOf(pk: string): Owner {
  const [, partition = '', , job = '', runNumber = ''] = pk.split('#');
  const all = `${decodeURIComponent(partition)}/*`;
  const key = `${decodeURIComponent(partition)}/${decodeURIComponent(job)}`;
  const run = /^R\d+$/.test(runNumber) ? `${key}/${runNumber.slice(1)}` : undefined;
  return { partition: all, job: key, everyRun: `${key}/*`, run };
}

/** True for rows of a known partition outside a run: a job may wait for another job or for a slot. */
function isShared({ job, run }: Owner, assignedKeys: ReadonlySet<string>): boolean {
  const [partition] = job.split('/');
  return run === undefined && [...assignedKeys].some((one) => one.startsWith(`${partition}/`));
}

export class AccessChecks {
  readonly #owners = new Map<string, Owner>();
  readonly #violated: (invariant: string, detail: string) => void;

  constructor(violated: (invariant: string, detail: string) => void) {
    this.#violated = violated;
  }

  check({ name, jobs: assignedKeys }: Assignment, pk: string): void {
    // The sweeper has no assignment: it looks for due rows of all jobs.
    if (name.startsWith('sweep')) return;
    let owner = this.#owners.get(pk);
    if (owner === undefined) {
      owner = ownerOf(pk);
      this.#owners.set(pk, owner);
    }
    if (assignedKeys.has(owner.partition)) return;
    if (/^(api|dispatch)#/.test(name) && isShared(owner, assignedKeys)) return;
    if (!assignedKeys.has(owner.job))
      this.#violated('no access outside the assigned partition', `${name} → ${pk}`);
    if (owner.run === undefined || assignedKeys.has(owner.run) || assignedKeys.has(owner.everyRun)) return;
    // A retry looks up the visits and the recorded chunks of the earlier runs.
    if (name.startsWith('split#') && /#R\d+(#[\d.]*#0\.\d+)?$/.test(pk)) return;
    this.#violated('a message accesses only its own run', `${name} → ${pk}`);
  }

  checkObject(to: Assignment, key: string): void {
    const [area = '', partition = '', job = '', runNumber] = key.split('/');
    const pk = `P#${partition}#J#${job}`;
    // The objects that a retry takes over belong to an earlier run. For a step, the worker reads them.
    const readersOfEarlierRun =
      area === 'manifests'
        ? /^split#/
        : area === 'outcomes'
          ? /^(split|first|second|deadLetters)#/
          : undefined;
    const mayBeOfEarlierRun = readersOfEarlierRun?.test(to.name) === true;
    this.check(to, runNumber === undefined || mayBeOfEarlierRun ? pk : `${pk}#R${runNumber}`);
  }
}
