/** Checks that functions touch the rows and objects of those jobs only of which they were given work. */
import type { Assignment } from './stage.ts';

/** Whose row or object it is; `run` where the key names a generation. */
interface Owner {
  readonly partition: string;
  readonly job: string;
  readonly any: string;
  readonly run: string | undefined;
}

function ownerOf(pk: string): Owner {
  const [, partition = '', , job = '', generation = ''] = pk.split('#');
  const all = `${decodeURIComponent(partition)}/*`;
  const key = `${decodeURIComponent(partition)}/${decodeURIComponent(job)}`;
  const run = /^G\d+$/.test(generation) ? `${key}/${generation.slice(1)}` : undefined;
  return { partition: all, job: key, any: `${key}/*`, run };
}

/** Rows that the jobs of a partition share, and its other jobs: one may wait for another, or for its place. */
function isShared({ job, run }: Owner, known: ReadonlySet<string>): boolean {
  const [partition] = job.split('/');
  return run === undefined && [...known].some((one) => one.startsWith(`${partition}/`));
}

export class AccessChecks {
  readonly #owners = new Map<string, Owner>();
  readonly #violated: (invariant: string, detail: string) => void;

  constructor(violated: (invariant: string, detail: string) => void) {
    this.#violated = violated;
  }

  check({ name, known }: Assignment, pk: string): void {
    // It is given no work: it looks for what is due, of all jobs.
    if (name.startsWith('sweep')) return;
    let owner = this.#owners.get(pk);
    if (owner === undefined) {
      owner = ownerOf(pk);
      this.#owners.set(pk, owner);
    }
    if (known.has(owner.partition)) return;
    if (/^(api|dispatch)#/.test(name) && isShared(owner, known)) return;
    if (!known.has(owner.job)) this.#violated('no access outside the partition', `${name} → ${pk}`);
    if (owner.run === undefined || known.has(owner.run) || known.has(owner.any)) return;
    // The visits of the runs before, which a retry looks up.
    if (name.startsWith('split#') && /#G\d+$/.test(pk)) return;
    this.#violated('a message touches no other generation', `${name} → ${pk}`);
  }

  checkObject(to: Assignment, key: string): void {
    const [area = '', partition = '', job = '', generation] = key.split('/');
    const pk = `P#${partition}#J#${job}`;
    // What a retry takes over lies in another generation; of a step it is the worker who finds it.
    const takesOver =
      area === 'manifests' ? /^split#/ : area === 'outcomes' ? /^(split|first|second|bury)#/ : undefined;
    const isTakenOver = takesOver?.test(to.name) === true;
    this.check(to, generation === undefined || isTakenOver ? pk : `${pk}#G${generation}`);
  }
}
