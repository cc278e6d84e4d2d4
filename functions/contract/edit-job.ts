/**
 * The request body that edits a job: a JSON merge patch (RFC 7396). null removes a member, and labels are
 * merged individually.
 */
import * as z from 'zod';
import type { Expiry } from '#core/expiry-policy.ts';
import type { Job } from '#core/job.ts';
import { isFinal } from '#core/job-status.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { DEFAULT_PRIORITY, jobMembers, labelKey, labelValue, MAX_LABELS } from './create-job.ts';
import { expiryPatch, LIVE_EXPIRY_KEYS } from './expiry.ts';
import { refusal } from './problem.ts';

const { name, description, priority } = jobMembers.shape;

export const editJobBody = z
  .strictObject({
    name: name.nullable(),
    description: description.nullable(),
    labels: z
      .record(labelKey, labelValue.nullable())
      .nullish()
      .describe('Labels to merge. null removes one label, or all of them.'),
    priority: priority.unwrap().nullish().describe('Can be changed only before the job starts.'),
    hidden: z.boolean().nullish(),
    expiry: expiryPatch
      .nullish()
      .describe('Policies by status, merged individually. null removes one policy, or all of them.'),
  })
  .meta({ id: 'JobPatch', description: 'A JSON merge patch of a job (RFC 7396). null removes a member.' });
export type EditJobBody = z.output<typeof editJobBody>;

/** Members of a job that users may change. An absent name or description is removed. */
export type EditableMembers = Pick<Job, 'name' | 'description' | 'labels' | 'priority' | 'expiry' | 'hidden'>;
export const EDITABLE = [
  'name',
  'description',
  'labels',
  'priority',
  'expiry',
  'hidden',
] as const satisfies (keyof EditableMembers)[];

/** Returns the members after the patch. Throws if the status of the job does not allow a change. */
export function editedMembers(job: Job, patch: EditJobBody): EditableMembers {
  if (patch.priority !== undefined) checkPriority(job);
  const merged = { name: job.name, description: job.description, ...omitUndefined(patch) };
  const expiry = mergedExpiry(job, patch.expiry);
  const hidden = patch.hidden === undefined ? job.hidden === true : patch.hidden === true;
  return {
    ...(typeof merged.name === 'string' ? { name: merged.name } : {}),
    ...(typeof merged.description === 'string' ? { description: merged.description } : {}),
    labels: mergedLabels(job, patch.labels),
    priority: patch.priority === undefined ? job.priority : (patch.priority ?? DEFAULT_PRIORITY),
    ...omitUndefined({ expiry }),
    ...(hidden ? { hidden } : {}),
  };
}

/** Priority selects which job starts next, so it has no effect once a job has started. */
function checkPriority({ job, status, startTime, endTime }: Job): void {
  if (startTime === undefined && endTime === undefined) return;
  const state = endTime === undefined ? 'has started' : 'is final';
  throw refusal(
    'invalid-transition',
    `job '${job}' ${state} (status ${status}); its priority can be changed only before it starts. Leave priority out`,
  );
}

/**
 * Merges the expiry policies. On a final job, null for all of them removes only the policy that still
 * applies.
 */
function mergedExpiry(job: Job, patch: EditJobBody['expiry']): Expiry | undefined {
  if (patch === undefined) return job.expiry;
  const changes = patch ?? Object.fromEntries(Object.keys(job.expiry ?? {}).map((status) => [status, null]));
  const liveStatus = LIVE_EXPIRY_KEYS.find((status) => Object.hasOwn(changes, status));
  if (patch !== null && liveStatus !== undefined && isFinal(job.status)) {
    throw refusal(
      'invalid-transition',
      `job '${job.job}' is final (status ${job.status}); the expiry of '${liveStatus}' can be changed only before that. Leave it out`,
    );
  }
  const merged = withoutNull({ ...job.expiry, ...changes }) as Expiry;
  return Object.keys(merged).length === 0 ? undefined : merged;
}

function mergedLabels(job: Job, patch: EditJobBody['labels']): Readonly<Record<string, string>> {
  if (patch === undefined) return job.labels;
  if (patch === null) return {};
  const labels = withoutNull({ ...job.labels, ...patch }) as Record<string, string>;
  const count = Object.keys(labels).length;
  if (count <= MAX_LABELS) return labels;
  const detail = `the job would have ${count} labels; at most ${MAX_LABELS} are allowed. Remove some with null`;
  throw refusal('invalid-request', `the body is not valid: /labels: ${detail}`, {
    errors: [{ pointer: '/labels', detail }],
  });
}

function withoutNull(members: object): object {
  return Object.fromEntries(
    Object.entries(members).filter(([, member]) => member !== null && member !== undefined),
  );
}
