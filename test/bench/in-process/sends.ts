/** P9: how often a chunk is sent under duplicates and crashes, in schedules of the simulator. */
import { SENDS_SCHEDULES, sendsOfChunks } from '../../simulation/sends-of-chunks.ts';
import type { Measurement } from '../row.ts';

const MAX_SENDS = 1.1;
/** Simulated before the fences existed (docs/explanation/decisions/0003-fences.md). */
const WITHOUT_FENCES = 38.6;

export const measureSends: Measurement = async () => {
  const { chunks, sends, violations } = await sendsOfChunks();
  if (violations.length > 0) throw new Error(JSON.stringify(violations));
  const perChunk = sends / chunks;
  return [
    {
      id: 'P9',
      what: `Sends of a chunk, 20 % duplicates, 5 % crashes, ${SENDS_SCHEDULES} schedules`,
      measured: perChunk.toFixed(2),
      reference: `without fences: ${WITHOUT_FENCES}`,
      goal: `≤ ${MAX_SENDS.toFixed(2)}`,
      isMet: perChunk <= MAX_SENDS,
    },
  ];
};
