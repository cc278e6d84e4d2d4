/** Edits of the job members that users set. Only `jobs.ts` changes a status. */
import { EDITABLE, type EditableMembers } from '#contract/edit-job.ts';
import type { Job, JobKey } from '#core/job.ts';
import type { Change, Table } from '#core/ports.ts';
import { historyPut } from './history.ts';
import { dueKeysOf, isUnchanged, mirrorWrites } from './job-rows.ts';
import { readJob } from './jobs.ts';
import { jobKey } from './keys.ts';

export type EditResult =
  | { readonly kind: 'edited' | 'unchanged'; readonly job: Job }
  | { readonly kind: 'missing' };

export interface EditOptions {
  readonly now: number;
  readonly actor: string;
  /** Returns the new members; may throw to prevent the edit. Receives the version that is about to change. */
  readonly edit: (job: Job) => EditableMembers;
}

/** Writes the change and its history entry in one transaction. Writes nothing if no member changes. */
export async function editJob(table: Table, key: JobKey, options: EditOptions): Promise<EditResult> {
  const { now, actor } = options;
  for (;;) {
    const job = await readJob(table, key);
    if (job === undefined) return { kind: 'missing' };
    const members = options.edit(job);
    const changedNames = EDITABLE.filter((name) => !isSame(job[name], members[name]));
    if (changedNames.length === 0) return { kind: 'unchanged', job };
    const newJob = editedJob(job, members, now);
    const result = await table.transact([
      {
        kind: 'update',
        key: jobKey(job),
        change: changeOf(newJob, changedNames),
        when: isUnchanged(job),
      },
      ...mirrorWrites(job, newJob),
      historyPut(newJob, {
        version: newJob.version,
        time: now,
        verb: 'edit',
        actor,
        reason: `changed ${changedNames.join(', ')}`,
      }),
    ]);
    if (result.kind === 'written') return { kind: 'edited', job: newJob };
  }
}

/** Sets only the changed members. The follow-up may be cleared concurrently, so it is not written. */
function changeOf(newJob: Job, changedNames: readonly (keyof EditableMembers)[]): Change {
  const { duePk, dueSk } = dueKeysOf(newJob);
  const members: Record<string, unknown> = {
    ...Object.fromEntries(changedNames.map((name) => [name, newJob[name]])),
    lastUpdateTime: newJob.lastUpdateTime,
    duePk,
    dueSk,
  };
  const remove = Object.keys(members).filter((name) => members[name] === undefined);
  const set = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
  return { set, add: { version: 1 }, ...(remove.length === 0 ? {} : { remove }) };
}

function editedJob(job: Job, members: EditableMembers, now: number): Job {
  const keptMembers = Object.fromEntries(
    Object.entries(job).filter(([name]) => !isEditable(name)),
  ) as typeof job;
  return { ...keptMembers, ...members, version: job.version + 1, lastUpdateTime: now };
}

function isEditable(name: string): boolean {
  return (EDITABLE as readonly string[]).includes(name);
}

/** Compares without regard to the order of members, for labels. */
function isSame(a: unknown, b: unknown): boolean {
  const canonical = (value: unknown) =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1))
      : value;
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}
