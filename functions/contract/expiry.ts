/** Expiry in request bodies: one policy for each status, under the name of the status in lower case. */
import * as z from 'zod';
import {
  EXPIRY_OPERATIONS,
  EXPIRY_TIME_PATTERN,
  EXPIRY_TIME_RULE,
  type Expiry,
  isExpiryTime,
} from '#core/expiry-policy.ts';
import { FINAL_STATUSES, LIVE_STATUSES } from '#core/job-status.ts';

const MAX_TIME_LENGTH = 100;

const expiryTime = z
  .string()
  .max(MAX_TIME_LENGTH)
  .refine(isExpiryTime, {
    error: ({ input }) => `'${input}' is not a valid expiry time. Use ${EXPIRY_TIME_RULE}`,
  })
  .meta({ pattern: EXPIRY_TIME_PATTERN })
  .describe(`When the policy applies: ${EXPIRY_TIME_RULE}.`);

const livePolicy = z
  .strictObject({ expiryTime, operation: z.enum(EXPIRY_OPERATIONS).optional() })
  .meta({ id: 'LiveExpiryPolicy' });
const finalPolicy = z
  .strictObject({ expiryTime, operation: z.literal('Delete').optional() })
  .meta({ id: 'FinalExpiryPolicy' });

type StatusName = keyof Expiry;
const lowerCase = <S extends string>(status: S) => status.toLowerCase() as Lowercase<S>;

export const LIVE_EXPIRY_KEYS: readonly StatusName[] = LIVE_STATUSES.map(lowerCase);

/** Builds an object with an optional policy for each status. */
function policies<L extends z.ZodType, F extends z.ZodType>(live: L, final: F) {
  const entries = [
    ...LIVE_STATUSES.map((status) => [lowerCase(status), live.optional()]),
    ...FINAL_STATUSES.map((status) => [lowerCase(status), final.optional()]),
  ];
  return z.strictObject(
    Object.fromEntries(entries) as Record<Lowercase<(typeof LIVE_STATUSES)[number]>, z.ZodOptional<L>> &
      Record<Lowercase<(typeof FINAL_STATUSES)[number]>, z.ZodOptional<F>>,
  );
}

export const expiryPolicies = policies(livePolicy, finalPolicy).meta({
  id: 'ExpiryPolicies',
  description:
    'Actions on a job that stays too long in a status: Expire (unless the job is final) or Delete.',
});

/** In a merge patch, null removes a policy. */
export const expiryPatch = policies(livePolicy.nullable(), finalPolicy.nullable()).meta({
  id: 'ExpiryPatch',
});
