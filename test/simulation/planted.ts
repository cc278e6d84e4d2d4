/**
 * Bugs that others have had, planted between the functions and their ports. The simulator must find every one of
 * them; one that it misses is a hole in the simulator.
 */
import { PAGE_SIZE } from '#core/page.ts';
import type { OutgoingMessage, QueueName, Row, Table, Write, WriteAnswer } from '#core/ports.ts';
import { sendAll } from '#core/send.ts';
import type { QueueWork, Role, Wiring } from './functions.ts';
import type { InstancePorts } from './ports.ts';

export interface PlantedBug {
  readonly name: string;
  readonly story: string;
  readonly wiring: Wiring;
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
    ports: on(ALL_ROLES(), (ports) => ({
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
    ports: on(['track', 'split'], (ports) => withoutConditions(ports, isPercent, () => false)),
  }),
  bug('final-overwritten', 'A job that is over is completed all the same.', {
    ports: on(['track'], (ports) => withoutConditions(ports, isJob, (attribute) => attribute !== 'status')),
  }),
  bug('created-twice', 'A job is created without a look at what stands there.', {
    ports: on(['api'], (ports) => ({
      ...ports,
      table: {
        ...ports.table,
        transact: (writes) => ports.table.transact(writes.map((write) => ({ ...write, when: [] }) as Write)),
      },
    })),
  }),
  bug('partition-forgotten', 'Equal job ids of two partitions meet in one row (CAF #182).', {
    ports: on(ALL_ROLES(), northOnly),
  }),
  bug('generation-forgotten', 'Results of a deleted job count for the one that has its id now.', {
    work: (role, work, ports) =>
      role === 'track' ? (messages) => work(messages.map(asFirst)) : plain(work, ports),
  }),
  bug('seal-off-by-one', 'The seal forgets the last child.', {
    ports: on(['split'], (ports) => rewriting(ports, 'results', sealedShort)),
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
  bug('dead-letters-dropped', 'Dead letters are deleted unread.', {
    work: (role, work) => (role === 'bury' ? async () => ({ failed: NOBODY }) : work),
  }),
];

function bug(name: string, story: string, wiring: Wiring): PlantedBug {
  return { name, story, wiring };
}

function ALL_ROLES(): Role[] {
  return ['split', 'first', 'second', 'track', 'bury', 'dispatch', 'api'];
}

function on(
  roles: readonly Role[],
  change: (ports: InstancePorts) => InstancePorts,
): Wiring['ports'] & object {
  return (role, ports) => (roles.includes(role) ? change(ports) : ports);
}

type Update = Write & { kind: 'update' };

/** Puts itself between the tracker and its writes of pages. */
function onPages(
  change: (write: Update, inner: (write: Update) => Promise<WriteAnswer>) => Promise<WriteAnswer>,
): Wiring['ports'] & object {
  return on(['track'], (ports) => {
    const write: Table['write'] = (write, returns) =>
      write.kind === 'update' && write.key.sk === 'P'
        ? change(write, (changed) => ports.table.write(changed, returns))
        : ports.table.write(write, returns);
    return { ...ports, table: { ...ports.table, write } };
  });
}
