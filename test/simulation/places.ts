/** Checks the slots and waitlists of partitions: they match the rows of the jobs after every write. */
import type { Job } from '#core/job.ts';
import { jobOfKey, partitionOfKey } from '../../functions/store/keys.ts';
import type { ChangeRecord } from '../support/memory/table.ts';
import { areEqual } from '../support/memory/values.ts';
import type { Settings } from './commands/settings.ts';
import { holdsPlace, placeInLine } from './start-model.ts';
import type { Watch } from './watch.ts';

const DEFAULTS: Settings = { maxActiveJobs: 100, suspended: false };

interface Partition {
  settings: Settings;
  activeJobs: number;
  /** Maps a sort key of the waitlist to the job and its generation. */
  readonly line: Map<string, string>;
}

export class Places {
  readonly #partitions = new Map<string, Partition>();

  hasPlace(name: string): boolean {
    const { settings, activeJobs } = this.#partition(name);
    return !settings.suspended && activeJobs < settings.maxActiveJobs;
  }

  /** Runs after a call has made all its changes. */
  check(watch: Watch, changes: readonly ChangeRecord[]): void {
    const touched = new Set<string>();
    for (const change of changes) this.#note(watch, change, touched);
    for (const name of touched) {
      const partition = this.#partition(name);
      checkCount(watch, name, partition);
      checkLine(watch, name, partition);
      const starts = changes.filter(
        (change) => isStart(change) && jobOfKey(change.key.pk)?.partition === name,
      );
      if (starts.length > 0) checkStart(watch, name, partition);
    }
  }

  #partition(name: string): Partition {
    const known = this.#partitions.get(name) ?? { settings: DEFAULTS, activeJobs: 0, line: new Map() };
    this.#partitions.set(name, known);
    return known;
  }

  #note({ chronicle }: Watch, { key, new: row }: ChangeRecord, touched: Set<string>): void {
    const named = partitionOfKey(key);
    const lined = /^P#([^#]+)#Q$/.exec(key.pk)?.[1];
    if (named !== undefined) {
      const partition = this.#partition(named);
      partition.activeJobs = Number(row?.['activeJobs'] ?? 0);
      const settings = (row?.['settings'] as Settings | undefined) ?? DEFAULTS;
      if (!areEqual(settings, partition.settings)) chronicle.settle(named, settings);
      partition.settings = settings;
      touched.add(named);
    } else if (lined !== undefined) {
      const name = decodeURIComponent(lined);
      if (row === undefined) this.#partition(name).line.delete(key.sk);
      else this.#partition(name).line.set(key.sk, `${row['job']}/${row['generation']}`);
      touched.add(name);
    } else if (key.sk === 'JOB') {
      const job = jobOfKey(key.pk);
      if (job !== undefined) touched.add(job.partition);
    }
  }
}

function isStart({ key, old, new: row }: ChangeRecord): boolean {
  return key.sk === 'JOB' && old?.['status'] === 'Waiting' && row?.['status'] === 'Active';
}

function jobsOf({ chronicle }: Watch, partition: string): Job[] {
  const keys = chronicle.jobs().filter((key) => key.partition === partition);
  return keys.map((key) => chronicle.now(key).job).filter((job) => job !== undefined);
}

function checkCount(watch: Watch, name: string, { activeJobs }: Partition): void {
  const holders = jobsOf(watch, name).filter(holdsPlace);
  if (holders.length === activeJobs) return;
  const ids = holders.map(({ job }) => job);
  watch.violated('a partition counts the jobs that hold a slot', `${name}: ${activeJobs}, not ${ids}`);
}

function checkLine(watch: Watch, name: string, { line }: Partition): void {
  const queued = jobsOf(watch, name).filter((job) => job.queued === true);
  const expected = new Map(queued.map((job) => [placeInLine(job), `${job.job}/${job.generation}`]));
  if (line.size === expected.size && [...expected].every(([sk, job]) => line.get(sk) === job)) return;
  watch.violated('every queued job is on the waitlist', `${name}: ${[...line]}, not ${[...expected]}`);
}

/** Only starts respect the limit: a retry takes a slot without a check. */
function checkStart(watch: Watch, name: string, { activeJobs, settings }: Partition): void {
  const where = `${name}: ${activeJobs}, ${JSON.stringify(settings)}`;
  if (settings.suspended) watch.violated('no job starts while its partition is suspended', where);
  if (activeJobs > settings.maxActiveJobs) watch.violated('no start takes a slot beyond the limit', where);
}
