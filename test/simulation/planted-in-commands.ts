/** Planted bugs in user commands: retries, edits, bulk actions, deletions, and the history. */
import type { PlantedBug } from './planted.ts';
import { keyOf, on, withTable } from './tampering.ts';
import {
  acknowledgingOnly,
  changingPutRows,
  changingTransactions,
  droppingWrites,
  hidingObjects,
  onVerb,
  trustingIndexRows,
  unconditional,
  withoutFollowUp,
  writingClaimFirst,
} from './tampering-with-jobs.ts';

export const BUGS_IN_COMMANDS: readonly PlantedBug[] = [
  {
    name: 'retry-runs-all',
    story: 'A retry ignores recorded outcomes and runs every item again.',
    wiring: { ports: on(['split'], hidingObjects('outcomes/')) },
  },
  {
    name: 'retry-keeps-run-number',
    story: 'A retry uses the run number of the previous run.',
    wiring: {
      ports: on(
        ['api'],
        onVerb(
          'retry',
          changingPutRows(/^JOB$/, ({ runNumber }) => ({ runNumber: Number(runNumber) - 1 })),
        ),
      ),
    },
  },
  {
    name: 'retry-forgets-filter',
    story: 'A retry with a filter runs all failed items again.',
    wiring: {
      ports: on(
        ['api'],
        onVerb(
          'retry',
          changingPutRows(/^REQUEST#/, () => ({ retry: '{"filter":{}}' })),
        ),
      ),
    },
  },
  {
    name: 'retry-from-zero',
    story: 'The percentage of a retry starts at 0.',
    wiring: {
      ports: on(
        ['api'],
        onVerb(
          'retry',
          changingPutRows(/^JOB#PROGRESS#/, () => ({ percent: 0 })),
        ),
      ),
    },
  },
  {
    name: 'retry-without-request',
    story: 'A retry does not copy the captured request.',
    wiring: {
      ports: on(
        ['api'],
        droppingWrites('retry', ({ sk }) => sk.startsWith('REQUEST#')),
      ),
    },
  },
  {
    name: 'retry-keeps-totals',
    story: 'A new run keeps the totals of the previous run.',
    wiring: {
      ports: on(
        ['api'],
        onVerb(
          'retry',
          changingPutRows(/^JOB$/, () => ({ totals: { items: 1, failed: 0, skipped: 0 } })),
        ),
      ),
    },
  },
  {
    name: 'retry-of-any-version',
    story: 'A retry overwrites changes that were made to the job after it was read.',
    wiring: { ports: on(['api'], onVerb('retry', unconditional)) },
  },
  {
    name: 'key-forgotten',
    story: 'A job is created without claiming its Idempotency-Key.',
    wiring: {
      ports: on(
        ['api'],
        droppingWrites('create', ({ sk }) => sk === 'KEY'),
      ),
    },
  },
  {
    name: 'key-claimed-first',
    story:
      'The claim of an Idempotency-Key is written before its job, so the job seems deleted until it exists.',
    wiring: { ports: on(['api'], writingClaimFirst) },
  },
  {
    name: 'key-of-any-request',
    story: 'A claim of an Idempotency-Key overwrites an earlier claim.',
    wiring: {
      ports: on(
        ['api'],
        onVerb('create', (write) => (keyOf(write).sk === 'KEY' ? unconditional(write) : write)),
      ),
    },
  },
  {
    name: 'edit-drops-follow-up',
    story: 'An edit removes the pending follow-up of the job.',
    wiring: { ports: on(['api'], onVerb('edit', withoutFollowUp)) },
  },
  {
    name: 'edit-of-any-version',
    story: 'An edit overwrites changes that were made to the job after it was read.',
    wiring: { ports: on(['api'], onVerb('edit', unconditional)) },
  },
  {
    name: 'bulk-trusts-index',
    story: 'A bulk action trusts the rows of its index, which may be stale.',
    wiring: { ports: on(['api', 'dispatch'], trustingIndexRows) },
  },
  {
    name: 'history-forgotten',
    story: 'A pause adds no entry to the history.',
    wiring: {
      ports: on(
        ['api'],
        droppingWrites('pause', ({ sk }) => sk.startsWith('H#')),
      ),
    },
  },
  {
    name: 'history-without-author',
    story: 'The history records every actor as system.',
    wiring: {
      ports: on(
        ['api'],
        onVerb(
          'cancel',
          changingPutRows(/^H#/, () => ({ actor: 'system' })),
        ),
      ),
    },
  },
  {
    name: 'response-without-write',
    story: 'A resume responds with success but writes nothing.',
    wiring: { ports: on(['api'], acknowledgingOnly('resume')) },
  },
  {
    name: 'held-forgotten',
    story: 'Held work is not sent when the job is resumed.',
    wiring: { ports: on(['dispatch'], hidingObjects('held/')) },
  },
  {
    name: 'end-forgotten',
    story: 'The end of a paused job is not recorded.',
    wiring: {
      ports: on(['track'], (ports) =>
        withTable(ports, {
          write: async (write, returns) =>
            write.kind === 'update' && write.key.sk === 'JOB'
              ? { kind: 'written', units: 0 }
              : ports.table.write(write, returns),
        }),
      ),
    },
  },
  {
    name: 'runs-left-behind',
    story: 'The deletion of a job removes only its last run.',
    wiring: {
      ports: on(['api', 'dispatch'], (ports) =>
        changingTransactions(ports, (writes) =>
          writes.map(changingPutRows(/^GONE#/, () => ({ firstRunNumber: undefined }))),
        ),
      ),
    },
  },
];
