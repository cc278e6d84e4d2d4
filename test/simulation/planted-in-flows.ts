/** Planted bugs in jobs that run templates: visits, tokens, data passed between steps, and executions. */
import type { PlantedBug } from './planted.ts';
import { on, onPages } from './tampering.ts';
import {
  droppingVisitUpdates,
  hidingEarlierRuns,
  ignoringStops,
  joiningFirstBranchOnly,
  onRootFences,
  startingAgain,
  withoutCarriedOutcomes,
  withoutLastVisit,
  withoutVisitNumbers,
} from './tampering-with-flows.ts';

const BUGS: readonly Omit<PlantedBug, 'inFlows'>[] = [
  {
    name: 'token-of-first-request',
    story: 'A step that is requested again responds with the token of the first request.',
    wiring: { ports: on(['split'], droppingVisitUpdates(/^token$/)) },
  },
  {
    name: 'visit-numbered-twice',
    story: 'A visit that is requested again gets another number.',
    wiring: { ports: on(['split'], onRootFences(withoutVisitNumbers)) },
  },
  {
    name: 'earlier-failures-dropped',
    story: 'The outcomes of a step omit the items that failed in an earlier step.',
    wiring: { ports: on(['split', 'first', 'second', 'deadLetters'], withoutCarriedOutcomes) },
  },
  {
    name: 'root-sealed-early',
    story: 'The root is sealed without the last visit.',
    wiring: { ports: on(['track'], onRootFences(withoutLastVisit)) },
  },
  {
    name: 'response-too-early',
    story: 'A step responds as soon as its first chunk is recorded.',
    wiring: {
      ports: onPages(async (write, inner) => {
        const result = await inner(write);
        const isOfStep = /#R\d+#\d+#0\.0$/.test(write.key.pk);
        if (result.row === undefined || !isOfStep || result.row['n'] !== undefined) return result;
        return { ...result, row: { ...result.row, n: 1, t: true } };
      }),
    },
  },
  {
    name: 'execution-not-stopped',
    story: 'The execution of a final job is not stopped.',
    wiring: { ports: on(['dispatch'], ignoringStops) },
  },
  {
    name: 'started-twice',
    story: 'Each request starts another execution of the same flow.',
    wiring: { ports: on(['dispatch'], startingAgain) },
  },
  {
    name: 'codes-forgotten',
    story: 'Outcome codes that workers set are not stored.',
    wiring: { ports: on(['track'], droppingVisitUpdates(/^exit:/)) },
  },
  {
    name: 'join-of-one',
    story: 'A join takes the items of only one branch.',
    wiring: { ports: on(['split'], joiningFirstBranchOnly) },
  },
  {
    name: 'retry-from-the-first-step',
    story: 'A retry does not find the results of later steps in the previous run.',
    wiring: { ports: on(['split'], hidingEarlierRuns) },
  },
];

export const BUGS_IN_FLOWS: readonly PlantedBug[] = BUGS.map((bug) => ({ ...bug, inFlows: true }));
