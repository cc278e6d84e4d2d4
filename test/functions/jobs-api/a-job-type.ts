/** A job type to try out, and its PUT. */
import type { JobTypeBody } from '#contract/job-type.ts';
import { type ApiWorld, JOBS } from './api-world.ts';
import { token } from './tokens.ts';

/** Token for all partitions, which global job types require. */
export const ADMIN = token({ role: 'admin', partitions: ['*'] });
export const J1 = `${JOBS}/j1`;
/** A batch in JSONata. */
export const batch = (to: string) =>
  `{"splitter": "range", "definition": {"from": 0, "to": ${to}}, "worker": "rehearse"}`;

/** Numbers from 0 to `count`, a hundred at most. */
export const NUMBERS = {
  description: 'Numbers.',
  parametersSchema: {
    type: 'object',
    properties: { count: { type: 'integer', minimum: 0 } },
    required: ['count'],
    additionalProperties: false,
  },
  configuration: { team: 'search' },
  constants: { most: 100, extra: { a: [1] } },
  mapping: `parameters.count > constants.most ? $error("at most 100 {{x}}") : {"batch": ${batch('parameters.count')}}`,
};

export async function putJobType(world: ApiWorld, name: string, body: Partial<JobTypeBody>, headers = {}) {
  return world.call('PUT', `/job-types/${encodeURIComponent(name)}`, { body, token: ADMIN, headers });
}
