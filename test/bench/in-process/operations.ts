/** P6 and P7: billed operations and dollars for each chunk, of a whole job with its creation and its removal. */
import { PRICE_LIST, PRICES } from '#contract/prices.ts';
import type { BatchPlan } from '#core/job.ts';
import type { BilledOperation, Operations } from '#core/meter.ts';
import { deleteJob } from '../../../functions/store/delete-job.ts';
import {
  followUp,
  invoke,
  JOB,
  meteredService,
  splitOnce,
  submit,
  trackOnce,
} from '../../simulation/metered-service.ts';
import type { Measurement, Row } from '../row.ts';

const CHUNKS = 10_000;
const WORKER_BATCH = 10;
const REPORTS_AT_ONCE = 100;
const SECOND = 1_000;

/**
 * Distributed Map with Express children: one state transition to start each child, and its Express request
 * (AWS pricing page of Step Functions, us-east-1), besides its time.
 */
const MAP_DOLLARS_PER_MILLION = 25 + 1;

async function operationsOf(outcomes: BatchPlan['outcomes']): Promise<Operations> {
  const service = meteredService();
  const { world, work, bill, ports } = service;
  const { signal } = new AbortController();
  await submit(service, CHUNKS, { outcomes });
  await followUp(service);
  await splitOnce(service);
  while (await invoke(service, 'worker:work', WORKER_BATCH, (messages) => work(messages, signal)))
    world.clock.advance(1);
  while (await trackOnce(service, REPORTS_AT_ONCE)) world.clock.advance(SECOND);
  await followUp(service);
  await deleteJob(ports.table, JOB, { now: world.clock.now() });
  await followUp(service);
  return bill.take(JOB);
}

function dollarsPerMillion(operations: Operations): number {
  return (Object.entries(operations) as [BilledOperation, number][])
    .map(([operation, count]) => (count / CHUNKS) * PRICES[operation].dollarsPerMillion)
    .reduce((sum, dollars) => sum + dollars, 0);
}

function listed(operations: Operations): string {
  return Object.entries(operations)
    .filter(([, count]) => count / CHUNKS >= 0.0005)
    .map(([operation, count]) => `${(count / CHUNKS).toFixed(3)} ${operation}`)
    .join(', ');
}

function rowsOf(outcomes: BatchPlan['outcomes'], operations: Operations, limit: number): Row[] {
  const dollars = dollarsPerMillion(operations);
  const puts = (operations.objectPuts ?? 0) / CHUNKS;
  const reference = `Distributed Map, Express children, equal K: $${MAP_DOLLARS_PER_MILLION.toFixed(2)}, ${(MAP_DOLLARS_PER_MILLION / dollars).toFixed(0)} × as much`;
  return [
    {
      id: 'P6',
      what: `Operations for each chunk, outcomes: ${outcomes}`,
      measured: listed(operations),
      reference: '–',
      goal: '≤ 0.12 objectPuts',
      isMet: puts <= 0.12,
    },
    {
      id: 'P7',
      what: `Dollars for a million chunks, outcomes: ${outcomes} (${PRICE_LIST.region}, ${PRICE_LIST.asOf})`,
      measured: `$${dollars.toFixed(2)}`,
      reference,
      goal: `≤ $${limit.toFixed(2)}`,
      isMet: dollars <= limit,
    },
  ];
}

export const measureOperations: Measurement = async () => [
  ...rowsOf('all', await operationsOf('all'), 0.5),
  ...rowsOf('failures', await operationsOf('failures'), 0.27),
];
