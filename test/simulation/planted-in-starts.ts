/** Planted bugs in starts: prerequisites, slots, waitlists and expiry. */
import type { PlantedBug } from './planted.ts';
import { on, withTable } from './tampering.ts';
import {
  changingPutRows,
  changingSlotCount,
  delayedAndUnconditional,
  hidingRows,
  ignoringWakeUps,
  onVerb,
  withEmptyWaitlist,
} from './tampering-with-jobs.ts';

export const BUGS_IN_STARTS: readonly PlantedBug[] = [
  {
    name: 'dependents-not-woken',
    story: 'The end of a prerequisite does not wake its dependents.',
    wiring: {
      ports: on(
        ['dispatch'],
        hidingRows(({ begins }) => begins === 'DEP#'),
      ),
    },
  },
  {
    name: 'dependents-not-restarted',
    story: 'A retry with restartDependents does not restart the jobs that failed because of it.',
    wiring: {
      ports: on(
        ['api'],
        onVerb(
          'retry',
          changingPutRows(/^JOB$/, () => ({ restartsDependents: false })),
        ),
      ),
    },
  },
  {
    name: 'wake-up-lost',
    story: 'A wake-up that arrives during the start check of a job is lost.',
    wiring: { ports: on(['dispatch'], ignoringWakeUps) },
  },
  {
    name: 'slot-kept',
    story: 'A final job keeps its slot.',
    wiring: {
      ports: on(
        ['track', 'dispatch', 'api'],
        changingSlotCount((write) => (Number(write.change.add?.['activeJobs']) < 0 ? undefined : write)),
      ),
    },
  },
  {
    name: 'slot-beyond-limit',
    story: 'A job takes a slot without a check of the limit.',
    wiring: {
      ports: on(
        ['dispatch'],
        changingSlotCount(({ kind, key, change }) => ({ kind, key, change })),
      ),
    },
  },
  {
    name: 'waitlist-not-checked',
    story: 'A job that frees its slot does not start the next waiting job.',
    wiring: { ports: on(['dispatch'], withEmptyWaitlist) },
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
    wiring: { ports: on(['sweep', 'dispatch'], delayedAndUnconditional('expire')) },
  },
];
