import { isFinal } from '../job-model.ts';
import { bodyOf, type JobSpec } from '../job-specs.ts';
import type { Answer, JobChange, Rules, Seen } from './command.ts';
import { mayBeRefused } from './create.ts';
import { startOf } from './resubmit.ts';

/**
 * A POST with an Idempotency-Key. Creates a job from its body, or without a body resubmits the job of the
 * wish.
 */
export interface Keyed {
  readonly kind: 'keyed';
  readonly idempotencyKey: string;
  readonly spec?: JobSpec;
}

export const keyed: Rules<Keyed> = {
  call: ({ idempotencyKey, spec }, { job }) => ({
    headers: { 'Idempotency-Key': idempotencyKey },
    ...(spec === undefined
      ? { operation: 'resubmitJob' as const, job }
      : { operation: 'createJob' as const, body: bodyOf(spec) }),
  }),
  touches: () => ['*'],
  allows: ({ spec }, { partition }, { key, before, after }) =>
    key.partition === partition &&
    before === undefined &&
    after !== undefined &&
    (spec === undefined || after.externalData === spec.name),
  isTrue(command, key, answer, seen) {
    const created = seen.underKey(key.partition, command.idempotencyKey);
    if (created.length > 1) return false;
    const [own] = created;
    if (answer.status === 201)
      return isSameRequest(command, key.job, own) && idOf(answer) === own?.change.key.job;
    switch (answer.code) {
      case 'idempotency-key-spent':
        return isSameRequest(command, key.job, own) && isDeleted(own?.change, seen);
      case 'idempotency-key-reused':
        return own !== undefined && !isSameRequest(command, key.job, own);
      case 'invalid-request':
        return startsOf(command, key, seen).some((start) => mayBeRefused(start, key, seen.standings));
      case 'invalid-transition':
        return command.spec === undefined && seen.standings(key).some((job) => job && !isFinal(job));
      default:
        return command.spec === undefined && answer.status === 404 && seen.standings(key).includes(undefined);
    }
  },
};

type Created = ReturnType<Seen['underKey']>[number];

/** Returns true if an equivalent request created the job. */
function isSameRequest({ spec }: Keyed, job: string, own: Created | undefined): boolean {
  if (own === undefined || own.command.spec?.name !== spec?.name) return false;
  return spec !== undefined || own.job === job;
}

function idOf({ body }: Answer): unknown {
  return (body as { readonly id?: unknown } | undefined)?.id;
}

function isDeleted(change: JobChange | undefined, { history }: Seen): boolean {
  if (change === undefined) return false;
  const life = history(change.key);
  const born = life.findIndex((job) => job !== undefined);
  return born >= 0 && life.slice(born).includes(undefined);
}

function startsOf({ spec }: Keyed, key: JobChange['key'], { standings }: Seen) {
  if (spec !== undefined) return [spec.start];
  return standings(key).flatMap((job) => (job === undefined ? [] : [startOf(job)]));
}
