/** Planted bugs in jobs that run templates: visits, tokens, data passed between steps, and executions. */
import type { PlantedBug } from './planted.ts';
import { on, onPages } from './tampering.ts';
import {
  forgettingRuns,
  joiningOne,
  leavingBehind,
  oneVisitLess,
  onRootFences,
  startingAnew,
  unset,
  unstoppable,
  withoutSeats,
} from './tampering-with-flows.ts';

const BUGS: readonly Omit<PlantedBug, 'inFlows'>[] = [
  {
    name: 'token-of-before',
    story: 'A step that is requested again responds with the token of the first request.',
    wiring: { ports: on(['split'], unset(/^token$/)) },
  },
  {
    name: 'visit-numbered-twice',
    story: 'A visit that is requested again gets another number.',
    wiring: { ports: on(['split'], onRootFences(withoutSeats)) },
  },
  {
    name: 'carried-dropped',
    story: 'The outcomes of a step omit the items that failed in an earlier step.',
    wiring: { ports: on(['split', 'first', 'second', 'bury'], leavingBehind) },
  },
  {
    name: 'root-sealed-early',
    story: 'The root is sealed without the last visit.',
    wiring: { ports: on(['track'], onRootFences(oneVisitLess)) },
  },
  {
    name: 'answered-early',
    story: 'A step responds as soon as its first chunk is recorded.',
    wiring: {
      ports: onPages(async (write, inner) => {
        const answer = await inner(write);
        const isOfStep = /#G\d+#\d+#0\.0$/.test(write.key.pk);
        if (answer.row === undefined || !isOfStep || answer.row['n'] !== undefined) return answer;
        return { ...answer, row: { ...answer.row, n: 1, t: true } };
      }),
    },
  },
  {
    name: 'execution-not-stopped',
    story: 'The execution of a final job is not stopped.',
    wiring: { ports: on(['dispatch'], unstoppable) },
  },
  {
    name: 'started-twice',
    story: 'Each request starts another execution of the same flow.',
    wiring: { ports: on(['dispatch'], startingAnew) },
  },
  {
    name: 'codes-forgotten',
    story: 'Outcome codes that workers set are not stored.',
    wiring: { ports: on(['track'], unset(/^exit:/)) },
  },
  {
    name: 'join-of-one',
    story: 'A join takes the items of only one branch.',
    wiring: { ports: on(['split'], joiningOne) },
  },
  {
    name: 'retry-from-the-first-step',
    story: 'A retry does not find the results of later steps in the previous run.',
    wiring: { ports: on(['split'], forgettingRuns) },
  },
];

export const BUGS_IN_FLOWS: readonly PlantedBug[] = BUGS.map((bug) => ({ ...bug, inFlows: true }));
