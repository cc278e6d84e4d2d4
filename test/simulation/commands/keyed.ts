import { isFinal } from '../job-model.ts';
import { bodyOf, type JobSpec } from '../job-specs.ts';
import type { ApiResponse, JobChange, Observation, Rules } from './command.ts';
import { mayBeRefused } from './create.ts';
import { startOf } from './resubmit.ts';

/**
 * A POST with an Idempotency-Key. Creates a job from its body, or without a body resubmits the job of the
 * action.
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
  isCorrect(command, key, response, observation) {
    const creations = observation.createdUnderKey(key.partition, command.idempotencyKey);
    if (creations.length > 1) return false;
    const [creation] = creations;
    if (response.status === 201)
      return isSameRequest(command, key.job, creation) && idOf(response) === creation?.change.key.job;
    switch (response.code) {
      case 'idempotency-key-spent':
        return isSameRequest(command, key.job, creation) && isDeleted(creation?.change, observation);
      case 'idempotency-key-reused':
        return creation !== undefined && !isSameRequest(command, key.job, creation);
      case 'invalid-request':
        return startsOf(command, key, observation).some((start) =>
          mayBeRefused(start, key, observation.states),
        );
      case 'invalid-transition':
        return command.spec === undefined && observation.states(key).some((job) => job && !isFinal(job));
      default:
        return (
          command.spec === undefined && response.status === 404 && observation.states(key).includes(undefined)
        );
    }
  },
};

type KeyedCreation = ReturnType<Observation['createdUnderKey']>[number];

/** Returns true if an equivalent request created the job. */
function isSameRequest({ spec }: Keyed, job: string, creation: KeyedCreation | undefined): boolean {
  if (creation === undefined || creation.command.spec?.name !== spec?.name) return false;
  return spec !== undefined || creation.job === job;
}

function idOf({ body }: ApiResponse): unknown {
  return (body as { readonly id?: unknown } | undefined)?.id;
}

function isDeleted(change: JobChange | undefined, { history }: Observation): boolean {
  if (change === undefined) return false;
  const states = history(change.key);
  const createdAt = states.findIndex((job) => job !== undefined);
  return createdAt >= 0 && states.slice(createdAt).includes(undefined);
}

function startsOf({ spec }: Keyed, key: JobChange['key'], { states }: Observation) {
  if (spec !== undefined) return [spec.start];
  return states(key).flatMap((job) => (job === undefined ? [] : [startOf(job)]));
}
