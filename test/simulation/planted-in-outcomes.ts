/** Planted bugs in the recording of outcomes: blocks, the log of a page, and the readers of both. */
import type { PlantedBug } from './planted.ts';
import { on, onPages } from './tampering.ts';
import {
  afterPages,
  keepingFailures,
  listingOnlyReferenced,
  overwritingSlowest,
  readingLastFirst,
  rememberingReferences,
  withoutLog,
  withReplacedLog,
} from './tampering-with-outcomes.ts';

const REFERENCED = new Set<string>();

export const BUGS_IN_OUTCOMES: readonly PlantedBug[] = [
  {
    name: 'last-outcome-read',
    story: 'Readers take the last recorded outcomes of a chunk instead of the first.',
    wiring: { ports: on(['split', 'api'], readingLastFirst) },
  },
  {
    name: 'last-outcome-counted',
    story: 'The tracker counts its own report of a chunk, although another one was recorded first.',
    wiring: { ports: onPages(async (write, inner) => withoutLog(await inner(write))) },
  },
  {
    name: 'log-replaced',
    story: 'A report replaces the log of its page instead of adding to it.',
    wiring: { ports: onPages((write, inner) => inner(withReplacedLog(write))) },
  },
  {
    name: 'pages-before-blocks',
    story: 'Pages refer to outcomes before these are stored.',
    wiring: { ports: on(['track'], afterPages) },
  },
  {
    name: 'orphans-kept',
    story: 'The removal of a job finds only the blocks that a page refers to.',
    wiring: {
      ports: (role, ports) => {
        if (role === 'track') return rememberingReferences(ports, REFERENCED);
        return role === 'dispatch' ? listingOnlyReferenced(ports, REFERENCED) : ports;
      },
    },
  },
  {
    name: 'superseded-failures-kept',
    story: 'Failures of a report that does not count stay in the list of failures.',
    wiring: { ports: on(['track'], keepingFailures) },
  },
  {
    name: 'slowest-overwritten',
    story: 'A tracker writes its list of slowest chunks over that of another.',
    wiring: { ports: on(['track'], overwritingSlowest) },
  },
];
