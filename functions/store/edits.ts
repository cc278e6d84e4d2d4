/** Changes of what users say about a job; its status is the business of `jobs.ts`. */
import { EDITABLE, type EditableMembers } from '#contract/edit-job.ts';
import type { Job, JobKey } from '#core/job.ts';
import { isFinal } from '#core/job-status.ts';
import type { Change, Table } from '#core/ports.ts';
import { historyPut } from './history.ts';
import { isUnchanged, readJob } from './jobs.ts';
import { jobKey } from './keys.ts';
import { ttlSeconds } from './retention.ts';

export type Edited =
  | { readonly outcome: 'edited' | 'unchanged'; readonly job: Job }
  | { readonly outcome: 'missing' };

export interface EditOptions {
  readonly now: number;
  readonly actor: string;
  /** The members as they shall be; may throw on the very version that is about to change. */
  readonly edit: (job: Job) => EditableMembers;
}

/** Changes and history in one transaction; what changes nothing writes nothing. */
export async function editJob(table: Table, key: JobKey, options: EditOptions): Promise<Edited> {
  const { now, actor } = options;
  for (;;) {
    const job = await readJob(table, key);
    if (job === undefined) return { outcome: 'missing' };
    const members = options.edit(job);
    const changed = EDITABLE.filter((name) => !isSame(job[name], members[name]));
    if (changed.length === 0) return { outcome: 'unchanged', job };
    const edited = editedJob(job, members, now);
    const answer = await table.transact([
      {
        kind: 'update',
        key: jobKey(job),
        change: changeOf(job, members, changed, now),
        when: isUnchanged(job),
      },
      historyPut(edited, {
        version: edited.version,
        time: now,
        verb: 'edit',
        actor,
        reason: `changed ${changed.join(', ')}`,
      }),
    ]);
    if (answer.outcome === 'written') return { outcome: 'edited', job: edited };
  }
}

/** Only what changed: what the row owes, and who clears it meanwhile, is not touched. */
function changeOf(
  job: Job,
  members: EditableMembers,
  changed: readonly (keyof EditableMembers)[],
  now: number,
): Change {
  const kept = changed.filter((name) => members[name] !== undefined);
  const remove = changed.filter((name) => members[name] === undefined);
  return {
    set: {
      ...Object.fromEntries(kept.map((name) => [name, members[name]])),
      lastUpdateTime: now,
      ...(isFinal(job.status) ? { ttl: ttlSeconds(now) } : {}),
    },
    add: { version: 1 },
    ...(remove.length === 0 ? {} : { remove }),
  };
}

function editedJob(job: Job, members: EditableMembers, now: number): Job {
  const { name: _name, description: _description, hidden: _hidden, ...kept } = job;
  return { ...kept, ...members, version: job.version + 1, lastUpdateTime: now };
}

/** Labels in any order are the same labels. */
function isSame(a: unknown, b: unknown): boolean {
  const canonical = (value: unknown) =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1))
      : value;
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}
