/** AWS prices of the operations that a job causes, used to estimate its cost. */
import type { BilledOperation } from '#core/meter.ts';

export interface Price {
  readonly service: 'sqs' | 'dynamodb' | 's3' | 'lambda' | 'states';
  readonly dollarsPerMillion: number;
}

/** Region and date of the prices. */
export const PRICE_LIST = { region: 'us-east-1', asOf: '2026-11-22', currency: 'USD' } as const;

/** On-demand prices without discounts or a free tier. */
export const PRICES: Readonly<Record<BilledOperation, Price>> = {
  // 0.40 for a standard queue, plus 0.10 because every message has a message group (fair queues).
  queueRequests: { service: 'sqs', dollarsPerMillion: 0.5 },
  writeUnits: { service: 'dynamodb', dollarsPerMillion: 0.625 },
  readUnits: { service: 'dynamodb', dollarsPerMillion: 0.125 },
  objectPuts: { service: 's3', dollarsPerMillion: 5 },
  objectGets: { service: 's3', dollarsPerMillion: 0.4 },
  objectLists: { service: 's3', dollarsPerMillion: 5 },
  // The request only. Time and memory of workers depend on their work and are not counted.
  invocations: { service: 'lambda', dollarsPerMillion: 0.2 },
  stateTransitions: { service: 'states', dollarsPerMillion: 25 },
};
