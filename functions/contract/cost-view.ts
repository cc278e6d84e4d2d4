import { BILLED_OPERATIONS, type BilledOperation, type Operations } from '#core/meter.ts';
import { PRICE_LIST, PRICES, type Price } from './prices.ts';

interface CountedOperation {
  readonly count: number;
  readonly dollarsPerMillion: number;
  readonly dollars: number;
}

type ServiceCost = Partial<Record<BilledOperation, CountedOperation>>;

/** What a job has cost so far, as far as it was counted. */
export interface CostView {
  readonly services: Readonly<Record<Price['service'], ServiceCost>>;
  readonly dollars: number;
  readonly prices: typeof PRICE_LIST;
  readonly notIncluded: string;
}

const NOT_INCLUDED =
  'time and memory of functions, storage, data transfer, API requests, logs; discounts and the free tier';

export function costView(operations: Operations): CostView {
  const services: Record<Price['service'], ServiceCost> = { sqs: {}, dynamodb: {}, s3: {}, lambda: {} };
  let dollars = 0;
  for (const operation of BILLED_OPERATIONS) {
    const { service, dollarsPerMillion } = PRICES[operation];
    // One receive may bring messages of several jobs: each is charged its share.
    const count = Math.round((operations[operation] ?? 0) * 1000) / 1000;
    const share = (count * dollarsPerMillion) / 1_000_000;
    services[service][operation] = { count, dollarsPerMillion, dollars: inNanodollars(share) };
    dollars += share;
  }
  return { services, dollars: inNanodollars(dollars), prices: PRICE_LIST, notIncluded: NOT_INCLUDED };
}

/** Nine decimals: single operations stay visible, the noise of binary fractions does not. */
function inNanodollars(dollars: number): number {
  return Math.round(dollars * 1e9) / 1e9;
}
