/**
 * Known bugs of other systems, planted between the functions and their ports. The simulator must find every bug;
 * a missed bug is a gap in the simulator.
 */
import type { Write } from '#core/ports.ts';
import type { Wiring } from './functions.ts';
import { BUGS_IN_COMMANDS } from './planted-in-commands.ts';
import { BUGS_IN_FLOWS } from './planted-in-flows.ts';
import { BUGS_IN_OUTCOMES } from './planted-in-outcomes.ts';
import { BUGS_IN_STARTS } from './planted-in-starts.ts';
import {
  alwaysActive,
  asCurrentGeneration,
  cachingStatus,
  changingFenceUpdates,
  droppingSends,
  everywhere,
  hideCompletion,
  hideRecorded,
  markFullPageAsTop,
  on,
  onNorthRowsOnly,
  onPages,
  putAlways,
  retryingMissingObjects,
  retryingPermanentFailures,
  sendAfterWrite,
  treatedAsFrom,
  treatedAsRoutedByKind,
  withoutConditions,
  withoutFailures,
  withShortSeals,
} from './tampering.ts';
import {
  completingAllFailed,
  droppingWrites,
  onVerb,
  unconditional,
  withoutPuts,
} from './tampering-with-jobs.ts';

export interface PlantedBug {
  readonly name: string;
  readonly story: string;
  readonly wiring: Wiring;
  /** True if the bug affects only jobs that run templates. */
  readonly inFlows?: true;
}

const NO_FAILURES: ReadonlySet<string> = new Set();

