import * as z from 'zod';
import { BILLED_OPERATIONS, type Operations } from '#core/meter.ts';
import { PRICE_LIST, PRICES } from './prices.ts';

const dollars = z.number().min(0).describe('US dollars, with nine decimals.');

const countedOperation = z.strictObject({
  count: z
    .number()
    .min(0)
    .describe('Number of operations. Jobs that share an operation are each charged a part of it.'),
  dollarsPerMillion: z.number().min(0),
  dollars,
});
const serviceCost = z.partialRecord(z.enum(BILLED_OPERATIONS), countedOperation);

/** The cost of a job so far, from its counted operations. */
export const costSchema = z
  .strictObject({
    services: z.strictObject({
      sqs: serviceCost,
      dynamodb: serviceCost,
      s3: serviceCost,
      lambda: serviceCost,
      states: serviceCost,
    }),
    dollars,
    prices: z
      .strictObject({ region: z.string(), asOf: z.iso.date(), currency: z.literal('USD') })
      .describe('Region and date of the prices.'),
    notIncluded: z.string(),
  })
  .meta({ id: 'Cost' });
type CostView = z.output<typeof costSchema>;

const NOT_INCLUDED =
  'duration and memory of functions, storage, data transfer, API requests, logs; discounts and the free tier';

export function costView(operations: Operations): CostView {
  const services: CostView['services'] = { sqs: {}, dynamodb: {}, s3: {}, lambda: {}, states: {} };
  let dollars = 0;
  for (const operation of BILLED_OPERATIONS) {
    const { service, dollarsPerMillion } = PRICES[operation];
    // One receive can return messages of several jobs. Each job is charged its share.
    const count = Math.round((operations[operation] ?? 0) * 1000) / 1000;
    const share = (count * dollarsPerMillion) / 1_000_000;
    services[service][operation] = { count, dollarsPerMillion, dollars: inNanodollars(share) };
    dollars += share;
  }
  return { services, dollars: inNanodollars(dollars), prices: PRICE_LIST, notIncluded: NOT_INCLUDED };
}

/** Rounds to nine decimals, which keeps the cost of single operations but removes rounding noise. */
function inNanodollars(dollars: number): number {
  return Math.round(dollars * 1e9) / 1e9;
}
