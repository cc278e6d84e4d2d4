/**
 * Bugs that others have had, planted between the functions and their ports. The simulator must find every one of
 * them; one that it misses is a hole in the simulator.
 */
import type { Write } from '#core/ports.ts';
import type { Wiring } from './functions.ts';
import { BUGS_IN_COMMANDS } from './planted-in-commands.ts';
import { BUGS_IN_FLOWS } from './planted-in-flows.ts';
import { BUGS_IN_STARTS } from './planted-in-starts.ts';
import {
  alwaysActive,
  believedAs,
  believedByKind,
  believing,
  dropping,
  everywhere,
  forgetComplete,
  forgetful,
  hideRecorded,
  hopeful,
  hopefulOfClaims,
  northOnly,
  noting,
  ofTheLatest,
  on,
  onPages,
  putAlways,
  sealedShort,
  sendAfterWrite,
  topWhenFull,
  withoutConditions,
} from './tampering.ts';
import { onVerb, unconditional } from './tampering-with-jobs.ts';

export interface PlantedBug {
  readonly name: string;
  readonly story: string;
  readonly wiring: Wiring;
  /** Only jobs that run templates have it. */
  readonly inFlows?: true;
}

const NOBODY: ReadonlySet<string> = new Set();

export const PLANTED_BUGS: readonly PlantedBug[] = [
  bug('edge-trigger', 'A page that was complete before is not looked at again: "I made it full".', {
    ports: onPages(async (write, inner) => forgetComplete(write, await inner(write))),
  }),
  bug('unsealed-end', 'A full page that nobody sealed is taken as the end of its node.', {
    ports: onPages(async (write, inner) => topWhenFull(write, await inner(write))),
  }),
  bug('page-replaced', 'A tick replaces the set of its page instead of joining it.', {
    ports: onPages((write, inner) => {
      const { add = {}, ...change } = write.change;
      return inner({ ...write, change: { ...change, set: { ...change.set, ...add } } });
    }),
  }),
  bug('fence-before-send', 'The fence moves before the children are sent.', {
    ports: on(['split'], (ports) => sendAfterWrite(ports, (sk) => sk.startsWith('N#'))),
  }),
  bug('launch-cleared-first', 'The job row forgets that it owes its first batch before that is sent.', {
    ports: on(['dispatch'], (ports) => sendAfterWrite(ports, (sk) => sk === 'JOB')),
  }),
  bug('refused-entries-ignored', 'The entries that a batch of sends did not take are forgotten.', {
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
  bug('outcomes-overwritten', 'The last writer of an outcome object wins.', {
    ports: on(['first', 'second', 'bury'], (ports) => putAlways(ports, 'outcomes/')),
  }),
  bug('manifests-overwritten', 'Each look at a source that moves is sent as it is.', {
    ports: on(['split'], (ports) => putAlways(ports, 'manifests/')),
  }),
  bug('stale-status', 'A status is believed for its time, also of a job that was created again since.', {
    ports: on(['split', 'track', 'first', 'second'], believing),
  }),
  bug('cancel-ignored', 'Workers do not look whether the job is over.', {
    ports: on(['first', 'second'], alwaysActive),
  }),
  bug('progress-lowered', 'The percent of the last writer stands, not the largest.', {
    ports: on(['track', 'split'], (ports) =>
      withoutConditions(ports, ({ sk }) => sk.startsWith('JOB#PROGRESS#'), []),
    ),
  }),
  bug('final-overwritten', 'A job that is over is completed all the same.', {
    ports: on(['track'], (ports) =>
      alwaysActive(withoutConditions(ports, ({ sk }) => sk === 'JOB', ['generation'])),
    ),
  }),
  bug('created-twice', 'A job is created without a look at what stands there.', {
    ports: on(['api'], onVerb('create', unconditional)),
  }),
  bug('partition-forgotten', 'Equal job ids of two partitions meet in one row (CAF #182).', {
    ports: everywhere(northOnly),
  }),
  bug('late-updates-count', 'An update counts also where its chunk is recorded already.', {
    ports: onPages(async (write, inner) => hideRecorded(write, await inner(write))),
  }),
  bug('generation-forgotten', 'Results of a deleted job count for the one that has its id now.', {
    work: (role, work, ports) => (role === 'track' ? ofTheLatest(work, ports) : work),
  }),
  bug('seal-off-by-one', 'The seal forgets the last child.', {
    ports: on(['split'], sealedShort),
  }),
  bug('retries-forgotten', 'Items that shall be tried again are not sent.', {
    ports: on(['first', 'second'], (ports) => dropping(ports, (queue) => queue.startsWith('worker:'))),
  }),
  bug('pipeline-forgotten', 'Chunks for the next worker are not sent.', {
    ports: on(['track'], (ports) => dropping(ports, (queue) => queue.startsWith('worker:'))),
  }),
  bug('tracker-forgets-failures', 'The tracker answers that all messages are done.', {
    work: forgetful('track'),
  }),
  bug('splitter-forgets-failures', 'The splitter answers that all messages are done.', {
    work: forgetful('split'),
  }),
  bug('worker-forgets-failures', 'The worker answers that all messages are done.', {
    work: forgetful('first'),
  }),
  bug('removed-once', 'What a deleted job left is removed at once, and never looked for again.', {
    ports: everywhere((ports) => ({
      ...ports,
      table: {
        ...ports.table,
        transact: (writes) => ports.table.transact(writes.map(withoutSecondPass)),
      },
    })),
  }),
  bug('dead-letters-dropped', 'Dead letters are deleted unread.', {
    work: (role, work) => (role === 'bury' ? async () => ({ failed: NOBODY }) : work),
  }),
  bug(
    'forgeries-believed',
    'The tracker takes whatever comes by the reports queue for a message of the service.',
    {
      work: (role, work) => (role === 'track' ? believedAs('results', work) : work),
    },
  ),
  bug(
    'dead-forgeries-believed',
    'A forged seal in the queue of a worker is sent on by the reader of dead letters.',
    {
      work: (role, work) => (role === 'bury' ? believedByKind(work) : work),
    },
  ),
  bug(
    'lost-claims-tried-again',
    'A chunk whose object is gone is tried again for as long as its queue keeps it.',
    {
      ports: everywhere(hopefulOfClaims),
    },
  ),
  bug('permanent-retried', 'What a splitter gives up for good is tried again.', {
    splitters: (splitters) => splitters.map(hopeful),
  }),
  bug('tries-forgotten', 'Nobody counts how often a splitter failed for a bug.', {
    ports: on(['split'], (ports) =>
      noting(ports, ({ add, ...change }) => ({ ...change, ...(add?.['tries'] ? {} : { add }) })),
    ),
  }),
  bug('last-error-forgotten', 'The error is not kept for the time when the queue gives up.', {
    ports: on(['split'], (ports) =>
      noting(ports, ({ set, ...change }) => ({ ...change, ...(set?.['reason'] ? {} : { set }) })),
    ),
  }),
  ...BUGS_IN_COMMANDS,
  ...BUGS_IN_STARTS,
  ...BUGS_IN_FLOWS,
];

function bug(name: string, story: string, wiring: Wiring): PlantedBug {
  return { name, story, wiring };
}

function withoutSecondPass(write: Write): Write {
  if (write.kind !== 'put' || !write.row.sk.startsWith('GONE#')) return write;
  const { clearDue: _clearDue, duePk: _duePk, dueSk: _dueSk, ...row } = write.row;
  return { ...write, row };
}