export const PLANTED_BUGS: readonly PlantedBug[] = [
  bug(
    'edge-trigger',
    'A page that was already complete is not checked again: only the completing write counts.',
    {
      ports: onPages(async (write, inner) => hideCompletion(write, await inner(write))),
    },
  ),
  bug('unsealed-end', 'A full page without a seal is treated as the end of its node.', {
    ports: onPages(async (write, inner) => markFullPageAsTop(write, await inner(write))),
  }),
  bug('page-replaced', 'A tick replaces the set of its page instead of adding to it.', {
    ports: onPages((write, inner) => {
      const { add = {}, ...change } = write.change;
      return inner({ ...write, change: { ...change, set: { ...change.set, ...add } } });
    }),
  }),
  bug('fence-before-send', 'The fence moves before the children are sent.', {
    ports: on(['split'], (ports) => sendAfterWrite(ports, (sk) => sk.startsWith('N#'))),
  }),
  bug('launch-cleared-first', 'The job row clears its pending first batch before that batch is sent.', {
    ports: on(['dispatch'], (ports) => sendAfterWrite(ports, (sk) => sk === 'JOB')),
  }),
  bug('refused-entries-ignored', 'Messages that SQS refused in a batch are not sent again.', {
    ports: everywhere((ports) => ({
      ...ports,
      queues: {
        ...ports.queues,
        send: async (queue, messages) => {
          await ports.queues.send(queue, messages);
          return { failed: [] };
        },
      },
    })),
  }),
  bug('manifests-overwritten', 'Each read of a changing source is sent as it is.', {
    ports: on(['split'], (ports) => putAlways(ports, 'manifests/')),
  }),
  bug('stale-status', 'A cached status is used even if the job was deleted and created again.', {
    ports: on(['split', 'track', 'first', 'second'], cachingStatus),
  }),
  bug('cancel-ignored', 'Workers do not check if the job is final.', {
    ports: on(['first', 'second'], alwaysActive),
  }),
  bug('progress-lowered', 'The last percentage written wins, not the largest.', {
    ports: on(['track', 'split'], (ports) =>
      withoutConditions(ports, ({ sk }) => sk.startsWith('JOB#PROGRESS#'), []),
    ),
  }),
  bug('final-overwritten', 'A final job is overwritten as completed.', {
    ports: on(['track'], (ports) =>
      alwaysActive(withoutConditions(ports, ({ sk }) => sk === 'JOB', ['runNumber'])),
    ),
  }),
  bug('all-failed-completed', 'A job completes although no item succeeded and its policy forbids that.', {
    ports: on(['track', 'dispatch'], completingAllFailed),
  }),
  bug('reason-lost', 'A job fails without its own failure, which states the reason.', {
    ports: on(
      ['track', 'dispatch'],
      droppingWrites('fail', ({ sk }) => sk.startsWith('F#')),
    ),
  }),
  bug('created-twice', 'A job is created without a check for an existing row.', {
    ports: on(['api'], onVerb('create', unconditional)),
  }),
  bug('partition-forgotten', 'Equal job ids of two partitions share one row (CAF #182).', {
    ports: everywhere(onNorthRowsOnly),
  }),
  bug('late-updates-count', 'An update counts even if its chunk is already recorded.', {
    ports: onPages(async (write, inner) => hideRecorded(write, await inner(write))),
  }),
  bug('generation-forgotten', 'Results of a deleted job count for the new job with the same id.', {
    work: (role, work, ports) => (role === 'track' ? asCurrentGeneration(work, ports) : work),
  }),
  bug('seal-off-by-one', 'The seal omits the last child.', {
    ports: on(['split'], withShortSeals),
  }),
  bug('retries-forgotten', 'Items that need another attempt are not sent.', {
    ports: on(['first', 'second'], (ports) => droppingSends(ports, (queue) => queue.startsWith('worker:'))),
  }),
  bug('pipeline-forgotten', 'Chunks for the next worker are not sent.', {
    ports: on(['track'], (ports) => droppingSends(ports, (queue) => queue.startsWith('worker:'))),
  }),
  bug('tracker-forgets-failures', 'The tracker returns no failed messages.', {
    work: withoutFailures('track'),
  }),
  bug('splitter-forgets-failures', 'The splitter returns no failed messages.', {
    work: withoutFailures('split'),
  }),
  bug('worker-forgets-failures', 'The worker returns no failed messages.', {
    work: withoutFailures('first'),
  }),
  bug('removed-once', 'Leftovers of a deleted job are removed at once, without a second pass.', {
    ports: everywhere((ports) => ({
      ...ports,
      table: {
        ...ports.table,
        transact: (writes) => ports.table.transact(writes.map(withoutSecondPass)),
      },
    })),
  }),
  bug('dead-letters-dropped', 'Dead letters are deleted without being read.', {
    work: (role, work) => (role === 'deadLetters' ? async () => ({ failed: NO_FAILURES }) : work),
  }),
  bug(
    'forgeries-trusted',
    'The tracker trusts every message of the reports queue as a message of the service.',
    {
      work: (role, work) => (role === 'track' ? treatedAsFrom('results', work) : work),
    },
  ),
  bug('dead-forgeries-trusted', 'The dead-letter reader forwards a forged seal from the queue of a worker.', {
    work: (role, work) => (role === 'deadLetters' ? treatedAsRoutedByKind(work) : work),
  }),
  bug('missing-objects-retried', 'A chunk whose object is missing is retried until its queue gives up.', {
    ports: everywhere(retryingMissingObjects),
  }),
  bug('permanent-retried', 'A permanent failure of a splitter is retried.', {
    splitters: (splitters) => splitters.map(retryingPermanentFailures),
  }),
  bug('retry-notes-lost', 'The note of a chunk that is tried again is not stored.', {
    ports: everywhere((ports) => withoutPuts(ports, '.retry')),
  }),
  bug('attempts-not-counted', 'The attempts of a splitter that fails with a bug are not counted.', {
    ports: on(['split'], (ports) =>
      changingFenceUpdates(ports, ({ add, ...change }) => ({
        ...change,
        ...(add?.['tries'] ? {} : { add }),
      })),
    ),
  }),
  bug('last-error-not-stored', 'The error is not stored for the case that the queue gives up.', {
    ports: on(['split'], (ports) =>
      changingFenceUpdates(ports, ({ set, ...change }) => ({
        ...change,
        ...(set?.['reason'] ? {} : { set }),
      })),
    ),
  }),
  ...BUGS_IN_COMMANDS,
  ...BUGS_IN_STARTS,
  ...BUGS_IN_FLOWS,
  ...BUGS_IN_OUTCOMES,
];

function bug(name: string, story: string, wiring: Wiring): PlantedBug {
  return { name, story, wiring };
}

function withoutSecondPass(write: Write): Write {
  if (write.kind !== 'put' || !write.row.sk.startsWith('GONE#')) return write;
  const { clearDue: _clearDue, duePk: _duePk, dueSk: _dueSk, ...row } = write.row;
  return { ...write, row };
}
