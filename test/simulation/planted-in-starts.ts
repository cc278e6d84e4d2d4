/** Bugs of starts: who waits for whom, places and the lines for them, and times that are over. */
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
    story: 'The end of a prerequisite calls nobody.',
    wiring: {
      ports: on(
        ['dispatch'],
        unlisted(({ begins }) => begins === 'DEP#'),
      ),
    },
  },
  {
    name: 'call-overheard',
    story: 'A call that comes during the look whether a job may start is cleared with that look.',
    wiring: { ports: on(['dispatch'], deafToCalls) },
  },
  {
    name: 'place-kept',
    story: 'A job that is over keeps its place.',
    wiring: {
      ports: on(
        ['track', 'dispatch', 'api'],
        counting((write) => (Number(write.change.add?.['activeJobs']) < 0 ? undefined : write)),
      ),
    },
  },
  {
    name: 'place-beyond-limit',
    story: 'A place is taken without the limit that was seen.',
    wiring: {
      ports: on(
        ['dispatch'],
        counting(({ kind, key, change }) => ({ kind, key, change })),
      ),
    },
  },
  {
    name: 'line-not-called',
    story: 'Who leaves a place calls nobody of those in line.',
    wiring: { ports: on(['dispatch'], callingNobody) },
  },
  {
    name: 'progress-unseen',
    story: 'A job that makes progress expires as one that makes none.',
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
    story: 'Expiry ends the job that it saw, whatever became of it since.',
    wiring: { ports: on(['sweep', 'dispatch'], lateAndUnconditional('expire')) },
  },
];
