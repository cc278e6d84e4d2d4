/** Checks the slots and waitlists of partitions: they match the rows of the jobs after every write. */
import type { Job } from '#core/job.ts';
import { jobOfKey, partitionOfKey } from '../../functions/store/keys.ts';
import type { ChangeRecord } from '../support/memory/table.ts';
import { areEqual } from '../support/memory/values.ts';
import type { Settings } from './commands/settings.ts';
import { holdsSlot, waitlistKey } from './start-model.ts';
import type { Watch } from './watch.ts';

const DEFAULTS: Settings = { maxActiveJobs: 100, suspended: false };

interface Partition {
  settings: Settings;
  activeJobs: number;
  /** Maps a sort key of the waitlist to the job and its run. */
  readonly waitlist: Map<string, string>;
}

export class Slots {
  readonly #partitions = new Map<string, Partition>();

  hasFreeSlot(name: string): boolean {
    const { settings, activeJobs } = this.#partition(name);
    return !settings.suspended && activeJobs < settings.maxActiveJobs;
  }

  /** Runs after a call has made all its changes. */
  check(watch: Watch, changes: readonly ChangeRecord[]): void {
    const changedPartitions = new Set<string>();
    for (const change of changes) this.#record(watch, change, changedPartitions);
    for (const name of changedPartitions) {
      const partition = this.#partition(name);
      checkCount(watch, name, partition);
      checkWaitlist(watch, name, partition);
      const starts = changes.filter(
        (change) => isStart(change) && jobOfKey(change.key.pk)?.partition === name,
      );
      if (starts.length > 0) checkStart(watch, name, partition);
    }
  }

  #partition(name: string): Partition {
    const partition = this.#partitions.get(name) ?? {
      settings: DEFAULTS,
      activeJobs: 0,
      waitlist: new Map(),
    };
    this.#partitions.set(name, partition);
    return partition;
  }

  #record({ chronicle }: Watch, { key, new: row }: ChangeRecord, changedPartitions: Set<string>): void {
    const partitionName = partitionOfKey(key);
    const waitlistName = /^P#([^#]+)#Q$/.exec(key.pk)?.[1];
    if (partitionName !== undefined) {
      const partition = this.#partition(partitionName);
      partition.activeJobs = Number(row?.['activeJobs'] ?? 0);
      const settings = (row?.['settings'] as Settings | undefined) ?? DEFAULTS;
      if (!areEqual(settings, partition.settings)) chronicle.recordSettings(partitionName, settings);
      partition.settings = settings;
      changedPartitions.add(partitionName);
    } else if (waitlistName !== undefined) {
      const name = decodeURIComponent(waitlistName);
      if (row === undefined) this.#partition(name).waitlist.delete(key.sk);
      else this.#partition(name).waitlist.set(key.sk, `${row['job']}/${row['runNumber']}`);
      changedPartitions.add(name);
    } else if (key.sk === 'JOB') {
      const job = jobOfKey(key.pk);
      if (job !== undefined) changedPartitions.add(job.partition);
    }
  }
}

function isStart({ key, old, new: row }: ChangeRecord): boolean {
  return key.sk === 'JOB' && old?.['status'] === 'Waiting' && row?.['status'] === 'Active';
}

function jobsOf({ chronicle }: Watch, partition: string): Job[] {
  const keys = chronicle.jobs().filter((key) => key.partition === partition);
  return keys.map((key) => chronicle.current(key).job).filter((job) => job !== undefined);
}

function checkCount(watch: Watch, name: string, { activeJobs }: Partition): void {
  const holders = jobsOf(watch, name).filter(holdsSlot);
  if (holders.length === activeJobs) return;
  const ids = holders.map(({ job }) => job);
  watch.violated('a partition counts the jobs that hold a slot', `${name}: ${activeJobs}, not ${ids}`);
}

function checkWaitlist(watch: Watch, name: string, { waitlist }: Partition): void {
  const queuedJobs = jobsOf(watch, name).filter((job) => job.queued === true);
  const expectedEntries = new Map(queuedJobs.map((job) => [waitlistKey(job), `${job.job}/${job.runNumber}`]));
  if (
    waitlist.size === expectedEntries.size &&
    [...expectedEntries].every(([sk, job]) => waitlist.get(sk) === job)
  )
    return;
  watch.violated(
    'every queued job is on the waitlist',
    `${name}: ${[...waitlist]}, not ${[...expectedEntries]}`,
  );
}

/** Only starts respect the limit: a retry takes a slot without a check. */
function checkStart(watch: Watch, name: string, { activeJobs, settings }: Partition): void {
  const where = `${name}: ${activeJobs}, ${JSON.stringify(settings)}`;
  if (settings.suspended) watch.violated('no job starts while its partition is suspended', where);
  if (activeJobs > settings.maxActiveJobs) watch.violated('no start takes a slot beyond the limit', where);
}
