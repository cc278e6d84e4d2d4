/** Bugs of jobs that run templates: visits, tokens, what goes from step to step, and executions. */
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
    story: 'A step that is asked for again is answered by the token that it was asked for with at first.',
    wiring: { ports: on(['split'], unset(/^token$/)) },
  },
  {
    name: 'visit-numbered-twice',
    story: 'A visit that is asked for again gets another number.',
    wiring: { ports: on(['split'], onRootFences(withoutSeats)) },
  },
  {
    name: 'carried-dropped',
    story: 'What failed in an earlier step is left out of what the next one leaves.',
    wiring: { ports: on(['split', 'first', 'second', 'bury'], leavingBehind) },
  },
  {
    name: 'root-sealed-early',
    story: 'The root is sealed without the last visit.',
    wiring: { ports: on(['track'], onRootFences(oneVisitLess)) },
  },
  {
    name: 'answered-early',
    story: 'A step is answered with the first of its chunks.',
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
    story: 'The execution of a job that is over goes on.',
    wiring: { ports: on(['dispatch'], unstoppable) },
  },
  {
    name: 'started-twice',
    story: 'An execution is started anew each time that it is asked for.',
    wiring: { ports: on(['dispatch'], startingAnew) },
  },
  {
    name: 'codes-forgotten',
    story: 'Codes that workers set are not kept.',
    wiring: { ports: on(['track'], unset(/^exit:/)) },
  },
  {
    name: 'join-of-one',
    story: 'A join takes what one of its branches left.',
    wiring: { ports: on(['split'], joiningOne) },
  },
  {
    name: 'retry-from-the-first-step',
    story: 'A retry does not find what later steps did in the run before.',
    wiring: { ports: on(['split'], forgettingRuns) },
  },
];

export const BUGS_IN_FLOWS: readonly PlantedBug[] = BUGS.map((bug) => ({ ...bug, inFlows: true }));
