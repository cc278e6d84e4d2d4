/** Planted bugs in starts: prerequisites, slots, waitlists and expiry. */
import type { PlantedBug } from './planted.ts';
import { on, withTable } from './tampering.ts';
import {
  callingNobody,
  counting,
  deafToCalls,
  lateAndUnconditional,
  unlisted,
} from './tampering-with-jobs.ts';

export const BUGS_IN_STARTS: readonly PlantedBug[] = [
  {
    name: 'dependents-not-called',
    story: 'The end of a prerequisite does not wake its dependents.',
    wiring: {
      ports: on(
        ['dispatch'],
        unlisted(({ begins }) => begins === 'DEP#'),
      ),
    },
  },
  {
    name: 'call-overheard',
    story: 'A wake-up that arrives during the start check of a job is lost.',
    wiring: { ports: on(['dispatch'], deafToCalls) },
  },
  {
    name: 'place-kept',
    story: 'A final job keeps its slot.',
    wiring: {
      ports: on(
        ['track', 'dispatch', 'api'],
        counting((write) => (Number(write.change.add?.['activeJobs']) < 0 ? undefined : write)),
      ),
    },
  },
  {
    name: 'place-beyond-limit',
    story: 'A job takes a slot without a check of the limit.',
    wiring: {
      ports: on(
        ['dispatch'],
        counting(({ kind, key, change }) => ({ kind, key, change })),
      ),
    },
  },
  {
    name: 'line-not-called',
    story: 'A job that frees its slot does not start the next waiting job.',
    wiring: { ports: on(['dispatch'], callingNobody) },
  },
  {
    name: 'progress-unseen',
    story: 'A job that makes progress expires as if it were idle.',
    wiring: {
      ports: on(['sweep'], (ports) =>
        withTable(ports, {
          get: async (key, options) =>
            key.sk.startsWith('JOB#PROGRESS#') ? { units: 0 } : ports.table.get(key, options),
        }),
      ),
    },
  },
  {
    name: 'expiry-of-any-version',
    story: 'Expiry ends a job even if it has changed since it was read.',
    wiring: { ports: on(['sweep', 'dispatch'], lateAndUnconditional('expire')) },
  },
];
