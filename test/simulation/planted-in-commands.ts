/** Bugs of what users command: retries, edits, bulk actions, deletions, and the history of it all. */
import type { PlantedBug } from './planted.ts';
import { keyOf, on, withTable } from './tampering.ts';
import {
  believingTheIndex,
  claimingFirst,
  onVerb,
  payingNothing,
  pretending,
  putting,
  transacting,
  unconditional,
  unseen,
  without,
} from './tampering-with-jobs.ts';

export const BUGS_IN_COMMANDS: readonly PlantedBug[] = [
  {
    name: 'retry-runs-all',
    story: 'A retry does not look at what is recorded and runs every item again.',
    wiring: { ports: on(['split'], unseen('outcomes/')) },
  },
  {
    name: 'retry-keeps-generation',
    story: 'A retry goes on under the generation of the run before it.',
    wiring: {
      ports: on(
        ['api'],
        onVerb(
          'retry',
          putting(/^JOB$/, ({ generation }) => ({ generation: Number(generation) - 1 })),
        ),
      ),
    },
  },
  {
    name: 'retry-forgets-filter',
    story: 'A retry by filter does all failed items again.',
    wiring: {
      ports: on(
        ['api'],
        onVerb(
          'retry',
          putting(/^REQUEST#/, () => ({ retry: '{"filter":{}}' })),
        ),
      ),
    },
  },
  {
    name: 'retry-from-zero',
    story: 'The percent of a retry begins at 0.',
    wiring: {
      ports: on(
        ['api'],
        onVerb(
          'retry',
          putting(/^JOB#PROGRESS#/, () => ({ percent: 0 })),
        ),
      ),
    },
  },
  {
    name: 'retry-without-request',
    story: 'A retry does not take the captured request along.',
    wiring: {
      ports: on(
        ['api'],
        without('retry', ({ sk }) => sk.startsWith('REQUEST#')),
      ),
    },
  },
  {
    name: 'retry-keeps-totals',
    story: 'The totals of the run before stand in the new one.',
    wiring: {
      ports: on(
        ['api'],
        onVerb(
          'retry',
          putting(/^JOB$/, () => ({ totals: { items: 1, failed: 0, skipped: 0 } })),
        ),
      ),
    },
  },
  {
    name: 'retry-of-any-version',
    story: 'A retry does not see that the job has changed since it was read.',
    wiring: { ports: on(['api'], onVerb('retry', unconditional)) },
  },
  {
    name: 'key-forgotten',
    story: 'A job is created without the claim of its Idempotency-Key.',
    wiring: {
      ports: on(
        ['api'],
        without('create', ({ sk }) => sk === 'KEY'),
      ),
    },
  },
  {
    name: 'key-claimed-first',
    story:
      'The claim of an Idempotency-Key is written before its job, which counts as deleted until it is there.',
    wiring: { ports: on(['api'], claimingFirst) },
  },
  {
    name: 'key-of-any-request',
    story: 'A claim of an Idempotency-Key replaces an earlier one.',
    wiring: {
      ports: on(
        ['api'],
        onVerb('create', (write) => (keyOf(write).sk === 'KEY' ? unconditional(write) : write)),
      ),
    },
  },
  {
    name: 'edit-drops-follow-up',
    story: 'An edit drops what the job still owes.',
    wiring: { ports: on(['api'], onVerb('edit', payingNothing)) },
  },
  {
    name: 'edit-of-any-version',
    story: 'An edit does not see that the job has changed since it was read.',
    wiring: { ports: on(['api'], onVerb('edit', unconditional)) },
  },
  {
    name: 'bulk-believes-index',
    story: 'A bulk action moves jobs as its index showed them.',
    wiring: { ports: on(['api', 'dispatch'], believingTheIndex) },
  },
  {
    name: 'history-forgotten',
    story: 'A pause has no entry in the history.',
    wiring: {
      ports: on(
        ['api'],
        without('pause', ({ sk }) => sk.startsWith('H#')),
      ),
    },
  },
  {
    name: 'history-of-nobody',
    story: 'The history calls everybody system.',
    wiring: {
      ports: on(
        ['api'],
        onVerb(
          'cancel',
          putting(/^H#/, () => ({ actor: 'system' })),
        ),
      ),
    },
  },
  {
    name: 'answered-unwritten',
    story: 'A resume is answered and never written.',
    wiring: { ports: on(['api'], pretending('resume')) },
  },
  {
    name: 'held-forgotten',
    story: 'What was held is not sent when the job is resumed.',
    wiring: { ports: on(['dispatch'], unseen('held/')) },
  },
  {
    name: 'end-forgotten',
    story: 'That a paused job is done is not written down.',
    wiring: {
      ports: on(['track'], (ports) =>
        withTable(ports, {
          write: async (write, returns) =>
            write.kind === 'update' && write.key.sk === 'JOB'
              ? { outcome: 'written', units: 0 }
              : ports.table.write(write, returns),
        }),
      ),
    },
  },
  {
    name: 'runs-left-behind',
    story: 'Deleting a job removes its last run only.',
    wiring: {
      ports: on(['api', 'dispatch'], (ports) =>
        transacting(ports, (writes) => writes.map(putting(/^GONE#/, () => ({ firstGeneration: undefined })))),
      ),
    },
  },
];
